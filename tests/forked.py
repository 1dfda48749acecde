"""`shangmen` commands forked from a process that has imported everything: tests of what follows a start.

Importing takes longer than most tests. The commands run as they would otherwise, in processes of their own;
that they also start from nothing is shown by tests/ops.
"""

import atexit
import ctypes
import functools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parent.parent
LOOK_AGAIN_S = 0.01
PR_SET_PDEATHSIG = 1  # from linux/prctl.h


class Running(Protocol):
    """What is known of a started program; `subprocess.Popen` is one."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...


def end_with_the_tests() -> None:
    """Runs in a child before its program: it is told to stop when the tests are gone, killed ones too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


class Forge:
    """The process that commands are forked from; it goes when this one does."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """The end of its orders is its end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def ask(self, **order: Any) -> Any:  # noqa: ANN401 - what came as JSON
        """One order and its answer."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the process that commands are forked from has no pipes")
        with self._turn:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the process that commands are forked from is gone")
        return json.loads(answer)


@functools.cache
def forge() -> Forge:
    """The one of this test process, started when first asked for."""
    made = Forge()
    atexit.register(made.close)
    return made


class ForkedCommand:
    """One command, as a `Running`."""

    def __init__(self, arguments: list[str], folder: Path, env: dict[str, str], out: Path, err: Path) -> None:
        self.arguments, self.returncode = arguments, None
        self._forge = forge()
        self.pid = self._forge.ask(run=arguments, folder=str(folder), env=env, out=str(out), err=str(err))

    returncode: int | None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._forge.ask(ended=self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = time.monotonic() + (timeout if timeout is not None else float("inf"))
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.arguments, timeout or 0)
            time.sleep(LOOK_AGAIN_S)
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)


def _serve_orders() -> list[str]:
    """Fork for each order and return its arguments in the child; the end of all orders ends this process."""
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    for line in orders:
        order = json.loads(line)
        if "ended" in order:
            answer = _ended(order["ended"])
        elif (answer := os.fork()) == 0:
            orders.detach()
            answers.detach()
            _become(order)
            arguments: list[str] = order["run"]
            return arguments
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    sys.exit(0)


def _ended(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _become(order: dict[str, Any]) -> None:
    """Take on the session, folder, environment and output of a command started by itself."""
    os.setsid()
    end_with_the_tests()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    for number, (path, mode) in enumerate(
        [(os.devnull, os.O_RDONLY), (order["out"], _APPEND), (order["err"], _APPEND)]
    ):
        opened = os.open(path, mode, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    os.closerange(3, 64)  # the orders are for the parent alone
    sys.argv = ["shangmen", *order["run"]]


_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND

if __name__ == "__main__":
    from backend.cli import main
    from tests.rehearsal import rehearse

    rehearse()

    sys.exit(main(_serve_orders()))
