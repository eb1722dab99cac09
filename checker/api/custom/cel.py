"""The part of CEL (Common Expression Language) that Gateway API's validation rules use.

A rule becomes a tree of closures once; each takes the variables and gives a value. The grammar
is https://github.com/google/cel-spec/blob/master/doc/langdef.md, less what no rule needs:
arithmetic beyond `+`, map literals, message construction.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Variables = dict[str, Any]
Expression = Callable[[Variables], Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<raw>r(?P<mark>\"{3}|'|\")(?P<rawtext>.*?)(?P=mark))"""
    r"""|(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""|(?P<number>\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||==|!=|<=|>=|[-+!<>?:.,()\[\]]))""",
    re.S,
)
_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">", "in")
_MACROS = ("all", "exists", "exists_one", "filter", "map")


class CelError(Exception):
    """An expression that cannot be evaluated for these values; the message is CEL's."""


def compile_rule(text: str) -> Expression:
    """The expression as a function of its variables. Raises ValueError for what it cannot read."""
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position = 0
        text = text.strip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise ValueError(f"cannot read CEL at {text[position : position + 20]!r}")
            position = match.end()
            if match["raw"] is not None:
                self._tokens.append(("text", match["rawtext"]))
            elif match["text"] is not None:
                self._tokens.append(("text", match["text"][1:-1]))
            else:
                kind = match.lastgroup or ""
                self._tokens.append((kind, match[kind]))
        self._at = 0

    def parse(self) -> Expression:
        expression = self._ternary()
        if self._at != len(self._tokens):
            raise ValueError(f"cannot read CEL from {self._tokens[self._at][1]!r} on")
        return expression

    def _peek(self, *signs: str) -> bool:
        if self._at >= len(self._tokens):
            return False
        kind, text = self._tokens[self._at]
        return kind in ("sign", "name") and text in signs

    def _take(self, *signs: str) -> bool:
        if self._peek(*signs):
            self._at += 1
            return True
        return False

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise ValueError(f"CEL: {sign!r} expected")

    def _next(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _ternary(self) -> Expression:
        condition = self._either()
        if not self._take("?"):
            return condition
        then = self._ternary()
        self._need(":")
        otherwise = self._ternary()
        return lambda v: then(v) if condition(v) else otherwise(v)

    def _either(self) -> Expression:
        left = self._both()
        while self._take("||"):
            left = _decide(left, self._both(), True)
        return left

    def _both(self) -> Expression:
        left = self._comparison()
        while self._take("&&"):
            left = _decide(left, self._comparison(), False)
        return left

    def _comparison(self) -> Expression:
        left = self._sum()
        while self._peek(*_COMPARISONS):
            left = _compare(self._next()[1], left, self._sum())
        return left

    def _sum(self) -> Expression:
        left = self._unary()
        while self._take("+"):
            left = _add(left, self._unary())
        return left

    def _unary(self) -> Expression:
        if self._take("!"):
            inner = self._unary()
            return lambda v: not inner(v)
        return self._member()

    def _member(self) -> Expression:
        value = self._primary()
        while True:
            if self._take("."):
                _, name = self._next()
                if self._take("("):
                    value = self._method(value, name)
                else:
                    value = _field(value, _unescaped(name))
            elif self._take("["):
                value = _item(value, self._ternary())
                self._need("]")
            else:
                return value

    def _primary(self) -> Expression:
        kind, text = self._next()
        if kind == "text":
            return lambda _: text
        if kind == "number":
            number = int(text)
            return lambda _: number
        if text == "(":
            inner = self._ternary()
            self._need(")")
            return inner
        if text == "[":
            return self._list()
        if text in ("true", "false"):
            truth = text == "true"
            return lambda _: truth
        if self._take("("):
            return self._function(text)
        return lambda v: v[text]

    def _arguments(self, closing: str) -> list[Expression]:
        found: list[Expression] = []
        while not self._take(closing):
            found.append(self._ternary())
            self._take(",")
        return found

    def _list(self) -> Expression:
        items = self._arguments("]")
        return lambda v: [item(v) for item in items]

    def _function(self, name: str) -> Expression:
        if name == "has":
            return self._has()
        (argument,) = self._arguments(")")
        function = _FUNCTIONS[name]
        return lambda v: function(argument(v))

    def _has(self) -> Expression:
        """`has(a.b.c)`: whether the last field is there; what is before it has to be."""
        start = self._at
        depth = 1
        while depth:
            _, text = self._next()
            depth += (text == "(") - (text == ")")
        field = _unescaped(self._tokens[self._at - 2][1])
        inner = _Parser("")
        inner._tokens = self._tokens[start : self._at - 3]
        holder = inner.parse()
        return lambda v: field in holder(v)

    def _method(self, value: Expression, name: str) -> Expression:
        if name in _MACROS:
            _, variable = self._next()
            self._need(",")
            body = self._ternary()
            self._need(")")
            return _macro(name, value, variable, body)
        arguments = self._arguments(")")
        method = _METHODS[name]
        return lambda v: method(value(v), *(argument(v) for argument in arguments))


def _unescaped(name: str) -> str:
    """Fields that are CEL's own words are written with underscores around."""
    return name[2:-2] if name.startswith("__") and name.endswith("__") else name


def _decide(left: Expression, right: Expression, deciding: bool) -> Expression:
    """`||` and `&&`: an error on one side is forgotten where the other side decides."""

    def evaluate(v: Variables) -> bool:
        try:
            first = bool(left(v))
        except CelError as error:
            try:
                if bool(right(v)) == deciding:
                    return deciding
            except CelError:
                pass
            raise error from None
        return deciding if first == deciding else bool(right(v))

    return evaluate


def _compare(sign: str, left: Expression, right: Expression) -> Expression:
    if sign == "==":
        return lambda v: bool(left(v) == right(v))
    if sign == "!=":
        return lambda v: bool(left(v) != right(v))
    if sign == "in":
        return lambda v: left(v) in right(v)
    if sign == "<":
        return lambda v: bool(left(v) < right(v))
    if sign == ">":
        return lambda v: bool(left(v) > right(v))
    if sign == "<=":
        return lambda v: bool(left(v) <= right(v))
    return lambda v: bool(left(v) >= right(v))


def _add(left: Expression, right: Expression) -> Expression:
    return lambda v: left(v) + right(v)


def _field(value: Expression, name: str) -> Expression:
    def evaluate(v: Variables) -> Any:
        holder = value(v)
        if not isinstance(holder, dict) or name not in holder:
            raise CelError(f"no such key: {name}")
        return holder[name]

    return evaluate


def _item(value: Expression, index: Expression) -> Expression:
    def evaluate(v: Variables) -> Any:
        holder, key = value(v), index(v)
        try:
            return holder[key]
        except (IndexError, KeyError, TypeError):
            raise CelError(f"index out of bounds: {key}") from None

    return evaluate


def _macro(name: str, value: Expression, variable: str, body: Expression) -> Expression:
    def over(v: Variables) -> list[tuple[Any, Any]]:
        return [(item, body({**v, variable: item})) for item in value(v)]

    if name == "all":
        return lambda v: all(body({**v, variable: item}) for item in value(v))
    if name == "exists":
        return lambda v: any(body({**v, variable: item}) for item in value(v))
    if name == "exists_one":
        return lambda v: sum(bool(found) for _, found in over(v)) == 1
    if name == "filter":
        return lambda v: [item for item, found in over(v) if found]
    return lambda v: [found for _, found in over(v)]


def _duration(text: str) -> float:
    """Seconds in a Go duration such as `1h30m` or `500ms`."""
    unit = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
    part = r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)"
    if not re.fullmatch(rf"[-+]?({part})+|0", text):
        raise CelError("type conversion error from 'string' to 'google.protobuf.Duration'")
    parts = re.findall(part, text)
    return sum(float(number) * unit[name] for number, name in parts)


_FUNCTIONS: dict[str, Callable[[Any], Any]] = {"size": len, "duration": _duration}
_METHODS: dict[str, Callable[..., Any]] = {
    "size": len,
    "matches": lambda text, form: re.search(form.replace(r"\z", r"\Z"), text) is not None,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": str.__contains__,
    "split": str.split,
}
