"""Programs whose command line is the program: python, nc, socat, busybox."""

from __future__ import annotations

from checker.network.listeners.options import Word, parse
from checker.network.listeners.server import read_address
from checker.network.model import Ending, Listener, Program


def special_program(name: str, line: list[Word]) -> Program | None:
    """The program, or None where `name` is none of these."""
    if (name.startswith("python") and name[6:].replace(".", "").isdigit()) or name == "python":
        return _python(line)
    if name == "busybox" and len(line) > 1 and line[1].text:
        return special_program(line[1].text, line[1:])
    if name in ("nc", "netcat", "ncat", "nc.traditional"):
        return _netcat(line)
    if name == "httpd":
        return _busybox_httpd(line)
    if name == "socat":
        return _socat(line)
    if name in ("sleep", "true", "false", "node") and name == "node":
        return _node(line)
    return None


def _number(word: Word | None) -> int:
    text = word.text if word else None
    return int(text) if text and text.isascii() and text.isdigit() and int(text) < 65536 else 0


def _python(line: list[Word]) -> Program:
    words = [word for word in line[1:] if word.text not in ("-u", "-B", "-I", "-q")]
    if not words:
        # An interactive interpreter without a terminal reads its end and goes.
        return Program("python", (), True, line[0].field, Ending.COMPLETES)
    if len(words) > 1 and words[0].text == "-m" and words[1].text in ("http.server",):
        options = parse(words[2:], ("-b", "--bind", "-d", "--directory", "-p", "--protocol"))
        bind = options.values.get("--bind") or options.values.get("-b")
        said = options.operands[0] if options.operands else None
        if options.has_unknown or (bind and bind.text is None):
            return _unclear("python -m http.server", line[0].field)
        port = _number(said) if said else 8000
        address = ""
        if bind and bind.text:
            address = (read_address(f"{bind.text}:{port}", str(port), "") or ("", 0))[0]
        field = said.field if said else words[1].field
        if not port:
            reason = f"{said.text if said else ''!r} is no port"
            return Program("python -m http.server", (), True, field, Ending.CRASHES, reason)
        return Program(
            "python -m http.server",
            (Listener(port, "TCP", address, "", field, "http"),),
            True,
            words[1].field,
            http={"/": 200},
        )
    return Program("python", (), False, words[0].field, reason="what this Python code does is open")


def _node(line: list[Word]) -> Program:
    if len(line) == 1:
        return Program("node", (), True, line[0].field, Ending.COMPLETES)
    return Program(
        "node", (), False, line[1].field, reason="what this JavaScript code does is open"
    )


def _netcat(line: list[Word]) -> Program:
    words: list[Word] = []
    for word in line[1:]:
        text = word.text or ""
        if text.startswith("-") and not text.startswith("--") and len(text) > 2:
            # `-lkp 8080`: single letters in one word, the last of which takes the value.
            words += [Word(f"-{letter}", word.field) for letter in text[1:]]
        else:
            words.append(word)
    options = parse(words, ("-p", "-s", "-e", "-w", "-i", "-q", "-c", "--port"))
    if "-l" not in options.values and "--listen" not in options.values:
        return Program("nc", (), True, line[0].field, Ending.COMPLETES)
    said = options.values.get("-p") or (options.operands[-1] if options.operands else None)
    port = _number(said)
    if said is None or not port:
        return _unclear("nc", line[0].field)
    address = ""
    source = options.values.get("-s") or (
        options.operands[0] if len(options.operands) > 1 else None
    )
    if source is not None and source.text:
        address = (read_address(f"{source.text}:{port}", str(port), "") or ("", 0))[0]
    udp = "-u" in options.values
    listener = Listener(
        port, "UDP" if udp else "TCP", address, "", said.field, "" if udp else "tcp"
    )
    stays = "-k" in options.values or ("-e" in options.values and "-lk" in str(line[1].text))
    # Without -k the first connection is the last; in a loop another nc follows it.
    ending = Ending.STAYS if stays else Ending.COMPLETES
    return Program("nc", (listener,), True, line[0].field, ending)


def _busybox_httpd(line: list[Word]) -> Program:
    options = parse(line[1:], ("-p", "-h", "-c", "-u", "-r"))
    said = options.values.get("-p")
    taken = read_address(said.text, "80", "") if said and said.text else ("", 80)
    if taken is None or options.has_unknown:
        return _unclear("httpd", line[0].field)
    flags = "".join(name for name in options.values if not name.startswith("--"))
    field = said.field if said else line[0].field
    listener = Listener(taken[1], "TCP", taken[0], "", field, "http")
    if "f" not in flags:
        # It goes to the background, so the container's main process ends.
        return Program("httpd", (listener,), True, line[0].field, Ending.COMPLETES)
    return Program("httpd", (listener,), True, line[0].field)


def _socat(line: list[Word]) -> Program:
    kinds = {"TCP": ("TCP", "tcp"), "UDP": ("UDP", ""), "SCTP": ("SCTP", "")}
    for word in line[1:]:
        if word.text is None:
            return _unclear("socat", line[0].field)
        place, *settings = word.text.split(",")
        head, _, port = place.partition(":")
        kind = head.upper()
        for base, (protocol, speaks) in kinds.items():
            names = {f"{base}-{how}" for how in ("LISTEN", "L", "RECVFROM", "RECV")}
            names |= {f"{base}4-{how}" for how in ("LISTEN", "L", "RECVFROM", "RECV")}
            if kind in names and port.isdigit():
                bind = next((one[5:] for one in settings if one.startswith("bind=")), "")
                address = (read_address(f"{bind}:{port}", port, "") or ("", 0))[0] if bind else ""
                ending = Ending.STAYS if "fork" in settings else Ending.COMPLETES
                listener = Listener(int(port), protocol, address, "", word.field, speaks)
                return Program("socat", (listener,), True, line[0].field, ending)
    return Program("socat", (), True, line[0].field, Ending.COMPLETES)


def _unclear(name: str, field: str) -> Program:
    return Program(name, (), False, field, reason=f"the port of this {name} is not known")
