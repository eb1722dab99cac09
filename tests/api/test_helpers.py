"""The small languages inside a manifest: quantities, schedules, addresses, CEL, Go's text."""

import pytest

from checker.api.custom.cel import compile_rule
from checker.api.gotext import printed, quote
from checker.api.quantity import QuantityError, parse_quantity
from checker.api.validation import addresses, formats
from checker.api.validation.cron_schedule import check_schedule
from checker.api.validation.json_text import object_problem


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


@pytest.mark.parametrize("text", ["", "1 Gi", "1gi", "Ei", "1e", "--1", "1.2.3", "1\n"])
def test_no_quantity(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Gi", "0"), ("m", "0"), ("-", "0"), (".", "0"), ("000", "0"), ("01", "01"), ("+2", "+2"),
        ("1.500M", "1.500M"), ("1.5M", "1500k"), ("1e+3", "1e+3"), ("10e3", "10e3"), ("8Gi", "8Gi"),
        ("1000E", "1"), ("12E", "12E"), ("16Ei", "9223372036854775807"),
        ("1e4294967296", "1e4294967296"),
        (" 1Gi ", "1Gi"), ("0.5Gi", "512Mi"), ("1.1Ki", "1126400m"), ("1e-10", "1e-9"),
    ],
)  # fmt: skip
def test_quantity_is_printed_as_the_server_does(text: str, printed: str) -> None:
    """`resource.Quantity.UnmarshalJSON` and `String` of apimachinery 0.36, run on these."""
    assert str(parse_quantity(text)) == printed


def test_quantities_add_up_and_are_rounded_up() -> None:
    """`Quantity.Add` keeps the notation of the first that is not 0; `RoundUp` goes away from 0."""
    assert str(parse_quantity("1Gi") + parse_quantity("1M")) == "1074741824"
    assert str(parse_quantity("0") + parse_quantity("1Gi")) == "1Gi"
    assert str(parse_quantity("100u").rounded_up()) == "1m"
    assert str(parse_quantity("-100u").rounded_up()) == "-1m"
    assert str(parse_quantity("1.5").rounded_up()) == "1500m"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "unexpected end of JSON input"),
        (b'{"a": "b', "unexpected end of JSON input"),
        (b"-", "invalid character ' ' in numeric literal"),
        (b"{'a': 1}", "invalid character '\\'' looking for beginning of object key string"),
        (b'"\\u12x4"', "invalid character 'x' in \\u hexadecimal character escape"),
        (b'{"a": 1} x', "invalid character 'x' after top-level value"),
        (b"\xc3", "invalid character '\u00c3' looking for beginning of value"),
        (b"[" * 10001, "invalid character '[' exceeded max depth"),
        (b"[]", "json: cannot unmarshal array into Go value of type map[string]interface {}"),
        (b'{"a": 1e999}', "json: cannot unmarshal number 1e999 into Go value of type float64"),
        (b'{"a": [{}, null, -0.5e+1, "\\n"]}', ""),
        (b"null", ""),
    ],
)
def test_json_text(text: bytes, problem: str) -> None:
    """`encoding/json: Unmarshal` into a map, run on these."""
    assert object_problem(text) == problem


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
