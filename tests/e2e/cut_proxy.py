"""A bad network between a browser and the server: it goes down, loses requests, swallows or tears replies.

It speaks just enough HTTP/1.1 to apply a rule to one request: connections are not reused, so each carries one
request and its reply. Replies without a rule stream through as they come, live streams included.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

T = TypeVar("T")
How = Literal["lose", "halve", "swallow", "tear"]
CHUNK = 65536
TIMEOUT_S = 20


@dataclass
class Cut:
    """What happens to the next `times` requests whose first line starts with `request`.

    `lose`: the server never sees the request. `halve`: half of the request's body arrives, and the server
    waits for the rest, as it does when a phone is suddenly gone. `swallow`: the server acts, its reply is
    dropped whole. `tear`: the server acts, half of its reply arrives.
    """

    request: str
    how: How
    times: int


@dataclass(frozen=True)
class Exchange:
    """One request that came by, and what became of it."""

    request: str
    outcome: Literal["passed", "lose", "halve", "swallow", "tear"]
    body_bytes: int = 0


@dataclass
class CutProxy:
    """Listens on its own port of this machine for the server at `upstream_port`; use as a context manager."""

    upstream_port: int
    port: int = 0
    _reserved: socket.socket = field(default_factory=socket.socket)
    exchanges: list[Exchange] = field(default_factory=list)
    _cuts: list[Cut] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)
    _waiting: list[asyncio.StreamWriter] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        # Bound but not listening: while the line is down nobody else is given the port.
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._reserved.bind(("127.0.0.1", self.port))
        self.port = self._reserved.getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name="cut-proxy", daemon=True)
        self._thread.start()
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join(TIMEOUT_S)
        self._loop.close()
        self._reserved.close()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def cut(self, request: str, how: How, times: int = 1) -> Cut:
        """Adds a rule; its `times` counts down, so a test can see that it was used up."""
        rule = Cut(request, how, times)
        self._cuts.append(rule)
        return rule

    def up(self) -> None:
        """Accepts connections, again on the same port."""
        self._do(self._listen())

    def down(self) -> None:
        """Refuses new connections and breaks the open ones, as a lost signal does."""
        self._do(self._hang_up())

    def requests(self, prefix: str) -> list[Exchange]:
        return [exchange for exchange in self.exchanges if exchange.request.startswith(prefix)]

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(TIMEOUT_S)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(
                self._accept, "127.0.0.1", self.port, reuse_address=True
            )

    async def _hang_up(self) -> None:
        server, self._server = self._server, None
        # Nobody new is let in, but the server closes last: it would forget who has come and not begun yet.
        for line in server.sockets if server is not None else ():
            self._loop.remove_reader(line.fileno())
        broken: set[asyncio.Task[None]] = set()
        while asyncio.all_tasks() - {asyncio.current_task()}:
            for task in self._open - broken:
                broken.add(task)
                task.cancel()
            await asyncio.sleep(0)
        if server is not None:
            server.close()
        for writer in self._waiting:
            writer.transport.abort()
        self._waiting.clear()
        await asyncio.sleep(0)  # what was closed last is let go of in the loop's next turn

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            # Either side may vanish at any moment: that is what this proxy is for.
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                await self._exchange(reader, writer)
        finally:
            if task.cancelling():
                _break(writer)
            await _end(writer)
            self._open.discard(task)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_content_length(head))
        request = head.split(b"\r\n", 1)[0].decode("latin-1")
        rule = next((cut for cut in self._cuts if cut.times > 0 and request.startswith(cut.request)), None)
        self.exchanges.append(Exchange(request, rule.how if rule else "passed", len(body)))
        if rule is not None:
            rule.times -= 1
        if rule is not None and rule.how == "lose":
            _break(writer)
            return
        upstream, to_upstream = await asyncio.open_connection("127.0.0.1", self.upstream_port)
        if rule is not None and rule.how == "halve":
            to_upstream.write(head + body[: len(body) // 2])
            await to_upstream.drain()
            self._waiting.append(to_upstream)
            _break(writer)
            return
        try:
            to_upstream.write(_closing(head) + body)
            if rule is not None:
                await self._cut_reply(rule, upstream, writer)
            else:
                await _until_first(_stream(upstream, writer), reader.read(1))
        finally:
            await _end(to_upstream)

    async def _cut_reply(
        self, rule: Cut, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        reply = await upstream.read(-1)  # to its end: the server has acted before the line breaks
        if rule.how == "tear":
            writer.write(reply[: len(reply) // 2])
            await writer.drain()
        _break(writer)


def _break(writer: asyncio.StreamWriter) -> None:
    """A reset instead of an orderly end, so that no client can take a torn reply for a short one."""
    line = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _end(writer: asyncio.StreamWriter) -> None:
    """Closed when this returns, also what its other end no longer reads: nothing outlives the loop."""
    writer.close()
    try:
        await writer.wait_closed()
    except ConnectionError:
        pass
    except asyncio.CancelledError:
        writer.transport.abort()


async def _stream(upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await upstream.read(CHUNK):
        writer.write(chunk)
        await writer.drain()


async def _until_first(stream: Coroutine[Any, Any, None], client_gone: Coroutine[Any, Any, bytes]) -> None:
    """A client that leaves an endless reply must be seen by the server at once, not at its next write."""
    streaming, leaving = asyncio.create_task(stream), asyncio.create_task(client_gone)
    try:
        await asyncio.wait({streaming, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        streaming.cancel()
        leaving.cancel()
        await asyncio.gather(streaming, leaving, return_exceptions=True)


def _headers(head: bytes) -> list[bytes]:
    return head.removesuffix(b"\r\n\r\n").split(b"\r\n")


def _content_length(head: bytes) -> int:
    for line in _headers(head)[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


def _closing(head: bytes) -> bytes:
    """The request as it came, but asking the server to close after its reply."""
    kept = [line for line in _headers(head) if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n"
