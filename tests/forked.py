"""`shangmen` commands forked from a process that has imported everything: tests of what follows a start.

Importing takes longer than most tests. The commands run as they would otherwise, in processes of their own;
that they also start from nothing is shown by tests/ops. `make test` starts one such process for all of its
runs, and tells where in `TESTS_FORGE`; tests that run by themselves start their own.
"""

import atexit
import ctypes
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parent.parent
WHERE = "TESTS_FORGE"
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


def address_in(folder: Path) -> str:
    """Where a forge of that folder listens."""
    return str(folder / "forge")


class Forge:
    """The process that commands are forked from; it goes when this one does."""

    def __init__(self, folder: Path, env: dict[str, str] | None = None) -> None:
        door = socket.socket(socket.AF_UNIX)
        door.bind(address_in(folder))  # before it can answer: whoever comes early waits in front of it
        door.listen()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(door.fileno())],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            pass_fds=[door.fileno()],
        )
        door.close()

    def close(self) -> None:
        """The end of its input is its end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


class Orders:
    """This process's line to the forge."""

    def __init__(self, address: str) -> None:
        self._turn = threading.Lock()
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(address)
        self._answers = self._line.makefile("r")

    def ask(self, **order: Any) -> Any:  # noqa: ANN401 - what came as JSON
        """One order and its answer."""
        with self._turn:
            self._line.sendall(json.dumps(order).encode() + b"\n")
            answer = self._answers.readline()
        if not answer:
            raise RuntimeError("the process that commands are forked from is gone")
        return json.loads(answer)


@functools.cache
def orders() -> Orders:
    """The one of this test process, to the forge of the run or, without one, to a forge of its own."""
    if address := os.environ.get(WHERE):
        return Orders(address)
    folder = tempfile.TemporaryDirectory(prefix="forge-")
    forge = Forge(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(forge.close)
    return Orders(address_in(Path(folder.name)))


class ForkedCommand:
    """One command, as a `Running`."""

    def __init__(self, arguments: list[str], folder: Path, env: dict[str, str], out: Path, err: Path) -> None:
        self.arguments, self.returncode = arguments, None
        self._orders = orders()
        self.pid = self._orders.ask(run=arguments, folder=str(folder), env=env, out=str(out), err=str(err))

    returncode: int | None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._orders.ask(ended=self.pid)
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


class _Guest:
    """A test process on the line, and what still runs for it."""

    def __init__(self, line: socket.socket) -> None:
        self.line, self.said, self.running = line, b"", set[int]()

    def orders(self) -> list[dict[str, Any]] | None:
        """What it has just ordered; None once it is gone."""
        said = self.line.recv(2**16)
        *whole, self.said = (self.said + said).split(b"\n")
        return [json.loads(order) for order in whole] if said else None

    def ended(self, pid: int) -> int | None:
        """The exit status of what it ordered, None while that runs."""
        found, status = os.waitpid(pid, os.WNOHANG)
        if not found:
            return None
        self.running.discard(pid)
        return os.waitstatus_to_exitcode(status)

    def leave(self) -> None:
        """What it left behind is told to stop."""
        for pid in list(self.running):
            if self.ended(pid) is None:
                os.kill(pid, signal.SIGINT)
        self.line.close()


def _serve_orders(door: socket.socket) -> list[str]:
    """Fork for each order and return its arguments in the child; the end of the input ends this process."""
    guests: dict[int, _Guest] = {}
    while True:
        ready, _, _ = select.select([0, door.fileno(), *guests], [], [])
        if 0 in ready:
            sys.exit(0)
        if door.fileno() in ready:
            line, _ = door.accept()
            guests[line.fileno()] = _Guest(line)
        for guest in [guests[place] for place in ready if place in guests]:
            orders = guest.orders()
            if orders is None:
                del guests[guest.line.fileno()]
                guest.leave()
            for order in orders or ():
                if _is_in_child(guest, order):
                    for line in (door, *(each.line for each in guests.values())):
                        line.close()  # they are for the parent alone
                    _become(order)
                    arguments: list[str] = order["run"]
                    return arguments


def _is_in_child(guest: _Guest, order: dict[str, Any]) -> bool:
    """Do as a guest asked and tell it, or be the child that was asked for."""
    answer = guest.ended(order["ended"]) if "ended" in order else os.fork()
    if answer == 0 and "run" in order:
        return True
    if "run" in order and answer is not None:
        guest.running.add(answer)
    guest.line.sendall(json.dumps(answer).encode() + b"\n")
    return False


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
    sys.argv = ["shangmen", *order["run"]]


_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND

if __name__ == "__main__":
    from backend.cli import main
    from tests.rehearsal import rehearse

    rehearse()

    sys.exit(main(_serve_orders(socket.socket(fileno=int(sys.argv[1])))))
