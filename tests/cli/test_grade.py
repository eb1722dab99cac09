"""`grade`: a whole class, whatever it hands in."""

import csv
import io
import json
import os
import re
from html.parser import HTMLParser

import pytest

from checker.cli.grade_learner import Grader, Task, load_exercises
from checker.report.grades import learner as learner_module
from checker.workspace.course_folder import find_course
from tests.cli.classroom import UNKNOWN, make_class
from tests.cli.conftest import CHECKOUT, Checker
from tests.cli.grading import files_of, graded, grades_of, put, results, right
from tests.course.repository import names
from tests.report.test_json_format import validate

#: How many learners the generated class has: CHECKER_CLASS=500 for a large one.
CLASS_SIZE = int(os.environ.get("CHECKER_CLASS", "40"))


BOOK = "https://kubernetes-ports.github.io/kubernetes-ports"


class Page(HTMLParser):
    """The elements of a page, and what in it leads elsewhere."""

    def __init__(self, text):
        super().__init__()
        self.tags = set()
        self.links = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for key, value in attributes if key in ("href", "src")]


def test_a_generated_class_has_the_expected_grades(hand_ins):
    expected = make_class(hand_ins, CLASS_SIZE, names())
    checker = Checker(CHECKOUT)
    report = graded(checker, hand_ins)
    got = results(report)
    assert set(got) == set(expected)
    for who, wanted in expected.items():
        assert set(got[who]) == set(wanted)
        for name, result in got[who].items():
            check_grade(result, wanted[name])
    rows = list(csv.reader(io.StringIO((report / "grades.csv").read_text(), newline="")))
    assert len(rows) == CLASS_SIZE + 1
    totals = [sum(one["points"] for one in each.values()) for each in got.values()]
    assert [int(row[-1]) for row in rows[1:]] == totals
    check_beliefs(report, expected)
    check_safe(report, rows)
    first = files_of(report)
    graded(checker, hand_ins, "--jobs", "1")
    assert files_of(report) == first, "from the cache, by one process: the same bytes"


def check_grade(result, wanted):
    if wanted is UNKNOWN:
        assert result["status"] in ("pass", "fail", "error")
        full = result["points"] == result["max_points"]
        # A check that cannot tell counts in neither sum, and no answer passes with one.
        told = result["max_points"] == 10
        assert (full and told) if result["status"] == "pass" else not (full and told)
        return
    seen = (result["status"], result["points"], result["misconception"])
    assert seen == tuple(wanted), result


def check_beliefs(report, expected):
    grades = results(report)
    held = {}
    for learner, wanted in expected.items():
        for name, one in wanted.items():
            belief = grades[learner][name]["misconception"] if one is UNKNOWN else one.misconception
            if belief:
                held.setdefault((name, belief), set()).add(learner)
    told = grades_of(report)["misconceptions"]
    assert {(one["exercise"], one["id"]): set(one["learners"]) for one in told} == held
    counts = [one["count"] for one in told]
    assert counts == sorted(counts, reverse=True)
    assert all(re.match(r"[0-9]+ · ", one["chapter"]) for one in told)


def check_safe(report, rows):
    assert not [row for row in rows for cell in row if cell.lstrip()[:1] in tuple("=+-@\t\r＝")]
    for path in report.rglob("*.html"):
        page = Page(path.read_text())
        assert not page.tags & {"script", "img", "link", "iframe", "alert"}
        within = [link for link in page.links if not link.startswith(f"{BOOK}/chapters/")]
        assert all((path.parent / link).is_file() for link in within)
        assert re.fullmatch(r"[a-z0-9-]+\.html", path.name)


def test_the_page_begins_with_what_is_most_common(hand_ins):
    make_class(hand_ins, 30, names())
    report = graded(Checker(CHECKOUT), hand_ins)
    beliefs = grades_of(report)["misconceptions"]
    index = (report / "index.html").read_text()
    seen, folded = index.split("<details>")
    folded, rest = folded.split("</details>")
    counts = [f">{one['count']} of 30<" for one in beliefs]
    assert re.findall(">[0-9]+ of 30<", seen) == counts[:10]
    assert re.findall(">[0-9]+ of 30<", folded) == counts[10:]
    most = beliefs[10]["count"]
    assert f"<summary>{len(beliefs) - 10} beliefs more, each of {most} learner" in folded
    passed = [
        sum(one[name]["status"] == "pass" for one in results(report).values()) for name in names()
    ]
    row = re.search('<th scope="row">passed by</th>(.*)</tr>', rest)[1]
    assert list(map(int, re.findall(">([0-9]+)<", row))) == [sum(passed), *passed]


