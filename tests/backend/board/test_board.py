"""The board shows a day in a fixed number of queries, and nobody sees more than their own."""

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from backend.board import service
from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, JobEvent, Visit, VisitOutcome
from tests.factories.calls import Calls
from tests.factories.cast import Person, Stage
from tests.factories.doorstep import DAY, Doorstep, doorstep, save


def board(person: Person, stage: Stage) -> dict[str, Any]:
    day = stage.calls.read(lambda session: session.get_one(Job, stage.world.job.id).day)
    found: dict[str, Any] = person.get(f"/api/board?region_id={stage.world.region.id}&day={day}").json()
    return found


def test_the_day_has_technicians_visits_and_the_tray(on_stage: Stage) -> None:
    found = board(on_stage.sign_in("dispatcher"), on_stage)
    assert [row["name"] for row in found["technicians"]] == ["王建国", "李明"]
    visit = found["visits"][0]
    assert (visit["job_id"], visit["status"], visit["technician_id"], visit["customer_name"]) == (
        str(on_stage.world.job.id),
        "on_site",
        str(on_stage.world.technician.id),
        "赵女士",
    )
    assert (found["unassigned"], found["needs_location"], found["counts"]) == ([], 0, {"on_site": 1})


def test_what_phone_and_office_wrote_differently_is_counted_until_somebody_decides(on_stage: Stage) -> None:
    phone, office = on_stage.sign_in("technician"), on_stage.sign_in("dispatcher")
    job_id = on_stage.world.job.id
    seen = office.get(f"/api/jobs/{job_id}").json()["sheet"]["version"]
    office.post(f"/api/jobs/{job_id}/edit", {"version": seen, "note": "先打电话"})
    phone.send("note", job_id, text="走西门")
    assert board(office, on_stage)["conflicts"] == 1
    assert board(on_stage.sign_in("other_vendor"), on_stage)["conflicts"] == 0
    [conflict] = office.get("/api/conflicts").json()
    office.post(f"/api/conflicts/{conflict['id']}/settle", {"keep": "came", "version": conflict["version"]})
    assert board(office, on_stage)["conflicts"] == 0


def test_an_unassigned_job_lies_in_the_tray_with_its_reason(on_stage: Stage) -> None:
    def release(session: Session) -> None:
        job = session.get_one(Job, on_stage.world.job.id)
        job.status, job.technician_id, job.vendor_id = JobStatus.BOOKED, None, None
        job.unserved_reason = {"code": "no_skill", "data": {"skill": "gas"}}

    on_stage.calls.write(release)
    found = board(on_stage.sign_in("dispatcher"), on_stage)
    assert found["visits"] == []
    assert [(row["job_id"], row["reason"]) for row in found["unassigned"]] == [
        (str(on_stage.world.job.id), {"code": "no_skill", "data": {"skill": "gas"}})
    ]


def test_a_job_tells_who_declined_it_and_what_it_is_in_both_languages(on_stage: Stage) -> None:
    world = on_stage.world

    def decline(session: Session) -> None:
        job, visit = session.get_one(Job, world.job.id), session.get_one(Visit, world.visit.id)
        job.status, job.technician_id, job.vendor_id = JobStatus.DECLINED, None, None
        visit.outcome = VisitOutcome.DECLINED

    on_stage.calls.write(decline)
    [row] = board(on_stage.sign_in("dispatcher"), on_stage)["unassigned"]
    assert row["refused_by"] == [str(world.technician.id)]
    assert (row["product_name"], row["product_name_en"]) == ("电热水器 60L", "Water heater 60 L")


def test_a_vendor_sees_its_own_technicians_and_jobs_only(on_stage: Stage) -> None:
    found = board(on_stage.sign_in("vendor"), on_stage)
    assert [row["name"] for row in found["technicians"]] == ["李明"]
    assert (found["visits"], found["unassigned"], found["counts"]) == ([], [], {})


def test_what_changed_is_a_part_of_the_board(on_stage: Stage) -> None:
    """Asked for a job or for whoever has it, the day tells the same rows as the whole board does."""
    world, dispatcher = on_stage.world, on_stage.sign_in("dispatcher")
    whole = board(dispatcher, on_stage)
    for asked in (f"job_id={world.job.id}", f"technician_id={world.technician.id}"):
        part = dispatcher.get(
            f"/api/board/rows?region_id={world.region.id}&day={whole['day']}&{asked}"
        ).json()
        assert (part["visits"], part["unassigned"]) == (whole["visits"], whole["unassigned"])
    [where] = part["positions"]
    known = {row["id"]: row["position"] for row in whole["technicians"]}
    assert where == {"technician_id": str(world.technician.id), "position": known[str(world.technician.id)]}


