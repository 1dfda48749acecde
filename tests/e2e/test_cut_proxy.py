"""The bad network itself: what it promises about each kind of cut."""

import gc
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.e2e.cut_proxy import CutProxy, How

PATIENCE_S = 30  # nothing here takes time but a busy machine


class CountingServer(ThreadingHTTPServer):
    """Remembers the bodies it was sent; `/stream` never ends until its client leaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.received: list[bytes] = []
        self.client_left = threading.Event()


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: CountingServer

    def do_POST(self) -> None:
        self.server.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self._reply(b"accepted " * 20)

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"event: hello\n\n")
        self.wfile.flush()
        if not self.rfile.read(1):  # the client's end of the line is closed
            self.server.client_left.set()

    def _reply(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet: a test's output is its failure."""


@pytest.fixture
def server() -> Iterator[CountingServer]:
    with CountingServer() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def proxy(server: CountingServer) -> Iterator[CutProxy]:
    with CutProxy(server.server_address[1]) as running:
        yield running


def post(proxy: CutProxy, body: bytes) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=PATIENCE_S)
    try:
        connection.request("POST", "/commands", body)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_without_a_rule_request_and_reply_pass_unchanged(server: CountingServer, proxy: CutProxy) -> None:
    assert post(proxy, b"one") == b"accepted " * 20
    assert server.received == [b"one"]
    assert [exchange.outcome for exchange in proxy.exchanges] == ["passed"]


@pytest.mark.parametrize(
    ("how", "seen_by_server"),
    [
        ("lose", []),  # it never arrived
        ("swallow", [b"one"]),  # it took effect, nobody was told
        ("tear", [b"one"]),  # it took effect, half of the answer came
    ],
)
def test_a_cut_breaks_the_reply_and_only_as_often_as_told(
    server: CountingServer, proxy: CutProxy, how: How, seen_by_server: list[bytes]
) -> None:
    rule = proxy.cut("POST /commands", how, times=1)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        post(proxy, b"one")
    assert server.received == seen_by_server
    assert rule.times == 0
    assert post(proxy, b"two") == b"accepted " * 20


def test_a_rule_leaves_other_requests_alone(proxy: CutProxy) -> None:
    proxy.cut("GET /commands", "lose", times=1)
    assert post(proxy, b"one") == b"accepted " * 20


def test_down_refuses_and_up_serves_again_on_the_same_port(proxy: CutProxy) -> None:
    port = proxy.port
    proxy.down()
    with pytest.raises(ConnectionError):
        post(proxy, b"one")
    with socket.socket() as somebody_else, pytest.raises(OSError, match="in use"):
        somebody_else.bind(("127.0.0.1", port))
    proxy.up()
    assert proxy.port == port
    assert post(proxy, b"two") == b"accepted " * 20


def test_going_down_breaks_an_open_stream_on_both_sides(server: CountingServer, proxy: CutProxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=PATIENCE_S)
    connection.request("GET", "/stream")
    reply = connection.getresponse()
    assert reply.readline() == b"event: hello\n"
    proxy.down()
    with pytest.raises(ConnectionError):
        reply.read()
    assert server.client_left.wait(PATIENCE_S)
    connection.close()


def test_the_server_sees_at_once_that_a_client_left(server: CountingServer, proxy: CutProxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=PATIENCE_S)
    connection.request("GET", "/stream")
    connection.getresponse().readline()
    connection.close()
    assert server.client_left.wait(PATIENCE_S)


def test_a_connection_that_has_just_come_is_closed_with_the_others(server: CountingServer) -> None:
    with ExitStack() as clients:
        with CutProxy(server.server_address[1]) as proxy:
            for _ in range(20):
                clients.enter_context(socket.create_connection(("127.0.0.1", proxy.port), PATIENCE_S))
        gc.collect()  # a transport left open complains when it goes, and the test fails
