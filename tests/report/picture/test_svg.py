"""Whatever stands in a manifest, a picture is well-formed XML, and nothing but a picture."""

from __future__ import annotations

import inspect
import sys
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.api.finding import ObjectRef
from checker.manifests import Location
from checker.network.answer import (
    Axis,
    EndpointVerdict,
    Hop,
    HopStatus,
    Matrix,
    Protocol,
    Stage,
    Trace,
    Verdict,
)
from checker.report.picture import Picture, matrix_svg, trace_svg
from checker.report.picture.svg import escape, printable
from tests.report.picture.examples import MATRICES, TRACES
from tests.report.picture.reading import SVG, parse, size, words

# Surrogates and control characters too: JSON may hold `"\\ud800"`, YAML `"\\0"`.
anything = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    ["]]>", "<script>alert(1)</script>", '" onload="x', "&lt;", "<!--", "\u202egpj", "]]", "\0"]
)
verdicts = st.sampled_from(get_args(Verdict))
hops = st.builds(
    Hop,
    st.sampled_from(get_args(Stage)),
    st.sampled_from(get_args(HopStatus)),
    st.none() | st.builds(ObjectRef, anything, anything, anything, anything),
    anything,
    anything,
    st.none() | st.builds(Location, anything, st.integers(1), st.integers(1)),
)
traces = st.builds(
    Trace,
    anything,
    anything,
    st.sampled_from(get_args(Protocol)),
    verdicts,
    st.lists(hops, max_size=5).map(tuple),
    st.lists(st.builds(EndpointVerdict, anything, st.integers(0, 65535), verdicts), max_size=9).map(
        tuple
    ),
)
axes = st.builds(Axis, anything, st.lists(anything, max_size=3).map(tuple))


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    sources = draw(st.lists(axes, max_size=4))
    targets = draw(st.lists(axes, max_size=4))
    row = st.lists(verdicts, min_size=len(targets), max_size=len(targets)).map(tuple)
    rows = draw(st.lists(row, min_size=len(sources), max_size=len(sources)))
    return Matrix("TCP", tuple(sources), tuple(targets), tuple(rows))


KNOWN = {"svg", "title", "desc", "style", "g", "text", "path", "rect"}


def check(svg: str) -> None:
    root = parse(svg)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in KNOWN
        for name in element.attrib:
            assert not name.lower().startswith("on")
            assert "href" not in name
            assert name != "style"
    width, height = size(svg)
    for each in words(svg):
        if not each.turned:
            assert each.left >= 0, each
            assert each.right <= width, each
        assert 0 < each.y <= height, each


@given(traces, st.integers(0, 1400))
@settings(max_examples=300, deadline=None)
def test_any_trace_makes_a_picture(trace: Trace, width: int) -> None:
    check(trace_svg(trace, width))


@given(matrices(), st.integers(0, 1400))
@settings(max_examples=200, deadline=None)
def test_any_matrix_makes_a_picture(matrix: Matrix, width: int) -> None:
    check(matrix_svg(matrix, width))


@given(anything)
def test_escaped_text_reads_back_as_printable_text(text: str) -> None:
    element = parse(f'<a b="{escape(text)}">{escape(text)}</a>')
    assert (element.text or "") == element.attrib["b"] == printable(text)


@given(anything)
def test_printable_text_keeps_its_direction_and_its_line(text: str) -> None:
    """A name cannot turn what stands after it (Unicode Standard Annex 9's controls)."""
    assert not set(printable(text)) & set("\u061c\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2069")
    assert len(printable(text).splitlines()) <= 1


def test_a_name_is_text_and_never_markup() -> None:
    hostile = '</text></svg><script>alert("x")</script>'
    trace = TRACES["refused"]._replace(source=hostile)
    svg = trace_svg(trace, 1200)
    assert "<script" not in svg
    assert hostile in " ".join(each.text for each in words(svg))


def test_inlined_in_a_page_it_is_the_same_picture() -> None:
    """HTML's parser knows no XML: no CDATA, no processing instruction, no raw `<` in the style."""
    for trace in TRACES.values():
        opened: list[str] = []

        class Reader(HTMLParser):
            def handle_starttag(self, tag: str, attrs: object, opened: list[str] = opened) -> None:
                opened.append(tag)

            def unknown_decl(self, data: str) -> None:
                raise AssertionError(data)

            def handle_pi(self, data: str) -> None:
                raise AssertionError(data)

        svg = trace_svg(trace)
        Reader().feed(svg)
        tags = [each.tag.removeprefix(SVG) for each in parse(svg).iter()]
        # HTML's parser reports <path/> as a start tag, too.
        assert opened == tags


@pytest.mark.parametrize("answer", [*TRACES.values(), *MATRICES.values()])
def test_equal_answers_are_equal_text(answer: Trace | Matrix) -> None:
    assert Picture(answer).svg == Picture(answer).svg


def test_ids_differ_between_pictures_and_by_name() -> None:
    seen = set()
    for picture in (
        *(Picture(trace) for trace in TRACES.values()),
        *(Picture(matrix) for matrix in MATRICES.values()),
        Picture(TRACES["refused"], name="exercise3"),
        Picture(TRACES["refused"], width=700),
        Picture(TRACES["refused"], theme="dark"),
    ):
        ids = {e.attrib["id"] for e in parse(picture.svg).iter() if "id" in e.attrib}
        assert len(ids) == 2
        assert not ids & seen
        seen |= ids


def test_a_huge_message_makes_no_huge_picture() -> None:
    trace = TRACES["refused"]
    huge = trace.hops[-1]._replace(detail="x " * 1_000_000, field="y" * 1_000_000)
    svg = trace_svg(trace._replace(hops=(huge,), source="z" * 1_000_000))
    assert len(svg) < 40_000


def test_nothing_is_asked_of_another_host() -> None:
    for answer in (*TRACES.values(), *MATRICES.values()):
        svg = Picture(answer).svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "//" not in svg
        assert "url(" not in svg


def test_a_tiny_recursion_limit_would_do() -> None:
    """Pyodide's stack is small; drawing is loops."""
    limit = sys.getrecursionlimit()
    depth = len(inspect.stack(0))
    try:
        sys.setrecursionlimit(depth + 40)
        Picture(TRACES["long"]).svg.encode()
    finally:
        sys.setrecursionlimit(limit)
