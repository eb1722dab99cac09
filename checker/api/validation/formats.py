"""Formats of names, labels, ports: each function gives the failing messages, in order.

After `k8s.io/apimachinery/pkg/util/validation` and `pkg/api/validate/content`. Characters are
tested with sets: no regular expression needs compiling before the first answer.
"""

from __future__ import annotations

from functools import lru_cache

Messages = tuple[str, ...]
OK: Messages = ()

_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
_LOWER_ALNUM = _LOWER | _DIGITS
_LABEL = _LOWER_ALNUM | {"-"}
_ALNUM = _LOWER_ALNUM | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_KEY = _ALNUM | frozenset("-_.")
_C_IDENTIFIER = _ALNUM | {"_"}

_LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN_FORM = _LABEL_FORM + r"(\." + _LABEL_FORM + ")*"
_UNDERSCORE_FORM = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_LABEL_1035_FORM = "[a-z]([-a-z0-9]*[a-z0-9])?"
_KEY_FORM = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_ENV_FORM = "[-._a-zA-Z][-._a-zA-Z0-9]*"


def _used(form: str, *examples: str) -> str:
    listed = " or ".join(f"'{example}', " for example in examples)
    return f" (e.g. {listed}regex used for validation is '{form}')"


LABEL_MESSAGE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character" + _used(_LABEL_FORM, "my-name", "123-abc")
)
SUBDOMAIN_MESSAGE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character"
    + _used(_SUBDOMAIN_FORM, "example.com")
)
_KEY_RULE = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character" + _used(_KEY_FORM, "MyName", "my.name", "123-abc")
)


