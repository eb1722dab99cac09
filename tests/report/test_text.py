"""What people read: nothing missing, nothing too wide, nothing that hangs on colour."""

import re

import pytest

from checker.api import Finding, ObjectRef
from checker.manifests import Location
from checker.report.text.excerpt import excerpt
from checker.report.text.exercise import Surroundings, exercise_screen
from checker.report.text.findings import findings_text
from checker.report.text.layout import columns, wrap
from checker.report.text.markdown import render
from checker.report.text.matrix import matrix_text
from checker.report.text.style import ESCAPES, Style
from checker.report.text.trace import trace_text
from checker.report.text.way import VERDICTS
from tests.report import samples

PLAIN = Style()
COLOUR = Style(colour=True)
ASCII = Style(unicode=False)
NARROW = Style(width=40)
AROUND = Surroundings(
    "python -m checker",
    ["exercises/exercise3/answer/web.yaml"],
    "exercises/exercise3/README.md",
    works="`port` is the Service's own port.",
    other_ways=["Name the port."],
    next_exercise="exercise4",
)


def screens(style):
    yield "fail", exercise_screen(samples.FAIL, samples.TEXTS, AROUND, style)
    yield "pass", exercise_screen(samples.PASS, samples.TEXTS, AROUND, style)
    yield "error", exercise_screen(samples.ERROR, samples.TEXTS, AROUND, style)
    findings = [samples.FINDING, samples.WARNING, samples.NOTE]
    yield "lint", findings_text(findings, samples.TEXTS, 1, style)
    yield "clean", findings_text([], samples.TEXTS, 1, style)
    yield "trace", trace_text(samples.TRACE, samples.TEXTS, style)
    yield "matrix", matrix_text(samples.MATRIX, style)


def without_colour(lines):
    text = "\n".join(lines)
    for escape in ESCAPES:
        text = text.replace(escape, "")
    return text.split("\n")


def test_colour_adds_nothing_but_colour():
    for (name, plain), (_, coloured) in zip(screens(PLAIN), screens(COLOUR), strict=True):
        assert any("\x1b" in line for line in coloured), name
        # Backticks give way to colour; the test after this one is theirs.
        unquoted = [line.replace("`", "") for line in plain]
        assert without_colour(coloured) == unquoted, name


def test_backticks_are_colour_where_there_is_colour():
    assert without_colour(render("a `b` c", COLOUR)) == ["a b c"]
    assert render("a `b` c", PLAIN) == ["a `b` c"]


def test_nothing_is_wider_than_the_page():
    for style in (PLAIN, NARROW, Style(width=100)):
        for name, lines in screens(style):
            for line in lines:
                too_wide = columns(line) > style.width
                # What is to be copied is never broken.
                copied = re.search(r"python -m checker|answer/web.yaml|exercises/|https://", line)
                assert not too_wide or copied, (name, line)


def test_marks_are_ascii_where_the_terminal_is():
    for name, lines in screens(ASCII):
        text = "\n".join(lines).replace(samples.TRACE.hops[0].detail, "")
        assert text.isascii(), (name, text)


def test_lines_do_not_end_in_blanks():
    for name, lines in screens(PLAIN):
        assert all(line == line.rstrip() for line in lines), name


def test_the_failing_screen_tells_all_that_a_learner_needs():
    text = "\n".join(exercise_screen(samples.FAIL, samples.TEXTS, AROUND, PLAIN))
    positions = [
        text.index(part)
        for part in (
            "Wrong target",
            "2 of 10 points",
            "✓ The API server accepts",
            "✗ Clients reach the Service",
            "not reached",
            "Expected connected, seen refused",
            "--> answer/web.yaml:10:7",
            "10 │       targetPort: 8080",
            "^^^^^^^^^^^^^^^^",
            "pod/client",
            "web:80 →",
            "✗ listener",
            "✗ refused",
            "containerPort moves it.",
            "It moves nothing.",
            "Compare the Service's targetPort",
            "python -m checker exercise3",
            "python -m checker hint exercise3",
        )
    ]
    assert positions == sorted(positions), "in the order in which one asks"


