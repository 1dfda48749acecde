"""Set-up steps: each runs only when its sources changed, says what it does and explains a failure."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.stamps import Stamp
from tools.toolchain import SetupError

TAIL_LINES = 15
_printing = threading.Lock()


def say(line: str) -> None:
    with _printing:
        print(line, flush=True)


@dataclass(frozen=True)
class Step:
    """Commands to run in `folder` unless `stamp` still holds `digest` and `result` is there."""

    title: str
    commands: Sequence[Sequence[str]]
    folder: Path
    stamp: Stamp
    digest: str
    result: Path
    log: Path
    env: Callable[[], Mapping[str, str]] = dict  # asked for only when there is something to do

    def run(self) -> None:
        if self.stamp.matches(self.digest) and self.result.exists():
            return
        self.stamp.clear()
        began = time.monotonic()
        say(f"  {self.title} …")
        env = {**os.environ, **self.env()}
        for command in self.commands:
            self._run(command, env)
        self.stamp.write(self.digest)
        say(f"  {self.title}: done in {time.monotonic() - began:.1f} s")

    def _run(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            log.write(f"\n$ {' '.join(command)}\n".encode())
            log.flush()
            start = log.tell()
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )
        if done.returncode:
            said = f"{Path(command[0]).name} said:\n{self._tail(start)}"
            raise SetupError(f"{self.title} could not be set up. {said}\nAll of it is in {self.log}")

    def _tail(self, start: int) -> str:
        text = self.log.read_bytes()[start:].decode("utf-8", errors="replace")
        return "\n".join("    " + line for line in text.strip().splitlines()[-TAIL_LINES:])


def run_side_by_side(*lanes: Callable[[], None]) -> None:
    """Runs independent lanes of steps at once; the first failure is raised when all have ended."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        running = [pool.submit(lane) for lane in lanes]
    for lane in running:
        lane.result()
