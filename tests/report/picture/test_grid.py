"""The picture of a matrix: every cell is there, none needs its colour, large ones stay small."""

from __future__ import annotations

import re

import pytest

from checker.network.answer import Axis, Matrix
from checker.report.picture import Picture, matrix_svg
from checker.report.picture.folding import FULL, MOST, fold_matrix
from checker.report.picture.signs import TONE_OF, sign
from checker.report.picture.words import verdict_totals
from tests.report.picture.examples import MATRICES, SMALL, matrix_of
from tests.report.picture.reading import SVG, parse, said, size, told, tooltips, words


def test_each_cell_is_told_by_the_pointer() -> None:
    tips = tooltips(matrix_svg(SMALL))
    for source, row in zip(SMALL.sources, SMALL.verdicts, strict=True):
        for target, verdict in zip(SMALL.targets, row, strict=True):
            assert f"{source.name} → {target.name}: {verdict}" in tips


def test_each_cell_has_the_sign_of_its_verdict_in_its_place() -> None:
    matrix = matrix_of(12, 9, 12)
    svg = matrix_svg(matrix)
    drawn = " ".join(path.attrib["d"] for path in parse(svg).iter(f"{SVG}path"))
    cells = [group for group in parse(svg).iter(f"{SVG}g") if group.find(f"{SVG}rect") is not None]
    asked = [verdict for row in matrix.verdicts for verdict in row]
    assert set(asked) == set(TONE_OF)
    for cell, verdict in zip(cells, asked, strict=True):
        rect = cell.find(f"{SVG}rect")
        assert rect is not None
        x, y, width, height = (float(rect.attrib[k]) for k in ("x", "y", "width", "height"))
        assert sign(verdict, x + width / 2, y + height / 2, width * 0.3).mark in drawn


def test_a_compact_matrix_has_a_sign_for_each_cell() -> None:
    matrix = MATRICES["compact"]
    totals = dict.fromkeys(TONE_OF, 0)
    cells = list(parse(matrix_svg(matrix)))[-len(matrix.sources) - len(TONE_OF) :]
    order = list(dict.fromkeys(verdict for row in matrix.verdicts for verdict in row))
    for verdict, group in zip(order, cells[: len(TONE_OF)], strict=True):
        path = group.find(f"{SVG}path")
        assert path is not None
        data = path.attrib["d"]
        if verdict == "connected":
            totals[verdict] = sum(int(n) + 2 for n in re.findall(r"h(\d+)v7", data)) // 10
        elif verdict == "timeout":
            totals[verdict] = sum(1 + round(float(n) / 10) for n in re.findall(r"h([\d.]+)", data))
        else:
            totals[verdict] = data.count("M")
    assert totals == verdict_totals(matrix)


def test_the_legend_names_and_counts_what_occurs() -> None:
    text = said(matrix_svg(SMALL))
    assert "connected 4" in text
    assert "timeout 5" in text
    assert "refused" not in text


def test_groups_show_how_many_they_are_and_who() -> None:
    svg = matrix_svg(SMALL)
    assert "pod/api.shop ×2" in said(svg)
    assert "pod/api.shop: api-1, api-2" in tooltips(svg)


def test_long_names_are_cut_and_whole_in_the_tooltip() -> None:
    name = "pod/" + "very-long-name-" * 8 + "end.some-namespace"
    matrix = Matrix("TCP", (Axis(name, ()),), (Axis(f"{name}:8080", ()),), (("connected",),))
    svg = matrix_svg(matrix)
    assert name not in said(svg)
    assert name in tooltips(svg)
    assert f"{name}:8080" in tooltips(svg)


def test_few_failures_are_told_one_by_one() -> None:
    _, story = told(matrix_svg(SMALL))
    assert "4 connected and 5 timeout" in story
    assert "pod/gateway.edge to pod/batch.jobs:9090 (timeout)" in story


@pytest.mark.parametrize("name", MATRICES)
def test_texts_stay_inside(name: str) -> None:
    svg = matrix_svg(MATRICES[name])
    width, _ = size(svg)
    for each in words(svg):
        if not each.turned:
            assert each.left >= 15
            assert each.right <= width - 15


@pytest.mark.parametrize(("rows", "columns"), [(FULL, FULL), (5, 3)])
def test_up_to_the_limit_every_row_has_its_label(rows: int, columns: int) -> None:
    matrix = matrix_of(rows, columns, 3)
    grid = fold_matrix(matrix)
    assert not grid.compact
    assert grid.verdicts == matrix.verdicts


def test_folding_keeps_every_verdict() -> None:
    matrix = matrix_of(90, 70, 11)
    grid = fold_matrix(matrix)
    assert len(grid.rows) == 11
    seen = {
        (source.name, target.name): verdict
        for row, cells in zip(grid.rows, grid.verdicts, strict=True)
        for column, verdict in zip(grid.columns, cells, strict=True)
        for source in row.axes
        for target in column.axes
    }
    assert seen == {
        (source.name, target.name): verdict
        for source, cells in zip(matrix.sources, matrix.verdicts, strict=True)
        for target, verdict in zip(matrix.targets, cells, strict=True)
    }
    assert "Equal rows and equal columns are drawn as one." in said(matrix_svg(matrix))


def test_a_compact_matrix_shows_namespaces_and_tells_its_rows() -> None:
    matrix = MATRICES["compact"]
    assert fold_matrix(matrix).compact
    svg = matrix_svg(matrix)
    for namespace in ("shop", "payments", "monitoring"):
        assert said(svg).count(namespace) >= 2
    assert sum(tip.startswith("pod/app-") for tip in tooltips(svg)) == len(matrix.sources)


def test_what_is_not_drawn_is_counted() -> None:
    matrix = MATRICES["beyond"]
    text = said(matrix_svg(matrix))
    assert f"Not drawn: {200 - MOST} sources and {180 - MOST} targets." in text


def test_a_thousand_pods_make_no_megabyte() -> None:
    """Real matrices have runs and equal rows; the worst there is stays below 400 kB."""
    assert len(matrix_svg(MATRICES["beyond"]).encode()) < 400_000
    assert len(matrix_svg(matrix_of(1000, 400, 30)).encode()) < 200_000


def test_an_empty_matrix_says_so() -> None:
    assert "There is nothing to connect." in said(matrix_svg(MATRICES["empty"]))
    assert told(matrix_svg(MATRICES["empty"]))[1] == "There is nothing to connect."


def test_a_wide_one_is_scrolled_in_a_page_by_keyboard_too() -> None:
    wide = Picture(MATRICES["twenty"])
    assert wide.html.startswith('<div class="kp-scroll" role="group" tabindex="0" aria-label="Who')
    assert wide.svg in wide.html
    assert Picture(SMALL).html == Picture(SMALL).svg
