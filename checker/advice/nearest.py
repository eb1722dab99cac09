"""What may have been meant: the nearest of some words, and the nearest pods of a selector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.advice.found import listed
from checker.network.model import PodTemplate

#: Comparing words costs; among more than this many none is looked for.
_LIMIT = 100
_ALIKE = 0.75


def nearest_word(word: str, words: Iterable[str]) -> str:
    """The most similar of the words, "" where none is alike."""
    candidates = {one for one in words if len(one) > 1}
    if not word or len(candidates) > _LIMIT:
        return ""
    from difflib import get_close_matches

    alike = get_close_matches(word, candidates, 1, _ALIKE)
    # `web` and `web-app` are not alike by their letters.
    alike += sorted(one for one in candidates if one in word or word in one)
    return alike[0] if alike else ""


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ as a slip of the pen makes them differ: `front-end`, `fronted`.

    By their hyphens alone, in one part by a letter more, less or other, or two that are swapped, or
    as one of a thing and many (`cart`, `carts`). What counts or tells twins apart is no slip: `v1`
    and `v2`, `zone-a` and `zone-b`.
    """
    first, second = _parts(one), _parts(other)
    if "".join(first) == "".join(second):
        return [*filter(_holds_digit, first)] == [*filter(_holds_digit, second)]
    if len(first) != len(second):
        return False
    differing = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    (part, meant), *more = differing
    shorter, longer = sorted((part, meant), key=len)
    if not more and len(shorter) > 2 and longer == f"{shorter}s":
        return True
    if more or len(shorter) < 5 or any(map(_holds_digit, (part, meant))):
        return False
    # `nodea` and `nodeb` are two.
    return part[:-1] != meant[:-1] and _edits(part, meant) == 1


def _parts(word: str) -> list[str]:
    plain = "".join(sign if sign.isalnum() else " " for sign in word.lower())
    return plain.split()


def _holds_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def _edits(one: str, other: str) -> int:
    """How many letters to add, drop, change or swap with their neighbour (Damerau, restricted)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        line = [row]
        for column, letter in enumerate(other, 1):
            best = min(last[column] + 1, line[-1] + 1, last[column - 1] + (sign != letter))
            swapped = row > 1 < column and sign == other[column - 2] and letter == one[row - 2]
            line.append(min(best, before[column - 2] + 1) if swapped else best)
        before, last = last, line
    return last[-1]


def nearest_template(
    templates: Sequence[PodTemplate], wanted: dict[str, str]
) -> tuple[PodTemplate, str] | None:
    """The template that misses the fewest of the wanted labels, and what it has instead.

    None where no template shares a label, or has an alike value for one.
    """
    alike = {
        (key, nearest_word(value, (template.labels.get(key, "") for template in templates)))
        for key, value in wanted.items()
    }
    best: tuple[int, PodTemplate] | None = None
    for template in templates:
        missing = sum(template.labels.get(key) != value for key, value in wanted.items())
        shares = missing < len(wanted) or any(
            value and template.labels.get(key) == value for key, value in alike
        )
        if shares and (best is None or missing < best[0]):
            best = missing, template
    return (best[1], _differences(best[1].labels, wanted)) if best else None


def _differences(has: dict[str, str], wanted: dict[str, str]) -> str:
    return listed(
        f"{key}={has[key]}, not {value}" if key in has else f"no label {key}"
        for key, value in wanted.items()
        if has.get(key) != value
    )
