"""What the pages of a report share: the frame, the colours, text made safe.

A page is whole by itself: no script, nothing of another host, and a policy that would refuse both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import escape

from checker.report.picture.style import DARK, LIGHT

_RULES = """
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:80rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2rem}
a{color:inherit}p,li{max-width:48rem}.muted{color:var(--muted)}
code{font-family:ui-monospace,monospace;font-size:.9em}
.scroll{overflow-x:auto}table{border-collapse:collapse}
th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.pass{background:var(--good-tint);color:var(--good)}.fail{background:var(--mixed-tint);
color:var(--mixed)}.error{background:var(--bad-tint);color:var(--bad)}.missing{color:var(--muted)}
.tag{padding:.1rem .5rem;border-radius:.25rem}
"""

_POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)

#: Beside the colour, what a status is in signs and in words.
SIGNS = {"pass": "✓", "fail": "✗", "error": "!", "missing": "–"}
WORDS = {
    "pass": "passed",
    "fail": "not yet",
    "error": "cannot be read",
    "missing": "not handed in",
}


def page(title: str, body: Iterable[str]) -> str:
    """A whole page; `title` is text, `body` is HTML."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            _POLICY,
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{text(title)}</title>",
            f"<style>{_css()}</style>",
            "</head>",
            "<body>",
            *body,
            "</body>",
            "</html>",
            "",
        ]
    )


def text(words: str) -> str:
    """Words as HTML; signs that no page may hold are shown as escapes."""
    visible = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", lambda sign: f"\\x{ord(sign[0]):02x}", words)
    return escape(visible)


def name(words: str) -> str:
    """A name as HTML: it may run from right to left without turning what stands around it."""
    return f"<bdi>{text(words)}</bdi>"


def prose(words: str) -> str:
    """The course's sentences as HTML, with `code` in backticks."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", text(words))


def problems(notes: Iterable[tuple[str, str]]) -> list[str]:
    """A list of files and what is to be said of them."""
    return [
        "<ul>",
        *(f"<li><code>{name(file)}</code> {text(told)}</li>" for file, told in notes),
        "</ul>",
    ]


@cache
def _css() -> str:
    light, dark = (
        ";".join(f"--{key}:{value}" for key, value in colours.items()) for colours in (LIGHT, DARK)
    )
    dark_rule = f"@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f":root{{{light}}}{dark_rule}{_RULES}"
