"""The real cluster as a fixture: one for all tests of a session, gone afterwards."""

import os
from collections.abc import Iterator

import pytest

from tests.cluster import commands, kind
from tests.cluster.api import Api
from tests.cluster.commands import Cluster
from tests.cluster.versions import AGNHOST_IMAGE, ClusterError
from tests.conformance.probing import Runner
from tests.conformance.runners import KubectlRunner, NamespaceRunner


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Kubernetes with two nodes: kind's where Docker works, our own elsewhere.

    If the session dies, the cluster goes with it (`owner`).
    """
    try:
        if kind.is_usable():
            try:
                yield kind.up(tmp_path_factory.mktemp("kind"))
            finally:
                kind.down()
            return
        name = f"test-{os.getpid()}"
        try:
            yield commands.up(name, owner=os.getpid())
        finally:
            commands.down(name)
    except ClusterError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def api(cluster: Cluster) -> Api:
    """The cluster's API server, asked as an administrator."""
    return Api(cluster.kubeconfig)


@pytest.fixture(scope="session")
def runner(cluster: Cluster, api: Api) -> Runner:
    """Runs probes in the cluster."""
    if cluster.name == kind.NAME:
        nodes = {name: str(node["real"]) for name, node in cluster.nodes.items()}
        return KubectlRunner(cluster.kubeconfig, AGNHOST_IMAGE, nodes)
    return NamespaceRunner(cluster, api)
