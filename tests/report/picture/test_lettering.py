"""Text fits: whatever it is, a line is never reckoned wider than its room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.report.picture.lettering import CUT, cut_end, cut_middle, text_width, wrap
from checker.report.picture.style import BODY, LABEL, LETTERINGS, NAME

texts = st.text(max_size=120)
widths = st.floats(60, 400)
letterings = st.sampled_from(LETTERINGS)


@given(texts, widths, letterings)
def test_cut_text_fits(text: str, width: float, lettering: object) -> None:
    assert isinstance(lettering, type(BODY))
    for cut in (cut_end, cut_middle):
        shown = cut(text, width, lettering)
        assert text_width(shown, lettering) <= width
        assert shown == text or CUT in shown


@given(texts, widths, letterings, st.integers(1, 5))
def test_wrapped_lines_fit_and_are_no_more_than_asked(
    text: str, width: float, lettering: object, most: int
) -> None:
    assert isinstance(lettering, type(BODY))
    lines = wrap(text, width, lettering, most)
    assert len(lines) <= most
    assert all(text_width(line, lettering) <= width for line in lines)


@given(texts, widths)
def test_wrapping_loses_nothing_but_blanks(text: str, width: float) -> None:
    lines = wrap(text, width, BODY, 1000)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_are_broken_at_blanks_and_long_words_at_their_joints() -> None:
    assert wrap("nothing listens on 8080/TCP  here", 120, BODY, 9) == [
        "nothing listens on",
        "8080/TCP here",
    ]
    lines = wrap("spec.template.spec.containers[0].ports[0].containerPort", 200, NAME, 9)
    assert lines == ["spec.template.spec.", "containers[0].ports[0].", "containerPort"]


def test_what_is_left_out_shows() -> None:
    lines = wrap("one two three four five six seven", 60, BODY, 2)
    assert len(lines) == 2
    assert lines[-1].endswith(CUT)


def test_a_name_keeps_its_end_where_the_port_is() -> None:
    shown = cut_middle("checkout-backend-7d9c8bd5c6-2xlpn:8080", 180, NAME)
    assert shown.startswith("checkout")
    assert shown.endswith(":8080")


@pytest.mark.book  # matplotlib, which brings DejaVu Sans, comes with the book
@pytest.mark.parametrize("lettering", [BODY, LABEL, NAME], ids=["regular", "bold", "mono"])
def test_reckoned_widths_suffice_for_the_widest_usual_font(lettering: object) -> None:
    """DejaVu Sans is the widest of the fonts that systems come with."""
    assert isinstance(lettering, type(BODY))
    manager = pytest.importorskip("matplotlib.font_manager")
    ft2font = pytest.importorskip("matplotlib.ft2font")
    family = "DejaVu Sans Mono" if lettering.family == "mono" else "DejaVu Sans"
    weight = "bold" if lettering.bold else "normal"
    font = ft2font.FT2Font(manager.findfont(manager.FontProperties(family=family, weight=weight)))
    font.set_size(1000, 72)
    for sign in map(chr, range(32, 127)):
        glyph = font.load_char(ord(sign), flags=ft2font.LoadFlags.NO_HINTING)
        drawn = glyph.linearHoriAdvance / 65536 / 1000 * lettering.size
        assert drawn <= text_width(sign, lettering) + 0.01, sign
