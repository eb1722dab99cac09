"""The checker as the book's page asks it: text in, JSON out.

The page holds the course as one JSON text (`course_text` makes it) and sends what stands in its
editors. The documents are the terminal's own; beside them are the pictures and the sentences that
a page shows at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from checker.api import Admission, ClusterSettings, admit
from checker.course import Exercise, ExerciseReport, grade, load_exercise
from checker.manifests import Source, read
from checker.network import BadEndpoint, Cluster, build_cluster, matrix, trace
from checker.report.json_format import (
    Document,
    Failure,
    findings_document,
    matrix_document,
    report_document,
    trace_document,
)
from checker.report.picture import Picture

#: What an answer of several files is called where one editor holds them all.
ONE_STREAM = "answer.yaml"

#: More rows or columns than these make no picture that anybody could read.
_LARGEST_MATRIX = 40


class Folder(NamedTuple):
    """One exercise as texts: `exercise.toml`, the other files by path, the solution's by path."""

    toml: str
    files: Mapping[str, str]
    solution: Mapping[str, str]


def course_text(folders: Mapping[str, Folder]) -> str:
    """The course, by exercise name, as the text that `Page` takes."""
    return json.dumps({name: folder._asdict() for name, folder in folders.items()})


def editor_text(exercise: Exercise) -> tuple[str, str]:
    """Name and text of the one file to edit; several are one stream, each under its name."""
    if len(exercise.answer_files) == 1:
        name = exercise.answer_files[0]
        return name, exercise.start[name]
    return ONE_STREAM, one_stream(exercise.answer_files, exercise.start)


def one_stream(names: Sequence[str], texts: Mapping[str, str]) -> str:
    """Files as one stream of documents, each file's name in a comment above it."""
    parts = (f"# {name}\n{texts[name].rstrip()}\n" for name in names)
    return "---\n".join(parts)


class Page:
    """A course, asked with texts. Every answer is a JSON text; no text makes a method raise."""

    def __init__(self, course: str) -> None:
        """`course` is what `course_text` gave."""
        self._course: dict[str, dict[str, Any]] = json.loads(course)

    @cache  # noqa: B019  # a page has one course, for as long as it lives
    def exercise(self, name: str) -> Exercise:
        """The exercise `name` of the course. Raises KeyError, or ExerciseError."""
        folder = self._course[name]
        return load_exercise(name, folder["toml"], folder["files"])

    def check(self, name: str, text: str, width: float) -> str:
        """Grade `text`, the whole answer, for the exercise `name`.

        `report` is what `python -m checker NAME --format json` prints; `pictures` are HTML by
        check id, `width` pixels wide. `works` and `other_ways` are told once it passes.
        """
        exercise = self.exercise(name)
        file, _ = editor_text(exercise)
        report = grade(exercise, [Source(file, text)], advice=True)
        passed = report.status == "pass"
        return json.dumps(
            {
                "report": report_document(report),
                "pictures": _pictures(report, width),
                "works": exercise.works if passed else "",
                "other_ways": list(exercise.other_ways) if passed else [],
            }
        )

    def solution(self, name: str) -> str:
        """`text`, the solution as the editor would hold it, and its `explanation` (Markdown)."""
        exercise = self.exercise(name)
        texts = self._course[name]["solution"]
        names = exercise.answer_files
        text = texts[names[0]] if len(names) == 1 else one_stream(names, texts)
        return json.dumps({"text": text, "explanation": texts.get("README.md", "")})

    def inspect(self, request: str) -> str:
        """Findings, one trace and the matrix of any manifests.

        `request` is JSON: `sources` (each `name` and `text`), `from`, `to`, `protocol`, `width`.
        The answer has `findings` as `lint` prints them, `objects` (how many were read), `trace` and
        `matrix` as those commands print them or null, their pictures, `sources` and `targets` to
        choose from, and `problem`, a sentence where the connection cannot be asked for.
        """
        asked = json.loads(request)
        sources = [Source(one["name"], one["text"]) for one in asked["sources"]]
        reading = read(sources)
        settings = ClusterSettings()
        admission = admit(reading.manifests, settings)
        cluster = build_cluster(admission.resources, settings)
        failure = next((Failure(one.message, *one.location) for one in reading.problems), None)
        answer: Document = {
            "findings": _findings(admission, cluster, sources, failure),
            "trace": None,
            "trace_picture": "",
            "matrix": None,
            "matrix_picture": "",
            "sources": [],
            "targets": [],
            "problem": "",
        }
        if failure is None and admission.resources:
            answer |= _traffic(cluster, asked)
        return json.dumps(answer)


def _pictures(report: ExerciseReport, width: float) -> dict[str, str]:
    return {
        check.id: Picture(check.trace, width=width, name=f"{report.exercise} {check.id}").html
        for check in report.checks
        if check.trace is not None
    }


def _findings(
    admission: Admission, cluster: Cluster, sources: Sequence[Source], failure: Failure | None
) -> Document:
    from checker.advice import advise, without_ignored
    from checker.report.reading_order import in_reading_order

    resources = admission.resources
    texts = {source.name: source.text for source in sources}
    admitted = without_ignored(admission.findings, resources)
    found = in_reading_order([*admitted, *advise(cluster, resources)], texts)
    return findings_document(found, len(texts), len(resources), failure)


def _traffic(cluster: Cluster, asked: Mapping[str, Any]) -> Document:
    width = asked["width"]
    table = matrix(cluster, asked["protocol"])
    sizes = (len(table.sources), len(table.targets))
    readable = min(sizes) > 0 and max(sizes) <= _LARGEST_MATRIX
    answer: Document = {
        "matrix": matrix_document(table),
        "matrix_picture": Picture(table, width=width, name="matrix").html if readable else "",
        "sources": [axis.name for axis in table.sources],
        "targets": [axis.name for axis in table.targets],
    }
    if not asked["from"] or not asked["to"]:
        return answer
    try:
        way = trace(cluster, asked["from"], asked["to"], asked["protocol"])
    except BadEndpoint as error:
        return answer | {"problem": str(error)}
    picture = Picture(way, width=width, name="trace").html
    return answer | {"trace": trace_document(way), "trace_picture": picture}
