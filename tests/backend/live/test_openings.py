"""Where a visit could go on another day, at what price, and moving it there and back in one piece."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, select

import routing
from backend.auth.models import Role
from backend.booking.asked import Slot
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.jobs.repository import open_visits
from backend.live.asked import AskOpenings, Opening, Openings
from backend.scheduling.adapter.answer import plan_in_force
from backend.scheduling.adapter.openings import openings
from backend.scheduling.adapter.problem import build_problem
from backend.scheduling.day import CurrentVisit, DayJob, RegionDay
from backend.technicians.models import Shift
from tests.backend.live.conftest import LiveDay
from tests.factories.cast import Person
from tests.factories.region_days import clock, job, offered, region_day, shift, technician
from tests.factories.scheduling import DAY

NEXT = DAY + dt.timedelta(days=1)
MORNING, NOON = Slot(clock(10), clock(12)), Slot(clock(14), clock(16))


def asked(day: RegionDay, one: DayJob, who: int | None = None) -> Openings:
    only = uuid.UUID(int=who) if who is not None else None
    answer = openings(AskOpenings(day, one, (MORNING, NOON), only))
    assert isinstance(answer, Openings)
    return answer


def in_force(day: RegionDay, one: DayJob, opening: Opening) -> RegionDay:
    """The day once the opening was taken."""
    assert opening.remedy is not None
    places = {
        each.job_id: CurrentVisit(each.technician_id, each.start_at, each.end_at)
        for each in opening.remedy.changes
    }
    guest = replace(one, window_start=opening.slot.start_at, window_end=opening.slot.end_at)
    jobs = (*(each for each in day.jobs if each.id != one.id), guest)
    moved = [replace(each, current=places.get(each.id, each.current)) for each in jobs]
    return region_day(*day.technicians, jobs=tuple(moved))


def test_each_technician_has_a_price_in_each_slot_that_they_can_keep() -> None:
    """The second knows too little, the first is busy from ten to twelve with work nobody may move."""
    busy, beginner = technician(1, shift=shift(rest=False)), technician(2, skills={"heater": 1})
    held = job(2, 10, current=offered(busy, 10), duration_s=7_200, is_time_locked=True)
    one = job(1, 20, level=2)
    found = asked(region_day(busy, beginner, jobs=(held,)), one).found
    assert [(each.technician_id.int, each.slot) for each in found] == [(1, NOON)]
    [noon] = found
    assert noon.remedy is None
    assert NOON.start_at <= noon.start_at <= NOON.end_at
    assert noon.price_fen > 3_000 / 3600 * busy.hourly_fen


def test_what_is_found_for_one_technician_keeps_every_rule_once_taken() -> None:
    who = technician(1, shift=shift(rest=False))
    first = job(2, 10, current=offered(who, 10))
    day, one = region_day(who, technician(2), jobs=(first,)), job(1, 20)
    found = asked(day, one, 1).found
    assert [each.slot for each in found] == [MORNING, NOON]
    for each in found:
        after = build_problem(in_force(day, one, each))
        assert routing.check(after.problem, plan_in_force(after)).violations == ()
        assert each.remedy is not None
        assert {change.technician_id for change in each.remedy.changes} == {who.id}
    assert (asked(region_day(jobs=()), one).reason or {})["code"] == "no_shift"
    assert (asked(region_day(who), job(1, 20, at=None)).reason or {})["code"] == "needs_location"
    early = technician(3, shift=shift(6, 9, rest=False))
    assert asked(region_day(early), one).reason == {"code": "no_slot", "data": {}}


@pytest.fixture
def two_days(live: LiveDay) -> LiveDay:
    """The second technician also works the day after."""

    def build(session: Session) -> None:
        mine = session.exec(select(Shift).where(Shift.technician_id == live.day.technicians[1].id)).one()
        later = mine.model_dump(exclude={"id"}) | {"day": NEXT}
        for name in ("starts_at", "ends_at", "break_from", "break_until"):
            later[name] += dt.timedelta(days=1)
        session.add(Shift(**later))

    live.calls.write(build)
    return live


def ask(person: Person, job_id: uuid.UUID, **more: object) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in ({"day": NEXT} | more).items())
    reply = person.get(f"/api/jobs/{job_id}/openings?{query}")
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def taking(found: dict[str, Any], opening: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": found["version"],
        "window_start": opening["window"]["start"],
        "window_end": opening["window"]["end"],
        "changes": without_numbers(opening["changes"]),
    }


def without_numbers(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in each.items() if name != "number"} for each in changes]


def as_it_is(live: LiveDay, number: int) -> tuple[object, ...]:
    def look(session: Session) -> tuple[object, ...]:
        found = session.get_one(Job, live.day.jobs[number].id)
        visit = open_visits(session, [found.id]).get(found.id)
        where = (visit.arrive_at, visit.busy_from, visit.travel_s) if visit else ()
        return found.day, found.status, found.technician_id, found.window_start, *where

    return live.calls.read(look)


def test_a_visit_goes_to_another_day_and_comes_back_with_one_answer_each(two_days: LiveDay) -> None:
    live, dispatcher = two_days, two_days.sign_in()
    moving, li = live.day.jobs[0].id, live.day.technicians[1].id
    before = as_it_is(live, 0)
    everybody = ask(dispatcher, moving)
    assert {each["technician_id"] for each in everybody["openings"]} == {str(li)}
    assert all(each["changes"] == [] for each in everybody["openings"])
    found = ask(dispatcher, moving, technician_id=li)
    same_hours = found["openings"][0]
    promised = live.job(0).window_start
    assert promised is not None
    assert dt.datetime.fromisoformat(same_hours["window"]["start"]) == promised + dt.timedelta(days=1)
    assert same_hours["price_fen"] == everybody["openings"][0]["price_fen"] > 0
    done = dispatcher.post(f"/api/jobs/{moving}/openings", json=taking(found, same_hours))
    assert done.status_code == 200, done.text
    assert as_it_is(live, 0)[:3] == (NEXT, JobStatus.ASSIGNED, li)
    again = dispatcher.post(f"/api/jobs/{moving}/openings", json=taking(found, same_hours))
    assert (again.status_code, again.json()["code"], again.json()["numbers"]) == (409, "stale", ["J1"])

    back = done.json()["back"]
    undone = dispatcher.post(
        f"/api/jobs/{moving}/openings", json=back | {"changes": without_numbers(back["changes"])}
    )
    assert undone.status_code == 200, undone.text
    day, _, *rest = before
    assert (as_it_is(live, 0)[0], *as_it_is(live, 0)[2:]) == (day, *rest)
    nobody = taking({"version": undone.json()["back"]["version"]}, same_hours | {"changes": []})
    assert dispatcher.post(f"/api/jobs/{moving}/openings", json=nobody).status_code == 200
    assert as_it_is(live, 0)[:3] == (NEXT, JobStatus.BOOKED, None)


def test_locks_and_begun_work_stay_and_vendors_do_not_ask(two_days: LiveDay) -> None:
    """A locked technician is the only one asked about; a locked time and begun work have no openings."""
    live, dispatcher = two_days, two_days.sign_in()
    moving, other = live.day.jobs[0].id, live.day.jobs[1].id
    li = live.day.technicians[1].id
    found = ask(dispatcher, moving, technician_id=li)

    def lock(job_id: uuid.UUID, **values: object) -> None:
        def change(session: Session) -> None:
            session.get_one(Job, job_id).sqlmodel_update(values)

        live.calls.write(change)

    lock(moving, lock_technician=True)
    assert ask(dispatcher, moving, technician_id=li)["reason"]["code"] == "technician_locked"
    assert ask(dispatcher, moving)["openings"] == []
    forced = taking(found, found["openings"][0])
    forced["version"] = live.job(0).version
    for change in forced["changes"]:
        change["version"] = forced["version"]
    refused = dispatcher.post(f"/api/jobs/{moving}/openings", json=forced)
    assert (refused.status_code, refused.json()["code"]) == (422, "technician_locked")
    lock(moving, lock_time=True)
    assert ask(dispatcher, moving)["reason"]["code"] == "time_locked"
    lock(other, status=JobStatus.EN_ROUTE)
    assert ask(dispatcher, other)["reason"]["code"] == "already_begun"
    assert ask(dispatcher, moving, day=DAY - dt.timedelta(days=1))["openings"] == []
    assert dispatcher.get(f"/api/jobs/{moving}/openings?day=1990-01-01").json()["code"] == "bad_day"
    vendor = live.sign_in(Role.VENDOR_DISPATCHER)
    assert vendor.get(f"/api/jobs/{moving}/openings?day={NEXT}").status_code == 403
    assert vendor.post(f"/api/jobs/{moving}/openings", json=forced).status_code == 404
