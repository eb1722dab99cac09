"""A project's settings, held to what the options of the same names may be."""

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from checker.cli.errors import UsageError
from checker.cli.names import nearest
from checker.cli.option_values import (
    PROXY_MODES,
    SEVERITIES,
    cidr,
    node_count,
    port_range,
    service_cidr,
)
from checker.workspace.errors import InputError
from checker.workspace.settings_file import find_settings


class Settings(NamedTuple):
    """`options` are defaults by the names that argparse gives them; `select`, `ignore` and
    `exclude` are lists that an option of the same name replaces. `baseline` is a path from this
    folder, `exclude` has patterns for `folder`, the settings' own.
    """

    options: dict[str, Any]
    select: list[str]
    ignore: list[str]
    baseline: str | None
    exclude: list[str]
    folder: str


NONE = Settings({}, [], [], None, [], "")


def project_settings() -> Settings:
    """The settings for the current folder. Raises InputError, with the file's name in it."""
    try:
        here = os.getcwd()
    except OSError:
        # The folder is gone; what the paths name may be there all the same.
        return NONE
    found = find_settings(here)
    if found is None:
        return NONE
    from argparse import ArgumentTypeError

    file = found.file
    checks = _checks()
    values: dict[str, Any] = {}
    for key, value in found.table.items():
        check = checks.get(key)
        if check is None:
            meant = nearest(key, checks)
            guess = f"did you mean `{meant}`?" if meant else f"there are {', '.join(checks)}"
            raise InputError(f"has a key `{key}` that the checker does not know; {guess}", file)
        try:
            values[key.replace("-", "_")] = check(value)
        except (ArgumentTypeError, UsageError) as error:
            raise InputError(f"has a wrong `{key}`: {error}", file) from error
    select, ignore = values.pop("select", []), values.pop("ignore", [])
    exclude, baseline = values.pop("exclude", []), values.pop("baseline", None)
    folder = os.path.dirname(found.file)
    if baseline is not None:
        baseline = os.path.join(folder, baseline)
    return Settings(values, select, ignore, baseline, exclude, folder)


def _checks() -> dict[str, Callable[[Any], Any]]:
    """The keys, and for each what makes a value of the option's type of it."""
    return {
        "select": _rules,
        "ignore": _rules,
        "exclude": _patterns,
        "fail-on": _one_of(SEVERITIES[::-1]),
        "baseline": _text,
        "namespace": _text,
        "nodes": _number(node_count),
        "pod-cidr": lambda value: cidr(_text(value)),
        "service-cidr": lambda value: service_cidr(_text(value)),
        "node-port-range": lambda value: port_range(_text(value)),
        "proxy-mode": _one_of(PROXY_MODES),
    }


def _rules(value: Any) -> list[str]:
    from checker.cli.rules import chosen

    if not isinstance(value, list) or not all(isinstance(rule, str) for rule in value):
        raise UsageError('it is no list of rules, as ["api-*", "selector-matches-nothing"]')
    return chosen(value, "it") if value else []


def _patterns(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise UsageError('it is no list of patterns, as ["charts", "*.tpl.yaml"]')
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise UsageError("it is no text, or empty")
    return value


def _number(check: Callable[[str], int]) -> Callable[[Any], int]:
    def held(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise UsageError("it is no whole number")
        return check(str(value))

    return held


def _one_of(words: tuple[str, ...]) -> Callable[[Any], str]:
    def held(value: Any) -> str:
        if value not in words:
            raise UsageError(f"it is {value!r}; there are {', '.join(words)}")
        return str(value)

    return held
