"""By keyboard, on a phone, in light and dark, read aloud; and from no other host."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import WIDGET
from tests.browser.widget import Widget, solution_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[["Page", dict[str, str]], None]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("machine")]


def fail_exercise(page: Page, pages: dict[str, str]) -> None:
    page.goto(pages["exercise3"])
    widget = Widget(page, "[data-exercise=exercise3]")
    assert widget.check() == "fail"
    widget.button("hint").click()


def try_it(page: Page, pages: dict[str, str]) -> None:
    page.goto("try.html")
    assert Widget(page, "[data-try]").check() == "fail"
    page.locator(".ports-picture svg").nth(1).wait_for()


def pass_exercise(page: Page, pages: dict[str, str]) -> None:
    page.goto(pages["exercise19"])
    widget = Widget(page, "[data-exercise=exercise19]")
    widget.write(solution_of("exercise19"))
    assert widget.check() == "pass"
    widget.button("solution").click()
    widget.root.locator(".ports-solution pre[aria-label=Solution]").wait_for()


def land(page: Page, pages: dict[str, str]) -> None:
    page.goto("index.html")
    Widget(page, "[data-try]")


def look_at_progress(page: Page, pages: dict[str, str]) -> None:
    page.goto("progress.html")
    page.locator("[data-action=export]").wait_for()


def reading(path: str) -> Visit:
    def read(page: Page, pages: dict[str, str]) -> None:
        page.goto(path)

    return read


#: The line that the cursor is in.
LINE = """() => {
  const { anchorNode: node } = getSelection();
  return (node.nodeType === 1 ? node : node.parentElement).closest(".cm-line").textContent;
}"""
#: What is there to be read: each kind of page once.
READ = [
    "chapters/06-endpoints-and-failures",
    "notebooks/keepalive",
    "reference/cheat-sheet",
    "reference/glossary",
    "reference/myths",
    "reference/rules",
    "reference/api-coverage",
    "reference/agreement",
    "teaching/instructors-guide",
]
DO = [land, fail_exercise, pass_exercise, try_it, look_at_progress]
VISITS = [*DO, *(pytest.param(reading(f"{path}.html"), id=path) for path in READ)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("visit", VISITS)
def test_axe_finds_nothing_serious(
    page: Page, pages: dict[str, str], visit: Visit, theme: str
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # a parameter of the test
    page.add_init_script(f"localStorage.setItem('mode', '{theme}')")
    visit(page, pages)
    assert page.locator("html").get_attribute("data-theme") == theme
    page.add_script_tag(path=str(WIDGET / "node_modules/axe-core/axe.min.js"))
    # A colour that is on its way to another has no contrast to measure yet.
    page.add_style_tag(content="*, *::before, *::after { transition: none !important }")
    found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    serious = [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert serious == []


@pytest.mark.context(viewport={"width": 360, "height": 740})
@pytest.mark.parametrize("visit", VISITS)
def test_nothing_is_wider_than_a_phone(page: Page, pages: dict[str, str], visit: Visit) -> None:
    visit(page, pages)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    for action in page.locator("[data-action]:visible").all():
        box = action.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["height"] >= 32, "a finger must hit it"


def test_keyboard_alone(page: Page, pages: dict[str, str]) -> None:
    """Into the editor, a change, Ctrl-Enter; Tab goes on to Check, hint, reset and past them."""
    page.goto(pages["exercise3"])
    widget = Widget(page, "[data-exercise=exercise3]")
    widget.root.locator("summary").first.focus()
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('cm-content')"):
            break
    else:
        pytest.fail("Tab does not come to the editor")
    page.keyboard.press("Control+End")
    for _ in range(10):
        if page.evaluate(LINE).strip() == "targetPort: 8080":
            break
        page.keyboard.press("ArrowUp")
    else:
        pytest.fail("the line of targetPort is not reached")
    page.keyboard.press("End")
    for _ in "8080":
        page.keyboard.press("Backspace")
    page.keyboard.type("9376")
    page.keyboard.press("Control+Enter")
    assert widget.wait() == "pass"
    assert page.evaluate("document.activeElement.classList.contains('cm-content')")
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.dataset.action ?? null"))
    assert seen[0] == "check"
    assert {"hint", "reset"} <= set(seen)
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('[data-exercise]') !== null")


def test_editor_is_a_named_text_field(page: Page, pages: dict[str, str]) -> None:
    page.goto(pages["exercise3"])
    widget = Widget(page, "[data-exercise=exercise3]")
    field = page.get_by_role("textbox", name="exercise 3")
    assert field.count() == 1
    assert field.get_attribute("aria-multiline") == "true"
    assert widget.status.get_attribute("data-status") is None
    assert page.get_by_role("status").count() >= 1


@pytest.mark.parametrize("visit", DO)
def test_no_other_host_is_asked(
    page: Page, pages: dict[str, str], visit: Visit, address: str
) -> None:
    asked: set[str] = set()
    page.context.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    visit(page, pages)
    assert asked - {"", urlsplit(address).netloc} == set()
