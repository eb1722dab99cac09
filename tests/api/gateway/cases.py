"""What a server with Gateway API's CRDs was asked (cases.yaml), and said (recorded.json)."""

import json
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.cases import ApiCase

HERE = Path(__file__).resolve().parent
RECORDED = HERE / "recorded.json"


def inputs() -> list[dict[str, Any]]:
    """The cases to ask: {id, about, manifests}."""
    found: list[dict[str, Any]] = yaml.safe_load((HERE / "cases.yaml").read_text("utf-8"))["cases"]
    return found


def recorded() -> list[ApiCase]:
    """The server's verdicts."""
    cases = json.loads(RECORDED.read_text(encoding="utf-8"))["cases"]
    return [
        ApiCase(**{
            "given": "", **case,
            "causes": tuple(case["causes"]), "warnings": tuple(case["warnings"]),
        })
        for case in cases
    ]  # fmt: skip
