"""The house style of every picture: colours for light and dark, fonts, sizes, as CSS.

No meaning hangs on colour alone: each tone comes with a shape and a word. Text reaches a contrast
of 4.5 to 1 on whatever it stands on, in both themes (tests/report/picture/test_style.py).
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

Theme = Literal["auto", "light", "dark"]
#: What a colour says: it works, it does not, sometimes, nobody knows.
Tone = Literal["good", "bad", "mixed", "unknown"]
Ink = Literal["ink", "muted", "good", "bad", "mixed", "unknown", "paper"]

#: Colours by name; a `-tint` lies behind text of its tone.
LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b2333",
    "muted": "#586275",
    "line": "#cfd5df",
    "good": "#177245",
    "good-tint": "#e6f5ec",
    "bad": "#b3261e",
    "bad-tint": "#fdeceb",
    "mixed": "#8a5300",
    "mixed-tint": "#fdf1dc",
    "unknown": "#6340a8",
    "unknown-tint": "#f1ebfb",
}
DARK = {
    "paper": "#151a23",
    "ink": "#e9edf5",
    "muted": "#a6b0c2",
    "line": "#3a4456",
    "good": "#62d394",
    "good-tint": "#143322",
    "bad": "#ff8f85",
    "bad-tint": "#421c1d",
    "mixed": "#f2b968",
    "mixed-tint": "#3a2a10",
    "unknown": "#c6abff",
    "unknown-tint": "#2c2347",
}

TONES: tuple[Tone, ...] = ("good", "bad", "mixed", "unknown")

# Fonts of the reader's system. Those named first are narrower than what `lettering` reckons with.
_FAMILIES = {
    "sans": "-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Arial,sans-serif",
    "mono": "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono',"
    "monospace",
}


class Lettering(NamedTuple):
    """One way to set text; `size` is in the picture's pixels."""

    css_class: str
    family: Literal["sans", "mono"]
    bold: bool
    size: float


HEADLINE = Lettering("kp-h", "sans", True, 19)
LABEL = Lettering("kp-l", "sans", True, 14)
BODY = Lettering("kp-b", "sans", False, 13)
SMALL = Lettering("kp-s", "sans", False, 12)
TAG = Lettering("kp-g", "sans", True, 11.5)
NAME = Lettering("kp-n", "mono", False, 12.5)
STRONG_NAME = Lettering("kp-m", "mono", True, 13.5)
LETTERINGS = (HEADLINE, LABEL, BODY, SMALL, TAG, NAME, STRONG_NAME)


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--kp-{name}:{value}" for name, value in colours.items())


def _colour(style: str, name: str) -> str:
    # Viewers that know no CSS variables (librsvg, Inkscape) keep the first of the two: light.
    return f"{style}:{LIGHT[name]};{style}:var(--kp-{name})"


@cache
def css() -> str:
    """The style sheet that each picture carries.

    Inlined in a page it follows the page's switch (`data-theme` on an ancestor, JupyterLab's
    `data-jp-theme-light`), alone it follows the reader's system; `data-theme` on the picture
    itself comes before both. All its classes begin with `kp`: in a page it is the page's, too.
    """
    light, dark = _variables(LIGHT), _variables(DARK)
    rules = [
        f".kp{{{light};max-width:100%;height:auto}}",
        f"@media(prefers-color-scheme:dark){{.kp{{{dark}}}}}",
        f"[data-theme=light] .kp,[data-jp-theme-light=true] .kp{{{light}}}",
        f"[data-theme=dark] .kp,[data-jp-theme-light=false] .kp{{{dark}}}",
        f".kp[data-theme=light]{{{light}}}",
        f".kp[data-theme=dark]{{{dark}}}",
        ".kp text{stroke:none;letter-spacing:0;word-spacing:0}",
        f".kp .kp-paper{{{_colour('fill', 'paper')};{_colour('stroke', 'line')}}}",
    ]
    rules += [
        f".kp .{each.css_class}{{font:{'700' if each.bold else '400'} "
        f"{each.size:g}px {_FAMILIES[each.family]}}}"
        for each in LETTERINGS
    ]
    for name in ("ink", "muted", "line", *TONES):
        rules.append(f".kp .kp-{name}{{{_colour('color', name)}}}")
    for tone in TONES:
        rules.append(f".kp .kp-{tone}-tint{{{_colour('fill', f'{tone}-tint')}}}")
    lines = "stroke-width:2;stroke-linecap:round;stroke-linejoin:round"
    rules += [
        ".kp .kp-fill{fill:currentColor}",
        f".kp .kp-stroke{{fill:none;stroke:currentColor;{lines}}}",
        # What stands on a filled shape has the paper's colour.
        f".kp .kp-on{{fill:none;{_colour('stroke', 'paper')};{lines}}}",
        f".kp .kp-hollow{{{_colour('fill', 'paper')};stroke:currentColor;stroke-width:2}}",
        f".kp text.kp-paper-ink{{{_colour('fill', 'paper')}}}",
        ".kp .kp-rail{stroke-width:3}",
        ".kp .kp-dotted{stroke-width:2.5;stroke-dasharray:.1 6}",
        ".kp .kp-broken{stroke-width:1.7;stroke-dasharray:3.1 3.1}",
        ".kp .kp-grid{stroke-width:1}",
        ".kp .kp-small{stroke-width:1.7}",
        ".kp .kp-dots{stroke-width:4;stroke-dasharray:.1 9.9}",
        ".kp .kp-touch{fill:#fff;fill-opacity:0}",
        # In a page: a picture in this box keeps its size and is scrolled.
        ".kp-scroll{overflow-x:auto}.kp-scroll>.kp{max-width:none}",
    ]
    return "".join(rules)
