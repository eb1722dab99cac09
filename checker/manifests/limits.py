"""How much of anything is read before the reader says no.

The limits stand far above what a cluster takes (the API server refuses requests over 3 MiB,
etcd objects over 1.5 MiB) and low enough that no input costs more than about a second.
"""

from typing import NamedTuple


class Limits(NamedTuple):
    """`text` in characters; `depth` in nested collections; `nodes` after aliases are expanded.

    `objects` is of all files together, the others are of one file or document.
    """

    text: int = 5 * 1024 * 1024
    depth: int = 100
    nodes: int = 500_000
    documents: int = 20_000
    objects: int = 500_000


LIMITS = Limits()
