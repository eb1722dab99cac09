"""Every answer that the repository holds, as a scenario: what is applied, what is predicted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checker.cli.course import load
from checker.course.exercise import Exercise, Gate
from checker.live.questions.exercise_questions import Questions, cases_of, questions_of
from checker.manifests import Source, read
from checker.workspace.course_folder import find_course

ROOT = Path(__file__).resolve().parents[2]


class Scenario(NamedTuple):
    """One set of manifests and the answers that come to it.

    Answers with the same objects are one scenario, and so are all predictions about one cluster.
    """

    exercise: Exercise
    answers: list[str]
    questions: Questions

    @property
    def name(self) -> str:
        return f"{self.exercise.name}/{self.answers[0]}"


def scenarios() -> Iterator[Scenario]:
    """All of them, exercise by exercise."""
    for folder in find_course(ROOT).exercises():
        yield from _of(load(folder))


def _of(exercise: Exercise) -> Iterator[Scenario]:
    gates = [check for check in exercise.checks if isinstance(check.spec, Gate)]
    if gates:
        for bad in (False, True):
            name = "bad cases" if bad else "good cases"
            yield Scenario(exercise, [name], cases_of(exercise, gates, bad=bad))
        return
    found: dict[str, Scenario] = {}
    for name, sources in _answers(exercise):
        if read(sources).problems:
            continue  # nothing can be applied of what no one can read
        questions = questions_of(exercise, sources)
        key = json.dumps(questions.manifests, sort_keys=True, default=str)
        if key in found:
            found[key].answers.append(name)
        else:
            found[key] = Scenario(exercise, [name], questions)
    yield from found.values()


def _answers(exercise: Exercise) -> Iterator[tuple[str, list[Source]]]:
    yield "start", list(exercise.start_sources())
    solved = ROOT / "solutions" / exercise.name
    yield "solution", _files(exercise, solved)
    for folder in sorted((solved / "alternatives").glob("*/")):
        yield f"alternatives/{folder.name}", _files(exercise, folder)
    for path in sorted((ROOT / "tests" / "wrong_answers" / exercise.name).glob("*.yaml")):
        yield f"wrong/{path.stem}", [Source(path.name, path.read_text(encoding="utf-8"))]


def _files(exercise: Exercise, folder: Path) -> list[Source]:
    return [
        Source(name, (folder / name).read_text(encoding="utf-8")) for name in exercise.answer_files
    ]


def predicted(scenario: Scenario) -> list[list[str]]:
    """The connections of a scenario: source, target, protocol, verdict."""
    return [
        [one.source, one.target, one.protocol, one.verdict] for _, one in scenario.questions.asked
    ]


def needs_its_node_alone(scenario: Scenario) -> bool:
    """Whether pods take ports of their node: no other scenario may run beside this one."""
    text = json.dumps(scenario.questions.manifests, default=str)
    return '"hostPort"' in text or '"hostNetwork": true' in text
