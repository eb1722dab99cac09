"""The recordings are held against the same cluster that tests/cluster brings up."""

from tests.cluster.conftest import api, cluster, runner

__all__ = ["api", "cluster", "runner"]
