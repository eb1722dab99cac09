"""`grade`: answers a second, and whether memory stays flat as a class grows.

Every answer of the class is another one, so nothing is graded once for many. The goal, 10,000
learners with 24 exercises each at over 300 answers a second on two cores, takes minutes and 3 GB
of disk, and this command:

    CHECKER_HAND_INS=10000 python -m pytest tests/benchmarks/test_grade.py --benchmark-only

Wall time is said; what is asserted is the processor's, as other work on the machine is not in it.
"""

import os
import resource
import statistics
import sys
import time
from pathlib import Path

from tests.benchmarks.processes import run_watched
from tests.cli.classroom import make_class
from tests.course.repository import names

CHECKOUT = Path(__file__).resolve().parents[2]
#: How many learners the larger class has; the smaller has a fifth.
LEARNERS = max(10, int(os.environ.get("CHECKER_HAND_INS", "250")))
GOAL = 300
#: In kB a learner more: what one of the class may cost each process. Names, and where their
#: results lie on the disk.
GROWTH = 2
#: In MB: what a run of any size may differ by, as Python asks for memory in large pieces.
NOISE = 4


def graded(hand_ins, report):
    """Seconds of wall time and of processor time, and the peaks of memory."""
    command = [sys.executable, "-m", "checker", "grade", hand_ins, "--out", report, "--jobs", "2"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    peaks = run_watched(command, CHECKOUT)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, peaks


def test_grade(benchmark, tmp_path, capsys):
    sizes = (LEARNERS // 5, LEARNERS)
    seen = []
    for size in sizes:
        hand_ins, report = tmp_path / f"class{size}", tmp_path / f"report{size}"
        expected = make_class(hand_ins, size, names(), alike=False)
        answers = sum(
            one.status != "missing" for each in expected.values() for one in each.values()
        )
        seen.append((answers, *graded(hand_ins, report)))
    answers, wall, processor, peaks = seen[-1]
    # As two cores would take it, each half of the work.
    rate = answers / (processor / 2)
    smaller = seen[0][3]
    grown = {
        "parent": peaks.parent - smaller.parent,
        "worker": max(peaks.workers) - max(smaller.workers),
    }
    again = statistics.median(
        graded(tmp_path / f"class{LEARNERS}", tmp_path / f"report{LEARNERS}")[0] for _ in range(3)
    )
    told = (
        f"{LEARNERS:,} learners, {answers:,} answers: {wall:.1f} s, {answers / wall:.0f} a second; "
        f"{rate:.0f} a second of two cores; memory: parent {peaks.parent:.0f} MB "
        f"({grown['parent']:+.1f} to {sizes[0]:,} learners), workers "
        f"{' and '.join(f'{peak:.0f}' for peak in peaks.workers)} MB ({grown['worker']:+.1f}); "
        f"again, nothing changed: {again:.1f} s"
    )
    benchmark.extra_info.update(
        answers=answers, wall=wall, processor=processor, rate=rate, parent_mb=peaks.parent,
        workers_mb=peaks.workers, grown_mb=grown,
    )  # fmt: skip
    benchmark.pedantic(lambda: None, rounds=1)
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
    assert rate > GOAL, told
    assert max(grown.values()) < NOISE + GROWTH * (sizes[1] - sizes[0]) / 1024, told
