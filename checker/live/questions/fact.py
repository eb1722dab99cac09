"""One thing besides connections that was predicted of a cluster, and what was seen there."""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """`about` says of what; `predicted` and `observed` are the same words where it is the same.

    With a `note` it was not seen, and the note says what would be needed.
    """

    id: str
    about: str
    predicted: str
    observed: str
    note: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether both say the same; None where it was not seen."""
        return None if self.note else self.predicted == self.observed
