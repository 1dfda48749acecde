"""A solver in a process of its own, kept warm: a crash or a runaway search costs a run, never the server."""

import asyncio
import contextlib
import sys
from collections.abc import Callable

import structlog

from backend.scheduling.frames import HEADER, Cancel, Message, Ready, decode, encode
from backend.scheduling.result import PlanningError, PlanRequest, PlanResult, SearchProgress

WARM_UP_LIMIT_S = 300.0
CLOSE_WITHIN_S = 1.0
COMMAND = ("-m", "backend.scheduling.solver_main")
OnProgress = Callable[[SearchProgress], None]
log = structlog.get_logger("backend.solver")


class SolverProcess:
    """One solver. `solve` may be asked once at a time; a dead process is replaced by the next call."""

    def __init__(self, osrm_url: str = "", command: tuple[str, ...] = COMMAND) -> None:
        self._command = (*command, osrm_url)
        self._process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()
        self._is_searching = False
        self._is_ready = False

    @property
    def pid(self) -> int | None:
        """The process's id while it runs."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Start and warm up, unless it already runs."""
        async with self._starting:
            if self._process is not None and self._process.returncode is None:
                return
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for the server, which ends its solver itself
            )
            message = await self._within(WARM_UP_LIMIT_S)
            if isinstance(message, Ready):
                self._is_ready = True
                log.info("solver ready", pid=self._process.pid, warm_up_s=round(message.warm_up_s, 2))

    async def solve(self, request: PlanRequest, on_progress: OnProgress, limit_s: float) -> PlanResult:
        """Plan a day; `limit_s` is the wall time after which the process is stopped.

        Raises PlanningError: the solver's own, `solver_crashed` or `solver_timeout`.
        """
        await self.start()
        self._is_searching = True
        try:
            result = await self._search(request, on_progress, limit_s)
            self._is_searching = False
        finally:
            if self._is_searching:
                # Cancelled or timed out: what the process still does is nobody's business any more.
                self._is_searching = False
                await self._kill()
        if isinstance(result, PlanningError):
            raise result
        return result

    async def cancel(self) -> None:
        """Ask the current search to end; its best plan is the answer of `solve`."""
        if self._is_searching:
            await self._send(Cancel())

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        # Only an idle one sees that its input ended; one that still warms up or searches would take its time.
        is_idle, self._is_ready = self._is_ready and not self._is_searching, False
        try:
            await asyncio.wait_for(process.wait(), CLOSE_WITHIN_S if is_idle else 0)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _search(
        self, request: PlanRequest, on_progress: OnProgress, limit_s: float
    ) -> PlanResult | PlanningError:
        deadline = asyncio.get_running_loop().time() + limit_s
        await self._send(request)
        while True:
            message = await self._within(deadline - asyncio.get_running_loop().time())
            if isinstance(message, SearchProgress):
                on_progress(message)
            elif isinstance(message, PlanResult | PlanningError):
                return message

    async def _send(self, message: Message) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its end is met when reading
            process.stdin.write(encode(message))
            await process.stdin.drain()

    async def _within(self, seconds: float) -> Message:
        try:
            return await asyncio.wait_for(self._receive(), max(0.0, seconds))
        except TimeoutError as error:
            await self._kill()
            raise PlanningError(
                "solver_timeout", "the solver did not finish in time and was stopped"
            ) from error

    async def _receive(self) -> Message:
        process = self._process
        if process is None or process.stdout is None:
            raise PlanningError("solver_crashed", "the solver has been closed")
        try:
            (length,) = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
            return decode(await process.stdout.readexactly(length))
        except asyncio.IncompleteReadError as error:
            code = await process.wait()
            raise PlanningError(
                "solver_crashed", f"the solver process ended unexpectedly ({code})"
            ) from error

    async def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self.close()
