"""An exercise in another dress: names, ports and labels changed, so that neighbours cannot copy.

`[variants]` in `exercise.toml` lists words with what may stand in their place. A variant replaces
each of them in every text of the exercise, whole words only; a seed decides by what. The same
seed gives the same variant everywhere. Names of files stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from checker.course.exercise import Exercise
from checker.course.loading import load_exercise

Replacements = Mapping[str, str]


class Variant(NamedTuple):
    """An exercise in another dress. `chosen` says by what each word is replaced.

    Its `readme` and `given` are varied too, so its learner needs copies of these as well.
    """

    exercise: Exercise
    chosen: Replacements


def load_variant(
    name: str,
    toml_text: str,
    files: Mapping[str, str],
    tokens: Mapping[str, tuple[str, ...]],
    seed: str,
) -> Variant:
    """As `load_exercise`, in the variant `seed`; `tokens` are the plain exercise's.

    Raises ExerciseError.
    """
    chosen = replacements(name, tokens, seed)
    exercise = load_exercise(name, varied(toml_text, chosen), varied_files(files, chosen))
    return Variant(exercise, chosen)


def replacements(name: str, tokens: Mapping[str, tuple[str, ...]], seed: str) -> Replacements:
    """By what each word is replaced in the variant `seed` of the exercise `name`.

    Two words never become the same. `tokens` are Exercise.tokens.
    """
    chosen: dict[str, str] = {}
    for token, choices in tokens.items():
        free = [choice for choice in choices if choice not in chosen.values()]
        if free:
            chosen[token] = free[_number(f"{name}/{token}/{seed}") % len(free)]
    return chosen


def varied(text: str, chosen: Replacements) -> str:
    """The text with every word replaced at once; a word within a file's name stays."""
    if not chosen:
        return text
    words = "|".join(re.escape(word) for word in sorted(chosen, key=len, reverse=True))
    pattern = rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])(?![A-Za-z0-9.-]*\.ya?ml)"
    return re.sub(pattern, lambda match: chosen[match[0]], text)


def varied_files(files: Mapping[str, str], chosen: Replacements) -> dict[str, str]:
    """As `varied`, for texts by path; the paths stay."""
    return {path: varied(text, chosen) for path, text in files.items()}


def _number(text: str) -> int:
    from hashlib import sha256

    return int.from_bytes(sha256(text.encode()).digest())
