"""What the pages of a report share: the frame, the colours, text made safe.

A page is whole by itself: nothing of another host, no script but the one that keeps a watched
class's page current, and a policy that would refuse anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from typing import NamedTuple

from checker.advice import chapter_page
from checker.report.grades import following
from checker.report.picture.style import DARK, LIGHT, css

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
.tag{padding:.1rem .5rem;border-radius:.25rem;white-space:nowrap}figure{margin:1rem 0}
.checks{list-style:none;padding:0}
th[scope=row]{position:sticky;left:0;background:var(--paper);max-width:16rem}
.grades th[scope=row]{overflow-wrap:anywhere}td.n,th.n{padding:.3rem .35rem}
thead td{color:var(--muted)}summary{cursor:pointer;padding:.5rem 0}
.bar{display:block;height:.5rem;min-width:6rem;margin:.25rem 0;border-radius:.25rem;
background:var(--line)}.bar span{display:block;height:100%;border-radius:.25rem;
background:var(--mixed)}
@media(max-width:40rem){body{padding:1rem}th[scope=row]{max-width:8rem}
.beliefs thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.beliefs,.beliefs tbody,.beliefs tr,
.beliefs td{display:block;border:0;text-align:left}.beliefs td{padding:.1rem 0}
.beliefs tr{padding:.6rem 0;border-top:1px solid var(--line)}.bar{max-width:12rem}}
@media print{@page{size:landscape;margin:1cm}body{max-width:none;padding:0;font-size:9pt}
.scroll{overflow:visible}table{width:100%}tr,figure{break-inside:avoid}h2{break-after:avoid}
th[scope=row]{position:static}th,td,td.n,th.n{padding:.1rem .15rem}.grades{font-size:7pt}
*{print-color-adjust:exact}}
"""

#: Beside the colour, what a status is in signs and in words.
SIGNS = {"pass": "✓", "fail": "✗", "error": "!", "missing": "–"}
WORDS = {
    "pass": "passed",
    "fail": "not yet",
    "error": "cannot be read",
    "missing": "not handed in",
}


class Book(NamedTuple):
    """Where the book is: the address of its root, which ends with `/`."""

    home: str

    def link(self, chapter: str) -> str:
        """A chapter (`4 · port and targetPort`) as a link to its page."""
        page = chapter_page(chapter.partition(" ")[0])
        return f'<a href="{text(self.home + page)}.html">{text(chapter)}</a>'


def page_start(title: str, version: str = "") -> str:
    """All that stands before the body's content; `title` is text.

    With a `version` the page follows newer ones; else it has no script, and its policy none.
    """
    scripts = f"; script-src {following.SOURCES}" if version else ""
    policy = f"default-src 'none'; style-src 'unsafe-inline'{scripts}"
    marked = f' data-version="{text(version)}"' if version else ""
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="en"{marked}>',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{text(title)}</title>",
            f"<style>{_css()}</style>",
            "</head>",
            "<body>",
            "",
        ]
    )


def page_end(version: str = "") -> str:
    """All that stands after the body's content; `version` as in `page_start`."""
    script = f"<script>{following.SCRIPT}</script>\n" if version else ""
    return f"{script}</body>\n</html>\n"


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


def problems(notes: Iterable[tuple[str, str]]) -> str:
    """A list of files and what is to be said of them."""
    items = (f"<li><code>{name(file)}</code> {text(told)}</li>\n" for file, told in notes)
    return f"<ul>\n{''.join(items)}</ul>\n"


@cache
def _css() -> str:
    light, dark = (
        ";".join(f"--{key}:{value}" for key, value in colours.items()) for colours in (LIGHT, DARK)
    )
    dark_rule = f"@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f":root{{{light}}}{dark_rule}{_RULES}{css()}"
