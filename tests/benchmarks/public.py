"""Public manifests that the tools are run on: which they are, and how they come here.

`public_manifests.json` names repositories, each at one commit, and applications: files of one
repository that its authors apply together. The files stay with their authors; here they are
read out of a clone in the cache. Fetch them with `python -m tests.benchmarks.public`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.peers import CACHE

LIST = Path(__file__).with_name("public_manifests.json")
CLONES = CACHE.parent / "public"


class Application(NamedTuple):
    """What is put to each tool as one input."""

    name: str
    repository: str
    commit: str
    files: tuple[str, ...]

    def write(self, folder: Path) -> Path:
        """Its files in a new folder. Raises CalledProcessError where the clone has them not."""
        target = folder / self.name
        target.mkdir(parents=True)
        for number, path in enumerate(self.files):
            # Some tools take nothing but .yaml for YAML.
            name = f"{number:02}-{Path(path).stem}.yaml"
            (target / name).write_bytes(_git(self.repository, "show", f"{self.commit}:{path}"))
        return target


def applications() -> list[Application]:
    """All that are listed."""
    listed = json.loads(LIST.read_text(encoding="utf-8"))
    commits = listed["repositories"]
    return [
        Application(one["name"], one["repository"], commits[one["repository"]], tuple(one["files"]))
        for one in listed["applications"]
    ]


def clone(repository: str) -> Path:
    """Where the clone of a GitHub repository is, or belongs."""
    return CLONES / f"{repository.replace('/', '+')}.git"


def _git(repository: str, *arguments: str) -> bytes:
    command = ["git", f"--git-dir={clone(repository)}", *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


def main() -> int:
    """Clones what is missing, without the content of files: it comes when it is asked for."""
    CLONES.mkdir(parents=True, exist_ok=True)
    failed = []
    for repository in sorted({one.repository for one in applications()}):
        if clone(repository).exists():
            continue
        sys.stderr.write(f"public: cloning {repository}\n")
        command = ["git", "clone", "--bare", "--quiet", "--filter=blob:none"]
        address = f"https://github.com/{repository}"
        if subprocess.run([*command, address, str(clone(repository))]).returncode:
            failed.append(repository)
    for repository in failed:
        sys.stderr.write(f"public: {repository} could not be cloned\n")
    return 3 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
