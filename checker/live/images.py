"""The images that live checks run, and no others."""

from __future__ import annotations

from collections.abc import Iterable

from checker.live.errors import LiveError

AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.63.0"
ALLOWED = frozenset({AGNHOST})


def refuse_others(images: Iterable[str]) -> None:
    """Raise LiveError for an image that is not the course's, before anything is applied."""
    for image in images:
        if image not in ALLOWED:
            raise LiveError(
                f"the image {image} is not one of the course's, so nothing was applied; live "
                f"checks run {', '.join(sorted(ALLOWED))} only"
            )
