"""`watch`: a check on every save, one at a time, and keys for the rest of the learner's loop.

With a terminal it goes on to the next exercise when asked to, without one by itself. It ends with
`q`, with Ctrl-C and with the end of its standard input, always well: it is no judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from queue import Empty, SimpleQueue

from checker.cli.arguments import Parser, add_variant
from checker.cli.check import Options, graded, open_asked
from checker.cli.console import Console
from checker.cli.course import (
    COMMAND,
    Opened,
    beginning,
    need_place_to_work,
    next_name,
    open_exercise,
    progress_of,
)
from checker.cli.errors import ALL_WELL, CommandError, UsageError
from checker.cli.help_along import reset_answer, show_hint
from checker.cli.keys import END, Keys
from checker.cli.loop import show_list
from checker.report.text.layout import join_words
from checker.workspace.answers import make_answer
from checker.workspace.course_folder import find_course, shown
from checker.workspace.errors import FolderError, InputError
from checker.workspace.watching import Events, Watched

#: In the queue: something below the exercises' folder changed.
_SAVED = "saved"

_MENU = "n next · h hint · l list · r reset · q quit"
_MENU_UNPASSED = "h hint · l list · r reset · n next, once passed · q quit"


def watch(arguments: Sequence[str], console: Console) -> int:
    """Check an exercise (the next to do, without a name) whenever it is saved."""
    parser = Parser("watch", "Check on every save. Keys: next, hint, list, reset, quit.")
    parser.add_argument("name", nargs="?", help="an exercise; the next to do if left out")
    add_variant(parser, "with other names and ports, the same for the same seed")
    options = parser.read(arguments, console)
    course = find_course()
    need_place_to_work(course)
    name = options.name or next_name(course, progress_of(course))
    if not name:
        raise UsageError("every exercise is passed: name the one that you want")
    opened = open_asked(name, Options(variant=options.variant), console)
    heard: SimpleQueue[str] = SimpleQueue()
    exercises = course.path / "exercises"
    try:
        with Events(exercises, lambda: heard.put(_SAVED)) as events, Keys(heard.put) as keys:
            _Session(opened, console, heard, events, keys).run()
    except KeyboardInterrupt:
        # The usual way to end a command that never ends by itself.
        console.message("")
    return ALL_WELL


class _Session:
    """One run of `watch`: the exercise that it is at, and what has been heard meanwhile."""

    def __init__(
        self,
        opened: Opened,
        console: Console,
        heard: SimpleQueue[str],
        events: Events,
        keys: Keys,
    ) -> None:
        self._console = console
        self._heard = heard
        self._events = events
        self._keys = keys
        self._passed: set[str] = set()
        self._begin(opened)

    def run(self) -> None:
        """Check, wait, and again, until the learner has enough."""
        going_on = True
        while going_on:
            self._check()
            if self._name in self._passed and not self._keys.there:
                # Nobody can press a key.
                going_on = self._move_on()
            else:
                going_on = self._wait()

    def _begin(self, opened: Opened) -> None:
        """Watch the files of an exercise, which are made first where there are none."""
        answer = opened.folder.answer
        make_answer(opened.folder, beginning(opened))
        self._opened = opened
        self._name = opened.exercise.name
        self._files = [answer / name for name in opened.exercise.answer_files]
        self._watched = Watched(self._files)

    def _check(self) -> None:
        console = self._console
        if not console.as_json:
            console.fresh_screen()
        self._passed.discard(self._name)
        try:
            report = graded(self._name, Options(), console)
            if report.status == "pass":
                self._passed.add(self._name)
        except (CommandError, InputError, FolderError) as error:
            # What cannot be read now may be readable after the next save.
            self._complain(error)
        self._tell_keys()

    def _tell_keys(self) -> None:
        if self._keys.there:
            text = _MENU if self._name in self._passed else _MENU_UNPASSED
        elif self._name in self._passed:
            text = f"{self._name} is passed."
        else:
            files = join_words(shown(file) for file in self._files)
            text = f"Waiting for {files} to be saved."
        self._say(text)

    def _say(self, *lines: str) -> None:
        # What was printed before, on the other stream, must be seen before.
        self._console.flush()
        self._console.message("", *lines)
        self._console.flush()

    def _complain(self, error: Exception) -> None:
        from checker.report.json_format import Failure

        self._console.failure(Failure(str(error)))

    def _wait(self) -> bool:
        """Wait for a save or a key; False when it is time to end."""
        while True:
            try:
                key = self._heard.get(timeout=self._events.interval)
            except Empty:
                key = _SAVED
            if key == _SAVED:
                if self._watched.changed():
                    self._watched.settle()
                    return True
            elif key in (END, "q", "Q"):
                return False
            elif self._pressed(key.lower()):
                return True

    def _pressed(self, key: str) -> bool:
        """Do what a key asks for; True where a check is due now."""
        try:
            if key == "n":
                return self._next()
            if key == "r":
                reset_answer([self._name], self._console)
                self._watched = Watched(self._files)
                return True
            if key == "h":
                show_hint([self._name], self._console)
            elif key == "l":
                show_list([], self._console)
            else:
                return False
        except (CommandError, InputError, FolderError) as error:
            self._complain(error)
        self._tell_keys()
        return False

    def _next(self) -> bool:
        if self._name in self._passed:
            return self._move_on()
        self._say(
            f"{self._name} is not passed yet. To leave it for later, quit, and watch another:",
            f"  {COMMAND} watch NAME",
        )
        return False

    def _move_on(self) -> bool:
        """Go to the next exercise that is not passed; False, and said, where there is none."""
        course = find_course()
        following = next_name(course, progress_of(course), self._name)
        if not following or following in self._passed:
            self._say("Every exercise is passed.")
            return False
        folder = course.exercise(following)
        begun = folder is not None and folder.answer.is_dir()
        # Who works on a variant goes on with the same seed, but keeps what was begun otherwise.
        self._begin(open_exercise(following, None if begun else self._opened.seed))
        return True
