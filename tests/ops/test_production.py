"""What docker-compose.yml starts, here without Docker: its commands, two web processes, one worker."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from backend.demo.people import PASSWORD
from tests.browsing import LiveStream, same_person, signed_in
from tests.databases import PostgresServer, unique_name
from tests.ops.conftest import light_starts
from tests.servers import LiveServer, ShangmenProcess, run_shangmen

COMPOSE_FILE = Path(__file__).resolve().parent.parent.parent / "docker-compose.yml"
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))["services"]
WEB_PROCESSES: int = SERVICES["web"]["deploy"]["replicas"]
STOP_GRACE_S = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))


def command_of(service: str) -> list[str]:
    program, *arguments = SERVICES[service]["command"]
    assert program == "shangmen"
    return list(arguments)


def env_of(service: str, database_url: str) -> dict[str, str]:
    """The service's environment, but for where its database is and what compose fills in."""
    told = {name: str(value) for name, value in SERVICES[service]["environment"].items()}
    settled = {name: value for name, value in told.items() if "${" not in value}
    return {**settled, "SHANGMEN_DATABASE_URL": database_url}


@dataclass
class Production:
    """The services of docker-compose.yml on one PostgreSQL, with one folder for files."""

    data_dir: Path
    database_url: str
    web: list[LiveServer]
    worker: ShangmenProcess

    def start_web(self) -> LiveServer:
        assert command_of("web") == ["serve"]
        return LiveServer(self.data_dir, env_of("web", self.database_url)).start()


@pytest.fixture(scope="module")
def production(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Production]:
    name = unique_name()
    postgres_server.create(name)
    url, folder = postgres_server.url(name), tmp_path_factory.mktemp("files")
    for service in ("migrate", "demo"):
        done = run_shangmen(folder, *command_of(service), **env_of(service, url))
        assert done.returncode == 0, done.stderr
    worker = ShangmenProcess(folder, command_of("worker"), env_of("worker", url))
    running = Production(folder, url, [], worker)
    try:
        worker.start()
        running.web.append(running.start_web())
        with light_starts():  # once from nothing; the others do the same
            running.web.extend(running.start_web() for _ in range(WEB_PROCESSES - 1))
        yield running
    finally:
        for process in (*running.web, worker):
            process.kill()
        postgres_server.drop(name)


@pytest.fixture
def dispatcher(production: Production) -> Iterator[httpx.Client]:
    """A dispatcher signed in at the first web process."""
    with signed_in(production.web[0].url, "dispatcher", PASSWORD) as client:
        yield client


def plan_request(client: httpx.Client, seconds: float) -> dict[str, Any]:
    region = client.get("/api/regions").json()[0]
    return {"region_id": region["id"], "day": region["open_day"], "seconds": seconds, "seed": 1}


def test_who_signed_in_at_one_web_process_is_known_at_the_other(
    production: Production, dispatcher: httpx.Client
) -> None:
    with same_person(production.web[1].url, dispatcher) as elsewhere:
        assert elsewhere.get("/api/session").json()["user"]["role"] == "dispatcher"


def test_a_plan_asked_for_at_one_web_process_is_made_by_the_worker_and_seen_live_at_the_other(
    production: Production, dispatcher: httpx.Client
) -> None:
    with (
        same_person(production.web[1].url, dispatcher) as elsewhere,
        LiveStream(elsewhere, timeout_s=120) as stream,
    ):
        stream.next_block()
        asked = dispatcher.post("/api/plan-runs", json=plan_request(dispatcher, seconds=1))
        assert asked.status_code == 202, asked.text
        run = asked.json()
        while run["state"] not in ("done", "failed"):
            assert stream.next_change()["entity"]
            run = elsewhere.get(f"/api/plan-runs/{run['id']}").json()
        assert run["error"] is None
        plan = elsewhere.get(f"/api/plans/{run['plan_id']}").json()
    assert plan["state"] == "draft"
    assert len(plan["visits"]) > 0
    # What it says at the end may come after the plan is seen here.
    assert "plan run begins" in production.worker.tail(100_000)


@pytest.mark.usefixtures("forked_starts")
def test_when_one_web_process_dies_the_other_serves_on(
    production: Production, dispatcher: httpx.Client
) -> None:
    extra = production.start_web()
    with same_person(extra.url, dispatcher) as client:
        assert client.get("/api/session").status_code == 200
    extra.kill()
    assert dispatcher.get("/api/session").status_code == 200
    assert dispatcher.get("/ready").json()["ready"] is True


@pytest.mark.usefixtures("forked_starts")
def test_the_worker_leaves_within_its_grace_and_another_finishes_its_plan(
    production: Production, dispatcher: httpx.Client
) -> None:
    with LiveStream(dispatcher, timeout_s=120) as stream:
        stream.next_block()
        run = dispatcher.post("/api/plan-runs", json=plan_request(dispatcher, seconds=5)).json()
        while run["state"] != "running":
            stream.next_change()
            run = dispatcher.get(f"/api/plan-runs/{run['id']}").json()
            assert run["state"] in ("queued", "running")
        production.worker.stop(signal.SIGTERM, within_s=STOP_GRACE_S)
        production.worker.start()
        while run["state"] not in ("done", "failed"):
            stream.next_change()
            run = dispatcher.get(f"/api/plan-runs/{run['id']}").json()
    assert run["error"] is None
    assert run["plan_id"] is not None


@pytest.mark.usefixtures("forked_starts")
@pytest.mark.parametrize("service", ["worker", "web"])
def test_a_process_that_needs_postgresql_says_so_in_one_line(service: str, tmp_path: Path) -> None:
    env = {**env_of(service, ""), "SHANGMEN_DATABASE_URL": ""}
    done = run_shangmen(tmp_path, *command_of(service), **env)
    assert done.returncode != 0
    assert "PostgreSQL" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