def test_the_same_class_graded_anew_gives_the_same_bytes(checker, hand_ins, tmp_path):
    put(hand_ins / "ann" / "exercise3" / "web.yaml", right())
    put(hand_ins / "bob" / "exercise3.yaml", "kind: [\n")
    one = graded(checker, hand_ins)
    other = graded(checker, hand_ins, out=tmp_path / "other")
    assert files_of(one) == files_of(other)


@pytest.mark.parametrize(
    "path",
    [
        "exercises/exercise3/answer/web.yaml",
        "repo-main/exercises/exercise3/answer/web.yaml",
        "exercise3/web.yaml",
        "Exercise 03/web.yaml",
        "hand-in/exercise3/web.yaml",
        "exercise3/exercise3/web.yaml",
        "exercise3/my-service.yml",
        "exercise3.yaml",
        "EXERCISE_3.YML",
        "deep/er/exercise3.yaml",
    ],
)
def test_layouts(checker, hand_ins, path):
    put(hand_ins / "ann" / path, right())
    result = results(graded(checker, hand_ins))["ann"]["exercise3"]
    assert (result["status"], result["points"]) == ("pass", 10)


def test_an_untouched_clone_hands_in_nothing(checker, hand_ins, course):
    course.rename(hand_ins / "ann")
    again = Checker(CHECKOUT)
    got = results(graded(again, hand_ins))["ann"]
    assert {result["status"] for result in got.values()} == {"missing"}


def test_results_are_kept_and_a_broken_cache_is_ignored(checker, hand_ins):
    answer = put(hand_ins / "ann" / "exercise3" / "web.yaml", right())
    report = graded(checker, hand_ins)
    before = files_of(report)
    (cache,) = (report / ".cache").iterdir()
    kept = cache.stat().st_mtime_ns
    graded(checker, hand_ins)
    assert cache.stat().st_mtime_ns == kept
    changed = json.loads(cache.read_text())
    for result in changed["results"].values():
        result["points"] = 9
    for broken in ("", "{", "[" * 100_000, json.dumps(changed), '{"results": 1}'):
        cache.write_text(broken)
        graded(checker, hand_ins)
        assert files_of(report) == before
    answer.write_text(right().replace("targetPort: 9376", "targetPort: 80"))
    graded(checker, hand_ins)
    assert results(report)["ann"]["exercise3"]["status"] == "fail"


def test_another_course_makes_the_cache_void(checker, hand_ins, course):
    put(hand_ins / "ann" / "exercise3.yaml", right())
    report = graded(checker, hand_ins)
    assert results(report)["ann"]["exercise3"]["points"] == 10
    toml = course / "exercises" / "exercise3" / "exercise.toml"
    toml.write_text(toml.read_text().replace("points = 4", "points = 5"))
    graded(checker, hand_ins)
    assert results(report)["ann"]["exercise3"]["points"] == 11


def test_who_is_gone_leaves_no_page(checker, hand_ins):
    put(hand_ins / "ann" / "exercise3.yaml", right())
    other = put(hand_ins / "bob" / "exercise3.yaml", right())
    report = graded(checker, hand_ins)
    other.unlink()
    other.parent.rmdir()
    graded(checker, hand_ins)
    assert [path.name[:4] for path in (report / "learners").iterdir()] == ["ann-"]


def test_a_variant_is_graded_as_that_variant(checker, hand_ins, course):
    run = checker("exercise3", "--variant", "seven")
    assert run.code == 1, run.all
    begun = course / "exercises" / "exercise3" / "answer"
    begun.rename(put(hand_ins / "ann" / "exercise3" / "x").parent / "answer")
    result = results(graded(checker, hand_ins))["ann"]["exercise3"]
    assert (result["variant"], result["status"]) == ("seven", "fail")
    assert result["misconception"] is None or result["check"] == "target"


def test_json_is_the_document(checker, hand_ins):
    put(hand_ins / "ann" / "exercise3.yaml", right())
    report = hand_ins.parent / "report"
    run = checker("grade", hand_ins, "--out", report, "--format", "json")
    assert json.loads(run.out) == grades_of(report)


def test_the_report_may_lie_in_the_class(checker, hand_ins):
    put(hand_ins / "ann" / "exercise3.yaml", right())
    for _ in range(2):
        report = graded(checker, hand_ins, out=hand_ins / "report")
        assert list(results(report)) == ["ann"]


