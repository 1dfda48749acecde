"""The desk in a process of its own: what can be promised is worked out beside the web server, never in it."""

import asyncio
import contextlib
import pickle
import sys
from typing import Protocol, runtime_checkable

import structlog

from backend.booking.asked import Answer, Question
from backend.errors import DomainError
from backend.scheduling.frames import HEADER

# Loading and compiling take a slow machine longer than anybody waits: whoever asks next finds it further on.
BEGUN_WITHIN_S = 300.0
WAIT_FOR_BEGIN_S = 20.0
ANSWER_WITHIN_S = 20.0
CLOSE_WITHIN_S = 2.0
COMMAND = ("-m", "backend.booking.desk_main")
log = structlog.get_logger("backend.booking")


class DeskBusyError(DomainError):
    """What can be promised cannot be worked out at the moment; asking again later will do."""

    status, code = 503, "booking_unavailable"


@runtime_checkable  # Litestar checks what it injects
class DeskPort(Protocol):
    """Whoever answers questions about days."""

    async def start(self) -> None:
        """Start before anybody asks, unless it already runs."""
        ...

    async def ask(self, question: Question) -> Answer:
        """The answer; raises DeskBusyError when there is none to be had in time."""
        ...

    async def close(self) -> None:
        """End it; the next question starts it again."""
        ...


class DeskProcess:
    """One desk, started by the first question; a dead or stuck one is replaced by the next."""

    def __init__(
        self,
        osrm_url: str = "",
        command: tuple[str, ...] = COMMAND,
        wait_for_begin_s: float = WAIT_FOR_BEGIN_S,
    ) -> None:
        self.wait_for_begin_s = wait_for_begin_s
        self._command = (*command, osrm_url)
        self._process: asyncio.subprocess.Process | None = None
        self._beginning: asyncio.Task[bytes] | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process's id while it runs."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Start it before anybody asks; it compiles while nobody waits."""
        async with self._turn:
            await self._running()

    async def ask(self, question: Question) -> Answer:
        async with self._turn:
            process, beginning = await self._running()
            await asyncio.wait({beginning}, timeout=self.wait_for_begin_s)
            if not beginning.done():
                raise DeskBusyError("Free times cannot be worked out yet.")
            try:
                await beginning
                return await asyncio.wait_for(_exchange(process, question), ANSWER_WITHIN_S)
            except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
                log.error("the booking desk gave no answer", error=type(error).__name__)
                await self._end()
                raise DeskBusyError("Free times cannot be worked out right now.") from error
            except asyncio.CancelledError:
                # Its answer would be taken for the answer to the next question.
                await self._end()
                raise

    async def close(self) -> None:
        # Only an idle one sees that its input ended; one that compiles or answers would take its time.
        has_begun = self._beginning is not None and self._beginning.done()
        await self._end(CLOSE_WITHIN_S if has_begun and not self._turn.locked() else 0)

    async def _running(self) -> tuple[asyncio.subprocess.Process, asyncio.Task[bytes]]:
        """The process, and its first word: that it is loaded and compiled."""
        if self._process is None or self._beginning is None or self._process.returncode is not None:
            await self._end()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for the server, which ends its desk itself
            )
            self._beginning = asyncio.create_task(_first_word(self._process))
        return self._process, self._beginning

    async def _end(self, within_s: float = 0) -> None:
        process, self._process = self._process, None
        beginning, self._beginning = self._beginning, None
        if beginning is not None:
            beginning.cancel()
            await asyncio.gather(beginning, return_exceptions=True)
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), within_s)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _exchange(process: asyncio.subprocess.Process, question: Question) -> Answer:
    if process.stdin is None:
        raise ConnectionError
    body = pickle.dumps(question)
    process.stdin.write(HEADER.pack(len(body)) + body)
    await process.stdin.drain()
    answer: Answer = pickle.loads(await _said_by(process))  # noqa: S301 - our own child wrote it
    return answer


async def _first_word(process: asyncio.subprocess.Process) -> bytes:
    return await asyncio.wait_for(_said_by(process), BEGUN_WITHIN_S)


async def _said_by(process: asyncio.subprocess.Process) -> bytes:
    """What it says next, still packed."""
    if process.stdout is None:
        raise ConnectionError
    (length,) = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
    return await process.stdout.readexactly(length)
