"""The page's entry: the terminal's documents, and what a page shows beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.report.page import ONE_STREAM, Folder, Page, course_text, editor_text, one_stream
from checker.workspace.course_folder import CourseFolder

ROOT = Path(__file__).parents[2]
COURSE = CourseFolder(ROOT)
NAMES = [folder.name for folder in COURSE.exercises()]
BROKEN = (ROOT / "book/manifests/index/broken.yaml").read_text(encoding="utf-8")
CLIENT = (ROOT / "book/manifests/client.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> Page:
    folders = {
        folder.name: Folder(folder.toml(), folder.files(), COURSE.solution(folder.name))
        for folder in COURSE.exercises()
    }
    return Page(course_text(folders))


def checked(page: Page, name: str, text: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(page.check(name, text, 500))
    return answer


def inspected(page: Page, text: str, **asked: str) -> dict[str, Any]:
    request = {"sources": [{"name": "a.yaml", "text": text}], "from": "", "to": "", "width": 500}
    answer: dict[str, Any] = json.loads(
        page.inspect(json.dumps(request | {"protocol": "TCP"} | asked))
    )
    return answer


@pytest.mark.parametrize("name", NAMES)
def test_what_the_editor_begins_with_fails_and_the_solution_passes(page: Page, name: str) -> None:
    file, start = editor_text(page.exercise(name))
    failed = checked(page, name, start)
    assert failed["report"]["status"] == "fail"
    assert failed["works"] == ""
    locations = [check["location"] for check in failed["report"]["checks"] if check["location"]]
    assert all(place["file"] == file or "given/" in place["file"] for place in locations)
    passed = checked(page, name, json.loads(page.solution(name))["text"])
    assert passed["report"]["status"] == "pass"
    assert passed["works"]


def test_several_files_are_one_stream_each_under_its_name(page: Page) -> None:
    exercise = page.exercise("exercise6")
    name, text = editor_text(exercise)
    assert name == ONE_STREAM
    assert [f"# {file}" in text for file in exercise.answer_files] == [True] * 3
    assert one_stream(["a", "b"], {"a": "x: 1\n\n", "b": "y: 2"}) == ("# a\nx: 1\n---\n# b\ny: 2\n")


def test_a_picture_comes_with_each_trace(page: Page) -> None:
    answer = checked(page, "exercise3", editor_text(page.exercise("exercise3"))[1])
    traced = [check["id"] for check in answer["report"]["checks"] if check["trace"]]
    assert list(answer["pictures"]) == traced == ["target"]
    assert "refused here" in answer["pictures"]["target"]


def test_any_manifests_are_inspected(page: Page) -> None:
    asked = {"from": "pod/client", "to": "svc/shop:80"}
    answer = inspected(page, f"{BROKEN}---\n{CLIENT}", **asked)
    assert answer["trace"]["verdict"] == "refused"
    assert answer["matrix"]["schema"] == "checker/matrix/v1"
    assert [each["rule"] for each in answer["findings"]["findings"]] == [
        "target-port-nobody-listens"
    ]
    assert "svc/shop.default:80" in answer["targets"]
    assert answer["trace_picture"].startswith("<svg")


def test_an_unknown_source_is_a_problem_to_tell(page: Page) -> None:
    answer = inspected(page, BROKEN, **{"from": "pod/nobody", "to": "svc/shop:80"})
    assert "nobody" in answer["problem"]
    assert answer["trace"] is None


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "plain", "\0", "kind: Nonsense", "{{ x }}"])
def test_no_text_raises(page: Page, text: str) -> None:
    assert checked(page, "exercise3", text)["report"]["status"] in ("fail", "error")
    assert inspected(page, text)["trace"] is None
