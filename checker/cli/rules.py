"""Rules by their ids: for `explain`, and so that a misspelt id in `--select` is noticed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.cli.errors import UsageError
from checker.cli.names import nearest
from checker.cli.options import Options


def known_rules() -> list[str]:
    """The ids of all rules."""
    from checker.advice import rules

    return [rule.id for rule in rules()]


def chosen(given: Sequence[str] | None, option: str) -> list[str]:
    """The patterns in `--select a,b --select c`. Raises UsageError for one that fits no rule.

    A misspelt rule would silence nothing, or everything, and nobody would notice.
    """
    if not given:
        return []
    patterns = [rule.strip() for part in given for rule in part.split(",") if rule.strip()]
    if not patterns:
        raise UsageError(f"{option} names no rule")
    known = known_rules()
    for pattern in patterns:
        if "*" in pattern[:-1]:
            raise UsageError(f"{pattern!r}: a * may only end a rule's name")
        if not any(matches(pattern, rule) for rule in known):
            raise unknown_rule(pattern, known)
    return patterns


def matches(pattern: str, rule: str) -> bool:
    """Whether `pattern` is the rule's id, or its beginning with a `*` after it."""
    if pattern.endswith("*"):
        return rule.startswith(pattern[:-1])
    return rule == pattern


def is_wanted(rule: str, options: Options) -> bool:
    """Whether `--select` and `--ignore` leave the rule in."""
    if options.select and not any(matches(pattern, rule) for pattern in options.select):
        return False
    return not any(matches(pattern, rule) for pattern in options.ignore)


def unknown_rule(rule: str, known: Iterable[str]) -> UsageError:
    """The sentence for a rule that is not there."""
    meant = nearest(rule, known)
    guess = f"did you mean `{meant}`?" if meant else "`python -m checker explain` lists all"
    return UsageError(f"there is no rule {rule!r}; {guess}")
