"""Why a finding matters and how to fix it: the texts are in `checker.api.texts`."""

from __future__ import annotations

from checker.api.texts import DEFAULTS, PAGES, TEXTS


def explain(rule: str, kind: str, field: str, message: str) -> tuple[str, str, str]:
    """The why, the fix and the page for a finding: the most particular text that fits.

    Texts are looked up by the rule and the end of the field without its indexes: for
    `spec.ports[1].name` first `Service spec.ports.name`, then `spec.ports.name`, then
    `ports.name`, then `name`, then by the rule alone.
    """
    page = PAGES.get(kind, PAGES[""])
    plain = _without_indexes(field)
    candidates = [f"{rule} {kind} {plain}"]
    while plain:
        candidates.append(f"{rule} {plain}")
        plain = plain.partition(".")[2]
    for candidate in candidates:
        if candidate in TEXTS:
            why, fix, *url = TEXTS[candidate]
            return why, fix, url[0] if url else page
    page = PAGES.get(rule, page)
    why, fix = DEFAULTS.get(rule, DEFAULTS["api-invalid"])
    return why, fix, page


def _without_indexes(field: str) -> str:
    if "[" not in field:
        return field
    plain, depth = [], 0
    for char in field:
        depth += (char == "[") - (char == "]")
        if depth == 0 and char != "]":
            plain.append(char)
    return "".join(plain)
