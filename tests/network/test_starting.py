# ruff: noqa: E501 (one case of a table on one line reads best)
"""What keeps a container from running: keys that are not there, low ports on the node, a hook.

Seen on a running cluster: tests/conformance/traffic/slips.yaml (`slip-config-keys`,
`slip-post-start`) and agnhost-servers.yaml (`servers-user-net`); these are the cases beside them.
"""

from __future__ import annotations

import base64

import pytest

from tests.network.clusters import CLIENT, go, pod


def verdict(text: str, target: str = "pod/web:8080") -> str:
    return go(CLIENT + text, "pod/client", target).verdict


CONFIG = "\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {a: '1'}\n"
REFERENCE = "env: [{name: A, valueFrom: {%s: {name: %s, key: %s%s}}}]"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (("configMapKeyRef", "conf", "a", ""), "connected"),
        (("configMapKeyRef", "conf", "b", ""), "refused"),
        (("configMapKeyRef", "conf", "b", ", optional: true"), "connected"),
        # What the input does not have is taken to be in the cluster.
        (("configMapKeyRef", "other", "b", ""), "connected"),
        (("secretKeyRef", "other", "b", ""), "connected"),
    ],
)
def test_keys(reference: tuple[str, ...], expected: str) -> None:
    assert verdict(CONFIG + pod("web", container=REFERENCE % reference)) == expected


def test_a_key_of_a_secret_may_hold_anything() -> None:
    data = base64.b64encode(b"\xff\xfe\x00").decode()
    secret = f"\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{k: {data}}}\n"
    for key, expected in (("k", "connected"), ("l", "refused")):
        reference = REFERENCE % ("secretKeyRef", "s", key, "")
        assert verdict(secret + pod("web", container=reference)) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"hostNetwork": "true", "securityContext": "{runAsUser: 1000}"}, "refused"),
        ({"hostNetwork": "true", "securityContext": "{runAsUser: 0}"}, "connected"),
        ({"hostNetwork": "true"}, "connected"),
        ({"securityContext": "{runAsUser: 1000}"}, "connected"),
        ({"hostNetwork": "true", "container": "securityContext: {runAsUser: 7}"}, "refused"),
    ],
)
def test_low_ports_of_the_node_are_the_superusers(more: dict[str, str], expected: str) -> None:
    text = pod("web", args="netexec --http-port=81 --udp-port=-1", **more)
    assert verdict(text, "pod/web:81") == expected


def test_a_program_whose_file_has_the_right_needs_no_superuser() -> None:
    text = pod("web", hostNetwork="true", securityContext="{runAsUser: 1000}").replace(
        "registry.k8s.io/e2e-test-images/agnhost:2.63.0, args: [\"netexec\"]", "caddy:2"
    )  # fmt: skip
    assert verdict(text, "pod/web:80") == "connected"


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        ("exec: {command: [/agnhost, connect, '127.0.0.1:9']}", "refused"),
        ("exec: {command: [/agnhost, dns-suffix]}", "connected"),
        ("exec: {command: [/setup.sh]}", "connected"),
        ("httpGet: {port: 9999}", "refused"),
        ("httpGet: {port: 8080}", "connected"),
        ("httpGet: {port: 9999, host: example.com}", "connected"),
        ("sleep: {seconds: 1}", "connected"),
    ],
)
def test_a_hook_that_fails_ends_its_container(hook: str, expected: str) -> None:
    text = pod("web", container=f"lifecycle: {{postStart: {{{hook}}}}}")
    assert verdict(text) == expected


def test_a_sidecar_that_never_starts_holds_back_what_follows() -> None:
    """Its own port is open all the while; what its probe asks decides."""
    for port, expected in ((9999, "refused"), (9090, "connected")):
        sidecar = f"initContainers: [{{name: s, image: agnhost, args: [netexec, --http-port=9090, --udp-port=-1], restartPolicy: Always, startupProbe: {{tcpSocket: {{port: {port}}}}}}}]"
        text = pod("web").replace("\n  containers:", f"\n  {sidecar}\n  containers:")
        assert verdict(text) == expected
        assert verdict(text, "pod/web:9090") == "connected"
