"""Colours can be read: WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (shapes)."""

from __future__ import annotations

import pytest

from checker.network.answer import Verdict
from checker.report.picture.signs import TONE_OF, sign
from checker.report.picture.style import DARK, LIGHT, TONES, css

THEMES = {"light": LIGHT, "dark": DARK}

TEXT_ON = [
    ("ink", "paper"),
    ("muted", "paper"),
    *((tone, "paper") for tone in TONES),
    *((tone, f"{tone}-tint") for tone in TONES),
    *(("ink", f"{tone}-tint") for tone in TONES),
    *(("muted", f"{tone}-tint") for tone in TONES),
    *(("paper", tone) for tone in TONES),  # words in a filled tag, marks in filled signs
]


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[text], colours[ground]) >= 4.5


def test_both_themes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_no_two_verdicts_have_the_same_form() -> None:
    """In grey, too: outline and mark together tell each verdict from each other."""
    forms = {verdict: sign(verdict, 0, 0, 10) for verdict in TONE_OF}
    assert len(set(forms.values())) == len(forms) == len(Verdict.__args__)


def test_the_style_reaches_nothing_but_pictures() -> None:
    """Inlined, the style sheet is the page's: each selector must name a class of pictures."""
    sheet = css().replace("@media(prefers-color-scheme:dark){", "").replace("}}", "}")
    rules = [rule for rule in sheet.split("}") if rule]
    assert rules
    for rule in rules:
        for selector in rule.partition("{")[0].split(","):
            assert ".kp" in selector, selector


def test_no_colour_stands_outside_the_two_tables() -> None:
    fallback_only = css()
    for colour in (*LIGHT.values(), *DARK.values()):
        fallback_only = fallback_only.replace(colour, "")
    # What is only there to be pointed at has no colour that shows.
    assert fallback_only.replace("fill:#fff;fill-opacity:0", "").count("#") == 0


def test_fonts_are_the_systems_own() -> None:
    assert "@font-face" not in css()
    assert "url(" not in css()
    assert "@import" not in css()
