"""Handing in, grading, and reading the report: what the tests of `grade` have in common."""

import json

from tests.course.repository import answers
from tests.report.test_json_format import validate


def put(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def right(name="exercise3", file="web.yaml"):
    return answers(name).solution[file]


def graded(checker, hand_ins, *options, out=None, code=0):
    report = out or hand_ins.parent / "report"
    run = checker("grade", hand_ins, "--out", report, "--jobs", "2", *options, timeout=600)
    assert run.code == code, run.all
    assert "Traceback" not in run.all
    return report


def grades_of(report):
    document = json.loads((report / "grades.json").read_text())
    validate(document, "grades")
    return document


def results(report):
    return {
        learner["name"]: {result["exercise"]: result for result in learner["results"]}
        for learner in grades_of(report)["learners"]
    }


def problems(report, name):
    (learner,) = (one for one in grades_of(report)["learners"] if one["name"] == name)
    return "\n".join(f"{one['file']} {one['message']}" for one in learner["problems"])


def files_of(report):
    return {
        path.relative_to(report).as_posix(): path.read_bytes()
        for path in report.rglob("*")
        if path.is_file() and ".cache" not in path.parts
    }
