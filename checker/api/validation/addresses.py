"""IP addresses and CIDR ranges, as strictly as 1.36 takes new ones (`StrictIPCIDRValidation`).

After `k8s.io/apimachinery/pkg/util/validation: ip.go`. Go reads addresses sloppily first
(leading zeros allowed) to tell what is no address at all from what is badly written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.api.gotext import quote
from checker.api.validation.errors import Errors

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

    Address = IPv4Address | IPv6Address


def _parse_strict(text: str) -> Address | None:
    """`netip.ParseAddr`, which knows no leading zeros; zones are kept out here."""
    # ipaddress takes 5 ms to import; most objects hold no address.
    import ipaddress

    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def parse_sloppy(text: str) -> Address | None:
    """`netutils.ParseIPSloppy`: an address, leading zeros of IPv4 parts read as decimal."""
    if "%" in text:
        return None
    found = _parse_strict(text)
    if found is not None:
        return found
    head, colon, tail = text.rpartition(":")
    parts = tail.split(".")
    if len(parts) == 4 and all(part.isascii() and part.isdigit() for part in parts):
        return _parse_strict(head + colon + ".".join(part.lstrip("0") or "0" for part in parts))
    return None


def _is_mapped(address: Address) -> bool:
    return address.version == 6 and getattr(address, "ipv4_mapped", None) is not None


def go_text(address: Address) -> str:
    """As `net.IP.String` writes it: an IPv4-mapped address as IPv4."""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped) if mapped is not None else str(address)


def is_ipv6(text: str) -> bool:
    """`netutils.IsIPv6String`."""
    address = parse_sloppy(text)
    return address is not None and address.version == 6 and not _is_mapped(address)


def validate_ip_for_legacy_field(text: str, path: str, errors: Errors) -> bool:
    """`IsValidIPForLegacyField`. Returns whether the address is good."""
    before = len(errors)
    address = parse_sloppy(text)
    if address is None:
        errors.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
        return False
    if _parse_strict(text) is None:
        errors.invalid(path, text, "must not have leading 0s")
    elif _is_mapped(address):
        errors.invalid(path, text, "must not be an IPv4-mapped IPv6 address")
    return len(errors) == before


def validate_ip(text: str, path: str, errors: Errors) -> None:
    """`IsValidIP`: in canonical form too."""
    if validate_ip_for_legacy_field(text, path, errors):
        address = parse_sloppy(text)
        if address is not None and go_text(address) != text:
            errors.invalid(path, text, f"must be in canonical form ({quote(go_text(address))})")


def parse_cidr_sloppy(text: str) -> tuple[Address, int] | None:
    """`netutils.ParseCIDRSloppy`: the address as written, and the prefix length."""
    address_text, slash, length_text = text.partition("/")
    if not slash or not (length_text.isascii() and length_text.isdigit()):
        return None
    address = parse_sloppy(address_text)
    if address is None:
        return None
    length = int(length_text)
    return (address, length) if length <= address.max_prefixlen else None


def network_text(text: str) -> str:
    """A range with the bits beyond its prefix cleared."""
    import ipaddress

    parsed = parse_cidr_sloppy(text)
    if parsed is None:
        return text
    address, length = parsed
    return str(ipaddress.ip_network((address, length), strict=False))


def validate_cidr_for_legacy_field(text: str, path: str, errors: Errors) -> bool:
    """`IsValidCIDRForLegacyField`. Returns whether the range is good."""
    parsed = parse_cidr_sloppy(text)
    if parsed is None:
        errors.invalid(
            path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
        )
        return False
    address, length = parsed
    address_text, _, length_text = text.partition("/")
    if _parse_strict(address_text) is None or (length_text[0] == "0" and length_text != "0"):
        errors.invalid(path, text, "must not have leading 0s in IP or prefix length")
    elif _is_mapped(address):
        errors.invalid(path, text, "must not have an IPv4-mapped IPv6 address")
    elif int(address) & ((1 << (address.max_prefixlen - length)) - 1):
        errors.invalid(path, text, "must not have bits set beyond the prefix length")
    else:
        return True
    return False


def warnings_for_ip(text: str, path: str) -> list[str]:
    """`GetWarningsForIP`; for an address that passed validation."""
    address = parse_sloppy(text)
    if address is None:
        return []
    strict = _parse_strict(text)
    if strict is None or _is_mapped(strict):
        proper = quote(go_text(address))
        return [f"{path}: non-standard IP address {quote(text)} is invalid: use {proper}"]
    if strict.version == 6 and str(strict) != text:
        form = f"should be in RFC 5952 canonical format ({quote(str(strict))})"
        return [f"{path}: IPv6 address {quote(text)} {form}"]
    return []


def warnings_for_cidr(text: str, path: str) -> list[str]:
    """`GetWarningsForCIDR`; for a range that passed validation."""
    parsed = parse_cidr_sloppy(text)
    if parsed is None:
        return []
    address, length = parsed
    proper = network_text(text)
    warnings = []
    if int(address) & ((1 << (address.max_prefixlen - length)) - 1):
        single = quote(f"{go_text(address)}/{length}")
        choice = f"(should be {quote(proper)} or {single}?)"
        warnings.append(f"{path}: CIDR value {quote(text)} is ambiguous in this context {choice}")
    if _parse_strict(text.partition("/")[0]) is None or _is_mapped(address):
        warnings.append(
            f"{path}: non-standard CIDR value {quote(text)} is invalid: use {quote(proper)}"
        )
    canonical = f"{address}/{length}"
    if not warnings and address.version == 6 and canonical != text:
        form = f"should be in RFC 5952 canonical format ({quote(canonical)})"
        warnings.append(f"{path}: IPv6 CIDR value {quote(text)} {form}")
    return warnings
