"""The small languages inside a manifest: quantities, schedules, addresses, CEL, Go's text."""

import pytest

from checker.api.custom.cel import compile_rule
from checker.api.gotext import printed, quote
from checker.api.quantity import QuantityError, parse_quantity
from checker.api.validation import addresses, formats
from checker.api.validation.cron_schedule import check_schedule


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0", "0"), ("100m", "100m"), ("0.1", "100m"), ("1000m", "1"), ("1Gi", "1Gi"),
        ("1024Mi", "1Gi"), ("1.5Gi", "1536Mi"), ("1e3", "1e3"), ("1000", "1k"), ("1500", "1500"),
        ("-1Ki", "-1Ki"), ("512", "512"),
    ],
)  # fmt: skip
def test_quantity_is_printed_canonically(text: str, canonical: str) -> None:
    assert str(parse_quantity(text)) == canonical


@pytest.mark.parametrize(
    ("text", "nano"),
    [
        ("3.001n", 4), ("1.1E-9", 2), ("0.0000000001", 1), ("0.0000000005", 1), ("0.5e-9", 1),
        ("0.9n", 1), ("0.00000012345", 124), ("0.00000012354", 124), ("9Ei", 2**63 * 10**9 - 10**9),
        ("9223372036854775807Ki", 2**63 * 10**9 - 10**9), ("100.035Ki", 102435840000000),
        ("0.05Gi", 53687091200000000), ("0.000000000001Ki", 2), (".001", 10**6),
        (".0001k", 10**8), ("1.", 10**9), ("1.G", 10**18), ("-3.001n", -4),
    ],
)  # fmt: skip
def test_quantity_is_exact_up_to_the_ninth_digit(text: str, nano: int) -> None:
    """The values of `k8s.io/apimachinery/pkg/api/resource: TestQuantityParse`."""
    assert parse_quantity(text).nano == nano


@pytest.mark.parametrize("text", ["", "1 Gi", "1gi", "Gi", "1e", "--1", "1.2.3"])
def test_no_quantity(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_quantity(text)


@pytest.mark.parametrize(
    "schedule",
    ["* * * * *", "*/5 0-6 1,15 jan-mar MON", "@hourly", "@every 1h30m", "0 0 1 1 ?"],
)
def test_schedule(schedule: str) -> None:
    check_schedule(schedule)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
        ("@often", "unrecognized descriptor: @often"),
    ],
)
def test_no_schedule(schedule: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        check_schedule(schedule)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "read"),
    [("10.0.0.1", "10.0.0.1"), ("010.0.0.1", "10.0.0.1"), ("::1", "::1"),
     ("::ffff:1.2.3.4", "1.2.3.4")],
)  # fmt: skip
def test_address_of_older_fields(text: str, read: str) -> None:
    address = addresses.parse_sloppy(text)
    assert address is not None
    assert addresses.go_text(address) == read


@pytest.mark.parametrize("text", ["", "10.0.0", "10.0.0.256", "fe80::1%eth0", "web"])
def test_no_address(text: str) -> None:
    assert addresses.parse_sloppy(text) is None


@pytest.mark.parametrize(
    ("name", "fine"),
    [("http", True), ("web-1", True), ("1", False), ("a--b", False), ("sixteen-letters-", False),
     ("fifteen-letters", True), ("Http", False), ("", False)],
)  # fmt: skip
def test_port_name(name: str, fine: bool) -> None:
    assert (not formats.port_name(name)) == fine


@pytest.mark.parametrize(
    ("rule", "value", "holds"),
    [
        ("self.port > 0 && self.port < 10", {"port": 3}, True),
        ("!has(self.a) || has(self.b)", {"a": 1}, False),
        ("self.all(l, self.exists_one(m, m == l))", ["a", "a"], False),
        ("self.protocol in ['TLS'] ? has(self.tls) : true", {"protocol": "TLS"}, False),
        ("size(self) == 2", [1, 2], True),
        ("self.startsWith('/') && !self.contains('//')", "/a", True),
        ("self.matches(r'^[a-z]+$')", "abC", False),
    ],
)  # fmt: skip
def test_cel(rule: str, value: object, holds: bool) -> None:
    assert compile_rule(rule)({"self": value}) is holds


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", '"a"'), (70000, "70000"), (True, "true"), (["a"], '["a"]'), (None, "null")],
)
def test_value_in_a_message(value: object, text: str) -> None:
    assert printed(value) == text


def test_quoted_as_go_does() -> None:
    assert quote('a"b\n\u200bé') == '"a\\"b\\n\\u200bé"'
