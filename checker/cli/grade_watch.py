"""`grade --watch`: the report kept current while a class works, until Ctrl-C, which is no failure.

What a learner's folder looks like says whether to grade it again: names, times and sizes, of the
answers alone. An event is only a reason to look, as some file systems send none.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue

from checker.cli.classroom import Classroom, class_in, show
from checker.cli.console import Console
from checker.cli.errors import ALL_WELL, CommandError
from checker.cli.grade_report import make_place
from checker.report.grades.summary import class_line
from checker.workspace.errors import FolderError, InputError
from checker.workspace.hand_ins import Look, Note, look_of, readable
from checker.workspace.watching import Events

#: In seconds: so long a save may take to write all of an answer's files.
_SETTLING = 0.2
#: Looking may take this part of the time, so a large class does not keep the machine busy.
_SHARE = 0.2
_MOST_NAMED = 5


def watch_class(room: Classroom, console: Console) -> int:
    """Grade whoever hands in something new, and write the report, until Ctrl-C."""
    heard: SimpleQueue[None] = SimpleQueue()
    watch = _Watch(room, console)
    try:
        with Events(room.folder, lambda: heard.put(None)) as events:
            console.message(f"Watching {room.folder}; Ctrl-C ends.")
            while True:
                looked = watch.round()
                _wait(heard, events.interval, looked / _SHARE - looked)
    except KeyboardInterrupt:
        # The usual way to end a command that never ends by itself.
        console.progress("")
        console.message("")
    watch.end()
    return ALL_WELL


def _wait(heard: SimpleQueue[None], interval: float, least: float) -> None:
    time.sleep(least)
    try:
        heard.get(timeout=max(0.0, interval - least))
    except Empty:
        return
    time.sleep(_SETTLING)
    # What came with it is seen by the same look.
    while not heard.empty():
        heard.get()


class _Watch:
    """What was seen of the class so far."""

    def __init__(self, room: Classroom, console: Console) -> None:
        self._room = room
        self._console = console
        self._seen: dict[str, Look] = {}
        self._notes: Sequence[Note] | None = None
        self._told = ""

    def round(self) -> float:
        """Look once; grade and write where something is new. Gives how long the look took."""
        room = self._room
        begun = time.monotonic()
        looked = 0.0
        try:
            names, notes = class_in(room.folder, room.report.path)
            if room.report.is_gone():
                # Whoever deleted it has the whole of it anew.
                make_place(room.report.path)
                self._seen, self._notes = {}, None
            now = {name: self._look(name) for name in names}
            looked = time.monotonic() - begun
            changed = [name for name in names if now[name] != self._seen.get(name)]
            if changed or now.keys() != self._seen.keys() or notes != self._notes:
                self._grade(names, changed, notes)
            # Only now: who was graded in part, as Ctrl-C came, is not taken for graded.
            self._seen, self._notes, self._told = now, notes, ""
        except (CommandError, InputError, FolderError) as error:
            # What cannot be read or written now may be later. Once is enough to say so.
            if str(error) != self._told:
                self._console.message(f"checker: {error}")
            self._told = str(error)
        return looked

    def end(self) -> None:
        """Leave a report like that of a run without a watch, of what was graded last."""
        grades = self._room.grades(self._notes or [])
        self._room.report.write_class(grades)
        if not self._console.as_json:
            show(grades, self._room.report, self._console)

    def _look(self, name: str) -> Look:
        report = self._room.report
        return look_of(self._room.folder / name, list(report.exercises), report.path)

    def _grade(self, names: Sequence[str], changed: Sequence[str], notes: Sequence[Note]) -> None:
        room, console = self._room, self._console
        if changed:
            room.grade(changed, console)
        room.keep(names)
        grades = room.grades(notes)
        room.report.write_class(grades, followed=True)
        if console.as_json:
            show(grades, room.report, console)
        else:
            console.lines([f"{_whom(changed)}{class_line(grades)}"])
        console.flush()


def _whom(changed: Sequence[str]) -> str:
    if not changed:
        return ""
    named = ", ".join(map(readable, changed[:_MOST_NAMED]))
    more = len(changed) - _MOST_NAMED
    return f"{named}{f' and {more:,} more' if more > 0 else ''} graded. "
