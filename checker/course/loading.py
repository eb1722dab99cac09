"""`exercise.toml` and its neighbours to an Exercise, or to one sentence on what is wrong with it.

After the schema `checker/exercise/v1`, which `FORMAT.md` explains and `exercise.schema.json`
holds for editors; `tests/course/test_schema.py` keeps the two together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from checker.api.settings import ClusterSettings
from checker.course.chapters import CHAPTERS
from checker.course.check_tables import read_check
from checker.course.condition_tables import expression, read_condition, read_flow
from checker.course.exercise import (
    Check,
    Exercise,
    ExerciseError,
    Gate,
    Harmless,
    Misconception,
    Predictions,
    Question,
)
from checker.course.tables import Table

SCHEMA = "checker/exercise/v1"


def load_exercise(name: str, toml_text: str, files: Mapping[str, str]) -> Exercise:
    """The exercise `name`, from the text of its `exercise.toml` and its other `files`.

    `files` maps paths within the exercise's folder (`README.md`, `start/web.yaml`,
    `given/client.yaml`) to their texts; others are left alone. Raises ExerciseError.
    """
    return exercise_of(name, _parse(toml_text, _place(name)), files)


def exercise_of(name: str, data: Mapping[str, Any], files: Mapping[str, str]) -> Exercise:
    """As `load_exercise`, from TOML that is parsed already."""
    table = Table(data, _place(name))
    table.choice("schema", (SCHEMA,))
    answer_files = table.texts("files")
    start = _folder(files, "start/")
    for file in answer_files:
        if file not in start:
            raise table.fail("files", f"exercises/{name}/start/{file} is missing")
    readme = files.get("README.md", "")
    sections = _sections(readme)
    checks = tuple(read_check(entry) for entry in table.tables("checks"))
    exercise = Exercise(
        name=name,
        number=_number(name),
        title=table.text("title"),
        chapter=_chapter(table),
        summary=table.text("summary"),
        situation=sections.get("situation", ""),
        task=sections.get("task", ""),
        readme=readme,
        answer_files=answer_files,
        start={file: start[file] for file in answer_files},
        given=_folder(files, "given/"),
        cases=_folder(files, "cases/"),
        hints=table.texts("hints"),
        questions=tuple(_question(entry) for entry in table.tables("questions")),
        checks=checks,
        misconceptions=tuple(_misconception(entry) for entry in table.tables("misconceptions")),
        settings=_settings(table.table("cluster")),
        works=table.paragraphs("works"),
        other_ways=table.texts("other_ways", []),
        tokens=_tokens(table.table("variants")),
        harmless=tuple(_harmless(entry) for entry in table.tables("harmless")),
    )
    table.finish()
    _cross_check(exercise, table)
    return exercise


def _place(name: str) -> str:
    return f"exercises/{name}/exercise.toml"


def _parse(text: str, place: str) -> Mapping[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExerciseError(f"{place}: not TOML: {error}") from None


def _number(name: str) -> int:
    digits = re.search(r"[0-9]+$", name)
    return int(digits[0]) if digits else 0


def _folder(files: Mapping[str, str], folder: str) -> dict[str, str]:
    return {
        path.removeprefix(folder): text
        for path, text in sorted(files.items())
        if path.startswith(folder)
    }


def _sections(readme: str) -> dict[str, str]:
    """The text below each `## Heading`, by the heading in lower case."""
    parts = re.split(r"(?m)^## +(.+?) *$", readme)
    return {
        heading.lower(): text.strip()
        for heading, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def _question(table: Table) -> Question:
    question = Question(
        id=table.text("id"),
        text=table.text("text"),
        values=table.values("values", []),
        flow=read_flow(table.table("flow"), ()) if table.has("flow") else None,
        refuses=read_condition(table.table("refuses")) if table.has("refuses") else None,
    )
    table.finish()
    return question


def _misconception(table: Table) -> Misconception:
    misconception = Misconception(
        id=table.text("id"),
        check=table.text("check"),
        believes=table.text("believes"),
        truth=table.text("truth"),
        chapter=_chapter(table),
        when=read_condition(table.table("when")),
        fix=table.text("fix", ""),
    )
    table.finish()
    return misconception


def _harmless(table: Table) -> Harmless:
    harmless = Harmless(expression(table, "mutant"), table.text("reason"))
    table.finish()
    return harmless


def _chapter(table: Table) -> str:
    number = table.number("chapter")
    if number not in CHAPTERS:
        raise table.fail("chapter", f"the book has no chapter {number}")
    return f"{number} · {CHAPTERS[number]}"


def _settings(table: Table) -> ClusterSettings:
    default = ClusterSettings()
    ports = table.values("node_port_range", list(default.node_port_range))
    if len(ports) != 2 or not all(type(port) is int for port in ports):
        raise table.fail("node_port_range", "two numbers are needed, the first and the last port")
    settings = ClusterSettings(
        namespace=table.text("namespace", default.namespace),
        nodes=table.number("nodes", default.nodes),
        pod_cidr=table.text("pod_cidr", default.pod_cidr),
        service_cidr=table.text("service_cidr", default.service_cidr),
        node_port_range=(ports[0], ports[1]),
        proxy_mode=table.choice("proxy_mode", ("nftables", "iptables"), default.proxy_mode),
    )
    table.finish()
    return settings


def _tokens(table: Table) -> dict[str, tuple[str, ...]]:
    """Words that a variant replaces, each with what may stand in its place."""
    return {token: table.texts(token) for token in table.left()}


def _cross_check(exercise: Exercise, table: Table) -> None:
    ids = [check.id for check in exercise.checks]
    if not ids:
        raise table.fail("checks", "an exercise needs at least one check")
    _unique(ids, table, "checks")
    _unique([question.id for question in exercise.questions], table, "questions")
    _unique(
        [misconception.id for misconception in exercise.misconceptions], table, "misconceptions"
    )
    for misconception in exercise.misconceptions:
        if misconception.check not in ids:
            message = (
                f"{misconception.id} belongs to the check {misconception.check}, which is not here"
            )
            raise table.fail("misconceptions", message)
    _questions_asked(exercise.checks, exercise.questions, table)
    _cases_there(exercise, table)


def _unique(ids: list[str], table: Table, key: str) -> None:
    for position, one in enumerate(ids):
        if one in ids[:position]:
            raise table.fail(key, f"the id {one} is there twice")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one):
            raise table.fail(key, f"the id {one!r} is not kebab-case")


def _questions_asked(
    checks: tuple[Check, ...], questions: tuple[Question, ...], table: Table
) -> None:
    known = {question.id: question for question in questions}
    for check in checks:
        for identifier in asked(check, questions):
            if identifier not in known:
                raise table.fail("checks", f"{check.id} asks {identifier}, which is no question")
        spec = check.spec
        for identifier, right in spec.expect.items() if isinstance(spec, Predictions) else ():
            values = known[identifier].values
            if values and any(value not in values for value in right):
                message = f"{check.id}: {right} is not among the values of {identifier}"
                raise table.fail("checks", message)


def asked(check: Check, questions: tuple[Question, ...]) -> tuple[str, ...]:
    """The ids of the questions that a check looks at."""
    if isinstance(check.spec, Predictions):
        return check.spec.questions
    if isinstance(check.spec, Gate):
        return tuple(question.id for question in questions if question.refuses)
    return ()


def _cases_there(exercise: Exercise, table: Table) -> None:
    for check in exercise.checks:
        for case in check.spec.cases if isinstance(check.spec, Gate) else ():
            if case.file not in exercise.cases:
                raise table.fail("checks", f"{check.id}: cases/{case.file} is missing")
