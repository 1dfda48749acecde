"""`make run` ends here: an empty database gets the demo day, and a newcomer is told which doors are open."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from backend.demo.people import PASSWORD
from tests.browsing import signed_in
from tests.servers import LiveServer

Doors = dict[str, str]
OpenDemo = Callable[[Path], LiveServer]


@pytest.fixture(scope="module")
def open_demo() -> Iterator[OpenDemo]:
    """Starts `shangmen serve --demo`; those still running at the end are killed."""
    started: list[LiveServer] = []

    def start(folder: Path) -> LiveServer:
        server = LiveServer(folder)
        server.arguments.append("--demo")
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.kill()


@dataclass
class Newcomer:
    """What a newcomer's `make run` ended with, and how many jobs there were."""

    server: LiveServer
    jobs: int


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory, open_demo: OpenDemo) -> Newcomer:
    server = open_demo(tmp_path_factory.mktemp("newcomer"))
    return Newcomer(server, job_count(server))


@pytest.fixture
def first(newcomer: Newcomer, open_demo: OpenDemo) -> Iterator[LiveServer]:
    """The newcomer's server; what it offers once is used up then, and whoever asks again has a new one."""
    if not newcomer.server.is_running:
        newcomer.server = open_demo(newcomer.server.data_dir)
    yield newcomer.server
    newcomer.server.stop()


def doors(server: LiveServer) -> Doors:
    """The greeting's three lines, by whom they are for."""
    return dict(re.findall(r"^  (Dispatcher|Technician|Customer) +(\S+)", server.tail(10_000), re.MULTILINE))


def job_count(server: LiveServer) -> int:
    with signed_in(server.url, "dispatcher", PASSWORD) as dispatcher:
        return len(dispatcher.get("/api/jobs", params={"limit": 100}).json()["items"])


def asked(url: str, method: str) -> tuple[int, str]:
    """Status and kind of what is answered, also of a stream that does not end by itself."""
    with httpx.stream(method, url) as answer:
        if method == "HEAD":
            assert answer.read() == b""
        return answer.status_code, answer.headers["content-type"]


def test_every_door_that_is_named_opens(first: LiveServer) -> None:
    named = doors(first)
    assert set(named) == {"Dispatcher", "Technician", "Customer"}
    assert httpx.get(named["Customer"]).status_code == 200
    for url in (named["Customer"], f"{named['Customer']}/live", f"{first.url}/ready"):
        assert asked(url, "HEAD") == asked(url, "GET")
    assert httpx.head(f"{first.url}/api/regions").status_code == 405  # only what says what HEAD is there
    code = urlsplit(named["Technician"]).fragment.removeprefix("pair=")
    paired = httpx.post(f"{first.url}/api/session/pair", json={"code": code})
    assert paired.json()["user"]["role"] == "technician"
    assert "█" in first.tail(10_000)


def test_a_second_start_keeps_the_data_and_greets_again(newcomer: Newcomer, open_demo: OpenDemo) -> None:
    newcomer.server.stop()
    newcomer.server = open_demo(newcomer.server.data_dir)
    assert job_count(newcomer.server) == newcomer.jobs > 0
    assert "Technician" in doors(newcomer.server)


@pytest.mark.usefixtures("forked_starts")
def test_a_company_of_its_own_gets_no_demo_and_no_open_door(data_dir: Path, open_demo: OpenDemo) -> None:
    server = open_demo(data_dir)
    assert doors(server) == {}
    assert PASSWORD not in server.tail(10_000)
    refused = httpx.post(f"{server.url}/api/session", json={"login": "tech01", "password": PASSWORD})
    assert refused.status_code == 401
