"""PyYAML with its patterns compiled late: the same PyYAML, and everybody else's `re`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Every kind of scalar that PyYAML tells by a pattern, and a character that it refuses.
TEXT = """\
[1, 0x1f, 0b101, 1_000, 190:20:30, 1.5, .inf, -.INF, .nan, yes, Off, null, ~, text, =, "",
 2001-12-14, 2001-12-14t21:59:43.10-05:00, 2001-12-15 2:59:43.10, !!float 1e3]
"""
READ = f"""
import re, yaml
def tell(loader, text):
    try:
        print(loader.__name__, yaml.load(text, loader))
    except yaml.YAMLError as error:
        print(loader.__name__, type(error).__name__, error)
for loader in (yaml.SafeLoader, yaml.CSafeLoader):
    tell(loader, {TEXT!r})
    tell(loader, 'a: "\\x07"')
    tell(loader, 'a: {{b')
print(yaml.safe_dump([1, '1', 'yes', None, 1.5, '2001-12-14']))
print(type(re.compile('a')) is re.Pattern, re.compile)
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.partition(" at 0x")[0]


def test_it_reads_and_writes_as_ever() -> None:
    assert run("import checker.manifests\n" + READ) == run(READ)


def test_a_manifest_is_read_without_compiling_one() -> None:
    code = (
        "import checker.manifests as m, yaml\n"
        "before = set(vars(yaml.reader.Reader.NON_PRINTABLE))\n"
        "reading = m.read([m.Source('a.yaml', 'a: [1, yes, 2001-12-14, text]')])\n"
        "print(reading.manifests[0].value)\n"
        "print(before == set(vars(yaml.reader.Reader.NON_PRINTABLE)))\n"
    )
    assert run(code).splitlines()[-1] == "True"
