"""`lint --baseline` and `--write-baseline`: an old repository starts at zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from checker.advice.identity import Identity, identity
from checker.api import Finding
from checker.cli.console import Console
from checker.cli.manifests import Input
from checker.cli.options import Options
from checker.cli.rules import is_wanted
from checker.report.reading_order import in_reading_order
from checker.report.text.layout import count
from checker.workspace.baseline import read_baseline, write_baseline
from checker.workspace.relative_names import STANDARD_INPUT_FILE, names_from


def without_baseline(
    findings: Sequence[Finding], found: Input, options: Options, console: Console
) -> list[Finding]:
    """The findings that are new. What is in the baseline, and what is no more, is told.

    Where a baseline is written it takes every finding of now, and none is new.
    """
    ordered = in_reading_order(findings, found.texts)
    if options.write_baseline:
        return _write(ordered, found, Path(options.write_baseline), console)
    file = Path(options.baseline)
    held = read_baseline(file)
    known = _identities(ordered, found, file)
    new: list[Finding] = []
    for finding, one in zip(ordered, known, strict=True):
        if held[one] > 0:
            held[one] -= 1
        else:
            new.append(finding)
    hidden = len(ordered) - len(new)
    if hidden:
        console.message(f"checker: {count(hidden, 'finding')} not shown: in the baseline {file}")
    _tell_gone(held, found, options, file, console)
    return new


def _write(findings: list[Finding], found: Input, file: Path, console: Console) -> list[Finding]:
    if found.problems:
        # It would lack the findings of what could not be read, and these would be new tomorrow.
        console.message(f"checker: {file} is not written, as not all of the input could be read")
        return findings
    write_baseline(file, _identities(findings, found, file))
    console.message(f"checker: {count(len(findings), 'finding')} written to {file}")
    return []


def _identities(findings: Sequence[Finding], found: Input, file: Path) -> list[Identity]:
    names = names_from(file.parent, found.texts)
    known = [identity(finding) for finding in findings]
    return [one._replace(file=names.get(one.file, one.file)) for one in known]


def _tell_gone(
    held: Counter[Identity], found: Input, options: Options, file: Path, console: Console
) -> None:
    """Entries that no finding needs any more: they would hide new ones.

    Of what was looked for just now, in files that were read or are gone.
    """
    read = set(names_from(file.parent, found.texts).values())
    left = [one for one, number in held.items() if number and is_wanted(one.rule, options)]
    others = {one.file for one in left} - read - {STANDARD_INPUT_FILE}
    read |= {name for name in others if not (file.parent / name).exists()}
    gone = sum(held[one] for one in left if one.file in read)
    if gone and not found.problems:
        entries = "1 entry" if gone == 1 else f"{gone} entries"
        console.message(
            f"checker: {entries} of {file} no longer needed; --write-baseline makes it anew"
        )
