"""The real `shangmen` commands as processes of their own, started the way an operator starts them."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.databases import free_port
from tests.forked import ForkedCommand, Running, end_with_the_tests

READY_WITHIN_S = 180  # on a machine that is busy with other tests
STOP_WITHIN_S = 30  # the same; how fast it must be for an operator is a test of its own
SHANGMEN = Path(sys.executable).parent / "shangmen"


def shangmen_env(data_dir: Path, **extra: str) -> dict[str, str]:
    """This process's environment without its own SHANGMEN_* settings, and a data folder of the test's own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SHANGMEN_")}
    # A solver that nobody asks for would only take the processor from the test.
    ours = {"SHANGMEN_DATA_DIR": str(data_dir), "SHANGMEN_SOLVER_WARM_UP": "false", "PYTHONUNBUFFERED": "1"}
    return {**inherited, **ours, **extra}


def started_anew(arguments: list[str], folder: Path, env: dict[str, str], out: Path, err: Path) -> Running:
    """The installed program, from nothing."""
    with out.open("ab") as output, err.open("ab") as errors:
        return subprocess.Popen(
            [str(SHANGMEN), *arguments],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
            preexec_fn=end_with_the_tests,  # noqa: PLW1509 - one system call, no lock taken
        )


# How programs start; tests of the start itself choose `started_anew`.
starter: Callable[[list[str], Path, dict[str, str], Path, Path], Running] = ForkedCommand


def run_shangmen(data_dir: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end."""
    with tempfile.TemporaryDirectory() as name:
        out, err = Path(name, "out"), Path(name, "err")
        running = starter([*arguments], data_dir, shangmen_env(data_dir, **env), out, err)
        try:
            code = running.wait(timeout=180)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise
        said = [path.read_text(encoding="utf-8") for path in (out, err)]
    return subprocess.CompletedProcess([*arguments], code, *said)


@dataclass
class ShangmenProcess:
    """A command that goes on until it is stopped; what it says goes to `log`."""

    data_dir: Path
    arguments: list[str]
    env: dict[str, str] = field(default_factory=dict)
    process: Running | None = None

    @property
    def log(self) -> Path:
        return self.data_dir / f"{self.arguments[0]}-{id(self):x}.log"

    def start(self) -> Self:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        env = shangmen_env(self.data_dir, **self.env)
        self.process = starter(self.arguments, self.data_dir, env, self.log, self.log)
        return self

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, how: signal.Signals = signal.SIGINT, within_s: float = STOP_WITHIN_S) -> float:
        """Stops it and returns the seconds it took; not stopping in time is an error.

        SIGINT goes to everything it started as well: that is what Ctrl-C in a terminal does.
        """
        if self.process is None or not self.is_running:
            return 0.0
        began = time.monotonic()
        if how is signal.SIGINT:
            os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        try:
            self.process.wait(timeout=within_s)
        except subprocess.TimeoutExpired as error:
            self.kill()
            late = f"`shangmen {self.arguments[0]}` still ran {within_s} s after {how.name}"
            raise AssertionError(f"{late}: {self.tail()}") from error
        return time.monotonic() - began

    def kill(self) -> None:
        """As a power cut does: nothing is finished, nothing is said, also by the processes it started."""
        if self.process is not None and self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def tail(self, characters: int = 3000) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-characters:]


class LiveServer(ShangmenProcess):
    """`shangmen serve` on a free port."""

    def __init__(self, data_dir: Path, env: dict[str, str] | None = None, port: int | None = None) -> None:
        self.port = port or free_port()
        super().__init__(
            data_dir, ["serve", "--port", str(self.port)], {"SHANGMEN_PORT": str(self.port), **(env or {})}
        )

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> Self:
        """Starts and waits until the server says it is ready."""
        super().start()
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._is_ready():
            if not self.is_running or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server did not become ready: {self.tail()}")
            time.sleep(0.05)
        return self

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/ready", timeout=5) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
