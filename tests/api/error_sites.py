"""Where `checker/api/validation` adds errors, and which of these places the recordings reach.

A site is one call that adds an error (`errors.invalid(…)`) or hands its errors on
(`validate_labels(selector, "spec.selector", errors)`): each is a rule about one field. It *broke*
when a case that the server refused made it add an error, it was *kept* when a case that the server
accepted came to its condition and added none.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import checker.api.validation as room
from checker.api.validation.errors import Errors, FieldError

FOLDER = Path(room.__file__).parent
#: `errors.py` holds the methods themselves.
FILES = {str(path): path.stem for path in sorted(FOLDER.glob("*.py")) if path.stem != "errors"}
METHODS = {name for name in vars(Errors) if not name.startswith("_")}


class Site(NamedTuple):
    """One call. `id` outlives edits elsewhere in the file; `guard` is the line that decides."""

    id: str
    file: str
    first_line: int
    last_line: int
    guard: int


class Reached(NamedTuple):
    """The sites' ids that cases came to."""

    broken: set[str]
    kept: set[str]


def list_sites() -> dict[str, list[Site]]:
    """The sites of each file, inner calls after the calls around them."""
    return {file: list(_sites(file, module)) for file, module in FILES.items()}


def _sites(file: str, module: str) -> Iterator[Site]:
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    known: dict[str, int] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not _is_site(node):
            continue
        function, guard = _surroundings(node, parents)
        name = f"{module}.{function}: {ast.unparse(node)}"
        known[name] = known.get(name, 0) + 1
        if known[name] > 1:
            name += f" ({known[name]})"
        yield Site(name, file, node.lineno, node.end_lineno or node.lineno, guard)


def _is_site(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in METHODS:
        return isinstance(function.value, ast.Name) and function.value.id == "errors"
    if isinstance(function, ast.Name) and function.id == "len":
        return False
    return any(isinstance(each, ast.Name) and each.id == "errors" for each in call.args)


def _surroundings(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> tuple[str, int]:
    """The function around a call, and the line of the nearest condition (else the function's)."""
    guard = 0
    own = node.lineno if isinstance(node, ast.Call) else 0
    while node in parents:
        node = parents[node]
        if (
            isinstance(node, ast.If)
            and not guard
            and not node.test.lineno <= own <= (node.test.end_lineno or 0)
        ):
            guard = node.test.lineno
        if isinstance(node, ast.FunctionDef):
            return node.name, guard or node.lineno
    return "", guard


class Watch:
    """Notes the lines at which errors are added, and the lines that are come to."""

    def __init__(self) -> None:
        self.added: set[tuple[str, int]] = set()
        self.lines: set[tuple[str, int]] = set()

    def run_refused(self, judge: Callable[[], Any]) -> None:
        """Runs it while every error that is added notes the calls that led there."""

        def append(errors: Errors, error: FieldError) -> None:
            frame: FrameType | None = sys._getframe(1)
            while frame is not None:
                if frame.f_code.co_filename in FILES:
                    self.added.add((frame.f_code.co_filename, frame.f_lineno))
                frame = frame.f_back
            list.append(errors, error)

        Errors.append = append  # type: ignore[assignment]
        try:
            judge()
        finally:
            del Errors.append

    def run_accepted(self, judge: Callable[[], Any]) -> None:
        """Runs it while the lines of the validation are noted."""
        earlier = sys.gettrace()
        sys.settrace(self._call)
        try:
            judge()
        finally:
            sys.settrace(earlier)

    def _call(self, frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in FILES:
            return None
        self.lines.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))
        return self._line

    def _line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self.lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line

    def reached(self) -> Reached:
        """What the noted lines say of every site."""
        broken, kept = set(), set()
        for file, sites in list_sites().items():
            for name, line in self.added:
                if name != file:
                    continue
                around = [site for site in sites if site.first_line <= line <= site.last_line]
                broken.update(site.id for site in around)
            for site in sites:
                if (file, site.guard) in self.lines or (file, site.first_line) in self.lines:
                    kept.add(site.id)
        return Reached(broken, kept)
