"""Whether the texts of a TLS Secret can be a certificate and its key.

After Go's `crypto/tls: X509KeyPair` and `encoding/pem: Decode`. What is inside a well-formed
certificate or key, and whether the two belong together, is not looked at.
"""

from __future__ import annotations

import base64
from typing import NamedTuple

_BEGIN, _END, _DASHES = b"-----BEGIN ", b"\n-----END ", b"-----"
_NO_BLOCK = "tls: failed to find any PEM data in {} input"
_SKIPPED = "after skipping PEM blocks of the following types:"


class _Block(NamedTuple):
    kind: str
    content: bytes


def pair_problem(certificate: bytes, key: bytes) -> tuple[str, str]:
    """Which of the two is at fault (`tls.crt`, `tls.key`), and Go's error; "" where none shows."""
    blocks = _blocks(certificate)
    certificates = [each.content for each in blocks if each.kind == "CERTIFICATE"]
    if not certificates:
        return "tls.crt", _no_certificate([each.kind for each in blocks])
    kinds: list[str] = []
    for block in _blocks(key):
        if block.kind == "PRIVATE KEY" or block.kind.endswith(" PRIVATE KEY"):
            length = _sequence_length(certificates[0])
            if length < 0:
                return "tls.crt", "x509: malformed certificate"
            if length < len(certificates[0]):
                return "tls.crt", "x509: trailing data"
            fits = _sequence_length(block.content) >= 0
            return "tls.key", "" if fits else "tls: failed to parse private key"
        kinds.append(block.kind)
    if not kinds:
        return "tls.key", _NO_BLOCK.format("key")
    if kinds == ["CERTIFICATE"]:
        problem = "tls: found a certificate rather than a key in the PEM for the private key"
        return "tls.key", problem
    missing = 'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input'
    return "tls.key", f"{missing} {_SKIPPED} [{' '.join(kinds)}]"


def _no_certificate(kinds: list[str]) -> str:
    if not kinds:
        return _NO_BLOCK.format("certificate")
    if len(kinds) == 1 and kinds[0].endswith("PRIVATE KEY"):
        return (
            "tls: failed to find certificate PEM data in certificate input, but did find a private "
            "key; PEM inputs may have been switched"
        )
    missing = 'tls: failed to find "CERTIFICATE" PEM block in certificate input'
    return f"{missing} {_SKIPPED} [{' '.join(kinds)}]"


def _blocks(text: bytes) -> list[_Block]:
    """All blocks that `pem.Decode` finds, one after the other."""
    found: list[_Block] = []
    position = 0
    while True:
        # The END line decides: what begins last before it is the block.
        end = text.find(_END, position)
        if end < 0:
            return found
        after = end + len(_END)
        begin = text.rfind(_BEGIN, position, end)
        at_line = begin == position or (begin > position and text[begin - 1 : begin] == b"\n")
        if begin < 0 or not at_line:
            position = after
            continue
        kind, start = _line(text, begin + len(_BEGIN))
        if not kind.endswith(_DASHES):
            position = after
            continue
        kind = kind[: -len(_DASHES)]
        headers = False
        while True:
            if start >= len(text):
                return found
            line, following = _line(text, start)
            if b":" not in line:
                break
            headers, start = True, following
        content = _content(text, kind, start, end, headers)
        if content is None:
            position = after
            continue
        found.append(_Block(kind.decode("utf-8", "replace"), content))
        # An empty block may have matched the line end before its content.
        position = _line(text, end + len(_END) - 1)[1]


def _content(text: bytes, kind: bytes, start: int, end: int, headers: bool) -> bytes | None:
    """What is between the headers and the END line, None where that is no block's."""
    if headers and end < start:
        return None
    closing, _ = _line(text, end + len(_END))
    if closing != kind + _DASHES:
        return None
    if end <= start:
        return b""
    data = text[start:end].translate(None, b" \t")
    from checker.api.decode.scalars import base64_problem

    if not data.isascii() or base64_problem(data.decode()) is not None:
        return None
    return base64.b64decode(data)


def _line(text: bytes, start: int) -> tuple[bytes, int]:
    """The line at `start` without blanks at its end, and where the next one begins."""
    end = text.find(b"\n", start)
    if end < 0:
        return text[start:].rstrip(b" \t"), len(text)
    line = text[start:end]
    return line.removesuffix(b"\r").rstrip(b" \t"), end + 1


def _sequence_length(content: bytes) -> int:
    """How long the DER sequence is that `content` begins with, -1 where it begins with none."""
    if len(content) < 2 or content[0] != 0x30:
        return -1
    length, header = content[1], 2
    if length & 0x80:
        count = length & 0x7F
        length, header = int.from_bytes(content[2 : 2 + count]), 2 + count
        # The shortest form is the only one.
        if not 1 <= count <= 4 or length < 128 or length >> (count - 1) * 8 == 0:
            return -1
    return header + length if header + length <= len(content) else -1
