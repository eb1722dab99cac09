"""etcd, kube-apiserver, kube-controller-manager and kube-scheduler, set as in a stock cluster.

Flags are those that kubeadm gives; what differs says why.
"""

import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tests.cluster import build
from tests.cluster.credentials import Credentials
from tests.cluster.processes import Processes
from tests.cluster.versions import NODE_PORTS, POD_NETWORK, SERVICE_NETWORK, part


class ControlPlane:
    """The control plane at `address`, its files in `folder`.

    `enter` is put before every command: nothing, or what enters a network namespace.
    `ports` are the API server's, etcd's and etcd's for its peers.
    """

    def __init__(
        self,
        processes: Processes,
        folder: Path,
        credentials: Credentials,
        *,
        enter: Sequence[str | Path] = (),
        address: str,
        bind: str,
        ports: tuple[int, int, int],
    ) -> None:
        self.processes = processes
        self.folder = folder
        self.credentials = credentials
        self.enter = enter
        self.address = address
        self.bind = bind
        self.port, self.etcd_port, self.peer_port = ports
        self.bin = part("kubernetes")
        self.env = build.environment()

    def start_server(self) -> None:
        """Starts etcd and the API server, and does not wait."""
        self._etcd()
        self._api_server()

    def start_controllers(self, server: str, *, scheduler: bool) -> None:
        """Waits until the API server at `server` is ready, then starts those who use it.

        Not before: a controller manager gives up after ten seconds, which are few on a
        busy machine.
        """
        self.processes.wait_until("the API server", lambda: self.is_ready(server), 120)
        self._controllers()
        if scheduler:
            self._scheduler()

    def is_ready(self, server: str) -> bool:
        """Whether the API server at `server` says so itself."""
        context = ssl.create_default_context(cafile=str(self.credentials.folder / "ca.crt"))
        request = urllib.request.Request(
            f"{server}/readyz",
            headers={"Authorization": f"Bearer {self.credentials.tokens['admin']}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=2, context=context) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, OSError):
            return False

    def _run(self, name: str, *arguments: str) -> None:
        self.processes.start(name, [*self.enter, self.bin / name, *arguments], self.env)

    def _etcd(self) -> None:
        client, peer = (f"http://127.0.0.1:{port}" for port in (self.etcd_port, self.peer_port))
        program = part("system") / "usr/bin/etcd"
        self.processes.start(
            "etcd",
            [
                *self.enter,
                program,
                f"--data-dir={self.folder / 'etcd'}",
                f"--listen-client-urls={client}",
                f"--advertise-client-urls={client}",
                f"--listen-peer-urls={peer}",
                f"--initial-advertise-peer-urls={peer}",
                f"--initial-cluster=default={peer}",
                # Nothing here outlives the machine's power.
                "--unsafe-no-fsync",
                "--log-level=warn",
            ],
            self.env,
        )

    def _api_server(self) -> None:
        folder = self.credentials.folder
        self._run(
            "kube-apiserver",
            f"--bind-address={self.bind}",
            f"--secure-port={self.port}",
            f"--advertise-address={self.address}",
            f"--etcd-servers=http://127.0.0.1:{self.etcd_port}",
            f"--service-cluster-ip-range={SERVICE_NETWORK}",
            f"--service-node-port-range={NODE_PORTS}",
            f"--tls-cert-file={folder / 'apiserver.crt'}",
            f"--tls-private-key-file={folder / 'apiserver.key'}",
            f"--client-ca-file={folder / 'ca.crt'}",
            f"--token-auth-file={folder / 'tokens.csv'}",
            f"--kubelet-client-certificate={folder / 'kubelet-client.crt'}",
            f"--kubelet-client-key={folder / 'kubelet-client.key'}",
            # Nodes' names are in no DNS here.
            "--kubelet-preferred-address-types=InternalIP",
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
            f"--service-account-key-file={folder / 'accounts.pub'}",
            f"--service-account-signing-key-file={folder / 'accounts.key'}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            # A quick end: nobody waits for this server.
            "--shutdown-delay-duration=0s",
        )

    def _controllers(self) -> None:
        folder = self.credentials.folder
        kubeconfig = self.credentials.kubeconfig(
            "controller-manager", f"https://127.0.0.1:{self.port}"
        )
        self._run(
            "kube-controller-manager",
            f"--kubeconfig={kubeconfig}",
            "--controllers=*,bootstrapsigner,tokencleaner",
            "--use-service-account-credentials=true",
            f"--service-account-private-key-file={folder / 'accounts.key'}",
            f"--root-ca-file={folder / 'ca.crt'}",
            f"--cluster-cidr={POD_NETWORK}",
            "--allocate-node-cidrs=true",
            f"--service-cluster-ip-range={SERVICE_NETWORK}",
            # One of each, so no election; nobody scrapes them, so no port to be taken.
            "--leader-elect=false",
            "--secure-port=0",
            "--kube-api-qps=200",
            "--kube-api-burst=400",
        )

    def _scheduler(self) -> None:
        kubeconfig = self.credentials.kubeconfig("scheduler", f"https://127.0.0.1:{self.port}")
        self._run(
            "kube-scheduler",
            f"--kubeconfig={kubeconfig}",
            "--leader-elect=false",
            "--secure-port=0",
            "--kube-api-qps=200",
            "--kube-api-burst=400",
        )
