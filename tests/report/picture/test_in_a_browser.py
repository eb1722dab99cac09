"""What a browser makes of the pictures: its own measure of every text, at a phone's width too."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker.report.picture import Picture
from tests.report.picture.examples import MATRICES, TRACES

pytestmark = pytest.mark.browser

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

# The texts' boxes relative to their picture, in the picture's own pixels.
MEASURE = """
document.querySelectorAll('.place').forEach(place => {
  const svg = place.querySelector('svg'), outer = svg.getBoundingClientRect();
  const scale = outer.width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll('text')].map(text => {
    const box = text.getBoundingClientRect();
    return {text: text.textContent, turned: text.hasAttribute('transform'),
            left: (box.left - outer.left) / scale, right: (box.right - outer.left) / scale,
            top: (box.top - outer.top) / scale, bottom: (box.bottom - outer.top) / scale,
            colour: getComputedStyle(text).fill};
  });
  found[place.dataset.name] = {width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height,
    scale, texts, paper: getComputedStyle(svg.querySelector('.kp-paper')).fill,
    tags: [...svg.querySelectorAll('rect.kp-fill')].map(tag => {
      const box = tag.getBoundingClientRect();
      return {left: (box.left - outer.left) / scale, right: (box.right - outer.left) / scale,
              top: (box.top - outer.top) / scale, bottom: (box.bottom - outer.top) / scale};
    })};
});
"""

Measured = dict[str, Any]


@pytest.fixture(scope="module")
def measure(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Measured]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")

    def measured(pictures: dict[str, str], room: int, theme: str = "light") -> Measured:
        folder: Path = tmp_path_factory.mktemp("pictures")
        places = "".join(
            f'<div class="place" data-name="{name}" style="width:{room}px">{svg}</div>'
            for name, svg in pictures.items()
        )
        page = folder / "page.html"
        page.write_text(
            f'<!doctype html><html lang="en" data-theme="{theme}">'
            '<meta charset="utf-8"><title>Pictures</title>'
            f"<body>{places}<pre id=found></pre><script>const found = {{}};{MEASURE}"
            "document.getElementById('found').textContent = JSON.stringify(found)</script>",
            encoding="utf-8",
        )
        done = subprocess.run(
            [
                str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu",
                f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri(),
            ],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        match = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
        assert match, done.stderr
        result: Measured = json.loads(html.unescape(match[1]))
        return result

    return measured


def _meet(one: Measured, other: Measured) -> bool:
    return (
        one["left"] < other["right"] - 0.5
        and other["left"] < one["right"] - 0.5
        and one["top"] < other["bottom"] - 3.5
        and other["top"] < one["bottom"] - 3.5
    )


@pytest.mark.parametrize("width", [300, 328, 380, 720])
def test_texts_of_traces_stay_in_their_boxes(measure: Callable[..., Measured], width: int) -> None:
    pictures = {name: Picture(trace, width=width).svg for name, trace in TRACES.items()}
    found = measure(pictures, 1200)
    assert found.keys() == pictures.keys()
    for name, picture in found.items():
        assert picture["scale"] == pytest.approx(1)
        for index, text in enumerate(picture["texts"]):
            assert text["left"] >= 15, (name, text)
            assert text["right"] <= picture["width"] - 12, (name, text)
            assert text["bottom"] <= picture["height"], (name, text)
            for other in picture["texts"][index + 1 :]:
                assert not _meet(text, other), (name, text, other)
        for tag in picture["tags"]:
            words = [text for text in picture["texts"] if _meet(tag, text)]
            assert len(words) == 1, (name, words)
            assert tag["left"] < words[0]["left"]
            assert words[0]["right"] < tag["right"]


def test_texts_of_matrices_stay_in_the_picture(measure: Callable[..., Measured]) -> None:
    for picture in measure({n: Picture(m).svg for n, m in MATRICES.items()}, 3000).values():
        for index, text in enumerate(picture["texts"]):
            assert text["left"] >= 8, text
            assert text["right"] <= picture["width"], text
            assert text["top"] >= 0, text
            for other in picture["texts"][index + 1 :]:
                # A leaning label's box is larger than the label.
                assert text["turned"] or other["turned"] or not _meet(text, other), (text, other)


def test_letters_are_large_enough_on_a_phone(measure: Callable[..., Measured]) -> None:
    """360 pixels less the page's margins; 13 pixels, the smallest prose, must not fall below 11."""
    found = measure({name: Picture(trace).svg for name, trace in TRACES.items()}, 328)
    for picture in found.values():
        assert picture["scale"] * 13 >= 11


@pytest.mark.parametrize(("theme", "paper"), [("light", (255, 255, 255)), ("dark", (21, 26, 35))])
def test_the_page_switches_the_theme(
    measure: Callable[..., Measured], theme: str, paper: tuple[int, int, int]
) -> None:
    pictures = {
        "page": Picture(TRACES["refused"]).svg,
        "fixed": Picture(TRACES["refused"], theme="dark").svg,
    }
    found = measure(pictures, 800, theme)
    assert found["page"]["paper"] == f"rgb{paper}"
    assert found["fixed"]["paper"] == "rgb(21, 26, 35)"
