"""What a namespace of a run says of itself: whose it is, and until when it is of use."""

from __future__ import annotations

import getpass
import re

MANAGER = "kubernetes-ports"
MANAGED = "app.kubernetes.io/managed-by"
RUN = "kubernetes-ports/run"
LEARNER = "kubernetes-ports/learner"
#: An annotation: seconds since 1970 by the server's clock.
EXPIRES = "kubernetes-ports/expires"
SELECTOR = f"{MANAGED}={MANAGER}"


def learner_name(name: str | None = None) -> str:
    """Who runs this, as far as a label and a namespace's name take it: forty share a cluster.

    `name` is what somebody calls themselves; without it, the machine's user.
    """
    if name is None:
        try:
            name = getpass.getuser()
        except (OSError, KeyError, ImportError):
            # A container without an entry for its user; Windows without USERNAME.
            name = ""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:16].strip("-") or "learner"
