# ruff: noqa: E501, ISC002 (one case of a table on one line reads best)
"""What containers listen on.

agnhost: `test/images/agnhost` of Kubernetes 1.36 (version 2.63); other images: their Dockerfiles
and the documentation of their programs.
"""

from __future__ import annotations

import pytest

from tests.network.clusters import CLIENT, cluster

AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.63.0"


def listening(container: str, more: str = "") -> tuple[str, bool, bool | None]:
    """The listeners of a pod with this container, whether they are all, and readiness."""
    text = f"""
apiVersion: v1
kind: Pod
metadata: {{name: p}}
spec: {{containers: [{{name: c, {container}}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings}}
data: {{PORT: "7000"}}
{more}
"""
    template = cluster(text).templates[0]
    found = " ".join(sorted(str(one) for one in template.listeners))
    return found, template.unknown is None, template.readiness.ready


def agnhost(args: str, more: str = "") -> tuple[str, bool, bool | None]:
    words = ", ".join(f'"{word}"' for word in args.split())
    return listening(f"image: {AGNHOST}, args: [{words}]{more}")


@pytest.mark.parametrize(
    ("args", "listeners"),
    [
        ("netexec", "8080/TCP 8081/UDP"),
        ("netexec --http-port=9376", "8081/UDP 9376/TCP"),
        ("netexec --http-port 9376 --udp-port 53", "53/UDP 9376/TCP"),
        ("netexec --http_port=9376 --udp-port=-1", "9376/TCP"),
        ("netexec --sctp-port=7", "7/SCTP 8080/TCP 8081/UDP"),
        ("netexec --udp-listen-addresses=127.0.0.1", "127.0.0.1:8081/UDP 8080/TCP"),
        ("serve-hostname", "9376/TCP"),
        ("serve-hostname --port=80", "80/TCP"),
        ("serve-hostname --http=false --udp --tcp", "9376/TCP 9376/UDP"),
        ("pause", ""),
        ("test-webserver", "80/TCP"),
        ("net --serve=127.0.0.1:8080", "127.0.0.1:8080/TCP"),
        ("net --serve 0.0.0.0:8080", "8080/TCP"),
        ("net --serve :9000", "9000/TCP"),
        ("guestbook --http-port=3000", "3000/TCP"),
        ("liveness", "8080/TCP"),
        ("grpc-health-checking", "5000/TCP 8080/TCP"),
        ("fake-registry-server --port=5001", "5001/TCP"),
        ("tcp-reset --port 9", "9/TCP"),
        ("audit-proxy", "8080/TCP"),
        ("fake-gitserver", "8000/TCP"),
        ("resource-consumer-controller", "8080/TCP"),
    ],
)
def test_agnhost(args: str, listeners: str) -> None:
    assert agnhost(args) == (listeners, True, True)


@pytest.mark.parametrize(
    "args",
    [
        # pflag knows no such option; cobra no such subcommand; netexec takes no argument.
        "netexec --port=80",
        "netexc",
        "netexec extra",
        # log.Fatal: TCP/UDP mode and HTTP mode exclude each other.
        "serve-hostname --udp",
        "no-snat-test",
    ],
)
def test_agnhost_that_ends_with_an_error(args: str) -> None:
    assert agnhost(args) == ("", True, False)


def test_agnhost_without_arguments_pauses() -> None:
    assert listening(f"image: {AGNHOST}") == ("", True, True)


def test_porter_serves_what_its_environment_says() -> None:
    env = ", env: [{name: SERVE_PORT_80, value: x}, {name: SERVE_UDP_PORT_53, value: x}," \
          " {name: SERVE_TLS_PORT_443, value: x}, {name: SERVE_SCTP_PORT_7, value: x}]"  # fmt: skip
    assert agnhost("porter", env) == ("443/TCP 53/UDP 7/SCTP 80/TCP", True, True)


