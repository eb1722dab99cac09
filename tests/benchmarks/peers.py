"""Other checkers of manifests, for comparison: `python -m tests.benchmarks.peers` brings them.

kubeconform is built by Go, through its module proxy, into a cache outside the checkout. Its schemas
are those that PyPI's `kubernetes-validate` packs.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

KUBECONFORM = "github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0"
CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "kubernetes-ports" / "peers"
)
SCHEMAS = "v1.36.0-local-strict"


def kubeconform() -> Path | None:
    """The program, where it was built or is on the path."""
    built = CACHE / "kubeconform"
    found = shutil.which("kubeconform")
    return built if built.exists() else Path(found) if found else None


def schemas() -> Path | None:
    """The folder of strict schemas, where it is installed."""
    found = importlib.util.find_spec("kubernetes_validate")
    if found is None or found.origin is None:
        return None
    folders = list(Path(found.origin).parent.rglob(SCHEMAS))
    return folders[0] if folders else None


def main() -> int:
    """Builds what is missing."""
    if kubeconform() is None:
        if not shutil.which("go"):
            sys.stderr.write("peers: kubeconform needs Go (https://go.dev/dl) to be built\n")
            return 3
        CACHE.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "GOBIN": str(CACHE)}
        subprocess.run(["go", "install", KUBECONFORM], env=environment, check=True)
    sys.stdout.write(f"kubeconform: {kubeconform()}\nschemas: {schemas()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
