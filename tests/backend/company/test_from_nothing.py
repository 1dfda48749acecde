"""From an empty database to a planned day, for a company that is not the demo, by the documented commands."""

import re
import threading
from typing import Any

import time_machine
from litestar.testing import TestClient
from sqlmodel import select

from backend.app import Services
from backend.jobs.models import Job
from backend.organisations.models import Region
from backend.settings import Settings
from tests.backend.company.conftest import EXAMPLE, Operator
from tests.factories.calls import calls_to
from tests.factories.cast import equipped

WITHIN_S = 240.0
MONDAY, WEDNESDAY = "2026-11-23T02:00:00+00:00", "2026-11-25"
ORDERS = f"""order_no,customer,phone,address,lat,lng,sku,job_type,appointment
1001,试 女士,15400010001,西湖区文三路 1 号,30.2770,120.1300,XH-AC26,install,{WEDNESDAY} 13:00-15:00
1002,试 先生,15400010002,拱墅区莫干山路 2 号,30.3100,120.1200,XH-WM09,repair,{WEDNESDAY} 15:00-18:00
"""


def password_of(printed: str, login: str) -> str:
    found = re.search(rf"^  {login} +(\S+)$", printed, re.MULTILINE)
    assert found, printed
    return found[1]


def sign_in(client: TestClient[Any], login: str, password: str) -> int:
    client.cookies.clear()
    reply = client.post("/api/session", json={"login": login, "password": password})
    if reply.status_code == 201:
        client.headers["x-csrf-token"] = reply.json()["csrf_token"]
    return reply.status_code


def planned(client: TestClient[Any], region_id: str) -> dict[str, Any]:
    """A draft of the day, once the server has made it; looks again after each of its commits."""
    committed = threading.Event()
    client.app.state.services.db.on_commit.append(committed.set)
    asked = client.post("/api/plan-runs", json={"region_id": region_id, "day": WEDNESDAY, "seconds": 0.3})
    assert asked.status_code == 202, asked.text
    while True:
        committed.clear()
        run = client.get(f"/api/plan-runs/{asked.json()['id']}").json()
        if run["state"] in ("done", "failed"):
            assert run["error"] is None
            plan: dict[str, Any] = client.get(f"/api/plans/{run['plan_id']}").json()
            return plan
        assert committed.wait(WITHIN_S), run


def test_a_company_of_its_own_plans_its_first_day(operator: Operator) -> None:
    with time_machine.travel(MONDAY, tick=True):
        status, printed, _ = operator.run("company", "load", str(EXAMPLE))
        assert status == 0
        orders = operator.folder / "orders.csv"
        orders.write_text(ORDERS, encoding="utf-8")
        status, imported, _ = operator.run("import", "orders", str(orders), "--apply")
        assert status == 0, imported
        settings = Settings(solver_warm_up=False, database_pool=2)
        with TestClient(equipped(Services.of(settings))) as client:
            assert sign_in(client, "paidan", "guess") == 401
            assert sign_in(client, "shen01", password_of(printed, "shen01")) == 201
            assert sign_in(client, "paidan", password_of(printed, "paidan")) == 201
            (region,) = client.get("/api/regions").json()
            plan = planned(client, region["id"])
        with calls_to(operator.url) as calls:
            jobs = calls.read(lambda session: session.exec(select(Job)).all())
            assert calls.read(lambda session: session.exec(select(Region)).one()).name == "杭州"
    assert plan["state"] == "draft"
    assert {visit["job_id"] for visit in plan["visits"]} == {str(job.id) for job in jobs}
    assert len(jobs) == 2


def test_a_forgotten_password_is_replaced_and_signs_everybody_with_the_old_one_out(
    operator: Operator,
) -> None:
    old = password_of(operator.run("company", "load", str(EXAMPLE))[1], "boss")
    with TestClient(equipped(Services.of(Settings(solver_warm_up=False, database_pool=2)))) as client:
        assert sign_in(client, "boss", old) == 201
        status, printed, _ = operator.run("account", "password", "boss")
        assert status == 0
        assert client.get("/api/regions").status_code == 401
        assert sign_in(client, "boss", old) == 401
        assert sign_in(client, "boss", printed.strip()) == 201
    assert operator.run("account", "password", "nobody")[0] == 2
