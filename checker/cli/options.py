"""What a command line says, option by option."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checker.api.settings import ClusterSettings


class Options(SimpleNamespace):
    """The options by the names that argparse gives them."""


def model(options: Options) -> ClusterSettings:
    """The settings of the cluster that the options say."""
    from checker.api.settings import ClusterSettings

    return ClusterSettings(
        namespace=options.namespace,
        nodes=options.nodes,
        pod_cidr=options.pod_cidr,
        service_cidr=options.service_cidr,
        node_port_range=options.node_port_range,
        proxy_mode=options.proxy_mode,
    )


def standard_input() -> Any:
    """Standard input's bytes, None where it is closed."""
    return getattr(sys.stdin, "buffer", None)
