"""Nothing that a learner types or meets loses the text or hangs the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.widget import Widget, solution_of

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("machine")]

PASTE = """(element, size) => {
  const line = "key: " + "x".repeat(59) + "\\n";
  const data = new DataTransfer();
  data.setData("text/plain", line.repeat(Math.ceil(size / line.length)));
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""
#: A worker whose Python never comes back where the answer says so.
ENDLESS = """
const real = onmessage;
onmessage = (event) => {
  if (JSON.stringify(event.data.args).includes("endless")) for (;;);
  return real(event);
};
"""


def open_exercise(page: Page, pages: dict[str, str], name: str = "exercise3") -> Widget:
    page.goto(pages[name])
    return Widget(page, f"[data-exercise={name}]")


def test_reload_keeps_the_text(page: Page, pages: dict[str, str]) -> None:
    widget = open_exercise(page, pages)
    widget.write("kind: Service # mine")
    page.reload()
    assert open_exercise(page, pages).text() == "kind: Service # mine"


def test_reset_can_be_undone(page: Page, pages: dict[str, str]) -> None:
    widget = open_exercise(page, pages)
    start = widget.text()
    assert widget.button("undo-reset").is_hidden()
    widget.write("kind: Service # mine")
    widget.button("reset").click()
    assert widget.text() == start
    page.reload()
    widget = open_exercise(page, pages)
    assert widget.text() == start
    widget.button("undo-reset").click()
    assert widget.text() == "kind: Service # mine"


BROKEN = ["", "a: [", "\t- x", "{{ template }}", "- a\n- list", "plain", "a: &a [*a]", "🙂: \x07"]


def test_broken_text_is_answered_and_kept(page: Page, pages: dict[str, str]) -> None:
    widget = open_exercise(page, pages)
    for text in BROKEN:
        widget.write(text or " ")
        assert widget.check() in ("fail", "error"), text
        assert "itself failed" not in widget.status.inner_text(), text
        assert widget.status.inner_text().strip(), text
    widget.write(solution_of("exercise3"))
    assert widget.check() == "pass"


def test_an_endless_loop_is_ended(page: Page, pages: dict[str, str]) -> None:
    def endless(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text() + ENDLESS)

    page.route("**/worker.js", endless)
    widget = open_exercise(page, pages)
    widget.write("kind: Service # endless")
    widget.button("check").click()
    page.wait_for_timeout(500)
    # The page itself is not held up.
    widget.button("hint").click(timeout=5_000)
    assert widget.root.locator(".ports-hints li").count() == 1
    assert widget.wait() == "error"
    assert "seconds" in widget.status.inner_text()
    assert widget.text() == "kind: Service # endless"
    widget.write(solution_of("exercise3"))
    assert widget.check() == "pass", "Python has started again"


def test_five_megabytes_do_not_hang_the_page(page: Page, pages: dict[str, str]) -> None:
    widget = open_exercise(page, pages)
    widget.content.click(position={"x": 5, "y": 5})
    page.keyboard.press("Control+a")
    widget.content.evaluate(PASTE, 5 * 1024 * 1024)
    widget.button("check").click()
    widget.button("hint").click(timeout=15_000)
    assert widget.wait() in ("error", "fail")
    # More than a browser keeps: the learner is told.
    assert "does not keep" in widget.root.locator(".ports-warning").inner_text()
    widget.write(solution_of("exercise3"))
    assert widget.check() == "pass"
    assert widget.root.locator(".ports-warning").is_hidden()


def test_a_worker_that_does_not_start_says_so(page: Page, pages: dict[str, str]) -> None:
    page.route("**/python.zip", lambda route: route.abort())
    widget = open_exercise(page, pages)
    widget.write("kind: Service # mine")
    assert widget.check() == "error"
    assert "did not start" in widget.status.inner_text()
    assert widget.text() == "kind: Service # mine"
    page.unroute("**/python.zip")
    widget.write(solution_of("exercise3"))
    assert widget.check() == "pass", "the next check tries again"


def test_python_starts_where_its_kept_memory_cannot_be_used(
    page: Page, pages: dict[str, str]
) -> None:
    page.route("**/memory.bin", lambda route: route.fulfill(body=b"no such thing"))
    widget = open_exercise(page, pages)
    assert widget.check() == "fail"
    widget.write(solution_of("exercise3"))
    assert widget.check() == "pass"


def test_blocked_storage_is_told_and_all_else_works(page: Page, pages: dict[str, str]) -> None:
    # Ours only: the theme's own script would fail for want of its setting.
    page.add_init_script("""const real = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key, value) {
        if (key.startsWith("kubernetes-ports:")) throw new DOMException("", "QuotaExceededError");
        real.call(this, key, value);
      }""")
    widget = open_exercise(page, pages)
    widget.write(solution_of("exercise3"))
    assert widget.check() == "pass"
    assert "does not keep" in widget.root.locator(".ports-warning").inner_text()
    assert widget.button("solution").is_enabled()


def test_works_offline_once_loaded(page: Page, pages: dict[str, str]) -> None:
    widget = open_exercise(page, pages)
    assert widget.check() == "fail"
    page.context.set_offline(True)
    widget.button("hint").click()
    widget.write(solution_of("exercise3"))
    assert widget.check() == "pass"
    widget.button("solution").click()
    widget.root.locator(".ports-solution pre[aria-label=Solution]").wait_for()


def test_one_worker_serves_all_exercises_of_a_page(page: Page, pages: dict[str, str]) -> None:
    workers: list[str] = []
    page.on("worker", lambda worker: workers.append(worker.url))
    first = open_exercise(page, pages, "exercise3")
    second = Widget(page, "[data-exercise=exercise4]")
    first.button("check").click()
    second.button("check").click()
    assert first.wait() == second.wait() == "fail"
    assert first.report()["exercise"] == "exercise3"
    assert second.report()["exercise"] == "exercise4"
    assert len(workers) == 1
