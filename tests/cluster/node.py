"""One node: containerd, kubelet, kube-proxy, the CNI's part and the policy engine, as in kind."""

import json
from pathlib import Path

from tests.cluster import build, remains
from tests.cluster.credentials import Credentials
from tests.cluster.sandbox import Sandbox
from tests.cluster.versions import (
    DNS_SERVICE,
    PAUSE_IMAGE,
    POD_NETWORK,
    ClusterError,
    part,
)

_SOCKET = "/run/containerd/containerd.sock"
_QUEUE = 101


def start_runtime(sandbox: Sandbox, cgroup: str) -> None:
    """Starts containerd in `sandbox` and makes the node's cgroup below `cgroup`."""
    _make_cgroup(cgroup, sandbox.name)
    config = sandbox.folder / "containerd.toml"
    config.write_text(_containerd_config(sandbox.folder), encoding="utf-8")
    (sandbox.folder / "cni").mkdir()
    program = part("system") / "usr/bin/containerd"
    sandbox.spawn("containerd", [program, "--config", config], build.environment())


def import_images(sandbox: Sandbox) -> None:
    """Returns when containerd has all images: before a kubelet asks for one."""
    ctr = [str(part("system") / "usr/bin/ctr"), "--address", _SOCKET, "--namespace", "k8s.io"]
    env = build.environment()

    def answers() -> bool:
        try:
            sandbox.run(*ctr, "version", env=env)
        except ClusterError:
            return False
        return True

    sandbox.processes.wait_until(f"containerd on {sandbox.name}", answers, 60)
    for image in sorted(part("images").glob("*.tar")):
        sandbox.run(*ctr, "images", "import", image, env=env)


def start_node(
    sandbox: Sandbox,
    credentials: Credentials,
    *,
    server: str,
    address: str,
    pods: str,
    proxy_mode: str,
    cgroup: str,
) -> None:
    """Starts kubelet, kube-proxy and the policy engine; containerd runs already."""
    folder, env, programs = sandbox.folder, build.environment(), part("kubernetes")
    (folder / "cni" / "10-kindnet.conflist").write_text(
        json.dumps(_cni_config(pods)), encoding="utf-8"
    )
    # An upstream that answers nothing: cluster DNS does not forward.
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="utf-8")
    _write(folder / "kubelet.json", _kubelet_config(folder, credentials.folder, cgroup))
    sandbox.spawn(
        "kubelet",
        [
            programs / "kubelet",
            f"--config={folder / 'kubelet.json'}",
            f"--kubeconfig={credentials.kubeconfig(sandbox.name, server)}",
            f"--hostname-override={sandbox.name}",
            f"--node-ip={address}",
            f"--root-dir={folder / 'kubelet'}",
            f"--cert-dir={folder / 'kubelet' / 'pki'}",
        ],
        env,
    )
    proxy = credentials.kubeconfig("proxy", server)
    _write(folder / "proxy.json", _proxy_config(sandbox.name, proxy, proxy_mode))
    sandbox.spawn("kube-proxy", [programs / "kube-proxy", f"--config={folder / 'proxy.json'}"], env)
    _masquerade(sandbox, env)
    arguments = []
    if not _has_nft_queue(sandbox, env):
        _queue_by_iptables(sandbox, env)
        arguments = [f"--set-table={_QUEUE_TABLE}"]
    policies = credentials.kubeconfig("policies", server)
    sandbox.spawn(
        "policies",
        [
            part("network") / "kube-network-policies",
            f"--kubeconfig={policies}",
            f"--node={sandbox.name}",
            f"--queue={_QUEUE}",
            *arguments,
        ],
        env,
    )


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def _make_cgroup(cgroup: str, node: str) -> None:
    """The kubelet wants its root cgroup to be there, in every hierarchy."""
    for hierarchy in remains.hierarchies():
        for path in (hierarchy / cgroup, hierarchy / cgroup / node):
            path.mkdir(exist_ok=True)
            # On v1 a cpuset without processors and memory takes no process.
            for key in ("cpuset.cpus", "cpuset.mems"):
                file = path / key
                if file.exists() and not file.read_text().strip():
                    file.write_text((path.parent / key).read_text())
            controllers = path / "cgroup.controllers"
            if controllers.exists():
                wanted = " ".join(f"+{name}" for name in controllers.read_text().split())
                (path / "cgroup.subtree_control").write_text(wanted)


def _containerd_config(folder: Path) -> str:
    system = part("system")
    return f"""\
version = 3
root = "{folder}/containerd"
state = "/run/containerd"
oom_score = 0
disabled_plugins = [
  "io.containerd.internal.v1.opt",
  "io.containerd.internal.v1.tracing",
  "io.containerd.nri.v1.nri",
  "io.containerd.snapshotter.v1.blockfile",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.erofs",
  "io.containerd.snapshotter.v1.zfs",
]
[grpc]
  address = "{_SOCKET}"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "{PAUSE_IMAGE}"
[plugins."io.containerd.cri.v1.runtime"]
  disable_apparmor = true
  # Without CAP_SYS_RESOURCE a score can be raised only.
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["{system}/usr/lib/cni"]
    conf_dir = "{folder}/cni"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
      BinaryName = "{system}/usr/sbin/runc"
      SystemdCgroup = false
"""


