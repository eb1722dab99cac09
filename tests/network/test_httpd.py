"""Apache httpd: where it listens, by its command line and by a configuration from a ConfigMap.

httpd.apache.org ("Binding to Addresses and Ports"), `server/listen.c`, `server/config.c` and
`modules/http/mod_mime.c` of Apache httpd 2.4; the official image's Dockerfile, httpd-foreground
and httpd.conf.
"""

from __future__ import annotations

import json

import pytest

from checker.network import trace
from tests.network.clusters import CLIENT, cluster

IMAGE = "httpd:2.4"
POD = """
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: c, image: "IMAGE"MORE}
"""
#: What httpd needs to start, and learners copy from the image's own file.
BASE = """\
ServerRoot "/usr/local/apache2"
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule unixd_module modules/mod_unixd.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule mime_module modules/mod_mime.so
<IfModule unixd_module>
  User www-data
  Group www-data
</IfModule>
# Listen 81
<Directory />
  AllowOverride none
  Require all denied
</Directory>
ErrorLog /proc/self/fd/2
<IfModule mime_module>
  TypesConfig conf/mime.types
</IfModule>
<IfModule ssl_module>
  Listen 443
</IfModule>
"""


def started(more: str, image: str = IMAGE) -> str:
    return CLIENT + POD.replace("IMAGE", image).replace("MORE", more)


def configured(text: str, *, whole: bool = False, more: str = "") -> str:
    path, part = "/usr/local/apache2/conf", "" if whole else ", subPath: httpd.conf"
    path += "" if whole else "/httpd.conf"
    mount = f', volumeMounts: [{{name: v, mountPath: "{path}"{part}}}]{more}'
    made = started(mount) + "  volumes: [{name: v, configMap: {name: conf}}]\n"
    data = json.dumps({"httpd.conf": text})
    return made + f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: conf}}\ndata: {data}\n"


def said(text: str, *ports: int) -> list[str]:
    made = cluster(text)
    return [trace(made, "pod/client", f"pod/web:{port}").verdict for port in ports]


@pytest.mark.parametrize(
    "more",
    [
        "",
        ", command: [httpd-foreground]",
        ", command: [httpd, -DFOREGROUND]",
        ", command: [/usr/local/apache2/bin/httpd, -D, FOREGROUND]",
        ", command: [apachectl, -D, FOREGROUND]",
        ", command: [httpd, -X]",
    ],
)
def test_its_own_configuration_listens_on_80(more: str) -> None:
    assert said(started(more), 80, 8080) == ["connected", "refused"]


@pytest.mark.parametrize("option", ["-c", "-C"])
def test_directives_of_the_command_line_add_to_it(option: str) -> None:
    more = f', args: [httpd-foreground, {option}, "Listen 8080"]'
    assert said(started(more), 80, 8080, 81) == ["connected", "connected", "refused"]


def test_a_port_twice_ends_it() -> None:
    assert said(started(', args: [httpd-foreground, -c, "Listen 80"]'), 80) == ["refused"]
    assert said(configured(BASE + "Listen 80\nListen 127.0.0.1:80\n"), 80) == ["refused"]


def test_what_is_not_known_stays_so() -> None:
    for more in (
        ", command: [httpd]",
        ", args: [httpd-foreground, -f, /etc/my.conf]",
        ', command: [sh, -c, "sed -i s/80/81/ /usr/local/apache2/conf/httpd.conf; httpd -X"]',
    ):
        assert said(started(more), 80) == ["cannot-tell"], more
    for line in ("Listen ${PORT}", "Listen web:80", "Listen 80\nFrobnicate on"):
        assert said(configured(BASE + line), 80) == ["cannot-tell"], line
    assert said(configured(BASE + "Listen 80\nInclude conf/extra/httpd-ssl.conf"), 80) == [
        "cannot-tell"
    ]


def test_a_configuration_says_where() -> None:
    text = configured(BASE + "Listen 8080\nlisten 127.0.0.1:8081\nListen [::]:8082\n")
    found = said(text, 80, 81, 443, 8080, 8081, 8082)
    assert found == ["refused", "refused", "refused", "connected", "refused", "connected"]


def test_variables_and_definitions() -> None:
    text = configured(BASE + "Define ADMIN 8081\nListen ${PORT}\nListen ${ADMIN}\n",
                      more=", env: [{name: PORT, value: '8080'}]")  # fmt: skip
    assert said(text, 8080, 8081, 80) == ["connected", "connected", "refused"]
    text = configured(BASE + "<IfDefine TEST>\nListen 8080\n</IfDefine>\nListen 8081\n")
    assert said(text, 8080, 8081) == ["refused", "connected"]


@pytest.mark.parametrize(
    "text",
    [
        BASE,  # no Listen
        "Listen 80\n",  # no MPM
        BASE.replace("LoadModule unixd_module modules/mod_unixd.so\n", "") + "Listen 80\n",
        BASE + "Listen 80\nHeader set A b\n",  # its module is not loaded
        BASE + "Listen 80\n<VirtualHost *:80>\n",  # left open
    ],
)
def test_what_ends_it(text: str) -> None:
    assert said(configured(text), 80) == ["refused"]


def test_a_folder_hides_the_images_types() -> None:
    assert said(configured(BASE + "Listen 80\n", whole=True), 80) == ["refused"]
    bare = BASE.replace("LoadModule mime_module modules/mod_mime.so\n", "")
    assert said(configured(bare + "Listen 80\n", whole=True), 80) == ["connected"]


def test_elsewhere_httpd_is_busyboxs() -> None:
    more = ', command: [httpd, -f, -p, "8080"]'
    assert said(started(more, "busybox:1.37"), 8080, 80) == ["connected", "refused"]


def test_a_probe_speaks_what_the_virtual_host_does() -> None:
    secure = BASE.replace("Listen 443", "Listen 443\n  SSLRandomSeed startup builtin") + (
        "LoadModule ssl_module modules/mod_ssl.so\nListen 8443\n"
        "<VirtualHost *:8443>\n  SSLEngine on\n</VirtualHost>\n"
    )
    probe = ", readinessProbe: {httpGet: {port: 8443, path: /, scheme: HTTP}}"
    service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
    service += "spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8443}]}\n"
    plain, labelled = "{name: web}\nspec:\n", "{name: web, labels: {app: web}}\nspec:\n"
    text = configured(secure, more=probe).replace(plain, labelled)
    assert trace(cluster(text + service), "pod/client", "svc/web:80").verdict == "refused"
