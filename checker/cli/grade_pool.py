"""A class over processes: results in the class's order, few in memory, none lost to another."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from checker.cli.grade_learner import Grader, Task, begin, graded
from checker.report.grades.learner import Learner

#: For each process so many learners are waiting or done and not yet taken.
_AHEAD = 4

#: A folder's name, and what the learner's files in the report are called.
Names = tuple[str, str]


def processes() -> int:
    """How many processes this machine has cores for."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def grade_all(
    task: Task, grader: Grader, names: Sequence[Names], jobs: int
) -> Generator[Learner, None, None]:
    """Each learner, in the order of the names.

    Where a process ends in the middle (no memory left, say), the learners under way are graded one
    by one, each in a process of its own: only the one who caused it remains ungraded.
    """
    left = deque(names)
    while left:
        try:
            yield from _together(task, left, min(jobs, len(left)))
        except BrokenProcessPool:
            for _ in range(min(len(left), jobs * _AHEAD)):
                yield _alone(task, grader, left.popleft())


def _together(task: Task, left: deque[Names], jobs: int) -> Generator[Learner, None, None]:
    """Grade those in `left`; whoever is done is taken from it. Raises BrokenProcessPool."""
    waiting: deque[Future[Learner]] = deque()
    rest = iter(tuple(left))
    executor = ProcessPoolExecutor(jobs, initializer=begin, initargs=(task,))
    try:
        waiting.extend(executor.submit(graded, *one) for one in islice(rest, jobs * _AHEAD))
        while waiting:
            learner = waiting.popleft().result()
            waiting.extend(executor.submit(graded, *one) for one in islice(rest, 1))
            left.popleft()
            yield learner
    finally:
        executor.shutdown(cancel_futures=True)


def _alone(task: Task, grader: Grader, one: Names) -> Learner:
    try:
        (learner,) = _together(task, deque([one]), 1)
    except BrokenProcessPool:
        return grader.unfinished(*one)
    return learner
