"""Reading a picture back: its words, its titles, where they stand."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree import ElementTree as ET

from checker.report.picture.lettering import text_width
from checker.report.picture.style import LETTERINGS, Lettering

SVG = "{http://www.w3.org/2000/svg}"
_BY_CLASS = {each.css_class: each for each in LETTERINGS}


class Words(NamedTuple):
    """One text of a picture with the box that it may take."""

    text: str
    x: float
    y: float
    left: float
    right: float
    classes: frozenset[str]
    turned: bool

    @property
    def lettering(self) -> Lettering:
        return next(_BY_CLASS[each] for each in self.classes if each in _BY_CLASS)


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def words(svg: str) -> list[Words]:
    """All texts, from top to bottom."""
    found = []
    for element in parse(svg).iter(f"{SVG}text"):
        text = element.text or ""
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        classes = frozenset(element.attrib["class"].split())
        lettering = next(_BY_CLASS[each] for each in classes if each in _BY_CLASS)
        width = text_width(text, lettering)
        anchor = element.attrib.get("text-anchor", "start")
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        turned = "transform" in element.attrib
        found.append(Words(text, x, y, left, left + width, classes, turned))
    return sorted(found, key=lambda each: (each.y, each.x))


def said(svg: str) -> str:
    """What is to be read, from top to bottom."""
    return " ".join(each.text for each in words(svg))


def size(svg: str) -> tuple[float, float]:
    root = parse(svg)
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    return width, height


def tooltips(svg: str) -> list[str]:
    return [each.text or "" for each in parse(svg).iterfind(f".//{SVG}g/{SVG}title")]


def told(svg: str) -> tuple[str, str]:
    """Title and description, found as a screen reader finds them."""
    root = parse(svg)
    by_id = {each.attrib["id"]: each for each in root.iter() if "id" in each.attrib}
    title, description = (by_id[each] for each in root.attrib["aria-labelledby"].split())
    return title.text or "", description.text or ""
