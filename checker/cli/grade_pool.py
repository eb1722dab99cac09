"""A class over processes: results in the class's order, few in memory, whatever one hand-in does."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from checker.cli.grade_learner import Grader, Task, begin, graded
from checker.report.grades.document import Learner

#: For each process so many learners are waiting or done and not yet taken.
_AHEAD = 4

#: A folder's name, and what the learner's files in the report are called.
Names = tuple[str, str]


def processes() -> int:
    """How many processes this machine has cores for."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def grade_all(task: Task, grader: Grader, names: Sequence[Names], jobs: int) -> Iterator[Learner]:
    """Each learner, in the order of the names. `grader` is for this process, with one job.

    Where a process ends in the middle (no memory left, say), its learners are graded one by one,
    each in a process of its own: only the one who caused it remains ungraded.
    """
    jobs = min(jobs, len(names))
    if jobs == 1:
        for folder, file in names:
            yield grader.learner(folder, file)
        return
    left = deque(names)
    while left:
        taken = yield from _grade_until_broken(task, left, jobs)
        if taken:
            continue
        folder, file = left.popleft()
        alone: deque[Names] = deque([(folder, file)])
        if not (yield from _grade_until_broken(task, alone, 1)):
            yield grader.unfinished(folder)


def _grade_until_broken(task: Task, left: deque[Names], jobs: int) -> Iterator[Learner]:
    """Take learners from `left` as they are graded. Gives whether any was."""
    raise NotImplementedError
