"""Starting, stopping and starting again, as it happens on an operator's machine."""

import signal
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browsing import LiveStream, same_person, signed_in
from tests.factories.cast import PASSWORD
from tests.ops.conftest import StartServer, light_starts
from tests.servers import run_shangmen

STREAMS = 20
STOPS_WITHIN_S = 5


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_in_time_and_quietly_while_people_hold_live_streams(
    data_dir: Path, start_server: StartServer, how: signal.Signals
) -> None:
    server = start_server(data_dir, {"SHANGMEN_SOLVER_WARM_UP": "true"})  # it is stopped in mid-start
    with ExitStack() as people:
        dispatcher = people.enter_context(signed_in(server.url, "dispatcher", PASSWORD))
        streams = [people.enter_context(LiveStream(dispatcher)) for _ in range(STREAMS)]
        for stream in streams:
            stream.next_block()
        assert server.stop(how) < STOPS_WITHIN_S
        assert [stream.next_block() for stream in streams] == [{}] * STREAMS
    assert server.process is not None
    # It ended as that signal ends a program, not by an error or by force.
    assert server.process.returncode in (0, -how, 128 + how)
    assert "Traceback" not in server.tail()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "power cut"])
def test_people_stay_signed_in_when_the_server_starts_again(
    data_dir: Path, start_server: StartServer, how: signal.Signals
) -> None:
    with light_starts():
        first = start_server(data_dir)
    with signed_in(first.url, "dispatcher", PASSWORD) as before:
        first.stop(how)
        second = start_server(data_dir)  # from nothing: it knows only what it reads
        with same_person(second.url, before) as after:
            assert after.get("/api/session").json()["user"]["name"] == "dispatcher"


@pytest.mark.usefixtures("forked_starts")
def test_a_busy_port_is_one_line_and_a_failure(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_shangmen(data_dir, "serve", "--port", str(port))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert str(port) in done.stderr


@pytest.mark.usefixtures("forked_starts")
def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    first = run_shangmen(tmp_path, "migrate")
    second = run_shangmen(tmp_path, "migrate")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert first.stdout == second.stdout
