"""Keys, certificates, tokens and kubeconfigs of one cluster: made anew each time, worth nothing."""

import json
import os
import secrets
import subprocess
from pathlib import Path

from tests.cluster.versions import KUBERNETES_SERVICE, ClusterError

# Who may ask the API server, and as what.
USERS = {
    "admin": ("kubernetes-admin", "system:masters"),
    "controller-manager": ("system:kube-controller-manager", ""),
    "scheduler": ("system:kube-scheduler", ""),
    "proxy": ("system:kube-proxy", ""),
    # kindnetd's own account may read pods, namespaces, nodes and policies; so may this.
    "policies": ("kube-network-policies", "system:masters"),
}


class Credentials:
    """Files in `folder`: ca.crt, apiserver.{crt,key}, kubelet-client.{crt,key}, accounts.{key,pub},
    tokens.csv, and a NAME.kubeconfig for every user."""

    def __init__(self, folder: Path, nodes: list[str], environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment}
        self.users = dict(USERS)
        for node in nodes:
            self.users[node] = (f"system:node:{node}", "system:nodes")
        self.tokens = {name: secrets.token_hex(16) for name in self.users}

    def make(self, addresses: list[str]) -> None:
        """Writes all but the kubeconfigs; `addresses` are the API server's own."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._key("ca")
        self._run("req", "-x509", "-new", "-key", "ca.key", "-days", "2", "-subj", "/CN=ca",
                  "-out", "ca.crt")  # fmt: skip
        names = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"]
        names.append("kubernetes.default.svc.cluster.local")
        alternatives = [f"DNS:{name}" for name in names]
        alternatives += [f"IP:{address}" for address in [*addresses, KUBERNETES_SERVICE]]
        self._certificate("apiserver", "/CN=kube-apiserver", ",".join(alternatives))
        self._certificate("kubelet-client", "/O=system:masters/CN=kube-apiserver", None)
        self._key("accounts")
        self._run("ec", "-in", "accounts.key", "-pubout", "-out", "accounts.pub")
        lines = [
            f'{self.tokens[name]},{user},{user},"{group}"\n'
            for name, (user, group) in self.users.items()
        ]
        (self.folder / "tokens.csv").write_text("".join(lines), encoding="utf-8")

    def kubeconfig(self, user: str, server: str, path: Path | None = None) -> Path:
        """Writes the kubeconfig of `user` for the API server at `server` (https://…)."""
        path = path or self.folder / f"{user}.kubeconfig"
        name = "kubernetes-ports"
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [
                {
                    "name": name,
                    "cluster": {
                        "server": server,
                        "certificate-authority": str(self.folder / "ca.crt"),
                    },
                }
            ],
            "users": [{"name": user, "user": {"token": self.tokens[user]}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": user}}],
        }
        # JSON is YAML too.
        path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
        path.chmod(0o600)
        return path

    def _key(self, name: str) -> None:
        self._run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")

    def _certificate(self, name: str, subject: str, alternatives: str | None) -> None:
        self._key(name)
        self._run("req", "-new", "-key", f"{name}.key", "-subj", subject, "-out", f"{name}.csr")
        extensions = "extendedKeyUsage=serverAuth,clientAuth\n"
        if alternatives:
            extensions += f"subjectAltName={alternatives}\n"
        (self.folder / f"{name}.ext").write_text(extensions, encoding="utf-8")
        self._run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                  "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext",
                  "-out", f"{name}.crt")  # fmt: skip

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            ["openssl", *arguments], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise ClusterError(f"openssl {arguments[0]} failed: {done.stderr.strip()[-300:]}")