def test_the_day_in_columns_says_what_its_rows_say(on_stage: Stage) -> None:
    """A list for each fact, a word said once, and what few visits have told by their place."""
    world, dispatcher = on_stage.world, on_stage.sign_in("dispatcher")

    def lock(session: Session) -> None:
        session.get_one(Job, world.job.id).lock_time = True

    on_stage.calls.write(lock)
    whole = board(dispatcher, on_stage)
    where = f"region_id={world.region.id}&day={whole['day']}"
    told = dispatcher.get(f"/api/board/columns?{where}").json()
    [row] = whole["visits"]
    visits = told["visits"]
    assert [visits[name] for name in ("job_id", "address", "lat", "version")] == [
        [row[name]] for name in ("job_id", "address", "lat", "version")
    ]
    assert visits["technician_id"] == {"words": [row["technician_id"]], "at": [0]}
    starts = dt.datetime.fromisoformat(visits["since"]) + dt.timedelta(milliseconds=visits["start_ms"][0])
    assert abs(starts - dt.datetime.fromisoformat(row["planned"]["start"])) < dt.timedelta(milliseconds=1)
    assert (visits["lock_time"], visits["lock_technician"], visits["reason"]) == ([0], [], {})
    same = whole.keys() - {"visits", "unassigned", "now"}
    assert {name: told[name] for name in same} == {name: whole[name] for name in same}


def test_a_vendor_is_told_of_no_others_changes_nor_of_who_else_said_no(on_stage: Stage) -> None:
    """Neither another's job nor another's technician can be asked for; a refusal by others stays theirs."""
    world, vendor = on_stage.world, on_stage.sign_in("vendor")
    day = board(vendor, on_stage)["day"]
    where = f"/api/board/rows?region_id={world.region.id}&day={day}"
    path = f"{where}&job_id={world.job.id}&technician_id={world.technician.id}"
    told = vendor.get(path).json()
    assert (told["visits"], told["unassigned"], told["positions"]) == ([], [], [])

    def hand_on(session: Session) -> None:
        job, visit = session.get_one(Job, world.job.id), session.get_one(Visit, world.visit.id)
        job.status, job.technician_id, job.vendor_id = JobStatus.DECLINED, None, world.vendor.id
        visit.outcome = VisitOutcome.DECLINED
        session.add(
            JobEvent(
                org_id=job.org_id, job_id=job.id, seq=1, action="decline", from_status="assigned",
                to_status="declined", actor_kind="technician", actor_id=world.account.id, actor_name="李四",
                at=utc_now(), data={"technician_id": str(world.technician.id)},
            )
        )  # fmt: skip

    on_stage.calls.write(hand_on)
    [row] = vendor.get(path).json()["unassigned"]
    assert row["refused_by"] == []
    history = f"/api/jobs/{world.job.id}/history"
    for who, is_told in ((vendor, False), (on_stage.sign_in("dispatcher"), True)):
        [declined] = who.get(history).json()
        assert (declined["actor"]["name"] == "李四", "technician_id" in declined["data"]) == (
            is_told,
            is_told,
        )


def test_another_organisations_region_is_not_there(on_stage: Stage) -> None:
    stranger = on_stage.sign_in("stranger")
    path = f"/api/board?region_id={on_stage.world.region.id}&day=2026-11-23"
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("name", ["technician", "clerk"])
def test_the_board_is_for_the_office(on_stage: Stage, name: str) -> None:
    path = f"/api/board?region_id={on_stage.world.region.id}&day=2026-11-23"
    assert on_stage.sign_in(name).get(path).status_code == 403


def test_twenty_times_the_visits_take_no_more_queries(database_url: str) -> None:
    from tests.factories.calls import calls_to

    with calls_to(database_url) as calls:
        world = doorstep(JobStatus.BOOKED, day=DAY)
        calls.write(save, world)
        few = _queries(calls, world)

        def many(session: Session) -> None:
            for number in range(40):
                values = world.job.model_dump() | {"id": uuid.uuid4(), "number": f"M{number}", "version": 1}
                session.add(Job(**values | {"technician_id": None}))

        calls.write(many)
        assert _queries(calls, world) == few


def _queries(calls: Calls, world: Doorstep) -> int:
    def count(session: Session) -> int:
        seen: list[str] = []
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731 - SQLAlchemy passes six
        engine = session.get_bind().engine
        sa.event.listen(engine, "before_cursor_execute", listener)
        try:
            service.board(session, world.dispatcher, world.region.id, DAY)
        finally:
            sa.event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    return calls.read(count)


def test_the_wall_clock_rules_but_in_a_replay(on_stage: Stage) -> None:
    from backend.organisations.models import Organisation

    dispatcher = on_stage.sign_in("dispatcher")
    path = f"/api/board?region_id={on_stage.world.region.id}&day=2020-01-02"
    assert not dispatcher.get(path).json()["now"].startswith("2020")

    def replay(session: Session) -> None:
        session.get_one(Organisation, on_stage.world.org.id).is_replay = True

    on_stage.calls.write(replay)
    assert dispatcher.get(path).json()["now"] == "2020-01-01T16:00:00Z"  # midnight in Beijing
    for edge in ("0001-01-01", "9999-12-31"):
        assert dispatcher.get(path.replace("2020-01-02", edge)).status_code == 200
