"""Which variant of an exercise an answer's folder belongs to: the seed in its file `.variant`.

Without that file it is the exercise as the course has it. The mark lies in the folder, so that
whoever copies, moves or hands in the folder takes it along.
"""

from __future__ import annotations

import os
from pathlib import Path

from checker.workspace.errors import InputError
from checker.workspace.input_files import read_file

VARIANT_FILE = ".variant"
#: The longest seed, in characters: more than any name or address needs.
LONGEST_SEED = 100


def recorded_seed(folder: Path) -> str:
    """The seed of the variant that `folder` answers, empty for the plain exercise.

    Raises InputError where the mark cannot be read, as guessing would grade another exercise.
    """
    file = folder / VARIANT_FILE
    if not os.path.lexists(file):
        return ""
    seed = read_file(file).strip()
    problem = seed_problem(seed)
    if problem:
        raise InputError(
            f"should hold the variant's seed, but {problem}; write it, or begin anew with "
            "`reset NAME --variant SEED`",
            str(file),
        )
    return seed


def seed_problem(seed: str) -> str:
    """What is wrong with a seed, empty where nothing is."""
    if not seed:
        return "it is empty"
    if len(seed) > LONGEST_SEED:
        return f"it is longer than {LONGEST_SEED} characters"
    if not seed.isprintable():
        return "it has signs that cannot be printed"
    return ""
