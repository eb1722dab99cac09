"""What an exec probe's command comes to, where what runs beside it decides that.

The command runs in the container (`pkg/kubelet/prober/prober.go: runProbe`): in its files, and in
the network that the pod's containers share. Anything that the manifest does not tell is None.
"""

from __future__ import annotations

from collections.abc import Sequence

from checker.network.listeners import Environment
from checker.network.listeners.options import Word
from checker.network.model import Ending, Listener, Program

#: Clients that succeed where their server runs in the same container.
_CLIENTS = {
    "redis-cli": "redis",
    "valkey-cli": "redis",
    "pg_isready": "postgres",
    "psql": "postgres",
    "mysqladmin": "mysql",
    "mariadb-admin": "mariadb",
    "mongosh": "mongo",
    "mongo": "mongo",
    "rabbitmq-diagnostics": "rabbitmq",
}
_LOOPBACK = ("localhost", "127.0.0.1")


def succeeds(
    command: Sequence[str],
    program: Program,
    mounts: Sequence[str],
    listeners: Sequence[Listener],
    all_known: bool,
) -> bool | None:
    """Whether `command` ends with 0 once `program`, its container's, runs.

    `mounts` are the container's mount paths; `listeners` the pod's, which are all there are if
    `all_known`.
    """
    words = " ".join(command).split()
    if len(command) == 3 and command[1].endswith("c"):
        words = command[2].split()
    name = words[0].rsplit("/", 1)[-1] if words else ""
    if name == "true" or words == ["exit", "0"]:
        return True
    if name == "false" or words == ["exit", "1"]:
        return False
    if name in _CLIENTS and _CLIENTS[name] == program.name:
        return True
    if name == "agnhost":
        if words[1:2] == ["connect"]:
            return _connects(words[2:], listeners, all_known)
        return _ends_well(words[1:])
    path = _asked_for(words)
    if path and program.known and program.name.startswith("agnhost "):
        return None if any(path.startswith(mount) for mount in mounts) else False
    return None


def _connects(words: Sequence[str], listeners: Sequence[Listener], all_known: bool) -> bool | None:
    """`agnhost connect HOST:PORT`, from inside the pod."""
    target = next((one for one in words if ":" in one and not one.startswith("-")), "")
    host, _, port = target.rpartition(":")
    if host not in _LOOPBACK or not port.isdigit() or any("sctp" in one for one in words):
        return None
    protocol = "UDP" if any("udp" in one for one in words) else "TCP"
    for one in listeners:
        if (one.port, one.protocol) == (int(port), protocol) and (
            not one.address or one.is_loopback
        ):
            return True
    return False if all_known else None


def _ends_well(words: Sequence[str]) -> bool | None:
    """Another subcommand of agnhost: one that goes on runs into the probe's timeout."""
    from checker.network.listeners.agnhost import agnhost_program
    from checker.network.listeners.table import agnhost_entry

    if words and (agnhost_entry(words[0]) or {}).get("lenient"):
        return None
    program = agnhost_program([Word(one, "") for one in words], "", Environment({}, {}, True))
    return program.ending is Ending.COMPLETES if program.known else None


def _asked_for(words: Sequence[str]) -> str:
    """The file in /tmp that a command wants to be there: agnhost itself puts none there."""
    if len(words) == 2 and words[0] in ("cat", "ls", "stat", "/bin/cat", "/bin/ls"):
        path = words[1]
    elif len(words) >= 3 and words[0] in ("test", "[") and words[1] in ("-f", "-e"):
        path = words[2]
    else:
        return ""
    return path if path.startswith("/tmp/") and not path.endswith("/") else ""  # noqa: S108  # asked about, not written
