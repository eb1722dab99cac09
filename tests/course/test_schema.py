"""The JSON schema for editors and the loader agree on what an exercise is."""

import copy
import json
import tomllib

import jsonschema
import pytest

from checker.course import ExerciseError, load_exercise
from tests.course.repository import ROOT, exercise, names

SCHEMA = json.loads((ROOT / "checker/course/exercise.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def data(name):
    return tomllib.loads((ROOT / "exercises" / name / "exercise.toml").read_text())


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", names())
def test_every_exercise_fits_the_schema(name):
    assert [error.message for error in VALIDATOR.iter_errors(data(name))] == []


def broken():
    """Each entry breaks one thing in exercise 3: a function that changes the data."""
    return {
        "unknown key": lambda toml: toml.update(titel="x"),
        "no title": lambda toml: toml.pop("title"),
        "another schema": lambda toml: toml.update(schema="checker/exercise/v2"),
        "chapter out of the book": lambda toml: toml.update(chapter=17),
        "hints are numbers": lambda toml: toml.update(hints=[1, 2, 3]),
        "unknown kind": lambda toml: toml["checks"][0].update(kind="accept"),
        "check without points": lambda toml: toml["checks"][0].pop("points"),
        "key of another kind": lambda toml: toml["checks"][0].update(flows=[]),
        "negative points": lambda toml: toml["checks"][0].update(points=-1),
        "no flows": lambda toml: toml["checks"][3].update(flows=[]),
        "unknown verdict": lambda toml: toml["checks"][3]["flows"][0].update(expect=["open"]),
        "unknown protocol": lambda toml: toml["checks"][3]["flows"][0].update(protocol="tcp"),
        "condition of no kind": lambda toml: toml["misconceptions"][0].update(when={}),
        "condition of two kinds": lambda toml: toml["misconceptions"][0]["when"].update(
            object={"object": "Service/web", "exists": True}
        ),
        "field that asks nothing": lambda toml: toml["misconceptions"][0].update(
            when={"field": {"object": "Service/web", "path": "spec"}}
        ),
        "id with capitals": lambda toml: toml["misconceptions"][0].update(id="Number"),
        "two bounds too few": lambda toml: toml.update(cluster={"node_port_range": [1]}),
        "unknown proxy mode": lambda toml: toml.update(cluster={"proxy_mode": "ipvs"}),
    }


@pytest.mark.parametrize("what", broken())
def test_schema_and_loader_refuse_the_same(what):
    toml = copy.deepcopy(data("exercise3"))
    broken()[what](toml)
    assert not VALIDATOR.is_valid(toml)
    with pytest.raises(ExerciseError, match=r"^exercises/exercise3/exercise\.toml: "):
        load_data("exercise3", toml)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda toml: toml["checks"][1].update(id="accepted"), "checks: the id accepted is there"),
        (lambda toml: toml["misconceptions"][0].update(check="gone"), "which is not here"),
        (lambda toml: toml.update(files=["other.yaml"]), "start/other.yaml is missing"),
        (
            lambda toml: toml["misconceptions"][1]["when"]["field"].update(path="spec..x"),
            "not a field path",
        ),
        (
            lambda toml: toml["misconceptions"][1]["when"]["field"].update(matches="("),
            "not a regular expression",
        ),
    ],
)
def test_the_loader_finds_what_a_schema_cannot_say(change, told):
    toml = copy.deepcopy(data("exercise3"))
    change(toml)
    with pytest.raises(ExerciseError, match=told):
        load_data("exercise3", toml)


def test_broken_toml_is_told_with_its_line():
    with pytest.raises(ExerciseError, match=r"exercise\.toml: not TOML: .*line 2"):
        load_exercise("exercise3", 'title = "x"\nchecks == 1', {})


def load_data(name, toml):
    from checker.course import loading

    good = exercise(name)
    files = {f"start/{file}": text for file, text in good.start.items()}
    files |= {f"given/{file}": text for file, text in good.given.items()}
    files["README.md"] = good.readme
    return loading.exercise_of(name, toml, files)
