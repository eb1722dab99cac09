"""What goes wrong with files. `message` is one sentence for a person."""

from __future__ import annotations


class InputError(Exception):
    """Input that cannot be read: not there, no text, too large. The one who gave it can mend it.

    `what` continues the sentence that `file` begins: `does not exist`.
    """

    def __init__(self, what: str, file: str, line: int | None = None) -> None:
        self.message = f"{file} {what}"
        self.file = file
        self.line = line
        super().__init__(self.message)


class FolderError(Exception):
    """The machine's fault, or the course folder's: no space, no permission, a broken course."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def reason(error: OSError) -> str:
    """The system's words for an error, beginning small: `permission denied`."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]
