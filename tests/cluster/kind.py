"""Where Docker works, the same cluster is kind's, from the kind-config.yaml that learners use."""

import shutil
import subprocess
from pathlib import Path

from tests.cluster.api import Api
from tests.cluster.commands import Cluster
from tests.cluster.versions import AGNHOST_IMAGE, PROXY_MODES, ClusterError

CONFIG = Path(__file__).resolve().parents[2] / "kind-config.yaml"
NAME = "kubernetes-ports-test"


def is_usable() -> bool:
    """Whether kind, kubectl and a Docker daemon that answers are here."""
    if not all(shutil.which(program) for program in ("kind", "kubectl", "docker")):
        return False
    done = subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=60)
    return done.returncode == 0


def up(folder: Path) -> Cluster:
    """Makes the cluster, with its kubeconfig in `folder` and agnhost loaded into its nodes.

    Its nodes go by the names of our own cluster, worker-1 and worker-2; `real` in each is
    what they are called in Kubernetes.
    """
    kubeconfig = folder / "kubeconfig"
    _run("kind", "create", "cluster", "--name", NAME, "--config", str(CONFIG),
         "--kubeconfig", str(kubeconfig), "--wait", "180s")  # fmt: skip
    _run("docker", "pull", AGNHOST_IMAGE)
    _run("kind", "load", "docker-image", "--name", NAME, AGNHOST_IMAGE)
    api = Api(kubeconfig)
    workers = [
        node
        for node in api.get("/api/v1/nodes")["items"]
        if "node-role.kubernetes.io/control-plane" not in node["metadata"]["labels"]
    ]
    workers.sort(key=lambda node: str(node["metadata"]["name"]))
    nodes: dict[str, dict[str, str | int]] = {}
    for number, node in enumerate(workers, 1):
        address = next(
            a["address"] for a in node["status"]["addresses"] if a["type"] == "InternalIP"
        )
        real = node["metadata"]["name"]
        nodes[f"worker-{number}"] = {"name": f"worker-{number}", "real": real, "address": address}
    return Cluster(
        name=NAME,
        version=api.get("/version")["gitVersion"],
        kubeconfig=kubeconfig,
        proxy_mode=PROXY_MODES[0],  # as kind-config.yaml says
        nodes=nodes,
        external=None,
    )


def down() -> None:
    """Takes the cluster away."""
    _run("kind", "delete", "cluster", "--name", NAME)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ClusterError(f"`{' '.join(command)}` failed: {last}")
