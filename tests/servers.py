"""The real server as a process of its own, started the way an operator starts it."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.databases import free_port

READY_WITHIN_S = 60
STOP_WITHIN_S = 5
SHANGMEN = Path(sys.executable).parent / "shangmen"


def server_env(data_dir: Path, **extra: str) -> dict[str, str]:
    """This process's environment without its own SHANGMEN_* settings, and a data folder of the test's own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SHANGMEN_")}
    return {**inherited, "SHANGMEN_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", **extra}


@dataclass
class LiveServer:
    """`shangmen serve` on a free port; its output goes to `log` in its data folder."""

    data_dir: Path
    env: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        return self.data_dir / f"server-{self.port}.log"

    def start(self) -> Self:
        """Starts and waits until the server says it is ready."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        env = server_env(self.data_dir, SHANGMEN_PORT=str(self.port), **self.env)
        with self.log.open("ab") as log:
            command = [str(SHANGMEN), "serve", "--port", str(self.port), *self.arguments]
            self.process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
        self._wait_until_ready()
        return self

    def stop(self, how: signal.Signals = signal.SIGINT) -> float:
        """Stops as Ctrl-C does and returns the seconds it took; not stopping in time is an error."""
        if self.process is None or self.process.poll() is not None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(how)
        try:
            self.process.wait(timeout=STOP_WITHIN_S)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise AssertionError(
                f"the server still ran {STOP_WITHIN_S} s after {how.name}: {self.tail()}"
            ) from error
        return time.monotonic() - began

    def kill(self) -> None:
        """As a power cut does: nothing is finished, nothing is said."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def tail(self, characters: int = 3000) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-characters:]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._is_ready():
            stopped = self.process is None or self.process.poll() is not None
            if stopped or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server did not become ready: {self.tail()}")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/ready", timeout=5) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def run_shangmen(data_dir: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs one `shangmen` command to its end."""
    return subprocess.run(
        [SHANGMEN, *arguments],
        env=server_env(data_dir, **env),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
