"""What a slow command is doing, step by step, on standard error.

On a terminal each step has a spinner and the time it has taken; elsewhere it is a plain line.
Standard output is the result's alone, whatever the format.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from checker.cli.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress, Task, TaskID
    from rich.text import Text


class Steps:
    """Called with each step as it begins; the one before has ended then.

    Use it in a `with`, whose end is the last step's: well, or with an error.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = _progress(console)
        self._running: TaskID | None = None

    def __call__(self, step: str) -> None:
        if self._progress is None:
            self._console.message(f"  {step} …")
            return
        self._end("good")
        shown = "".join(sign if sign.isprintable() else "?" for sign in step)
        self._running = self._progress.add_task(shown, total=1, ended="")

    def __enter__(self) -> Steps:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._end("good" if kind is None else "bad")
            self._progress.stop()

    def _end(self, ended: str) -> None:
        if self._progress is not None and self._running is not None:
            self._progress.update(self._running, completed=1, ended=ended)
            self._running = None


def _progress(console: Console) -> Progress | None:
    """Rich's display; None where there is no terminal to draw on, or no rich."""
    stream = console.drawable()
    if stream is None:
        return None
    try:
        import rich  # noqa: F401
    except ImportError:
        return None
    return _display(console, stream)


def _display(console: Console, stream: TextIO) -> Progress:
    from rich.console import Console as RichConsole
    from rich.console import RenderableType
    from rich.progress import Progress, ProgressColumn, SpinnerColumn, TextColumn
    from rich.table import Column
    from rich.text import Text

    style = console.message_style
    marks = {"good": (style.marks.good, "green"), "bad": (style.marks.bad, "red")}

    class Mark(SpinnerColumn):
        """Turns while a step goes on; then says how it ended."""

        def render(self, task: Task) -> RenderableType:
            mark = marks.get(task.fields["ended"])
            return Text(*mark) if mark else super().render(task)

    class Seconds(ProgressColumn):
        """How long a step has taken so far, or took."""

        def render(self, task: Task) -> Text:
            taken = task.finished_time if task.finished else task.elapsed
            seconds = int(taken or 0)
            return Text(f"{seconds // 60} min {seconds % 60} s" if seconds > 59 else f"{seconds} s")

    return Progress(
        TextColumn(" "),
        Mark("dots" if style.unicode else "line", style="cyan"),
        # As it is: what stands in brackets is no style of ours.
        TextColumn(
            "{task.description}",
            markup=False,
            table_column=Column(no_wrap=True, overflow="ellipsis", max_width=style.width - 20),
        ),
        Seconds(),
        console=RichConsole(
            file=stream,
            force_terminal=True,
            no_color=not style.colour,
            width=style.width,
            highlight=False,
        ),
        # The checker's own streams stay as they are.
        redirect_stdout=False,
        redirect_stderr=False,
    )
