# ruff: noqa: E501 (one case of a table on one line reads best)
"""nginx with a configuration from a ConfigMap.

nginx.org: `listen`, `server`, `include`, `return`; the official image's nginx.conf includes
/etc/nginx/conf.d/*.conf, its default.conf listens on 80 (8080 in nginx-unprivileged).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.network.clusters import CLIENT, cluster, go

MAIN = "events {} http { include /etc/nginx/conf.d/*.conf; %s }"


def made(files: dict[str, str], mount: dict[str, Any], **more: Any) -> str:
    """A pod of nginx, and the ConfigMap `conf` that its volume `conf` is."""
    container = {
        "name": "c",
        "image": more.pop("image", "nginx:1.27"),
        "volumeMounts": [{"name": "conf", **mount}],
        **more.pop("container", {}),
    }
    volume = more.pop("volume", {"configMap": {"name": "conf"}})
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [container], "volumes": [{"name": "conf", **volume}], **more},
    }
    data = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf"}, "data": files}
    return f"---\n{json.dumps(pod)}\n---\n{json.dumps(data)}\n"


def listening(text: str) -> tuple[str, bool, bool | None]:
    template = cluster(text).templates[0]
    found = " ".join(sorted(str(one) for one in template.listeners))
    return found, template.unknown is None, template.readiness.ready


IN_CONF_D = {"mountPath": "/etc/nginx/conf.d"}
AS_DEFAULT = {"mountPath": "/etc/nginx/conf.d/default.conf", "subPath": "default.conf"}
AS_MAIN = {"mountPath": "/etc/nginx/nginx.conf", "subPath": "nginx.conf"}


@pytest.mark.parametrize(
    ("server", "listeners"),
    [
        ("listen 8080;", "8080/TCP"),
        ("listen 8080 default_server; server_name _;", "8080/TCP"),
        ("listen *:8080;", "8080/TCP"),
        ("listen 0.0.0.0:8080;", "8080/TCP"),
        ("listen 127.0.0.1:8080;", "127.0.0.1:8080/TCP"),
        ("listen localhost:8080;", "127.0.0.1:8080/TCP"),
        ("listen 127.0.0.1;", "127.0.0.1:80/TCP"),
        # IPv6 alone, unless ipv6only=off.
        ("listen 80; listen [::]:80;", "80/TCP [::]:80/TCP"),
        ("listen [::]:80 ipv6only=off;", "80/TCP"),
        ("listen [::1]:80;", "[::1]:80/TCP"),
        ("listen unix:/var/run/nginx.sock; listen 81;", "81/TCP"),
        ("listen 443 quic reuseport; listen 443;", "443/TCP 443/UDP"),
        # The master runs as root.
        ("server_name x;", "80/TCP"),
        ("# listen 81;\n listen 82; # 83\n", "82/TCP"),
        ("listen 84; add_header X \"a; } listen 85;\"; set $x '{';", "84/TCP"),
        ("listen 86; location / { proxy_set_header Host ${host}; }", "86/TCP"),
        (
            "listen 87; location ~ \\.php$ { fastcgi_pass 127.0.0.1:9000; include fastcgi_params; }",
            "87/TCP",
        ),
        ("listen 88; location / { proxy_pass http://127.0.0.1:9000/; }", "88/TCP"),
        ("listen 89; location / { proxy_pass http://$host; }", "89/TCP"),
    ],
)
def test_listen(server: str, listeners: str) -> None:
    for mount in (IN_CONF_D, AS_DEFAULT):
        text = made({"default.conf": f"server {{ {server} }}"}, mount)
        assert listening(text) == (listeners, True, True)


def test_a_file_beside_the_default_one_adds_to_it() -> None:
    mount = {"mountPath": "/etc/nginx/conf.d/more.conf", "subPath": "more.conf"}
    text = made({"more.conf": "server { listen 8081; }"}, mount)
    assert listening(text) == ("80/TCP 8081/TCP [::]:80/TCP", True, True)


def test_a_mounted_folder_hides_the_images_files() -> None:
    text = made(
        {"site.conf": "server { listen 8080; }", "notes.txt": "server { listen 81; }"}, IN_CONF_D
    )
    assert listening(text)[0] == "8080/TCP"
    assert listening(made({"notes.txt": "x"}, IN_CONF_D))[0] == ""


def test_the_main_file() -> None:
    # It includes conf.d or does not.
    stays = made({"nginx.conf": MAIN % "server { listen 8080; }"}, AS_MAIN)
    assert listening(stays)[0] == "80/TCP 8080/TCP [::]:80/TCP"
    alone = made({"nginx.conf": "events {} http { server { listen 8080; } }"}, AS_MAIN)
    assert listening(alone)[0] == "8080/TCP"
    stream = made(
        {"nginx.conf": "events {} stream { server { listen 53 udp; listen 53; } }"}, AS_MAIN
    )
    assert listening(stream)[0] == "53/TCP 53/UDP"
    whole = made(
        {"nginx.conf": "events {} http { include sites/*.conf; }"},
        {"mountPath": "/etc/nginx"},
    )
    assert listening(whole) == ("", True, True)
    by_option = made(
        {"my.conf": "events {} http { server { listen 8082; } }"},
        {"mountPath": "/conf"},
        container={"args": ["nginx", "-g", "daemon off;", "-c", "/conf/my.conf"]},
    )
    assert listening(by_option)[0] == "8082/TCP"


def test_items_name_the_files() -> None:
    volume = {"configMap": {"name": "conf", "items": [{"key": "a", "path": "site.conf"}]}}
    files = {"a": "server { listen 8080; }", "b.conf": "server { listen 81; }"}
    assert listening(made(files, IN_CONF_D, volume=volume))[0] == "8080/TCP"
    projected = {"projected": {"sources": [{"configMap": volume["configMap"]}]}}
    assert listening(made(files, IN_CONF_D, volume=projected))[0] == "8080/TCP"


def test_the_unprivileged_image() -> None:
    image = "nginxinc/nginx-unprivileged:1.27"
    mount = {"mountPath": "/etc/nginx/conf.d/x.conf", "subPath": "x.conf"}
    found = listening(made({"x.conf": "server { server_name x; }"}, mount, image=image))
    assert found[0] == "8000/TCP 8080/TCP [::]:8080/TCP"


def test_what_is_mounted_beside_the_configuration_changes_nothing() -> None:
    text = made({"x": "y"}, {"mountPath": "/etc/nginx/certs"})
    assert listening(text) == ("80/TCP [::]:80/TCP", True, True)


@pytest.mark.parametrize(
    ("files", "mount", "more"),
    [
        # Files that are not in the input, or may be anything.
        ({"default.conf": "include /etc/nginx/snippets/a.conf; server { listen 80; }"}, IN_CONF_D, {}),
        ({"default.conf": "include /srv/*.conf; server { listen 80; }"}, IN_CONF_D, {}),
        ({}, IN_CONF_D, {"volume": {"emptyDir": {}}}),
        ({}, IN_CONF_D, {"volume": {"secret": {"secretName": "s"}}}),
        ({}, IN_CONF_D, {"volume": {"configMap": {"name": "elsewhere"}}}),
        ({"other": "x"}, AS_DEFAULT, {}),
        ({"default.conf.template": "server { listen ${PORT}; }"}, {"mountPath": "/etc/nginx/templates"}, {}),
        # An image of somebody's with a configuration of its own; a port by a variable.
        ({"default.conf": "server { listen 8080; }"}, IN_CONF_D, {"image": "nginxdemos/hello"}),
        ({"default.conf": "server { listen $port; }"}, IN_CONF_D, {}),
        # The default port is another for another user.
        ({"default.conf": "server { server_name x; }"}, IN_CONF_D, {"securityContext": {"runAsUser": 101}}),
        # nginx ends where it finds no address, or no certificate.
        ({"default.conf": "server { listen 80; location / { proxy_pass http://nobody:80; } }"}, IN_CONF_D, {}),
        ({"default.conf": "upstream u { server nobody:80; } server { listen 80; location / { proxy_pass http://u; } }"}, IN_CONF_D, {}),
        ({"default.conf": "server { listen 443 ssl; ssl_certificate /tls/a.crt; }"}, IN_CONF_D, {}),
        # Programs, and what is no configuration.
        ({"default.conf": "server { listen 80; content_by_lua_block { x } }"}, IN_CONF_D, {}),
        ({"default.conf": "server { listen 80;"}, IN_CONF_D, {}),
        ({"default.conf": "{" * 5000}, IN_CONF_D, {}),
        ({"default.conf": "a {" * 5000}, IN_CONF_D, {}),
        ({"nginx.conf": "include nginx.conf;"}, AS_MAIN, {}),
        ({"nginx.conf": "load_module modules/x.so; events {}"}, AS_MAIN, {}),
    ],
)  # fmt: skip
def test_what_is_not_known(
    files: dict[str, str], mount: dict[str, Any], more: dict[str, Any]
) -> None:
    found = listening(made(files, mount, **more))
    assert found[:2] == ("", False)


def test_a_script_that_writes_the_configuration() -> None:
    command = {
        "command": [
            "sh",
            "-c",
            "cp /conf/x /etc/nginx/conf.d/default.conf && nginx -g 'daemon off;'",
        ]
    }
    text = made({"x": "y"}, {"mountPath": "/conf"}, container=command)
    assert listening(text)[:2] == ("", False)


def test_a_main_file_without_events_ends_nginx() -> None:
    """`src/event/ngx_event.c: ngx_event_init_conf`: no "events" section in configuration."""
    text = made({"nginx.conf": "http { server { listen 80; } }"}, AS_MAIN)
    assert listening(text) == ("", True, False)


def test_a_service_of_the_input_is_a_host_that_nginx_finds() -> None:
    service = """
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {ports: [{port: 80}]}
"""
    for host in ("api", "api.default", "api.default.svc.cluster.local"):
        text = made(
            {"default.conf": f"server {{ listen 80; location / {{ proxy_pass http://{host}; }} }}"},
            IN_CONF_D,
        )
        assert listening(text + service) == ("80/TCP", True, True)


@pytest.mark.parametrize(
    ("server", "path", "scheme", "ready"),
    [
        ("listen 8080; location = /healthz { return 200 ok; }", "/healthz", "HTTP", True),
        (
            "listen 8080; location /healthz { access_log off; return 200; }",
            "/healthz",
            "HTTP",
            True,
        ),
        ("listen 8080; location /healthz { return 503; }", "/healthz", "HTTP", False),
        ("listen 8080; return 200;", "/any", "HTTP", True),
        # Not answered by the server itself, led elsewhere, or a regular expression comes first.
        ("listen 8080; location / { root /srv; }", "/", "HTTP", None),
        ("listen 8080; return 301 https://$host$request_uri;", "/", "HTTP", None),
        (
            "listen 8080; location /healthz { return 200; } location ~ h { proxy_pass http://127.0.0.1; }",
            "/healthz",
            "HTTP",
            None,
        ),
        ("listen 8080 ssl; ssl_certificate conf.d/a.crt; return 200;", "/", "HTTP", False),
        ("listen 8080 ssl; ssl_certificate conf.d/a.crt; return 200;", "/", "HTTPS", True),
        # The kubelet asks the pod's address.
        ("listen 127.0.0.1:8080; return 200;", "/", "HTTP", False),
        ("listen [::]:8080; return 200;", "/", "HTTP", False),
    ],
)
def test_probes(server: str, path: str, scheme: str, ready: bool | None) -> None:
    probe = {"httpGet": {"path": path, "port": 8080, "scheme": scheme}}
    text = made(
        {"default.conf": f"server {{ {server} }}", "a.crt": "x"},
        IN_CONF_D,
        container={"readinessProbe": probe},
    )
    assert listening(text)[2] is ready


def test_traces_follow() -> None:
    text = CLIENT + made({"default.conf": "server { listen 8080; listen [::]:81; }"}, IN_CONF_D)
    assert go(text, "pod/client", "pod/p:8080").verdict == "connected"
    assert go(text, "pod/client", "pod/p:80").verdict == "refused"
    # Pods have IPv4 addresses here; in a cluster with IPv6 it is the other way round.
    assert go(text, "pod/client", "pod/p:81").verdict == "refused"
    six = {"pod_cidr": "fd00:10:244::/56", "service_cidr": "fd00:10:96::/112"}
    assert go(text, "pod/client", "pod/p:81", **six).verdict == "connected"
    assert go(text, "pod/client", "pod/p:8080", **six).verdict == "refused"


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (["nginx", "-g", "daemon off;"], ("80/TCP", True, True)),
        (["nginx", "-g", "worker_processes 1; daemon off;"], ("80/TCP", True, True)),
        (["sh", "-c", "nginx -g 'daemon off;'"], ("80/TCP", True, True)),
        # A daemon goes to the background; what follows keeps the container.
        (["sh", "-c", "nginx && tail -f /dev/null"], ("80/TCP", True, True)),
        (["sh", "-c", "nginx; sleep infinity"], ("80/TCP", True, True)),
        (["nginx"], ("", False, False)),
    ],
)
def test_daemon(command: list[str], found: tuple[str, bool, bool]) -> None:
    """nginx.org, `daemon on | off`: on unless said otherwise; the image says `daemon off`."""
    text = made({"x": "y"}, {"mountPath": "/else"}, container={"command": command})
    assert listening(text) == found


def test_daemon_off_in_the_configuration() -> None:
    main = "daemon off; events {} http { server { listen 8080; } }"
    text = made({"nginx.conf": main}, AS_MAIN, container={"command": ["nginx"]})
    assert listening(text) == ("8080/TCP", True, True)
