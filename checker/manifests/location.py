"""Where something stands: a text by its name, a place in it by line and column."""

from typing import NamedTuple


class Source(NamedTuple):
    """One text to read: `name` is what people are shown (a path, or `<stdin>`)."""

    name: str
    text: str


class Location(NamedTuple):
    """A place in a source. Line and column count from 1, as editors do."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
