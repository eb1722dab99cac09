"""The two streams: results to standard output, everything else to standard error.

Whatever the terminal: no traceback for a sign that it cannot show, no colour where none is
wanted, and no control sequence that came out of somebody's manifest.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from checker.report.text.style import ESCAPES, NARROWEST, WIDEST, Style

if TYPE_CHECKING:
    from checker.report.json_format import Failure

#: What a terminal without Unicode is shown in place of the signs that our sentences use.
_PLAIN_SIGNS = str.maketrans(
    {
        "→": "->", "←": "<-", "…": "...", "—": "-", "–": "-", "·": "-", "•": "*", "×": "x",
        "“": '"', "”": '"', "‘": "'", "’": "'", "≤": "<=", "≥": ">=", "✓": "+", "✗": "x",
        "│": "|", "─": "-", "└": "`", "\N{NO-BREAK SPACE}": " ",
    }
)  # fmt: skip

_OWN_ESCAPES = tuple(escape.removeprefix("\x1b") for escape in ESCAPES)

#: Signs that turn text around or hide it.
_TRICKS = (
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_CONTROLS = (*range(0x1B), *range(0x1C, 0x20), *range(0x7F, 0xA0))
_VISIBLE = {
    **{code: f"\\x{code:02x}" for code in _CONTROLS},
    **{ord(sign): f"\\u{ord(sign):04x}" for sign in _TRICKS},
    ord("\n"): "\n",
    ord("\t"): " ",
}


class OutputError(Exception):
    """Standard output or standard error takes no more; the message says why."""


class Console:
    """Where a command's output goes, and in which format.

    Printing raises OutputError, or BrokenPipeError where the reader has gone away.
    """

    def __init__(self, output: TextIO | None, messages: TextIO | None) -> None:
        self._output = output
        self._messages = messages
        self.format = "text"
        #: The schema of the running command's JSON, for failures; and what it was asked for.
        self.schema = "checker/error/v1"
        self.asked = ""
        for stream in (output, messages):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace")
        self.style = _style(output)
        self.message_style = _style(messages)

    @property
    def as_json(self) -> bool:
        """Whether JSON was asked for."""
        return self.format == "json"

    def fresh_screen(self) -> None:
        """Begin a new screen on a terminal that can, as wide as the terminal is by now."""
        if self._output is None or not _is_terminal(self._output):
            return
        self.style, self.message_style = _style(self._output), _style(self._messages)
        if os.environ.get("TERM") != "dumb":
            # Clears what is seen, and leaves alone what can be scrolled back to.
            _put(self._output, "\x1b[2J\x1b[H")

    def lines(self, lines: Iterable[str]) -> None:
        """Print a text result."""
        _write(self._output, "\n".join(lines) + "\n", self.style)

    def document(self, document: Mapping[str, Any]) -> None:
        """Print a JSON result."""
        from checker.report.json_format import encode

        if self._output is not None:
            _put(self._output, encode(document, ascii_only=not _is_unicode(self._output)))

    def pieces(self, pieces: Iterable[str]) -> None:
        """Print a JSON result that comes in pieces, as it is too large for one."""
        if self._output is not None:
            plain = not _is_unicode(self._output)
            for piece in pieces:
                _put(self._output, _ascii_json(piece) if plain else piece)

    def markup(self, text: str) -> None:
        """Print a result in XML, which says by itself what a stream cannot."""
        if self._output is not None:
            plain = text.encode("ascii", "xmlcharrefreplace").decode()
            _put(self._output, text if _is_unicode(self._output) else plain)

    def message(self, *lines: str) -> None:
        """Tell the person something that is no result."""
        _write(self._messages, "\n".join(lines) + "\n", self.message_style)

    def drawable(self) -> TextIO | None:
        """Standard error where it is a terminal on which lines can be drawn anew, else None."""
        messages = self._messages
        if messages is None or not _is_terminal(messages) or os.environ.get("TERM") == "dumb":
            return None
        return messages

    def progress(self, text: str) -> None:
        """Show on one line of a terminal what is being done; each text replaces the last."""
        messages = self.drawable()
        if messages is not None:
            _put(messages, "\r\x1b[K")
            _write(messages, text, self.message_style)
            _put(messages, "", flush=True)

    def failure(self, failure: Failure) -> None:
        """Say why there is no result: a sentence, and a document where the format has one.

        A picture has no way to say it: with `svg`, standard output stays empty.
        """
        place = "" if failure.line is None else f"{failure.file}:{failure.line}: "
        self.message(f"checker: {place}{failure.message}")
        if self.as_json:
            from checker.report.json_format import failure_document

            self.document(failure_document(self.schema, failure, self.asked))
        elif self.format == "sarif":
            from checker.report.sarif import sarif_document

            self.document(sarif_document([], {}, failures=[failure]))
        elif self.format == "junit":
            from checker.report.junit import failure_junit

            self.markup(failure_junit(failure, self.asked))
        elif self.format == "github":
            from checker.report.github import failure_annotation

            self.lines([failure_annotation(failure)])

    def flush(self) -> None:
        """Bring out what is still in the buffers."""
        for stream in (self._output, self._messages):
            if stream is not None:
                _put(stream, "", flush=True)

    def abandon(self, *, messages: bool = True) -> None:
        """Send what is left nowhere, so that Python's exit does not fail on it once more.

        Without `messages`, standard error stays as it is.
        """
        for stream in (self._output, self._messages if messages else None):
            try:
                if stream is not None:
                    nowhere = os.open(os.devnull, os.O_WRONLY)
                    os.dup2(nowhere, stream.fileno())
                    os.close(nowhere)
            except (OSError, ValueError):
                continue


def _ascii_json(text: str) -> str:
    """JSON in ASCII alone: what is not can only stand in its strings."""
    import json
    import re

    return re.sub(r"[^\x00-\x7f]", lambda sign: json.dumps(sign[0])[1:-1], text)


def _write(stream: TextIO | None, text: str, style: Style) -> None:
    if stream is None:
        return
    text = _harmless(text, style)
    if not style.unicode:
        text = text.translate(_PLAIN_SIGNS)
    _put(stream, text)


def _put(stream: TextIO, text: str, *, flush: bool = False) -> None:
    try:
        stream.write(text)
        if flush:
            stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror or str(error)) from error


def _harmless(text: str, style: Style) -> str:
    """`text` with every control sequence but our own made visible."""
    first, *parts = text.split("\x1b")
    kept = [first]
    for part in parts:
        own = style.colour and part.startswith(_OWN_ESCAPES)
        kept += ["\x1b" if own else "\\x1b", part]
    return "".join(kept).translate(_VISIBLE)


def _style(stream: TextIO | None) -> Style:
    if stream is None:
        return Style()
    terminal = _is_terminal(stream)
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Style(colour=colour, unicode=_is_unicode(stream), width=_width(stream, terminal))


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:
        return False


def _is_unicode(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") in ("utf8", "utf16")


def _width(stream: TextIO, terminal: bool) -> int:
    """COLUMNS, else the terminal's width, else 80; within what reads well."""
    named = os.environ.get("COLUMNS", "")
    width = 80
    if named.isascii() and named.isdigit() and len(named) < 6 and int(named):
        width = int(named)
    elif terminal:
        try:
            width = os.get_terminal_size(stream.fileno()).columns or 80
        except (OSError, ValueError):
            width = 80
    return max(NARROWEST, min(width, WIDEST))


def standard_console() -> Console:
    """The console of this process."""
    return Console(sys.stdout, sys.stderr)
