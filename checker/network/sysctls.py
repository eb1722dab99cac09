"""Values of sysctls that the kernel does not take: then a pod's sandbox is never made.

The container runtime writes them when it starts the sandbox. A write that the kernel refuses
(`invalid argument`) ends that, and the kubelet tries again for ever: the pod has no address. Which
values those are is the kernel's matter (`kernel/sysctl.c: __do_proc_dointvec`: it reads as many
numbers as the parameter has, each followed by white space or the end, and ignores the rest;
`net/ipv4/sysctl_net_ipv4.c` for ranges). The cases in tests/network/test_sysctls.py were all seen.
"""

from __future__ import annotations

import re

#: How many numbers a parameter has; the others have one.
_COUNTS = {
    "net.ipv4.ip_local_port_range": 2,
    "net.ipv4.ping_group_range": 2,
    "net.ipv4.tcp_rmem": 3,
    "net.ipv4.tcp_wmem": 3,
}
_NUMBER = re.compile(r"-?(0[xX][0-9a-fA-F]+|[0-9]+)")
#: A list of ports and ranges, unlike all others (`proc_do_large_bitmap`).
_BITMAP = "net.ipv4.ip_local_reserved_ports"
_LIST = re.compile(r"\s*([0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)?\s*")
#: The least and the greatest that a parameter may be.
_BOUNDS = {
    "kernel.shm_rmid_forced": (0, 1),
    "net.ipv4.ip_local_port_range": (1, 65535),
    "net.ipv4.ip_unprivileged_port_start": (0, 65535),
}


def takes(name: str, value: str) -> bool:
    """Whether the kernel takes this value for one of the safe sysctls."""
    if name == _BITMAP:
        return _LIST.fullmatch(value) is not None
    words = value.split()[: _COUNTS.get(name, 1)]
    if not all(_NUMBER.fullmatch(word) for word in words):
        return False
    # As C reads numbers: what begins with 0 is octal.
    numbers = [_read(word) for word in words]
    if name in _BOUNDS:
        least, greatest = _BOUNDS[name]
        if not all(least <= number <= greatest for number in numbers):
            return False
    return name != "net.ipv4.ip_local_port_range" or numbers == sorted(numbers)


def _read(word: str) -> int:
    digits = word.lstrip("-").lower()
    base = 16 if digits.startswith("0x") else 8 if digits.startswith("0") else 10
    try:
        number = int(digits, base)
    except ValueError:  # 08: no octal number, of which the kernel reads the 0
        return 0
    return -number if word.startswith("-") else number
