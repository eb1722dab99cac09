"""`lint` and exercises as JUnit XML, of the form that Jenkins, GitLab and others read.

There is no time and no host in it: the same input gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    # For annotations alone: telling of a failure must not need the rooms that failed.
    from checker.api.finding import Finding
    from checker.course.result import CheckResult, ExerciseReport
    from checker.report.json_format import Failure

_SEVERITIES = ("note", "warning", "error")
#: What XML 1.0 cannot hold, not even as a reference.
_UNPRINTABLE = "[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


class _Case(NamedTuple):
    """One test case. `outcome` is the element that says how it ended; "" for a success."""

    name: str
    of: str
    outcome: str = ""
    message: str = ""
    kind: str = ""
    details: str = ""


def lint_junit(
    findings: Sequence[Finding],
    files: Iterable[str],
    failures: Iterable[Failure] = (),
    fail_on: str = "error",
) -> str:
    """A test suite a file, a test case a finding; a file without findings is one success.

    Findings below `fail_on` are successes that say something: the build passes with them.
    """
    cases: dict[str, list[_Case]] = {file: [] for file in files}
    for finding in findings:
        file = finding.location.file if finding.location else "objects without a place"
        cases.setdefault(file, []).append(_finding(finding, file, fail_on))
    for failure in failures:
        file = failure.file or "lint"
        cases.setdefault(file, []).append(_failure(failure, "readable", file))
    return _document({file: found or [_Case("no findings", file)] for file, found in cases.items()})


def exercise_junit(report: ExerciseReport) -> str:
    """One test suite with a test case a check; what was not reached or cannot be told is skipped.

    An answer that cannot be read is one error.
    """
    name = report.exercise
    if report.status != "error":
        return _document({name: [_check(check, name) for check in report.checks]})
    place = f"{report.error_location}\n" if report.error_location else ""
    told = report.error or ""
    return _document({name: [_Case("readable", name, "error", told, "input", place + told)]})


def failure_junit(failure: Failure, asked: str = "") -> str:
    """One error, for a command that came to no result; `asked` is what it was asked for."""
    name = asked or "checker"
    return _document({name: [_failure(failure, "result", name)]})


def _finding(finding: Finding, file: str, fail_on: str) -> _Case:
    from checker.report.text.findings import finding_message

    message = finding_message(finding)
    place = "" if finding.location is None else str(finding.location)
    parts = [place, f"{finding.severity}: {message}", *_advice(finding.why, finding.fix)]
    grave = _SEVERITIES.index(finding.severity) >= _SEVERITIES.index(fail_on)
    name = " ".join(filter(None, (finding.rule, str(finding.object or ""), finding.field)))
    return _Case(
        name,
        file,
        "failure" if grave else "",
        message,
        finding.rule,
        "\n".join(filter(None, (*parts, finding.url))),
    )


def _check(check: CheckResult, exercise: str) -> _Case:
    if check.status == "pass":
        return _Case(check.title, f"{exercise}.{check.id}")
    place = "" if check.location is None else str(check.location)
    believed = check.misconception and f"It seems that you think: {check.misconception.believes}"
    truth = check.misconception and f"But: {check.misconception.truth}"
    details = (place, check.message, *_advice(check.why, check.fix), believed, truth)
    words = {"not-reached": "not reached: an earlier check failed", "cannot-tell": "cannot tell"}
    return _Case(
        check.title,
        f"{exercise}.{check.id}",
        "failure" if check.status == "fail" else "skipped",
        check.message or words.get(check.status, check.status),
        check.id,
        "\n".join(part for part in details if part),
    )


def _failure(failure: Failure, name: str, of: str) -> _Case:
    places = (failure.file, failure.line, failure.column)
    place = ":".join(str(part) for part in places if part is not None)
    return _Case(name, of, "error", failure.message, "checker", f"{place}\n{failure.message}")


def _advice(why: str, fix: str) -> list[str]:
    return [f"{word}: {text}" for word, text in (("Why", why), ("Fix", fix)) if text]


def _document(suites: dict[str, list[_Case]]) -> str:
    everything = [case for cases in suites.values() for case in cases]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="kubernetes-ports"{_counted(everything)}>',
    ]
    for name, cases in suites.items():
        skipped = sum(case.outcome == "skipped" for case in cases)
        more = f'{_counted(cases)} skipped="{skipped}" time="0"'
        lines.append(f'  <testsuite name="{_attribute(name)}"{more}>')
        for case in _told_apart(cases):
            lines += _case(case)
        lines.append("  </testsuite>")
    return "\n".join((*lines, "</testsuites>", ""))


def _told_apart(cases: Iterable[_Case]) -> Iterator[_Case]:
    """The cases with names of their own: of those with one name GitLab shows the first alone.

    https://docs.gitlab.com/ci/testing/unit_test_reports, "File requirements".
    """
    taken: dict[tuple[str, str], int] = {}
    for case in cases:
        key = case.of, case.name
        taken[key] = taken.get(key, 0) + 1
        yield case if taken[key] == 1 else case._replace(name=f"{case.name} ({taken[key]})")


def _counted(cases: Sequence[_Case]) -> str:
    failures = sum(case.outcome == "failure" for case in cases)
    errors = sum(case.outcome == "error" for case in cases)
    return f' tests="{len(cases)}" failures="{failures}" errors="{errors}"'


def _case(case: _Case) -> list[str]:
    begin = (
        f'    <testcase name="{_attribute(case.name)}" classname="{_attribute(case.of)}" time="0"'
    )
    details = escape(_clean(case.details), quote=False)
    if case.outcome:
        kind, message = _attribute(case.kind), _attribute(case.message)
        inner = f'<{case.outcome} message="{message}" type="{kind}">{details}</{case.outcome}>'
    elif details:
        inner = f"<system-out>{details}</system-out>"
    else:
        return [f"{begin}/>"]
    return [f"{begin}>", f"      {inner}", "    </testcase>"]


def _attribute(text: str) -> str:
    return escape(" ".join(_clean(text).split()))


def _clean(text: str) -> str:
    return re.sub(_UNPRINTABLE, "\ufffd", text)
