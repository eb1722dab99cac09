"""The landing page's broken Service, and any manifests of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import ROOT
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("machine")]


def test_landing_shows_where_the_packet_dies_and_is_repaired_on_the_spot(page: Page) -> None:
    page.goto("index.html")
    widget = Widget(page, "[data-try]")
    # Before Python runs.
    assert "refused here" in widget.root.locator("svg[role=img]").text_content()
    broken = (ROOT / "book/manifests/index/broken.yaml").read_text(encoding="utf-8")
    assert widget.check() == "fail"
    widget.write(broken.replace("targetPort: 8080", "targetPort: 9376"))
    assert widget.check() == "pass"
    assert "connected" in widget.status.inner_text()
    assert "connected" in widget.root.locator("svg[role=img]").text_content()


@pytest.mark.context(java_script_enabled=False)
def test_landing_shows_where_the_packet_dies_without_script(page: Page) -> None:
    page.goto("index.html")
    assert page.locator("[data-try] svg[role=img]").is_visible()


def test_own_manifests(page: Page) -> None:
    """Two unnamed ports are an API error; a Service port's name where none is declared a trap."""
    page.goto("try.html")
    widget = Widget(page, "[data-try]")
    start = widget.text()
    service = start[start.index("---") :].replace("port: 80\n", "port: 81\n", 1)
    widget.write(
        "apiVersion: v1\nkind: Service\nmetadata: {name: two}\nspec:\n"
        "  ports:\n    - port: 80\n    - port: 81\n" + service
    )
    widget.root.get_by_role("combobox", name="To", exact=True).fill("svc/shop:81")
    assert widget.check() == "fail"
    text = widget.root.inner_text()
    assert "api-required" in text
    assert "spec.ports[0].name" in text
    assert widget.root.locator(".cm-lint-marker-error").count() >= 1


def test_trace_and_matrix_of_own_manifests(page: Page) -> None:
    page.goto("try.html")
    widget = Widget(page, "[data-try]")
    assert widget.check() == "fail"
    assert "refused" in widget.status.inner_text()
    titles = widget.root.locator("svg[role=img] > title").all_text_contents()
    assert len(titles) == 2
    assert "Who reaches whom" in titles[1]
    offered = widget.root.locator("datalist option")
    assert offered.count() >= 4
    widget.root.get_by_role("combobox", name="From", exact=True).fill("pod/nobody")
    assert widget.check() == "fail"
    assert "nobody" in widget.status.inner_text()
    page.reload()
    widget = Widget(page, "[data-try]")
    assert (
        widget.root.get_by_role("combobox", name="From", exact=True).input_value() == "pod/nobody"
    )


def test_nonsense_is_answered(page: Page) -> None:
    page.goto("try.html")
    widget = Widget(page, "[data-try]")
    for text in (" ", "a: [", "- 1", "kind: Nonsense", "{{ x }}", "\x00"):
        widget.write(text)
        assert widget.check() in ("fail", "error"), text
        assert "itself failed" not in widget.status.inner_text(), text
