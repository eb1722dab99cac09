"""What a test needs beyond Python, and what happens where the machine does not have it.

A test marked `cluster`, `browser` or `book` runs wherever its needs are met and is skipped with
the reason elsewhere. `CHECKER_REQUIRE=browser,book` turns such a skip into a failure. The
cluster's tests take minutes, so they run only where CHECKER_REQUIRE names `cluster`.

Both the browser's and the cluster's tests want a machine to themselves: forty learners in a cluster
leave a page no time to start. They are one xdist group, `machine`, and so run one after another.
"""

from __future__ import annotations

import os

import pytest

REQUIRED = frozenset(filter(None, os.environ.get("CHECKER_REQUIRE", "").split(",")))
NEEDS = ("cluster", "browser", "book")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "cluster" in REQUIRED:
        return
    reason = "takes minutes: run with CHECKER_REQUIRE=cluster, or `make test-cluster`"
    for item in items:
        if item.get_closest_marker("cluster"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    """A skipped test whose need CHECKER_REQUIRE names has failed."""
    report: pytest.TestReport = yield
    needs = [name for name in NEEDS if item.get_closest_marker(name)]
    if report.skipped and not hasattr(report, "wasxfail"):
        for name in needs:
            if name in REQUIRED:
                report.outcome = "failed"
                report.longrepr = f"CHECKER_REQUIRE names {name}, but: {report.longrepr}"
    return report


@pytest.hookimpl
def pytest_configure(config: pytest.Config) -> None:
    unknown = REQUIRED - set(NEEDS)
    if unknown:
        raise pytest.UsageError(
            f"CHECKER_REQUIRE names {', '.join(sorted(unknown))}; it knows {', '.join(NEEDS)}"
        )
