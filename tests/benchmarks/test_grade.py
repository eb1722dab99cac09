"""`grade`: answers a second, and whether memory stays flat as a class grows.

Every answer of the class is another one, so nothing is graded once for many. The goal, 10,000
learners with 24 exercises each at over 300 answers a second on two cores: CHECKER_HAND_INS=10000.
Wall time is said; what is asserted is the processor's, as other work on the machine is not in it.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.cli.classroom import make_class
from tests.course.repository import names

CHECKOUT = Path(__file__).resolve().parents[2]
#: How many learners the larger class has; the smaller has a fifth.
LEARNERS = max(10, int(os.environ.get("CHECKER_HAND_INS", "250")))
GOAL = 300
#: In kB a learner: what the whole class may cost beside what one learner does.
GROWTH = 20


def graded(hand_ins, report):
    """Seconds of wall time and of processor time, and the largest process in MB."""
    command = [sys.executable, "-m", "checker", "grade", hand_ins, "--out", report, "--jobs", "2"]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=CHECKOUT) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    wall = time.perf_counter() - start
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


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
    answers, wall, processor, peak = seen[-1]
    # As two cores would take it, each half of the work.
    rate = answers / (processor / 2)
    growth = (peak - seen[0][3]) * 1024 / (sizes[1] - sizes[0])
    again = statistics.median(
        graded(tmp_path / f"class{LEARNERS}", tmp_path / f"report{LEARNERS}")[0] for _ in range(3)
    )
    told = (
        f"{LEARNERS:,} learners, {answers:,} answers: {wall:.1f} s, {answers / wall:.0f} a second; "
        f"{rate:.0f} a second of two cores; largest process {peak:.0f} MB, "
        f"{growth:.1f} kB a learner more; again, nothing changed: {again:.1f} s"
    )
    benchmark.extra_info.update(
        answers=answers, wall=wall, processor=processor, rate=rate, peak_mb=peak, growth_kb=growth
    )
    benchmark.pedantic(lambda: None, rounds=1)
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
    assert rate > GOAL, told
    assert growth < GROWTH, told
