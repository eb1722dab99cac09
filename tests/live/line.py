"""A line to an API server that can be cut, or fall silent, at will: what goes wrong for real."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import yaml


class Line:
    """Forwards a port of this machine to `server`, an https:// address, until `close`."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._target = (str(parts.hostname), parts.port or 443)
        self._ends: set[socket.socket] = set()
        self._flows = threading.Event()
        self._flows.set()
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self.port = 0
        self.connections = 0
        self.restore()

    def cut(self) -> None:
        """Refuse every connection from now on, and reset those that are."""
        if self._listener is not None:
            # Wakes the thread that waits for connections; closing alone does not.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def silence(self) -> None:
        """Take connections and bytes, and pass nothing on."""
        self._flows.clear()

    def restore(self) -> None:
        """Be a whole line again."""
        self._flows.set()
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self.port = self._listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    close = cut

    def kubeconfig(self, like: Path, to: Path, context: str = "kind-line") -> Path:
        """The kubeconfig `like`, written to `to` with this line for its server."""
        config = yaml.safe_load(like.read_text(encoding="utf-8"))
        for cluster in config["clusters"]:
            cluster["cluster"]["server"] = f"https://127.0.0.1:{self.port}"
        for one in config["contexts"]:
            one["name"] = context
        config["current-context"] = context
        to.write_text(yaml.safe_dump(config), encoding="utf-8")
        return to

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                far = socket.create_connection(self._target, 10)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                self._ends |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._flows.wait()
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._ends -= {source, sink}
