"""Who asks may not, or is not who the cluster knows: told as that, and nothing is left behind."""

import subprocess
from pathlib import Path

import pytest
import yaml

from checker.live.errors import NotAllowedError
from checker.live.runs.cleaning import clean
from checker.live.runs.run import Run, open_run
from checker.live.server.connection import Api, connect
from checker.live.server.places import namespace_path
from tests.cluster import kind
from tests.live.conftest import Checker, sentence
from tests.live.objects import going

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]


@pytest.fixture
def as_account(live_api: Api, kubeconfig: Path, context: str, tmp_path: Path):
    """Gives a kubeconfig with a ServiceAccount's token; it may do what `rules` say, everywhere."""
    made: list[str] = []

    def account(run: Run, rules: list[dict[str, list[str]]]) -> Path:
        space = run.namespaces[0]
        name = f"kubernetes-ports-test-{run.id}"
        for a_kind, spec in (
            ("ClusterRole", {"rules": rules}),
            (
                "ClusterRoleBinding",
                {
                    "roleRef": {
                        "apiGroup": "rbac.authorization.k8s.io",
                        "kind": "ClusterRole",
                        "name": name,
                    },
                    "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": space}],
                },
            ),
        ):
            path = f"/apis/rbac.authorization.k8s.io/v1/{a_kind.lower()}s"
            body = {
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": a_kind,
                "metadata": {"name": name},
                **spec,
            }
            assert live_api.request("POST", path, body).code == 201
            made.append(f"{path}/{name}")
        path = f"{namespace_path(space)}/serviceaccounts/default/token"
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        return with_user(
            kubeconfig, tmp_path, token=live_api.request("POST", path, body).body["status"]["token"]
        )

    yield account
    for path in made:
        live_api.request("DELETE", path)


def with_user(kubeconfig: Path, folder: Path, **user: object) -> Path:
    config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    for one in config["users"]:
        one["user"] = user
    file = folder / "weak"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return file


def test_without_any_permission(live_api: Api, checker: Checker, context: str, as_account):
    with open_run(live_api, "tests") as run:
        run.apply([])
        said = sentence(
            checker("cluster", "status", "--context", context,
                    KUBECONFIG=str(as_account(run, [])))
        )  # fmt: skip
    assert "you are not allowed" in said
    assert 'cannot list resource "nodes"' in said


def test_allowed_to_look_but_not_to_make(live_api: Api, context: str, as_account):
    look = [{"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get", "list"]}]
    with open_run(live_api, "tests") as run:
        run.apply([])
        weak = connect(context, str(as_account(run, look)))
        with pytest.raises(NotAllowedError) as said, open_run(weak, "weak") as other:
            other.apply([])
    assert 'cannot patch resource "namespaces"' in str(said.value)
    # Nothing was made, so nothing is said to be left.
    assert "left behind" not in str(said.value)
    assert not going(live_api, "weak")


def test_a_neighbours_leftovers_that_one_may_not_take_away(
    live_api: Api, context: str, as_account, monkeypatch: pytest.MonkeyPatch
):
    makes = [{"apiGroups": [""], "resources": ["namespaces"], "verbs": ["list", "create", "patch"]}]
    with open_run(live_api, "tests") as run:
        run.apply([])
        weak = connect(context, str(as_account(run, makes)))
        monkeypatch.setattr("checker.live.runs.run.LIFE_SECONDS", -1)
        killed = Run(live_api, "neighbour")
        try:
            killed.apply([])
            monkeypatch.undo()
            # The leftovers of another are no reason not to run.
            assert clean(weak, expired=True) == []
            assert going(live_api, "neighbour") == killed.namespaces
        finally:
            killed.close()


@pytest.mark.parametrize("user", [{"token": "wrong"}, {}])
def test_a_wrong_token_or_none(kubeconfig: Path, tmp_path: Path, context: str, user, checker):
    file = with_user(kubeconfig, tmp_path, **user)
    said = sentence(checker("cluster", "status", "--context", context, KUBECONFIG=str(file)))
    assert "does not know you" in said or "not allowed" in said


@pytest.fixture
def authority(kubeconfig: Path, tmp_path: Path) -> Path:
    """A folder with the cluster's own authority, to sign with."""
    folder = kubeconfig.parent / "credentials"
    if (folder / "ca.key").is_file():
        return folder
    for name in ("ca.crt", "ca.key"):
        inside = [
            "docker",
            "exec",
            f"{kind.NAME}-control-plane",
            "cat",
            f"/etc/kubernetes/pki/{name}",
        ]
        (tmp_path / name).write_bytes(
            subprocess.run(inside, check=True, capture_output=True).stdout
        )
    return tmp_path


def openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def test_an_expired_certificate(
    kubeconfig: Path, authority: Path, tmp_path: Path, context: str, checker: Checker
):
    key, request, certificate = (tmp_path / f"me.{end}" for end in ("key", "csr", "crt"))
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    openssl("req", "-new", "-key", key, "-subj", "/O=system:masters/CN=me", "-out", request)
    (tmp_path / "index").touch()
    (tmp_path / "ca.cnf").write_text(
        f"[ca]\ndefault_ca = own\n[own]\ndatabase = {tmp_path}/index\nrand_serial = yes\n"
        f"new_certs_dir = {tmp_path}\ndefault_md = sha256\npolicy = any\nunique_subject = no\n"
        "[any]\norganizationName = optional\ncommonName = optional\n"
    )
    signed = ("ca", "-batch", "-notext", "-config", tmp_path / "ca.cnf", "-in", request,
              "-cert", authority / "ca.crt", "-keyfile", authority / "ca.key",
              "-out", certificate)  # fmt: skip
    user = {"client-certificate": str(certificate), "client-key": str(key)}
    file = with_user(kubeconfig, tmp_path, **user)
    openssl(*signed, "-days", "1")
    done = checker("cluster", "status", "--context", context, KUBECONFIG=str(file))
    assert done.returncode == 0, done.stderr
    openssl(*signed, "-startdate", "20200101000000Z", "-enddate", "20200102000000Z")
    said = sentence(checker("cluster", "status", "--context", context, KUBECONFIG=str(file)))
    assert "does not know you: its credentials have expired" in said


def test_a_cluster_that_was_made_anew(
    kubeconfig: Path, tmp_path: Path, context: str, checker: Checker
):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", tmp_path / "ca.key", "-out", tmp_path / "ca.crt", "-subj", "/CN=other",
            "-days", "1")  # fmt: skip
    config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    for one in config["clusters"]:
        one["cluster"].pop("certificate-authority-data", None)
        one["cluster"]["certificate-authority"] = str(tmp_path / "ca.crt")
    file = tmp_path / "config"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    said = sentence(checker("cluster", "status", "--context", context, KUBECONFIG=str(file)))
    assert "does not prove to be the one in the kubeconfig" in said
    assert "CERTIFICATE_VERIFY_FAILED" in said or "certificate verify failed" in said
