"""Packs the course into the wheel; all else stands in pyproject.toml.

`exercises/` and `solutions/` lie beside the package, where people look for them. In a wheel they
become `checker/packed/`, from which `python -m checker init` makes a course folder.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PARTS = ("exercises", "solutions")
#: A learner's own work, which is in no package.
OWN = ("answer", "backups")


class BuildWithCourse(build_py):
    """`build_py`, and the course after it."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for part in PARTS:
            for file in sorted(Path(part).rglob("*")):
                inside = file.relative_to(part).parts
                if file.is_file() and not (len(inside) > 2 and inside[1] in OWN):
                    target = Path(self.build_lib, "checker", "packed", part, *inside)
                    self.mkpath(str(target.parent))
                    self.copy_file(str(file), str(target))


setup(cmdclass={"build_py": BuildWithCourse})
