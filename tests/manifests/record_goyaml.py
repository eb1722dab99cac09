"""Records what Kubernetes' own YAML reader makes of the texts in `goyaml.recorded.json`.

    python -m tests.manifests.record_goyaml

runs `goyaml/main.go` (needs Go) on every text that the file names and writes the answers back.
To add a case, add `{"yaml": "…"}` to the file and record.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RECORDING = HERE / "goyaml.recorded.json"


def recorded() -> list[dict[str, Any]]:
    """The cases: `yaml`, and `json` (the value) or `error` (the reader's words)."""
    return json.loads(RECORDING.read_text())


def ask_goyaml(texts: list[str]) -> list[dict[str, Any]]:
    """What `sigs.k8s.io/yaml` answers, text by text. Raises CalledProcessError without Go."""
    answer = subprocess.run(
        ["go", "run", "."],
        cwd=HERE / "goyaml",
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    results = json.loads(answer.stdout)
    return [{"yaml": text} | result for text, result in zip(texts, results, strict=True)]


def main() -> None:
    cases = ask_goyaml([case["yaml"] for case in recorded()])
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    RECORDING.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
