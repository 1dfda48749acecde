"""A customer's number and address are shown around the visit and masked before and after, to everybody."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit.models import AuditEntry, Change
from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.messages.models import AgentTask, Message
from backend.privacy.disclosure import Disclosure, masked_address, masked_contact
from tests.databases import SqliteTemplates
from tests.factories.cast import Person, Stage, stage
from tests.factories.doorstep import NOON
from tests.factories.ours import Ours, address, build_ours, operations

NUMBER, DOOR = "15400000000", "410 号楼"
HOUR = dt.timedelta(hours=1)
# The place nobody can find is named to those who are to find it; a person's export is all that is held.
WHOLE_ON_PURPOSE = frozenset({"listUnlocatedPlaces"})
# They set a solver to work, and answer with ids and times.
COMPUTED = frozenset({"openFeed", "listRemedies", "listFreeSlots", "rankCandidates"})


@pytest.fixture
def on_stage(sqlite_templates: SqliteTemplates, tmp_path: Path) -> Iterator[Stage]:
    """What is sent is the same from either database."""
    with stage(sqlite_templates.copy_to(tmp_path / "shangmen.db"), tmp_path) as opened:
        yield opened


@pytest.fixture
def on_either(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    with stage(database_url, tmp_path) as opened:
        yield opened


@dataclass
class Appointment:
    status: JobStatus
    window_start: dt.datetime | None
    window_end: dt.datetime | None


def promised(status: JobStatus, start: dt.datetime | None) -> Appointment:
    return Appointment(status, start, start + 2 * HOUR if start else None)


@pytest.mark.parametrize(
    ("status", "starts_in_h", "is_open"),
    [
        (JobStatus.QUALIFIED, None, False),
        (JobStatus.BOOKED, 25, False),
        (JobStatus.ACCEPTED, 24, True),
        (JobStatus.ACCEPTED, -25, True),
        (JobStatus.ACCEPTED, -26, False),  # the window ended 24 hours ago and nobody came
        (JobStatus.EN_ROUTE, 48, True),  # who is on the way has to find the door
        (JobStatus.DONE, -72, True),  # what is not signed yet names the customer
        (JobStatus.SIGNED, 0, False),
        (JobStatus.CANCELLED, 0, False),
    ],
)
def test_the_rule(status: JobStatus, starts_in_h: int | None, is_open: bool) -> None:
    start = None if starts_in_h is None else NOON + starts_in_h * HOUR
    assert Disclosure(NOON).is_open(promised(status, start)) is is_open


def test_a_replayed_day_is_always_today_until_its_work_is_done() -> None:
    replay = Disclosure(NOON, is_replay=True)
    assert replay.is_open(promised(JobStatus.ACCEPTED, NOON - 900 * HOUR))
    assert not replay.is_open(promised(JobStatus.SIGNED, NOON))


@pytest.mark.parametrize(
    ("whole", "masked"),
    [
        ("望京西园四区 410 号楼 2 单元 301", "望京西园四区 * 号楼 * 单元 *"),
        ("海淀区学院路十二号丙单元B座", "海淀区学院路*号*单元*座"),
        ("12B Chaoyang Road, Flat 3", "* Chaoyang Road, Flat *"),
        ("东三环中路", "东三环中路"),
    ],
)
def test_a_masked_address_keeps_the_street_and_loses_the_door(whole: str, masked: str) -> None:
    assert masked_address(whole) == masked


def test_another_contact_is_masked_too() -> None:
    assert masked_contact("zhao@example.com") == "z***@example.com"


def later(session: Session, stage: Stage, status: JobStatus, starts_in: dt.timedelta) -> None:
    """All of our jobs are in `status`, for a window that starts in so long."""
    for job in session.scalars(sa.select(Job).where(col(Job.org_id) == stage.world.org.id)):
        job.status = status
        job.window_start = utc_now() + starts_in
        job.window_end = job.window_start + 2 * HOUR


def replies(stage: Stage, ours: Ours, person: Person) -> dict[str, str]:
    """What every operation that changes nothing answers, by name; and the calls that are about one job."""
    told = {}
    for method, path, operation in operations(stage):
        if method == "GET" and operation not in COMPUTED:
            told[operation] = person.get(address(path, operation, ours)).text
    for query in ("q=4821", f"q={NUMBER[-4:]}", "q=望京西园四区"):
        told[f"search {query}"] = person.get(f"/api/search?{query}").text
        told[f"callers {query}"] = person.get(f"/api/intake/callers?{query}").text
    told["editJob"] = person.post(f"/api/jobs/{stage.world.job.id}/edit", {"version": 99, "note": "x"}).text
    return told


@pytest.mark.parametrize(
    ("status", "readers"),
    [
        (JobStatus.ACCEPTED, ("admin", "agent", "clerk", "vendor", "technician")),
        (JobStatus.CLOSED, ("dispatcher", "technician")),
    ],
)
def test_no_reply_to_anybody_holds_them_outside_the_visit(
    on_stage: Stage, status: JobStatus, readers: tuple[str, ...]
) -> None:
    """They read whatever there is to read, days before the visit and after it."""
    ours = build_ours(on_stage)
    seen = 0
    on_stage.calls.write(later, on_stage, status, 72 * HOUR if status is JobStatus.ACCEPTED else -HOUR)
    for name in readers:
        for operation, text in replies(on_stage, ours, on_stage.sign_in(name)).items():
            if operation in WHOLE_ON_PURPOSE:
                continue
            assert NUMBER not in text, f"{operation} tells {name} the number: {text[:300]}"
            assert DOOR not in text, f"{operation} tells {name} the door: {text[:300]}"
            seen += "赵女士" in text
    assert seen > 4  # the customer is there to be seen, masked


def test_around_the_visit_the_same_replies_hold_them(on_stage: Stage) -> None:
    ours = build_ours(on_stage)
    told = replies(on_stage, ours, on_stage.sign_in("dispatcher"))
    assert {name for name, text in told.items() if NUMBER in text} >= {"getJob", "listTasks"}
    assert {name for name, text in told.items() if DOOR in text} >= {
        "getJob",
        "getBoard",
        "listJobs",
        "search q=0000",
    }
    assert DOOR in on_stage.sign_in("technician").get("/api/sync/pull").text


@pytest.mark.parametrize(
    ("name", "status"),
    [("dispatcher", 200), ("agent", 200), ("clerk", 403), ("vendor", 403), ("stranger", 404)],
)
def test_who_has_to_call_is_shown_the_number_and_is_on_record(
    on_stage: Stage, name: str, status: int
) -> None:
    on_stage.calls.write(later, on_stage, JobStatus.BOOKED, 72 * HOUR)
    job_id = on_stage.world.job.id
    person = on_stage.sign_in(name)
    assert person.post(f"/api/jobs/{job_id}/show-contact", {}).status_code == 400
    reply = person.post(f"/api/jobs/{job_id}/show-contact", {"reason": "book"})
    assert reply.status_code == status, reply.text
    assert (NUMBER in reply.text) is (status == 200)
    kept = on_stage.calls.read(shown_to)
    assert kept == ([(name, job_id, {"reason": "book"})] if status == 200 else [])


def shown_to(session: Session) -> list[tuple[str, uuid.UUID | None, dict[str, Any]]]:
    rows = session.scalars(sa.select(AuditEntry).where(col(AuditEntry.action) == "contact.shown"))
    return [(row.actor_name, row.entity_id, dict(row.data)) for row in rows]


def test_the_phone_is_told_again_when_the_visit_comes_near(on_either: Stage) -> None:
    """Nothing of the job changes meanwhile; only time passes, and the cursor stays where it was."""
    on_either.calls.write(later, on_either, JobStatus.ACCEPTED, 72 * HOUR)
    phone = on_either.sign_in("technician")
    office = on_either.sign_in("dispatcher")
    read = office.get(f"/api/jobs/{on_either.world.job.id}").json()["sheet"]["version"]
    office.post(f"/api/jobs/{on_either.world.job.id}/edit", {"version": read, "note": "x"})
    first = phone.get("/api/sync/pull").json()
    [sheet] = first["jobs"]
    assert (sheet["customer"]["phone"], sheet["call_number"]) == ("***0000", "")
    assert (sheet["customer"]["is_masked"], sheet["map_points"]) == (True, None)
    assert phone.get(f"/api/sync/pull?cursor={first['cursor']}").json()["jobs"] == []
    on_either.calls.write(two_days_pass, on_either)
    [sheet] = phone.get(f"/api/sync/pull?cursor={first['cursor']}").json()["jobs"]
    assert (sheet["customer"]["phone"], sheet["customer"]["is_masked"]) == (f"+86{NUMBER}", False)
    assert DOOR in sheet["place"]["address"]


def two_days_pass(session: Session, stage: Stage) -> None:
    """The job, and what the feed has told of it, lie 60 hours further back."""
    job = session.get_one(Job, stage.world.job.id)
    assert job.window_start
    assert job.window_end
    job.window_start, job.window_end = (at - 60 * HOUR for at in (job.window_start, job.window_end))
    for change in session.scalars(sa.select(Change)):
        change.at -= 60 * HOUR


def test_an_agent_may_send_a_masked_address_back(on_stage: Stage) -> None:
    """The caller confirms the street; the server knows the rest, so nobody has to see it."""
    on_stage.calls.write(later, on_stage, JobStatus.QUALIFIED, 72 * HOUR)
    agent = on_stage.sign_in("agent")
    [caller] = agent.get("/api/intake/callers?q=0000").json()["items"]
    assert (caller["phone"], caller["addresses"]) == ("***0000", ["望京西园四区 * 号楼 * 单元 *"])
    asked = {"sku": "WH-60", "type": "install", "customer_id": caller["customer_id"]}
    for said, by in ((caller["addresses"][0], "address"), ("望京西园四区 9 号楼", "phone")):
        reply = agent.post("/api/intake/check", asked | {"address": said})
        assert reply.json()["duplicate"]["by"] == by, reply.text


def test_a_task_to_call_shows_what_may_be_shown(on_stage: Stage) -> None:
    build_ours(on_stage)
    on_stage.calls.write(later, on_stage, JobStatus.QUALIFIED, 72 * HOUR)
    [task] = on_stage.sign_in("agent").get("/api/tasks").json()
    assert task["phone"] == "***0000"
    assert on_stage.calls.read(lambda session: session.get(AgentTask, uuid.UUID(task["id"]))) is not None


def test_a_program_is_not_told_a_number_or_a_door_by_what_finds_them(on_stage: Stage) -> None:
    """An integration may look people up and read messages; nothing masked answers it digit after digit."""
    build_ours(on_stage)
    sent = sa.update(Message).values(address=f"+86{NUMBER}")
    on_stage.calls.write(lambda session: session.execute(sent))
    made = on_stage.sign_in("admin").post("/api/tokens", {"name": "shop"}).json()
    program = {"Authorization": f"Bearer {made['token']}"}

    def found(path: str, text: str) -> int:
        on_stage.client.cookies.clear()
        reply = on_stage.client.get(path, params={"q": text}, headers=program)
        assert reply.status_code == 200, reply.text
        return len(reply.json()["items"])

    for path in ("/api/messages", "/api/intake/callers"):
        assert found(path, NUMBER[-4:]) > 0
        assert found(path, "9" + NUMBER[-4:]) == found(path, "0" + NUMBER[-4:])
        assert found(path, DOOR) == 0
        assert on_stage.sign_in("agent").get(path, params={"q": "9" + NUMBER[-4:]}).json()["items"] == []