def test_only_the_first_failure_is_spoken_of():
    later = samples.FAILED._replace(id="later", message="SECOND")
    report = samples.FAIL._replace(checks=(samples.FAILED, later))
    assert "SECOND" not in "\n".join(exercise_screen(report, samples.TEXTS, AROUND, PLAIN))


def test_a_check_that_cannot_tell_is_told_where_nothing_fails():
    unknown = samples.FAILED._replace(
        status="cannot-tell", message="The image is not known.", trace=samples.UNKNOWN
    )
    report = samples.FAIL._replace(checks=(samples.ACCEPTED, unknown))
    text = "\n".join(exercise_screen(report, samples.TEXTS, AROUND, PLAIN))
    assert "? The image is not known." in text
    # "4 of 4 points" alone would read like all of it.
    assert re.search(r"not yet, \d+ of \d+ points, 1 open", text)


def test_the_passing_screen_says_why_and_what_is_next():
    text = "\n".join(exercise_screen(samples.PASS, samples.TEXTS, AROUND, PLAIN))
    assert "agnhost answers" in text
    assert "Why it works" in text
    assert "Name the port." in text
    assert "python -m checker exercise4" in text


def test_every_verdict_has_its_words():
    from typing import get_args

    from checker.network.answer import Verdict

    assert set(VERDICTS) == set(get_args(Verdict))


class TestExcerpt:
    def lines(self, text, line, column, style=PLAIN):
        return excerpt({"f.yaml": text}, Location("f.yaml", line, column), style)

    def test_carets_stand_below_what_the_column_points_at_and_leave_comments_out(self):
        assert self.lines("a: 1\n  b: 22  # c\nd: 3\n", 2, 3) == [
            " --> f.yaml:2:3",
            "1 │ a: 1",
            "2 │   b: 22  # c",
            "  │   ^^^^^",
            "3 │ d: 3",
        ]

    def test_tabs_take_the_room_that_they_are_shown_with(self):
        lines = self.lines("\ta: 1\n", 1, 2)
        assert lines[2].index("^") == lines[1].index("a")

    def test_wide_signs_move_the_carets(self):
        lines = self.lines("名前: x\n", 1, 5)
        assert columns(lines[2].partition("^")[0]) == columns(lines[1].partition("x")[0])

    def test_a_line_without_end_is_cut_around_the_place(self):
        text = '{"a": "' + "x" * 5000 + '", "here": 1, "b": "' + "y" * 5000 + '"}'
        lines = self.lines(text, 1, text.index("here") + 1)
        assert all(columns(line) <= 80 for line in lines)
        assert lines[2].index("^") == lines[1].index("here")

    def test_a_place_beyond_the_text_is_named_alone(self):
        assert self.lines("a: 1\n", 9, 1) == [" --> f.yaml:9:1"]

    def test_a_source_that_is_not_there_is_named_alone(self):
        assert excerpt({}, Location("f.yaml", 3, 1), PLAIN) == [" --> f.yaml:3:1"]

    def test_line_numbers_line_up(self):
        lines = self.lines("\n".join("abcdefghijkl"), 10, 1)
        assert lines[1:] == [" 9 │ i", "10 │ j", "   │ ^", "11 │ k"]


