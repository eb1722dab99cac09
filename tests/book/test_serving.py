"""`make serve`: readers come and go, and nothing is said of it."""

import runpy
import socket
import threading
import time

from tests.book.conftest import ROOT


def test_a_reader_who_turns_the_page_leaves_no_traceback(tmp_path, capfd):
    (tmp_path / "page.html").write_bytes(b"")
    (tmp_path / "big.bin").write_bytes(bytes(20_000_000))
    serving = runpy.run_path(str(ROOT / "book/_widget/serve.py"))["server"](tmp_path, 0)
    ended = threading.Event()
    shut = serving.shutdown_request

    def noted(request):
        shut(request)
        ended.set()

    serving.shutdown_request = noted
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    with socket.create_connection(("127.0.0.1", serving.server_port)) as reader:
        reader.sendall(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        reader.recv(1000)
        time.sleep(0.1)
    assert ended.wait(30)
    serving.shutdown()
    serving.server_close()
    assert capfd.readouterr().err == ""
