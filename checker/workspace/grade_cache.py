"""Results of an earlier run of `grade`, one file a learner; what does not fit is ignored.

A result is known by the answer's content and stands for one checker and one course: what changes
in either makes it void.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from checker.manifests import Source
from checker.workspace.atomic import unfinished
from checker.workspace.course_folder import CourseFolder

SCHEMA = "checker/grade-cache/v1"
#: The cache's folder in the report's.
CACHE_FOLDER = ".cache"

#: What grading an answer gave, by the answer's key.
Results = Mapping[str, dict[str, Any]]


def fingerprint(course: CourseFolder, version: str) -> str:
    """What the results hang on beside the answers: this checker, all of it, and the course.

    Raises FolderError where the course cannot be read.
    """
    digest = sha256(version.encode())
    package = Path(__file__).resolve().parents[1]
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".json", ".toml") and path.is_file():
            _add(digest, path.relative_to(package).as_posix(), path.read_bytes())
    for folder in course.exercises():
        _add(digest, folder.name, folder.toml().encode())
        for name, text in folder.files().items():
            _add(digest, name, text.encode())
    return digest.hexdigest()


def answer_key(exercise: str, seed: str, sources: Sequence[Source]) -> str:
    """A name for this content: the exercise, the variant, and the files."""
    parts = [[exercise, seed], *([source.name, source.text] for source in sources)]
    return sha256(json.dumps(parts).encode()).hexdigest()


def read_results(file: Path, valid_for: str) -> dict[str, dict[str, Any]]:
    """The results in a cache file; none where it is missing, damaged or of another fingerprint."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        results = document["results"]
        fits = (document["schema"], document["for"]) == (SCHEMA, valid_for)
        return results if fits and document["digest"] == _digest(results) else {}
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return {}


def write_results(file: Path, valid_for: str, results: Results) -> None:
    """Keep results; where that fails, the next run grades again."""
    document = {"schema": SCHEMA, "for": valid_for, "digest": _digest(results), "results": results}
    temporary = unfinished(file)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        # No fsync, which is slow for a class: half a file is noticed by its digest.
        temporary.write_text(json.dumps(document), encoding="utf-8")
        temporary.replace(file)


def _digest(results: Any) -> str:
    return sha256(json.dumps(results, sort_keys=True).encode()).hexdigest()


def _add(digest: Any, name: str, data: bytes) -> None:
    digest.update(f"{len(name)} {name} {len(data)} ".encode())
    digest.update(data)