def test_port_forward_tester_binds_localhost_by_default() -> None:
    port = "{name: BIND_PORT, value: '8080'}"
    assert agnhost("port-forward-tester", f", env: [{port}]")[0] == "127.0.0.1:8080/TCP"
    every = ", {name: BIND_ADDRESS, value: 0.0.0.0}"
    assert agnhost("port-forward-tester", f", env: [{port}{every}]")[0] == "8080/TCP"


@pytest.mark.parametrize(
    ("container", "listeners"),
    [
        ("image: nginx", "80/TCP"),
        ("image: 'docker.io/library/nginx:1.27-alpine'", "80/TCP"),
        ("image: 'localhost:5000/nginx@sha256:00'", "80/TCP"),
        ("image: nginxinc/nginx-unprivileged", "8080/TCP"),
        ("image: httpd:2.4", "80/TCP"),
        ("image: redis:7", "6379/TCP"),
        ("image: redis, args: [redis-server, --port, '7000', --bind, 127.0.0.1]", "127.0.0.1:7000/TCP"),
        ("image: postgres:16, env: [{name: POSTGRES_PASSWORD, value: x}]", "5432/TCP"),
        ("image: postgres, args: [-c, port=5433], env: [{name: POSTGRES_PASSWORD, value: x}]", "5433/TCP"),
        ("image: mysql, env: [{name: MYSQL_ROOT_PASSWORD, value: x}]", "3306/TCP 33060/TCP"),
        ("image: mariadb, env: [{name: MARIADB_ROOT_PASSWORD, value: x}]", "3306/TCP"),
        ("image: mongo", "27017/TCP"),
        ("image: rabbitmq:3-management", "15672/TCP 15692/TCP 25672/TCP 4369/TCP 5672/TCP"),
        ("image: memcached", "11211/TCP"),
        ("image: memcached, args: [memcached, -l, 127.0.0.1, -p, '11212']", "127.0.0.1:11212/TCP"),
        ("image: traefik/whoami", "80/TCP"),
        ("image: traefik/whoami, args: [--port=8000]", "8000/TCP"),
        ("image: traefik/whoami, args: ['-port', '8000']", "8000/TCP"),
        ("image: traefik/whoami, env: [{name: WHOAMI_PORT_NUMBER, value: '81'}]", "81/TCP"),
        ("image: hashicorp/http-echo, args: ['-text=hi']", "5678/TCP"),
        ("image: hashicorp/http-echo, args: ['-listen=:8080', '-text=hi']", "8080/TCP"),
        ("image: python, command: [python3, -m, http.server]", "8000/TCP"),
        ("image: python, command: [python, -u, -m, http.server, '8080', --bind, 127.0.0.1]", "127.0.0.1:8080/TCP"),
        ("image: busybox, command: [httpd, -f, -p, '8080']", "8080/TCP"),
        ("image: busybox, command: [busybox, httpd, -f, -p, '127.0.0.1:8080']", "127.0.0.1:8080/TCP"),
        ("image: busybox, command: [nc, -lk, -p, '8080', -e, cat]", "8080/TCP"),
        ("image: busybox, command: [nc, -lkp, '8080']", "8080/TCP"),
        ("image: busybox, command: [sh, -c, 'while true; do nc -l -p 8080; done']", "8080/TCP"),
        ("image: busybox, command: [sh, -c, 'mkdir -p /www && httpd -f -p 8080 -h /www']", "8080/TCP"),
        ("image: busybox, command: [sh, -c, 'sleep infinity']", ""),
        ("image: busybox, command: [sleep, '3600']", ""),
        ("image: alpine/socat, args: ['TCP-LISTEN:8080,fork', 'TCP:web:80']", "8080/TCP"),
        ("image: alpine/socat, args: ['TCP-LISTEN:8080,fork,bind=127.0.0.1', 'EXEC:cat']", "127.0.0.1:8080/TCP"),
        ("image: caddy", "127.0.0.1:2019/TCP 80/TCP"),
        ("image: quay.io/coreos/etcd:v3.5.0", "127.0.0.1:2379/TCP 127.0.0.1:2380/TCP"),
        ("image: prom/prometheus, args: ['--web.listen-address=:9091']", "9091/TCP"),
        ("image: registry.k8s.io/pause:3.10", ""),
        # Kubernetes expands $(NAME) in arguments; values may come from a ConfigMap.
        (f"image: {AGNHOST}, args: [netexec, '--http-port=$(PORT)', '--udp-port=-1'], env: [{{name: PORT, value: '81'}}]", "81/TCP"),
        (f"image: {AGNHOST}, args: [netexec, '--http-port=$(PORT)', '--udp-port=-1'], envFrom: [{{configMapRef: {{name: settings}}}}]", "7000/TCP"),
        ("image: traefik/whoami, env: [{name: WHOAMI_PORT_NUMBER, valueFrom: {configMapKeyRef: {name: settings, key: PORT}}}]", "7000/TCP"),
    ],
)  # fmt: skip
def test_images(container: str, listeners: str) -> None:
    assert listening(container)[:2] == (listeners, True)


