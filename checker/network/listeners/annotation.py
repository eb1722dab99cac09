"""The annotation `checker/listens: "8080/TCP, 127.0.0.1:9000/TCP, 53/UDP"` on a pod.

It says what listens where the checker cannot know. The protocol may be left out (TCP), an address
may stand before the port. `none` says that nothing listens.
"""

from __future__ import annotations

from checker.network.model import ANY_ADDRESS, Listener

ANNOTATION = "checker/listens"


def annotated(text: str, field: str) -> tuple[list[Listener], str]:
    """The listeners that the annotation's text names, and what of it could not be read."""
    listeners: list[Listener] = []
    for item in text.replace(";", ",").split(","):
        word = item.strip()
        if not word or word.lower() == "none":
            continue
        place, _, protocol = word.partition("/")
        address, _, port = place.rpartition(":")
        protocol = (protocol or "TCP").strip().upper()
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            return listeners, word
        if protocol not in ("TCP", "UDP", "SCTP"):
            return listeners, word
        address = address.strip("[] ")
        if address in (ANY_ADDRESS, "::", "*"):
            address = ""
        elif address == "localhost":
            address = "127.0.0.1"
        speaks = "any" if protocol == "TCP" else ""
        listeners.append(Listener(int(port), protocol, address, "", field, speaks))
    return listeners, ""
