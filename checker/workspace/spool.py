"""Many small pieces of data in one file without a name: what is in it is in no one's memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from checker.workspace.errors import FolderError, reason

#: In bytes. With less in it than that, no file is written anew.
_SMALL = 1 << 20


class Spool:
    """Pieces known by a key, on the disk of a folder. Gone with the process.

    Everything that touches the disk raises FolderError where that fails.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        #: Where each piece begins, and how long it is.
        self._places: dict[str, tuple[int, int]] = {}
        self._end = 0

    def put(self, key: str, data: bytes) -> None:
        """Keep a piece, in the place of an earlier one or as the last."""
        try:
            if self._file is None:
                self._file = self._new()
            self._file.seek(self._end)
            self._file.write(data)
        except OSError as error:
            raise self._fault(error) from error
        self._places[key] = (self._end, len(data))
        self._end += len(data)

    def arrange(self, keys: Iterable[str]) -> None:
        """Bring the pieces into this order; what is not in it is dropped."""
        self._places = {key: self._places[key] for key in keys if key in self._places}
        used = sum(length for _, length in self._places.values())
        if self._end > _SMALL + 2 * used:
            self._write_anew()

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for key, (start, length) in self._places.items():
            if self._file is not None:
                yield key, self._read(self._file, start, length)

    def _write_anew(self) -> None:
        old, self._file = self._file, None
        places, self._places, self._end = self._places, {}, 0
        if old is not None:
            with old:
                for key, (start, length) in places.items():
                    self.put(key, self._read(old, start, length))

    def _read(self, file: IO[bytes], start: int, length: int) -> bytes:
        try:
            file.seek(start)
            return file.read(length)
        except OSError as error:
            raise self._fault(error) from error

    def _new(self) -> IO[bytes]:
        return tempfile.TemporaryFile(dir=self._folder, prefix=".spool.")

    def _fault(self, error: OSError) -> FolderError:
        return FolderError(f"{self._folder} cannot hold the grades: {reason(error)}")