@pytest.mark.parametrize(
    "container",
    [
        "image: acme/shop",
        "image: acme/nginx-with-things",
        "image: python, command: [python, app.py]",
        "image: node, args: [server.js]",
        "image: busybox, command: [sh, -c, 'exec $(cat /cmd)']",
        "image: busybox, command: [./start.sh]",
        "image: nginx, volumeMounts: [{name: conf, mountPath: /etc/nginx/conf.d}]",
        "image: traefik/whoami, env: [{name: WHOAMI_PORT_NUMBER, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
        "image: apache/kafka",
    ],
)
def test_unknown_stays_unknown(container: str) -> None:
    assert listening(container)[1] is False


@pytest.mark.parametrize(
    "container",
    [
        # Their entrypoints end with an error where no password is set.
        "image: postgres",
        "image: mysql:8",
        # A shell, curl and an interpreter without a terminal end.
        "image: busybox",
        "image: curlimages/curl",
        "image: python:3.12",
        f"image: {AGNHOST}, args: [connect, 'web:80']",
    ],
)
def test_containers_that_do_not_stay(container: str) -> None:
    assert listening(container) == ("", True, False)


def test_two_listeners_on_one_port() -> None:
    second = f"}}, {{name: d, image: {AGNHOST}, args: [netexec, --udp-port=-1, %s]"
    same = agnhost("netexec --udp-port=-1", second % "'--http-port=8080', '--udp-port=-1'")
    assert same == ("8080/TCP", True, False)
    moved = agnhost("netexec --udp-port=-1", second % "'--http-port=8090'")
    assert moved == ("8080/TCP 8090/TCP", True, True)
    # UDP 8081 is netexec's too: moving --http-port alone still collides.
    udp = agnhost(
        "netexec", f"}}, {{name: d, image: {AGNHOST}, args: [netexec, '--http-port=8090']"
    )
    assert udp[2] is False


def test_loopback_and_all_addresses_collide_two_loopbacks_of_different_ports_do_not() -> None:
    other = f"}}, {{name: d, image: {AGNHOST}, args: [net, '--serve=127.0.0.1:%s']"
    assert agnhost("netexec", other % "8080")[2] is False
    assert agnhost("netexec", other % "8082")[2] is True


def test_the_annotation_makes_an_unknown_pod_known() -> None:
    from tests.network.clusters import go

    text = """
---
apiVersion: v1
kind: Pod
metadata: {name: shop, annotations: {checker/listens: "8080/TCP, 53/UDP, 127.0.0.1:9000/TCP"}}
spec: {containers: [{name: c, image: acme/shop}]}
"""
    for target, protocol, verdict in (
        ("pod/shop:8080", "TCP", "connected"),
        ("pod/shop:53", "UDP", "connected"),
        ("pod/shop:53", "TCP", "refused"),
        ("pod/shop:9000", "TCP", "refused"),
        ("pod/shop:81", "TCP", "refused"),
    ):
        assert go(CLIENT + text, "pod/client", target, protocol).verdict == verdict, target
    broken = text.replace("8080/TCP,", "http,")
    found = go(CLIENT + broken, "pod/client", "pod/shop:8080")
    assert found.verdict == "cannot-tell"
    assert "'http'" in found.hops[-1].detail
