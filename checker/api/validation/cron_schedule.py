"""Cron schedules. After `github.com/robfig/cron/v3: ParseStandard`, with its messages."""

from __future__ import annotations

from typing import NamedTuple

from checker.api.gotext import quote


class ScheduleError(ValueError):
    """A schedule that cannot be read; the message is the parser's."""


class _Field(NamedTuple):
    low: int
    high: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field(0, 59),
    _Field(0, 23),
    _Field(1, 31),
    _Field(
        1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    ),
    _Field(0, 6, ("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
)
_DESCRIPTORS = frozenset(
    ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
)


def check_schedule(schedule: str) -> None:
    """Raises ScheduleError for what is no schedule."""
    text = schedule
    if text.startswith(("TZ=", "CRON_TZ=")):
        text = text.partition(" ")[2].strip()
    if text.startswith("@"):
        _check_descriptor(text)
        return
    fields = text.split()
    if len(fields) != len(_FIELDS):
        found = f"found {len(fields)}: [{' '.join(fields)}]"
        raise ScheduleError(f"expected exactly {len(_FIELDS)} fields, {found}")
    for text, field in zip(fields, _FIELDS, strict=True):
        for expression in filter(None, text.split(",")):
            _check_range(expression, field)


def _check_descriptor(text: str) -> None:
    import re

    if text in _DESCRIPTORS:
        return
    if not text.startswith("@every "):
        raise ScheduleError(f"unrecognized descriptor: {text}")
    duration = text.removeprefix("@every ")
    if not re.fullmatch(r"[-+]?(0|(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+", duration):
        problem = f"time: invalid duration {quote(duration)}"
        if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", duration):
            problem = f"time: missing unit in duration {quote(duration)}"
        raise ScheduleError(f"failed to parse duration {text}: {problem}")


def _check_range(expression: str, field: _Field) -> None:
    """`getRange`."""
    parts = expression.split("/")
    ends = parts[0].split("-")
    if ends[0] in ("*", "?"):
        start, end = field.low, field.high
    else:
        start = _number_or_name(ends[0], field)
        if len(ends) > 2:
            raise ScheduleError(f"too many hyphens: {expression}")
        end = _number_or_name(ends[1], field) if len(ends) == 2 else start
    step = 1
    if len(parts) == 2:
        step = _number(parts[1])
        if len(ends) == 1:
            end = field.high
    elif len(parts) > 2:
        raise ScheduleError(f"too many slashes: {expression}")
    low, high = field.low, field.high
    if start < low:
        raise ScheduleError(f"beginning of range ({start}) below minimum ({low}): {expression}")
    if end > high:
        raise ScheduleError(f"end of range ({end}) above maximum ({high}): {expression}")
    if start > end:
        beyond = f"beginning of range ({start}) beyond end of range ({end})"
        raise ScheduleError(f"{beyond}: {expression}")
    if step == 0:
        raise ScheduleError(f"step of range should be a positive number: {expression}")


def _number_or_name(text: str, field: _Field) -> int:
    if text.lower() in field.names:
        return field.names.index(text.lower()) + field.low
    return _number(text)


def _number(text: str) -> int:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        problem = f"strconv.Atoi: parsing {quote(text)}: invalid syntax"
        raise ScheduleError(f"failed to parse int from {text}: {problem}")
    if len(digits) > 18:
        problem = f"strconv.Atoi: parsing {quote(text)}: value out of range"
        raise ScheduleError(f"failed to parse int from {text}: {problem}")
    number = int(text)
    if number < 0:
        raise ScheduleError(f"negative number ({number}) not allowed: {text}")
    return number
