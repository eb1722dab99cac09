"""Container images made of one static program each, as `ctr images import` takes them.

A Docker-format tar: manifest.json names a config and layers by file; no registry,
no Docker. Made reproducibly, so that the cache can be compared.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path

# The kernel's names and Go's.
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def write_image(
    path: Path,
    names: Iterable[str],
    programs: Mapping[str, Path],
    *,
    entrypoint: list[str],
    command: Iterable[str] = (),
    files: Mapping[str, str] | None = None,
) -> None:
    """Writes the image `names` (repository:tag) to `path`.

    `programs` maps absolute paths in the image to programs of this machine,
    `files` to texts.
    """
    layer_path = path.with_suffix(".layer")
    try:
        with tarfile.open(layer_path, "w") as layer:
            for folder in ("etc", "tmp", "dev", "proc", "sys"):
                _add(layer, folder, None, 0o1777 if folder == "tmp" else 0o755)
            for name, text in (files or {}).items():
                _add(layer, name.lstrip("/"), io.BytesIO(text.encode()), 0o644, len(text.encode()))
            for name, program in programs.items():
                with program.open("rb") as data:
                    _add(layer, name.lstrip("/"), data, 0o755, program.stat().st_size)
        with layer_path.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        config = json.dumps(
            {
                "architecture": _ARCHITECTURES.get(os.uname().machine, os.uname().machine),
                "os": "linux",
                "config": {
                    "Entrypoint": entrypoint,
                    "Cmd": list(command) or None,
                    "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                    "WorkingDir": "/",
                },
                "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
                "history": [{"created_by": "tests/cluster/images.py"}],
            }
        ).encode()
        config_name = hashlib.sha256(config).hexdigest() + ".json"
        manifest = json.dumps(
            [{"Config": config_name, "RepoTags": list(names), "Layers": [f"{digest}/layer.tar"]}]
        ).encode()
        with tarfile.open(path, "w") as image:
            _add(image, config_name, io.BytesIO(config), 0o644, len(config))
            with layer_path.open("rb") as data:
                _add(image, f"{digest}/layer.tar", data, 0o644, layer_path.stat().st_size)
            _add(image, "manifest.json", io.BytesIO(manifest), 0o644, len(manifest))
    finally:
        layer_path.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, data: io.IOBase | None, mode: int, size: int = 0) -> None:
    entry = tarfile.TarInfo(name)
    entry.mode = mode
    entry.size = size
    entry.type = tarfile.DIRTYPE if data is None else tarfile.REGTYPE
    tar.addfile(entry, data)
