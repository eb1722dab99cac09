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

    return ClusterSettings(**{name: getattr(options, name) for name in ClusterSettings._fields})


def standard_input() -> Any:
    """Standard input's bytes, None where it is closed."""
    return getattr(sys.stdin, "buffer", None)
