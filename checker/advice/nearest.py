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
