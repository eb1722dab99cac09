"""Serves a folder on localhost, compressed, as a web host would.

    python book/_widget/serve.py [--port 8000] [--open] FOLDER

Folders with a hash in their name never change, so the browser may keep what is in them.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import threading
import webbrowser
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

COMPRESSED = re.compile(r"\.(html|css|m?js|json|svg|txt|wasm|ipynb|md|yaml)$")
FOR_EVER = re.compile(r"/(widget|pyodide)-[0-9a-f]{12}/")


class Handler(SimpleHTTPRequestHandler):
    """Files of one folder, each compressed once."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }
    protocol_version = "HTTP/1.1"
    packed: dict[tuple[str, float], bytes]

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        accepts = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (accepts and path.is_file() and COMPRESSED.search(path.name)):
            super().do_GET()
            return
        body = self.compressed(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        self.wfile.write(body)

    def compressed(self, path: Path) -> bytes:
        key = (str(path), path.stat().st_mtime)
        if key not in self.packed:
            self.packed[key] = gzip.compress(path.read_bytes(), 9)
        return self.packed[key]

    def end_headers(self) -> None:
        kept = "max-age=31536000, immutable" if FOR_EVER.search(self.path) else "no-cache"
        self.send_header("Cache-Control", kept)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Say nothing: the browser's console shows what is missing."""


class Server(ThreadingHTTPServer):
    """One that does not mind readers who turn the page before all of it has come."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of that folder on localhost; port 0 takes a free one."""
    packed: dict[tuple[str, float], bytes] = {}
    handler = type("FolderHandler", (Handler,), {"packed": packed})
    return Server(("127.0.0.1", port), partial(handler, directory=str(folder)))


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve a folder on localhost, compressed.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--open", action="store_true", help="open a browser")
    options = parser.parse_args()
    if not options.folder.is_dir():
        sys.stderr.write(f"{options.folder} is no folder: run `make book` first\n")
        return 2
    try:
        serving = server(options.folder, options.port)
    except OSError as error:
        why = f"port {options.port}: {error.strerror}; choose another"
        sys.stderr.write(f"{why}: make serve PORT=8001\n")
        return 3
    address = f"http://127.0.0.1:{serving.server_port}/"
    sys.stdout.write(f"The book: {address} (Ctrl-C ends)\n")
    sys.stdout.flush()
    if options.open:
        threading.Timer(0.3, webbrowser.open, [address]).start()
    try:
        serving.serve_forever()
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
