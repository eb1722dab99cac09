"""The directive `mutants`: how many small faults in the solutions the checks notice.

    ```{mutants}
    ```

Counts, while the book is built, over all exercises; what `python -m checker dev mutate` prints.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from checker.course.exercise import Harmless
    from checker.course.mutation_score import Score

ROOT = Path(__file__).parents[2]
HEADS = ("exercise", "changes", "fail", "equivalent", "listed", "survive")


class MutantsDirective(SphinxDirective):
    """A table of all exercises, then the changes that are listed as harmless."""

    def run(self) -> list[nodes.Node]:
        if str(ROOT) not in sys.path:
            sys.path.insert(0, str(ROOT))
        from tables import paragraph, table

        from checker.course.loading import load_exercise
        from checker.course.mutation_score import score, total
        from checker.workspace.course_folder import CourseFolder

        course = CourseFolder(ROOT)
        scores: list[Score] = []
        harmless: list[tuple[str, Harmless]] = []
        for folder in course.exercises():
            exercise = load_exercise(folder.name, folder.toml(), folder.files())
            for name in (folder.path / "exercise.toml", *self.solution_files(folder.name)):
                self.env.note_dependency(str(name))
            scores.append(score(exercise, course.solution(folder.name)))
            harmless += [(folder.name, one) for one in exercise.harmless]
        found: list[nodes.Node] = [table(HEADS, map(_row, [*scores, total(scores)]))]
        survivors = total(scores).survivors
        if survivors:
            found += [paragraph("Nothing notices these:"), _list(nodes.Text(s) for s in survivors)]
        found += [paragraph("What is listed as harmless, and why:")]
        found += [_list(nodes.Text(f"{name}: {one.reason}") for name, one in harmless)]
        return found

    def solution_files(self, name: str) -> list[Path]:
        """The files that are changed."""
        return sorted((ROOT / "solutions" / name).glob("*.yaml"))


def _row(one: Score) -> tuple[str, ...]:
    numbers = (one.mutants, one.fails, one.equivalent, one.listed, len(one.survivors))
    return (one.exercise, *map(str, numbers))


def _list(texts: Iterator[nodes.Text]) -> nodes.bullet_list:
    listing = nodes.bullet_list()
    for text in texts:
        listing += nodes.list_item("", nodes.paragraph("", "", text))
    return listing


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("mutants", MutantsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