class TestLint:
    def test_the_field_stands_before_the_message_as_kubectl_prints_it(self):
        (first, *_) = findings_text([samples.FINDING], samples.TEXTS, 1, PLAIN)
        assert first == "error[api-required] spec.ports[0].name: Required value"

    def test_a_rule_is_explained_once_a_file(self):
        lines = findings_text([samples.FINDING] * 3, samples.TEXTS, 1, PLAIN)
        assert sum("why:" in line for line in lines) == 1

    def test_findings_come_in_the_order_of_the_lines(self):
        late = samples.FINDING._replace(message="LATE", location=Location("answer/web.yaml", 10, 1))
        text = "\n".join(
            findings_text([samples.NOTE, late, samples.FINDING], samples.TEXTS, 1, PLAIN)
        )
        assert text.index("Required value\n") < text.index("LATE") < text.index("a-note")

    @pytest.mark.parametrize(
        ("findings", "summary"),
        [
            ([], "nothing to complain about: 1 object in 1 file"),
            ([samples.FINDING], "1 error: 1 object in 1 file"),
            ([samples.FINDING, samples.FINDING, samples.NOTE], "2 errors and 1 note: 1 object"),
        ],
    )
    def test_the_last_line_sums_up(self, findings, summary):
        assert summary in findings_text(findings, samples.TEXTS, 1, PLAIN)[-1]


class TestMarkdown:
    def test_tables_are_aligned_and_their_last_column_wraps(self):
        text = "| a | b |\n|---|---|\n| 1 | " + "word " * 20 + "|\n| 22 | x |\n"
        lines = render(text, Style(width=40))
        assert lines[0] == "a   b"
        assert lines[-1] == "22  x"
        assert all(columns(line) <= 40 for line in lines)

    def test_lists_stay_together_and_hang(self):
        text = "Intro\non two lines.\n\n- one\n  goes on\n- two\n\nAfter.\n\n1. first\n2. second\n"
        assert render(text, PLAIN) == [
            "Intro on two lines.",
            "",
            "- one goes on",
            "- two",
            "",
            "After.",
            "",
            "1. first",
            "2. second",
        ]

    def test_code_is_left_as_it_is(self):
        assert render("```yaml\na:\n  - b   # c\n\n# d\n```\nx", PLAIN) == [
            "  a:",
            "    - b   # c",
            "",
            "  # d",
            "",
            "x",
        ]

    @pytest.mark.parametrize("text", ["", "\n\n", "|", "||\n|-|", "```", "# ", "- ", "1. "])
    def test_odd_texts_are_no_trouble(self, text):
        assert isinstance(render(text, PLAIN, "  "), list)


def test_wrapping_never_breaks_a_word_and_keeps_all_words():
    text = "a bb ccc dddd " + "x" * 50 + " end"
    lines = wrap(text, 12, "- ")
    assert " ".join(line.strip() for line in lines).removeprefix("- ").split() == text.split()
    assert [line for line in lines if columns(line) > 12] == ["  " + "x" * 50]


def unchecked(kind, name):
    ref = ObjectRef("monitoring.example.com/v1", kind, "default", name)
    message = f"{kind} is not one of Kubernetes' own; it was not checked: no rules for it here"
    where = Location(f"{name}.yaml", 2, 1)
    return Finding(
        "kind-not-checked", "note", "analysis", ref, "kind", message, "Why.", "Fix.", where, ""
    )


def test_objects_that_were_not_checked_are_named_together():
    findings = [
        unchecked("Monitor", "a"), unchecked("Rule", "b"), unchecked("Monitor", "c")
    ]  # fmt: skip
    texts = {f"{name}.yaml": f"kind: {name}\nkind: X\n" for name in "abc"}
    lines = findings_text(findings, texts, 3, Style(width=60))
    assert lines == [
        "note[kind-not-checked] 3 objects were not checked: no rules",
        "    for their kinds here",
        "    monitoring.example.com/v1: Monitor (2), Rule",
        "  why: Why.",
        "  fix: Fix.",
        "",
        "! 3 notes: 3 objects in 3 files",
    ]
    # One alone has its place, as every other finding.
    alone = findings_text(findings[:1], texts, 3, Style(width=60))
    assert " --> a.yaml:2:1" in alone
    assert "  in: Monitor/a in namespace default" in alone
