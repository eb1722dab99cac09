"""The baseline: findings that a repository had when it began, which are not shown again.

File names in it are relative to its own folder, so it holds wherever the checker is run. It is
sorted, an entry a line, so that versions of it can be compared and merged.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from checker.advice.identity import Identity
from checker.workspace.atomic import write_text
from checker.workspace.errors import InputError
from checker.workspace.input_files import read_file

SCHEMA = "checker/baseline/v1"

#: How often there is a finding of each identity.
Baseline = Mapping[Identity, int]


def read_baseline(file: Path) -> Counter[Identity]:
    """What the baseline holds. Raises InputError for one that is not there or not right."""
    text = read_file(file)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise InputError(f"is no JSON, so no baseline: line {line}", str(file), line) from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError(f"is no baseline: its `schema` is not {SCHEMA}", str(file))
    entries = document.get("findings")
    if not isinstance(entries, list):
        raise InputError("is no baseline: it has no list `findings`", str(file))
    held: Counter[Identity] = Counter()
    for number, entry in enumerate(entries, 1):
        known = _identity(entry)
        if known is None:
            raise InputError(f"is damaged: finding {number} is not as we write them", str(file))
        held[known] += entry["count"]
    return held


def write_baseline(file: Path, findings: Iterable[Identity]) -> None:
    """Write a baseline of these findings. Raises FolderError; the file is whole or as it was.

    Raises InputError where the file is something else: a slip must not cost a manifest.
    """
    if file.exists() and SCHEMA not in (text := read_file(file)) and text.strip():
        raise InputError("is there already and no baseline, so it is not replaced", str(file))
    entries = [
        {**known._asdict(), "count": number} for known, number in sorted(Counter(findings).items())
    ]
    rows = ",\n".join(f"    {json.dumps(entry)}" for entry in entries)
    listed = f"[\n{rows}\n  ]" if rows else "[]"
    write_text(file, f'{{\n  "schema": "{SCHEMA}",\n  "findings": {listed}\n}}\n')


def _identity(entry: Any) -> Identity | None:
    if not isinstance(entry, dict):
        return None
    parts = [entry[field] for field in Identity._fields if isinstance(entry.get(field), str)]
    number = entry.get("count")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        return None
    return Identity(*parts) if len(parts) == len(Identity._fields) else None