def size(text: str) -> int:
    """The length in bytes, which is what Go's `len` counts."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def max_length(limit: int, unit: str = "characters") -> str:
    return f"must be no more than {limit} {unit}"


def in_range(low: int, high: int) -> str:
    return f"must be between {low} and {high}, inclusive"


def _is_label(text: str) -> bool:
    return bool(text) and _LABEL.issuperset(text) and text[0] != "-" and text[-1] != "-"


def _is_subdomain(text: str) -> bool:
    return all(map(_is_label, text.split(".")))


@lru_cache(maxsize=4096)
def dns_1123_label(text: str) -> Messages:
    """`IsDNS1123Label`."""
    if _is_label(text) and len(text) <= 63:
        return OK
    messages = [max_length(63)] if size(text) > 63 else []
    if not _is_label(text):
        messages.append("must not contain dots" if _is_subdomain(text) else LABEL_MESSAGE)
    return tuple(messages)


@lru_cache(maxsize=4096)
def dns_1123_subdomain(text: str, unit: str = "characters") -> Messages:
    """`IsDNS1123Subdomain`; the package `content`, which checks label keys, counts bytes."""
    valid = _is_subdomain(text)
    if valid and len(text) <= 253:
        return OK
    messages = [max_length(253, unit)] if size(text) > 253 else []
    return tuple(messages) if valid else (*messages, SUBDOMAIN_MESSAGE)


def dns_1123_subdomain_with_underscore(text: str) -> Messages:
    """`IsDNS1123SubdomainWithUnderscore`."""
    messages = [max_length(253)] if size(text) > 253 else []
    allowed = _LABEL | {"_"}
    for part in text.split("."):
        core = part.removeprefix("_")
        if not (allowed.issuperset(part) and core and core[0] in _LOWER_ALNUM
                and core[-1] in _LOWER_ALNUM):  # fmt: skip
            form = _UNDERSCORE_FORM + r"(\." + _UNDERSCORE_FORM + ")*"
            messages.append(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                "characters, '_', '-' or '.', and must start and end with an alphanumeric "
                "character" + _used(form, "example.com")
            )
            break
    return tuple(messages)


def wildcard_dns_1123_subdomain(text: str) -> Messages:
    """`IsWildcardDNS1123Subdomain`."""
    messages = [max_length(253)] if size(text) > 253 else []
    if not (text.startswith("*.") and _is_subdomain(text[2:])):
        messages.append(
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS "
            "subdomain, which must consist of lower case alphanumeric characters, '-' or '.' "
            "and end with an alphanumeric character"
            + _used(r"\*\." + _SUBDOMAIN_FORM, "*.example.com")
        )
    return tuple(messages)


def dns_1035_label(text: str) -> Messages:
    """`IsDNS1035Label`."""
    messages = [max_length(63)] if size(text) > 63 else []
    if not (_is_label(text) and text[0] in _LOWER):
        messages.append(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start "
            "with an alphabetic character, and end with an alphanumeric character"
            + _used(_LABEL_1035_FORM, "my-name", "abc-123")
        )
    return tuple(messages)


def _is_key_name(text: str) -> bool:
    return _KEY.issuperset(text) and text[:1] in _ALNUM and text[-1:] in _ALNUM


@lru_cache(maxsize=4096)
def qualified_name(text: str) -> Messages:
    """`content.IsLabelKey`: label and annotation keys, and other qualified names."""
    prefix, slash, name = text.partition("/")
    if not slash:
        name = text
    if "/" in name:
        return (
            (
                f"a valid label key {_KEY_RULE} with an optional DNS subdomain prefix and '/' "
                "(e.g. 'example.com/MyName')"
            ),
        )
    messages: list[str] = []
    if slash and not prefix:
        messages.append("prefix part must be non-empty")
    elif slash:
        messages += ["prefix part " + text for text in dns_1123_subdomain(prefix, "bytes")]
    if not name:
        messages.append("name part must be non-empty")
    elif size(name) > 63:
        messages.append("name part " + max_length(63, "bytes"))
    if not name or not _is_key_name(name):
        messages.append("name part " + _KEY_RULE)
    return tuple(messages)


@lru_cache(maxsize=4096)
def label_value(text: str) -> Messages:
    """`content.IsLabelValue`."""
    valid = not text or _is_key_name(text)
    if valid and len(text) <= 63:
        return OK
    messages = [max_length(63, "bytes")] if size(text) > 63 else []
    if not valid:
        messages.append(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', "
            "'_' or '.', and must start and end with an alphanumeric character"
            + _used(f"({_KEY_FORM})?", "MyValue", "my_value", "12345")
        )
    return tuple(messages)


def port_number(number: int) -> Messages:
    """`IsValidPortNum`."""
    return OK if 1 <= number <= 65535 else (in_range(1, 65535),)


@lru_cache(maxsize=1024)
def port_name(text: str) -> Messages:
    """`IsValidPortName`: container port names, and whatever refers to them."""
    messages = []
    if size(text) > 15:
        messages.append(max_length(15))
    if not text or not _LABEL.issuperset(text):
        messages.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if _LOWER.isdisjoint(text):
        messages.append("must contain at least one letter (a-z)")
    if "--" in text:
        messages.append("must not contain consecutive hyphens")
    if text and (text[0] == "-" or text[-1] == "-"):
        messages.append("must not begin or end with a hyphen")
    return tuple(messages)


def percent(text: str) -> Messages:
    """`IsValidPercent`."""
    if text.endswith("%") and text[:-1] and _DIGITS.issuperset(text[:-1]):
        return OK
    return (
        "a valid percent string must be a numeric string followed by an ending '%'"
        + _used("[0-9]+%", "1%", "93%"),
    )


def http_header_name(text: str) -> Messages:
    """`IsHTTPHeaderName`."""
    if text and (_ALNUM | {"-"}).issuperset(text):
        return OK
    return (
        "a valid HTTP header must consist of alphanumeric characters or '-'"
        + _used("[-A-Za-z0-9]+", "X-Header-Name"),
    )


def relaxed_env_var_name(text: str) -> Messages:
    """`IsRelaxedEnvVarName`."""
    if not text:
        return ("environment variable name must be non-empty",)
    if text.isascii() and text.isprintable() and "=" not in text:
        return OK
    return (
        (
            "a valid environment variable name must consist only of printable ASCII characters "
            "other than '='"
        ),
    )


def env_var_name(text: str) -> Messages:
    """`IsEnvVarName`: what kubelets before 1.30 could take; warnings only."""
    messages = []
    if not (text and _KEY.issuperset(text) and text[0] not in _DIGITS):
        messages.append(
            "a valid environment variable name must consist of alphabetic characters, digits, "
            "'_', '-', or '.', and must not start with a digit"
            + _used(_ENV_FORM, "my.env-name", "MY_ENV.NAME", "MyEnvName1")
        )
    return (*messages, *_no_parent_folder(text))


def config_map_key(text: str) -> Messages:
    """`IsConfigMapKey`."""
    messages = [max_length(253)] if size(text) > 253 else []
    if not text or not _KEY.issuperset(text):
        messages.append(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
            + _used("[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name")
        )
    return (*messages, *_no_parent_folder(text))


def _no_parent_folder(text: str) -> Messages:
    if text in (".", ".."):
        return (f"must not be '{text}'",)
    return ("must not start with '..'",) if text.startswith("..") else OK


def c_identifier(text: str) -> Messages:
    """`IsCIdentifier`."""
    if text and _C_IDENTIFIER.issuperset(text) and text[0] not in _DIGITS:
        return OK
    return (
        "a valid C identifier must start with alphabetic character or '_', followed by a string "
        "of alphanumeric characters or '_'"
        + _used("[A-Za-z_][A-Za-z0-9_]*", "my_name", "MY_NAME", "MyName"),
    )


def path_segment(text: str) -> Messages:
    """`content.IsPathSegmentName`."""
    if text in (".", ".."):
        return (f"may not be '{text}'",)
    return path_segment_prefix(text)


def path_segment_prefix(text: str) -> Messages:
    """`content.IsPathSegmentPrefix`, for generateName."""
    return tuple(f"may not contain '{char}'" for char in "/%" if char in text)
