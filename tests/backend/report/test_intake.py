"""The hotline's intake over HTTP: finding the caller, the fault, the address; a case, or the open one."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from backend.assets.models import Product, ServiceSpec
from backend.jobs.lifecycle import JobStatus, JobType
from backend.jobs.models import Job
from backend.report.models import ReportRules
from tests.databases import SqliteTemplates
from tests.factories.cast import Cast, Person, Stage, cast, stage

ADDRESS = "望京西园四区 411 号楼 1 单元 202"


def catalogue(session: Session, people: Cast) -> None:
    org_id = people.ours.org.id
    session.add(
        Product(org_id=org_id, sku="WM-8", name="洗衣机", name_en="Washer", category="washing_machine")
    )
    for category in ("washing_machine", "heater"):
        spec = ServiceSpec(
            org_id=org_id, category=category, job_type=JobType.REPAIR, duration_s=3_600, skill="laundry"
        )
        session.add(spec)
    session.flush()


@pytest.fixture
def on(sqlite_templates: SqliteTemplates, tmp_path: Path) -> Iterator[Stage]:
    people = cast(JobStatus.BOOKED)
    with stage(sqlite_templates.copy_to(tmp_path / "shangmen.db"), tmp_path, people) as opened:
        opened.calls.write(catalogue, people)
        yield opened


@pytest.fixture
def agent(on: Stage) -> Person:
    return on.sign_in("agent")


def call(**fields: Any) -> dict[str, Any]:
    given = {
        "key": str(uuid.uuid4()), "sku": "WM-8", "type": "repair", "symptom": "no_drain", "name": "孙小姐",
        "phone": "154 1234 5678", "address": ADDRESS, "text": "昨天开始的",
    }  # fmt: skip
    return given | fields


@pytest.mark.parametrize("typed", ["0000", "SN60-00", "赵女", "西园四区 410"])
def test_a_caller_is_found_by_whatever_they_say_first(agent: Person, on: Stage, typed: str) -> None:
    (found,) = agent.get("/api/intake/callers", params={"q": typed}).json()["items"]
    assert found["name"] == "赵女士"
    assert found["phone"] == on.world.customer.phone
    assert found["open_jobs"][0]["number"] == "J1"
    assert found["appliances"][0]["serial"] == "SN60-0001"


def test_what_is_not_ours_or_is_a_wildcard_finds_nobody(agent: Person, on: Stage) -> None:
    for typed in ("钱先生", "%%", "__", "别处", "5"):
        assert agent.get("/api/intake/callers", params={"q": typed}).json()["items"] == []
    for name in ("vendor", "technician", "clerk"):
        assert on.sign_in(name).get("/api/intake/callers", params={"q": "0000"}).status_code == 403


def test_who_was_found_elsewhere_is_asked_for_alone_and_told_no_more_of(agent: Person, on: Stage) -> None:
    typed = agent.get("/api/intake/callers", params={"q": "赵女士"}).json()
    asked = {"customer_id": str(on.world.customer.id)}
    assert agent.get("/api/intake/callers", params=asked).json() == typed
    assert on.sign_in("stranger").get("/api/intake/callers", params=asked).json()["items"] == []
    assert on.sign_in("vendor").get("/api/intake/callers", params=asked).status_code == 403


def test_faults_and_addresses_come_while_typing(agent: Person) -> None:
    faults = agent.get("/api/intake/faults", params={"q": "排水", "sku": "WM-8"}).json()
    assert faults[0]["key"] == "no_drain"
    assert faults[0]["steps"]
    assert {"code", "title", "check", "parts"} <= set(faults[0]["causes"][0])
    assert agent.get("/api/intake/faults", params={"q": "pump stuck"}).json()[0]["key"] == "no_drain"
    places = agent.get("/api/intake/addresses", params={"q": "天通西苑"}).json()
    assert places
    assert all("天通西苑" in one["community"] for one in places)


def test_a_call_becomes_one_case_and_the_next_call_about_it_joins(agent: Person, on: Stage) -> None:
    first = call(serial="SN8-1")
    made = agent.post("/api/intake/reports", json=first)
    assert made.status_code == 201
    case = made.json()
    assert case["is_joined"] is False
    assert case["job"]["status"] == "qualified"
    assert agent.post("/api/intake/reports", json=first).json() == case
    asked = {"sku": "WM-8", "type": "repair", "phone": "15412345678", "address": ADDRESS}
    told = agent.post("/api/intake/check", json=asked).json()["duplicate"]
    assert (told["by"], told["job"]["number"]) == ("address", case["job"]["number"])
    again = agent.post("/api/intake/reports", json=call(text="又打来了")).json()
    assert (again["is_joined"], again["case_id"]) == (True, case["case_id"])
    reports = agent.get(f"/api/jobs/{case['job']['job_id']}/reports").json()["reports"]
    assert [one["text"] for one in reports] == ["昨天开始的", "又打来了"]
    assert on.sign_in("stranger").get(f"/api/jobs/{case['job']['job_id']}/reports").status_code == 404


def test_an_emergency_comes_before_other_work_also_when_it_joins(agent: Person, on: Stage) -> None:
    def priority() -> int:
        return on.calls.read(lambda session: session.get_one(Job, job_id).priority)

    job_id = uuid.UUID(agent.post("/api/intake/reports", json=call()).json()["job"]["job_id"])
    assert priority() == 0
    agent.post("/api/intake/reports", json=call(is_urgent=True))
    assert priority() == 1
    agent.post("/api/intake/reports", json=call(text="再问一下"))
    assert priority() == 1


def test_a_known_customer_need_not_say_the_phone_again(agent: Person, on: Stage) -> None:
    known = call(phone="", customer_id=str(on.world.customer.id), name="赵女士")
    made = agent.post("/api/intake/reports", json=known)
    assert made.status_code == 201
    refused = agent.post(
        "/api/intake/reports", json=call(phone="", customer_id=str(on.cast.theirs.customer.id))
    )
    assert refused.status_code == 404
    assert agent.post("/api/intake/reports", json=call(phone="12")).json()["code"] == "bad_phone"


def test_the_page_has_an_address_and_appliances_a_code_that_leads_there(agent: Person, on: Stage) -> None:
    admin = on.sign_in("admin")
    rules = {"slug": "chenguang", "is_open": True, "answer_h": 2, "open_from_h": 9, "open_until_h": 18}
    put = admin.request("PUT", "/api/report-rules", json=rules)
    assert put.json()["url"].endswith("/report/chenguang")
    assert agent.request("PUT", "/api/report-rules", json=rules).status_code == 403
    assert on.client.get("/report/chenguang?sku=WM-8&sn=A1").status_code == 200
    code = agent.get("/api/report-qr", params={"sku": "WM-8", "serial": "A1"})
    assert code.headers["content-type"].startswith("image/svg+xml")
    assert b"<svg" in code.content
    assert agent.get("/api/report-qr", params={"sku": "nothing"}).status_code == 404
    shut = rules | {"is_open": False}
    assert admin.request("PUT", "/api/report-rules", json=shut).status_code == 200
    assert on.client.get("/report/chenguang").status_code == 503
    taken = on.calls.write(_other_page, on.cast)
    assert (
        admin.request("PUT", "/api/report-rules", json=rules | {"slug": taken}).json()["code"] == "slug_taken"
    )


def _other_page(session: Session, people: Cast) -> str:
    session.add(ReportRules(org_id=people.theirs.org.id, slug="theirs"))
    return "theirs"
