# ruff: noqa: E501, ISC002 (one case of a table on one line reads best)
"""What containers listen on.

agnhost: `test/images/agnhost` of Kubernetes 1.36 (version 2.63); other images: their Dockerfiles
and the documentation of their programs.
"""

from __future__ import annotations

import pytest

from checker.network.listeners.table import repository
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
        ("image: 'public.ecr.aws/docker/library/nginx:1.27'", "80/TCP"),
        ("image: 'mirror.gcr.io/library/nginx@sha256:00'", "80/TCP"),
        ("image: 'localhost:5000/agnhost', args: [netexec, --udp-port=-1]", "8080/TCP"),
        ("image: redis, args: [--port, '7000', --cluster-enabled, 'yes']", "17000/TCP 7000/TCP"),
        ("image: redis, args: [redis-server, --cluster-enabled, 'yes']", "16379/TCP 6379/TCP"),
        ("image: redis, args: [--cluster-enabled, 'yes', --cluster-port, '9000']", "6379/TCP 9000/TCP"),
        ("image: redis, args: [--port, '0', --tls-port, '6380']", "6380/TCP"),
        ("image: nginxinc/nginx-unprivileged", "8080/TCP"),
        # Their entrypoints start what they are told to.
        ("image: nginx, args: [nginx, -g, daemon off;]", "80/TCP"),
        ("image: nginx, args: [sh, -c, sleep infinity]", ""),
        ("image: caddy, args: [sh, -c, sleep infinity]", ""),
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
        # Another registry's or owner's image of that name is another image.
        "image: registry.k8s.io/redis:v1",
        "image: registry.k8s.io/nginx",
        "image: ghcr.io/acme/redis",
        "image: acme/nginx",
        "image: 'localhost:5000/nginx'",
        "image: library.example.com/nginx",
        "image: quay.io/library/httpd",
        "image: bitnami/redis",
        "image: bitnami/etcd",
        "image: docker.io/acme/whoami",
        # A program whose configuration is the image's.
        "image: acme/web, command: [nginx, -g, daemon off;]",
        "image: acme/web, command: [httpd-foreground]",
        "image: acme/web, command: [sh, -c, 'exec nginx']",
        "image: bitnami/nginx, command: [nginx]",
        "image: python, command: [python, app.py]",
        "image: node, args: [server.js]",
        "image: busybox, command: [sh, -c, 'exec $(cat /cmd)']",
        "image: busybox, command: [./start.sh]",
        "image: nginx, volumeMounts: [{name: conf, mountPath: /etc/nginx/conf.d}]",
        "image: traefik/whoami, env: [{name: WHOAMI_PORT_NUMBER, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
        "image: apache/kafka",
        # A value that is not known may be any port.
        "image: hashicorp/http-echo, args: ['-listen=:$(P)'], env: [{name: P, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
        "image: hashicorp/http-echo, args: ['$(P)'], env: [{name: P, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
    ],
)
def test_unknown_stays_unknown(container: str) -> None:
    assert listening(container)[1] is False


def test_an_unknown_text_leaves_the_port_known() -> None:
    secret = "env: [{name: T, valueFrom: {secretKeyRef: {name: s, key: k}}}]"
    for args in ("['-listen=:81', '-text=$(T)']", "[-listen, ':81', -text, $(T)]"):
        container = f"image: hashicorp/http-echo, args: {args}, {secret}"
        assert listening(container)[:2] == ("81/TCP", True)


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


SERVICES = """
---
apiVersion: v1
kind: Service
metadata: {name: web-main}
spec: {clusterIP: 10.96.7.7, ports: [{name: http, port: 7070}, {name: more, port: 81}]}
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec: {clusterIP: None, ports: [{port: 82}]}
---
apiVersion: v1
kind: Service
metadata: {name: far, namespace: other}
spec: {ports: [{port: 83}]}
---
apiVersion: v1
kind: Service
metadata: {name: http}
spec: {ports: [{port: 84}]}
"""