@pytest.mark.parametrize("arguments", [(), ("--out", "x")])
@pytest.mark.parametrize("kind", ["missing", "empty", "file"])
def test_no_class_ends_with_2(checker, tmp_path, kind, arguments):
    target = tmp_path / kind
    if kind == "empty":
        target.mkdir()
    elif kind == "file":
        target.touch()
    run = checker("grade", target, *arguments)
    assert run.code == 2
    assert run.err.startswith("checker: ")
    assert "Traceback" not in run.all
    as_json = checker("grade", target, *arguments, "--format", "json")
    document = json.loads(as_json.out)
    validate(document, "grades")
    assert document["error"]["message"]


def test_what_is_no_report_is_never_replaced(checker, hand_ins, tmp_path):
    put(hand_ins / "ann" / "exercise3.yaml", right())
    site = put(tmp_path / "site" / "index.html", "mine")
    for out in (site.parent, site, hand_ins):
        graded(checker, hand_ins, out=out, code=2)
    assert site.read_text() == "mine"


def test_a_spreadsheet_reads_every_name(checker, hand_ins):
    """Excel takes UTF-8 for the system's code page unless a byte order mark says what it is."""
    put(hand_ins / "ann" / "exercise3.yaml", right())
    plain = (graded(checker, hand_ins) / "grades.csv").read_bytes()
    assert plain.startswith(b"learner,"), "ASCII alone is the same for everybody"
    put(hand_ins / "Ünï" / "exercise3.yaml", right())
    marked = (graded(checker, hand_ins) / "grades.csv").read_bytes()
    assert marked.startswith(b"\xef\xbb\xbflearner,")
    rows = list(csv.reader(io.StringIO(marked.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows] == ["learner", "ann", "Ünï"]


def test_the_book_is_where_one_says(checker, hand_ins, tmp_path):
    put(hand_ins / "ann" / "exercise3.yaml", right().replace("targetPort: 9376", "targetPort: 80"))
    page = "chapters/04-port-and-targetport.html"
    index = (graded(checker, hand_ins) / "index.html").read_text()
    assert f'href="{BOOK}/{page}"' in index
    index = (graded(checker, hand_ins, "--book", "https://a.example/b") / "index.html").read_text()
    assert f'href="https://a.example/b/{page}"' in index
    book = put(tmp_path / "my book" / "index.html").parent
    report = graded(checker, hand_ins, "--book", book)
    (learner,) = (report / "learners").iterdir()
    for path in (report / "index.html", learner):
        assert f'href="{book.as_uri()}/{page}"' in path.read_text()
    for wrong in (tmp_path / "nowhere", "javascript:alert(1)", ""):
        run = checker("grade", hand_ins, "--out", report, "--book", wrong)
        assert run.code == 2, wrong
        assert "--book" in run.err


def test_json_on_a_terminal_without_unicode(checker, hand_ins):
    put(hand_ins / "学生 😀" / "exercise3.yaml", right())
    report = hand_ins.parent / "report"
    arguments = ("grade", hand_ins, "--out", report, "--format", "json")
    run = checker(*arguments, env={"PYTHONIOENCODING": "ascii"})
    assert run.out.isascii()
    assert json.loads(run.out) == grades_of(report)


def test_a_failing_check_has_its_picture(checker, hand_ins):
    put(hand_ins / "ann" / "exercise3.yaml", right().replace("targetPort: 9376", "targetPort: 80"))
    report = graded(checker, hand_ins)
    (learner,) = (report / "learners").iterdir()
    text = learner.read_text()
    [picture] = re.findall(r"<figure>(.*?)</figure>", text, re.DOTALL)
    assert "nothing listens on 80/TCP" in picture
    assert re.search(r"<title id=.*?</title><desc id=", picture), "told to who cannot see it"
    assert text.count("<style>") == 1, "one style sheet for all pictures"
    assert ".kp " in text.partition("</style>")[0]


def test_a_fault_of_ours_costs_one_answer(hand_ins, tmp_path, monkeypatch):
    """Grading or drawing may meet what nobody thought of; the class does not stop for it."""

    def explode(*_):
        raise ZeroDivisionError

    put(hand_ins / "ann" / "exercise3.yaml", right().replace("targetPort: 9376", "targetPort: 80"))
    put(hand_ins / "ann" / "exercise5.yaml", right("exercise5", "service.yaml"))
    monkeypatch.chdir(CHECKOUT)
    monkeypatch.setattr(learner_module, "_picture", explode)
    course = find_course()
    task = Task(hand_ins, tmp_path / "report", course, tmp_path / "cache", "now")
    results = Grader(task, load_exercises(course.exercises())).learner("ann", "ann").results
    seen = {one["exercise"]: one for one in results if one["status"] != "missing"}
    assert {name: one["status"] for name, one in seen.items()} == {
        "exercise3": "error",
        "exercise5": "pass",
    }
    assert "a fault of the checker's own (ZeroDivisionError)" in seen["exercise3"]["message"]
