"""The picture of a trace tells what the trace tells: the way in order, where it ends, and why."""

from __future__ import annotations

from itertools import pairwise

import pytest

from checker.network.answer import Trace, Verdict
from checker.report.picture import Picture, trace_svg
from checker.report.picture.endpoints import fold_endpoints
from checker.report.picture.words import STAGES, deciding_hop
from checker.report.text.way import VERDICTS
from tests.report.picture.examples import TRACES
from tests.report.picture.reading import SVG, parse, said, size, told, tooltips, words

WIDTHS = [300, 328, 380, 720, 1200]
pytestmark = pytest.mark.parametrize("name", TRACES)


def _stage_lines(trace: Trace, svg: str) -> list[float]:
    """Where the stations stand, in the order of the hops."""
    labels = [each for each in words(svg) if "kp-l" in each.classes]
    assert [each.text for each in labels] == [STAGES[hop.stage] for hop in trace.hops]
    return [each.y for each in labels]


def _boxes(svg: str) -> list[tuple[float, float]]:
    """Upper and lower edge of each box that marks a deciding hop."""
    found = []
    for each in parse(svg).iter(f"{SVG}rect"):
        if each.attrib["class"].endswith("-tint"):
            top = float(each.attrib["y"])
            found.append((top, top + float(each.attrib["height"])))
    return found


def test_the_verdict_and_its_meaning_come_first(name: str) -> None:
    trace = TRACES[name]
    text = said(trace_svg(trace))
    assert text.startswith((f"{trace.protocol} ", trace.verdict))
    assert VERDICTS[trace.verdict].lower()[:20] in text.lower()


@pytest.mark.parametrize("width", WIDTHS)
def test_stations_stand_in_the_order_of_the_hops(name: str, width: int) -> None:
    places = _stage_lines(TRACES[name], trace_svg(TRACES[name], width))
    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_the_hop_where_the_packet_dies_is_the_only_one_in_a_box(name: str) -> None:
    trace = TRACES[name]
    svg = trace_svg(trace)
    boxes = _boxes(svg)
    end = deciding_hop(trace)
    if trace.verdict == "connected":
        assert boxes == []
        return
    assert end is not None
    assert len(boxes) == 1
    inside = [place for place in _stage_lines(trace, svg) if boxes[0][0] < place < boxes[0][1]]
    assert inside == [_stage_lines(trace, svg)[end]]


def test_the_box_says_what_why_and_where(name: str) -> None:
    trace = TRACES[name]
    end = deciding_hop(trace)
    if end is None:
        return
    svg = trace_svg(trace, 720)
    ((top, bottom),) = _boxes(svg)
    text = "".join(each.text for each in words(svg) if top < each.y < bottom).replace(" ", "")
    hop = trace.hops[end]
    assert hop.detail.replace(" ", "") in text
    assert hop.field in text
    if hop.location is not None:
        assert f"{hop.location.file}:{hop.location.line}" in text


def test_nothing_green_stands_below_the_box(name: str) -> None:
    """What the packet does not come to is not drawn as if it had been passed."""
    svg = trace_svg(TRACES[name])
    for _, bottom in _boxes(svg):
        for group in parse(svg).iter(f"{SVG}g"):
            if group.attrib.get("class") != "kp-good":
                continue
            for path in group.iter(f"{SVG}path"):
                start = float(path.attrib["d"][1:].split("a")[0].split("L")[0].split("V")[0]
                              .split("q")[0].split("l")[0].split()[1])  # fmt: skip
                assert start < bottom
        for each in words(svg):
            if each.y > bottom:
                assert "kp-good" not in each.classes


def test_the_target_says_whether_it_is_reached(name: str) -> None:
    trace = TRACES[name]
    last = words(trace_svg(trace))[-1].text
    expected: dict[Verdict, str] = {
        "connected": "reached",
        "cannot-tell": "not known whether it is reached",
    }
    if trace.verdict == "intermittent":
        good = sum(each.verdict == "connected" for each in trace.endpoints)
        assert last == f"reached through {good} of {len(trace.endpoints)} endpoints"
    else:
        assert last == expected.get(trace.verdict, "not reached")


def test_the_story_is_told_to_those_who_do_not_see_it(name: str) -> None:
    trace = TRACES[name]
    title, story = told(trace_svg(trace))
    assert title == (
        f"From {trace.source} to {trace.target} over {trace.protocol}: {trace.verdict}"
    )
    assert VERDICTS[trace.verdict].lower() in story.lower()
    end = deciding_hop(trace)
    if end is not None:
        hop = trace.hops[end]
        assert STAGES[hop.stage] in story
        assert hop.detail in story
        assert hop.field in story
        for beyond in trace.hops[end + 1 :]:
            assert beyond.detail not in story
    assert parse(trace_svg(trace)).attrib["role"] == "img"


def test_each_endpoint_is_shown_or_counted(name: str) -> None:
    trace = TRACES[name]
    svg = trace_svg(trace, 720)
    rows = fold_endpoints(trace.endpoints)
    text = said(svg)
    for row in rows:
        assert row.label in text
    hidden = sum(int(row.label.split()[1]) for row in rows if row.folded)
    assert len([row for row in rows if not row.folded]) + hidden == len(trace.endpoints)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_meets_another_or_leaves_the_picture(name: str, width: int) -> None:
    svg = trace_svg(TRACES[name], width)
    found = words(svg)
    right = size(svg)[0]
    assert size(svg)[0] == width
    for each in found:
        assert each.left >= 16
        assert each.right <= right - 12, each.text
    for one, other in pairwise(found):
        if abs(one.y - other.y) < 8:
            assert min(one.right, other.right) <= max(one.left, other.left), (one, other)


def test_what_is_cut_is_in_a_tooltip(name: str) -> None:
    trace = TRACES[name]
    svg = trace_svg(trace, 300)
    shown, tips = said(svg), " ".join(tooltips(svg))
    for full in (trace.source, trace.target, *(hop.detail.strip() for hop in trace.hops)):
        assert full.replace(" ", "") in shown.replace(" ", "") or full in tips


def test_a_usual_picture_is_small(name: str) -> None:
    limit = 15_000 if name != "long" else 17_000
    assert len(trace_svg(TRACES[name]).encode()) < limit


def test_it_shows_itself_in_a_notebook(name: str) -> None:
    picture = Picture(TRACES[name])
    assert picture._repr_svg_() == picture.svg == trace_svg(TRACES[name])
    # As an <img>, which notebooks make of SVG, it would have no name and not follow the page.
    assert picture._repr_html_() == picture.svg


def test_the_theme_can_be_fixed(name: str) -> None:
    assert "data-theme" not in parse(Picture(TRACES[name]).svg).attrib
    assert parse(Picture(TRACES[name], theme="dark").svg).attrib["data-theme"] == "dark"