def _cni_config(pods: str) -> dict[str, object]:
    """What kindnetd writes on a node (kind: images/kindnetd/cmd/kindnetd/cni.go)."""
    return {
        "cniVersion": "0.3.1",
        "name": "kindnet",
        "plugins": [
            {
                "type": "ptp",
                "ipMasq": False,
                "ipam": {
                    "type": "host-local",
                    "dataDir": "/run/cni-ipam-state",
                    "routes": [{"dst": "0.0.0.0/0"}],
                    "ranges": [[{"subnet": pods}]],
                },
            },
            {"type": "portmap", "capabilities": {"portMappings": True}},
        ],
    }


def _kubelet_config(folder: Path, credentials: Path, cgroup: str) -> dict[str, object]:
    """kind's settings where it has any; what this machine needs; and no waiting."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "containerRuntimeEndpoint": f"unix://{_SOCKET}",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": False},
            "x509": {"clientCAFile": str(credentials / "ca.crt")},
        },
        "authorization": {"mode": "AlwaysAllow"},
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{cgroup}",
        "failCgroupV1": False,
        "clusterDNS": [DNS_SERVICE],
        "clusterDomain": "cluster.local",
        "resolvConf": str(folder / "resolv.conf"),
        "podLogsDir": str(folder / "pods"),
        "volumePluginDir": str(folder / "volume-plugins"),
        "failSwapOn": False,
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {
            "nodefs.available": "0%",
            "nodefs.inodesFree": "0%",
            "imagefs.available": "0%",
        },
        "enforceNodeAllocatable": ["pods"],
        "oomScoreAdj": 0,
        "maxPods": 250,
        "serializeImagePulls": False,
        "registryPullQPS": 0,
        "eventRecordQPS": 0,
        "kubeAPIQPS": 200,
        "kubeAPIBurst": 400,
        "healthzPort": 0,
        "nodeStatusUpdateFrequency": "2s",
        "shutdownGracePeriod": "0s",
        "logging": {"verbosity": 1},
    }


def _proxy_config(node: str, kubeconfig: Path, mode: str) -> dict[str, object]:
    """What kind's kubeadm configuration comes to."""
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": mode,
        "hostnameOverride": node,
        "clusterCIDR": POD_NETWORK,
        "clientConnection": {"kubeconfig": str(kubeconfig), "qps": 200, "burst": 400},
        "conntrack": {"maxPerCore": 0, "tcpBeLiberal": mode == "nftables"},
        "iptables": {"minSyncPeriod": "1s"},
    }


def _masquerade(sandbox: Sandbox, env: dict[str, str]) -> None:
    """kindnetd's masquerading: pods' packets keep their source inside the cluster only."""
    chain = "KIND-MASQ-AGENT"
    for rule in (
        ("-N", chain),
        ("-A", chain, "-d", POD_NETWORK, "-j", "RETURN"),
        ("-A", chain, "-j", "MASQUERADE"),
        ("-A", "POSTROUTING", "-m", "addrtype", "!", "--dst-type", "LOCAL", "-j", chain),
    ):
        sandbox.run("iptables", "-w", "-t", "nat", *rule, env=env)


def _has_nft_queue(sandbox: Sandbox, env: dict[str, str]) -> bool:
    """Whether the kernel has nftables' queue expression, which the policy engine's rules use."""
    table = "add table inet trial; add chain inet trial c; add rule inet trial c queue num 9"
    try:
        sandbox.run("nft", f"{table}; delete table inet trial", env=env)
    except ClusterError:
        return False
    return True


def _queue_by_iptables(sandbox: Sandbox, env: dict[str, str]) -> None:
    """The policy engine's own rules (pkg/dataplane: syncNFTablesRules), but for one target.

    iptables' NFQUEUE does what nftables' queue does. A chain of iptables' table
    `security`, which nobody else here uses, holds it, and nftables' rules jump there.
    Hooks, priorities and order are the engine's; the engine's main program keeps the
    set `podips-v4` (go/network/managed.go).
    """
    chain = ("iptables", "-w", "-t", _QUEUE_TABLE)
    queue = ("-j", "NFQUEUE", "--queue-num", str(_QUEUE), "--queue-bypass")
    sandbox.run(*chain, "-N", "QUEUE-PODS", env=env)
    sandbox.run(*chain, "-A", "QUEUE-PODS", *queue, env=env)
    rules = sandbox.folder / "queue.nft"
    rules.write_text(_QUEUE_RULES, encoding="utf-8")
    sandbox.run("nft", "-f", rules, env=env)


_QUEUE_TABLE = "security"
# The engine labels the connections that it lets through, which takes another part of
# the kernel (NETFILTER_NETLINK_GLUE_CT) that may be missing. A packet that is let
# through goes on to the next chain of its hook: there the rules do the labelling.
_QUEUE_RULES = """\
table ip security {
    set podips-v4 {
        type ipv4_addr
    }
    chain postrouting {
        type filter hook postrouting priority 95
        meta skuid 0 accept comment "the kubelet's probes"
        ct label 100 ct state established,related accept comment "let through once"
        ip saddr @podips-v4 jump QUEUE-PODS
        ip daddr @podips-v4 jump QUEUE-PODS
    }
    chain postrouting-passed {
        type filter hook postrouting priority 96
        meta skuid 0 accept
        ct label set 100
    }
    chain input {
        type filter hook input priority 101
        iifname "lo" accept
        ip saddr @podips-v4 ct state new jump QUEUE-PODS comment "from a pod to its own node"
    }
    chain input-passed {
        type filter hook input priority 102
        ip saddr @podips-v4 ct label set 100
    }
}
"""
