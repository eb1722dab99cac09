"""Starts one command and tells what it took: run by `measuring`, as a small process of its own.

A child's peak of memory begins with its parent's, as it shares its memory until it is another
program. So whoever starts it must be small: this imports nothing that Python has not imported
already. Printed are seconds of wall time, of processor time, the peak of the largest process in
kB, and the exit code. Where the first argument is not "-", output goes to that file.
"""

import os
import sys
import time


def main() -> None:
    target, program, *arguments = sys.argv[1:]
    sink = os.open(
        os.devnull if target == "-" else target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644
    )
    quiet = os.open(os.devnull, os.O_WRONLY)
    start = time.perf_counter()
    child = os.posix_spawn(
        program,
        [program, *arguments],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, sink, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)],
    )
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, code)  # noqa: T201


main()