@pytest.mark.parametrize(
    ("port", "more", "listeners"),
    [
        ("$(WEB_MAIN_SERVICE_PORT)", "", "7070/TCP"),
        ("$(WEB_MAIN_SERVICE_PORT_MORE)", "", "81/TCP"),
        ("$(WEB_MAIN_PORT_81_TCP_PORT)", "", "81/TCP"),
        ("$(KUBERNETES_SERVICE_PORT)", "", "443/TCP"),
        # A declared variable may refer to a Service's, and comes before it.
        ("$(P)", "env: [{name: P, value: $(WEB_MAIN_SERVICE_PORT)}]", "7070/TCP"),
        ("$(WEB_MAIN_SERVICE_PORT)", "env: [{name: WEB_MAIN_SERVICE_PORT, value: '90'}]", "90/TCP"),
        # Only what is declared before: the reference stays as it is, and is no port.
        ("$(P)", "env: [{name: P, value: $(Q)}, {name: Q, value: '90'}]", None),
        ("$$(WEB_MAIN_SERVICE_PORT)", "", None),
        # Headless, of another namespace, or not there at all.
        ("$(HEADLESS_SERVICE_PORT)", "", None),
        ("$(FAR_SERVICE_PORT)", "", None),
        ("$(NOBODY_SERVICE_PORT)", "", None),
    ],
)
def test_variables_about_services_in_arguments(port: str, more: str, listeners: str | None) -> None:
    """`pkg/kubelet/kubelet_pods.go: makeEnvironmentVariables, getServiceEnvVarMap`; an argument
    that agnhost cannot read as a number ends it (pflag).
    """
    container = f"image: {AGNHOST}, args: [netexec, '--http-port={port}', '--udp-port=-1']"
    found = listening(f"{container}, {more}" if more else container, SERVICES)
    assert found == ((listeners, True, True) if listeners else ("", True, False))


def test_without_service_links_only_the_api_servers_variables_are_there() -> None:
    text = """
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  enableServiceLinks: false
  containers: [{name: c, image: %s, args: [netexec, "--http-port=$(%s)", "--udp-port=-1"]}]
"""
    for name, listeners in (
        ("WEB_MAIN_SERVICE_PORT", []),
        ("KUBERNETES_SERVICE_PORT", ["443/TCP"]),
    ):
        template = cluster(text % (AGNHOST, name) + SERVICES).templates[0]
        assert [str(one) for one in template.listeners] == listeners


def test_what_may_set_any_variable_leaves_those_about_services_open() -> None:
    source = "envFrom: [{secretRef: {name: nowhere}}]"
    args = "args: [netexec, '--http-port=$(WEB_MAIN_SERVICE_PORT)']"
    assert listening(f"image: {AGNHOST}, {args}, {source}", SERVICES)[1] is False


def test_a_service_called_http_gives_a_program_the_wrong_http_port() -> None:
    """`HTTP_PORT=tcp://10.96.…:84`: what the program makes of that is not known."""
    image = "image: gcr.io/k8s-staging-gateway-api/echo-basic"
    assert listening(image)[:2] == ("3000/TCP", False)
    assert listening(image, SERVICES)[:2] == ("", False)


def test_images_that_may_open_more_than_the_table_knows() -> None:
    """Bitnami's nginx has a server block for HTTPS besides (`libnginx.sh`); the echo servers of
    Kubernetes and of Gateway API's conformance tests are two programs.
    """
    for image, listeners in (
        ("bitnami/nginx:1.27", "8080/TCP 8443/TCP"),
        ("docker.io/bitnamilegacy/nginx", "8080/TCP 8443/TCP"),
        ("registry.k8s.io/e2e-test-images/echoserver:2.5", "8080/TCP 8443/TCP"),
        ("registry.k8s.io/ingressconformance/echoserver:v0.0.1", "3000/TCP"),
    ):
        assert listening(f"image: '{image}'")[:2] == (listeners, False)


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("nginx", "docker.io/library/nginx"),
        ("nginx:1.27@sha256:00", "docker.io/library/nginx"),
        ("library/nginx", "docker.io/library/nginx"),
        ("index.docker.io/library/nginx", "docker.io/library/nginx"),
        ("docker.io/nginx", "docker.io/library/nginx"),
        ("traefik/whoami", "docker.io/traefik/whoami"),
        ("localhost/nginx", "localhost/nginx"),
        ("localhost:5000/nginx:1", "localhost:5000/nginx"),
        ("registry.k8s.io/redis:v1", "registry.k8s.io/redis"),
        ("", "docker.io/library/"),
    ],
)
def test_repositories(image: str, name: str) -> None:
    """`github.com/distribution/reference: ParseNormalizedNamed`, its own examples."""
    assert repository(image)[0] == name


@pytest.mark.parametrize(
    ("script", "env", "listeners"),
    [
        ("agnhost netexec --http-port=$PORT --udp-port=-1", "PORT", "90/TCP"),
        ("agnhost netexec --http-port=${PORT:-91} --udp-port=-1", "PORT", "90/TCP"),
        ("agnhost netexec --http-port=${PORT:-91} --udp-port=-1", "OTHER", "91/TCP"),
        ("agnhost netexec --http-port=$WEB_MAIN_SERVICE_PORT --udp-port=-1", "PORT", "7070/TCP"),
        # The first stays in the foreground, so the second is never started; or both run.
        ("httpd -f -p 80; httpd -f -p 81", "PORT", "80/TCP"),
        ("httpd -f -p 80 & httpd -f -p 81", "PORT", "80/TCP 81/TCP"),
        ("httpd -p 80 && httpd -f -p 81", "PORT", "80/TCP 81/TCP"),
    ],
)
def test_scripts(script: str, env: str, listeners: str) -> None:
    """POSIX, Shell Command Language: 2.5 Parameters, 2.9.3 Lists."""
    command = f"command: [sh, -c, '{script}'], env: [{{name: {env}, value: '90'}}]"
    assert listening(f"image: busybox, {command}", SERVICES)[:2] == (listeners, True)


@pytest.mark.parametrize(
    "script",
    [
        # A script may set a variable itself; another name that begins alike is another.
        "PORT=80; agnhost netexec --http-port=$PORT",
        "agnhost netexec --http-port=$PORTS",
        "if [ -f /x ]; then httpd -f -p 80; else httpd -f -p 81; fi",
    ],
)
def test_scripts_that_decide_for_themselves(script: str) -> None:
    found = listening(
        f'image: busybox, command: [sh, -c, "{script}"], env: [{{name: PORT, value: "90"}}]'
    )
    assert found[0] == ""
    assert found[1] is script.endswith("$PORTS")


NON_ROOT = "securityContext: {runAsNonRoot: true%s}"


@pytest.mark.parametrize(
    ("image", "user", "found"),
    [
        (
            f"image: {AGNHOST}, args: [netexec, '--udp-port=-1']",
            ", runAsUser: 1000",
            ("8080/TCP", True, True),
        ),
        (
            f"image: {AGNHOST}, args: [netexec, '--udp-port=-1']",
            ", runAsUser: 0",
            ("", True, False),
        ),
        # The image's own user: root, a name that could be root's, a number, or not known.
        (f"image: {AGNHOST}, args: [netexec]", "", ("", True, False)),
        ("image: nginx", "", ("", True, False)),
        ("image: prom/prometheus", "", ("", True, False)),
        ("image: nginxinc/nginx-unprivileged", "", ("8080/TCP", True, True)),
        ("image: hashicorp/http-echo", "", ("", False, True)),
    ],
)
def test_run_as_non_root(image: str, user: str, found: tuple[str, bool, bool]) -> None:
    """`pkg/kubelet/kuberuntime/security_context_others.go: verifyRunAsNonRoot`; agnhost's Dockerfile
    names no user, so it is root.
    """
    assert listening(f"{image}, {NON_ROOT % user}") == found
