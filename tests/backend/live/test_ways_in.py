"""What would let in a job that nobody has, put into force in one call and taken back."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

import routing
from backend.auth.models import Role
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.live.asked import AskWaysIn, WayIn, WaysIn
from backend.messages.models import AgentTask, TaskKind
from backend.scheduling.adapter.answer import plan_in_force
from backend.scheduling.adapter.problem import build_problem
from backend.scheduling.adapter.ways_in import ways_in
from backend.scheduling.day import CurrentVisit, DayJob, RegionDay
from backend.technicians.models import Shift
from tests.backend.live.conftest import LiveDay
from tests.factories.doorstep import doorstep, save
from tests.factories.region_days import VENDOR, clock, job, offered, region_day, shift, technician
from tests.factories.scheduling import at


def found(day: RegionDay, one: DayJob) -> dict[str, WayIn]:
    answer = ways_in(AskWaysIn(day, one.id))
    assert isinstance(answer, WaysIn)
    return {each.bend: each for each in answer.found}


def place(way: WayIn) -> CurrentVisit:
    [change] = way.remedy.changes
    return CurrentVisit(change.technician_id, change.start_at, change.end_at)


def test_each_way_is_the_smallest_of_its_kind_and_holds_once_it_is_applied() -> None:
    short = technician(1, shift=shift(9, 15, rest=False), overtime_limit_s=0)
    late = job(1, 15)
    ways = found(region_day(short, jobs=(late,)), late)
    assert set(ways) == {"later_end", "earlier_window"}
    longer, earlier = ways["later_end"], ways["earlier_window"]
    assert longer.subject == str(short.id)
    assert longer.amount % 5 == 0 == earlier.amount % 5
    assert 60 <= longer.amount <= 120  # the work, the way home, and no more

    after = replace(short, shift=shift(9, 15 + longer.amount / 60, rest=False))
    bent = replace(late, window_start=clock(15 - earlier.amount / 60))
    for who, one, way in ((after, late, longer), (short, bent, earlier)):
        asked = build_problem(region_day(who, jobs=(replace(one, current=place(way)),)))
        assert routing.check(asked.problem, plan_in_force(asked)).violations == ()
    less = replace(short, shift=shift(9, 15 + (longer.amount - 5) / 60, rest=False))
    assert "" not in found(region_day(less, jobs=(late,)), late)


@pytest.mark.parametrize(
    ("changed", "bend", "subject"),
    [
        ({"level": 5}, "lower_skill", "heater"),
        ({"certificate": "gas"}, "no_certificate", "gas"),
        ({"parts": {"valve": 1}}, "part_in_van", str(uuid.UUID(int=1))),
        ({"refused_by": frozenset({uuid.UUID(int=1)})}, "other_technicians", ""),
    ],
)
def test_what_is_missing_is_what_gives_way(changed: dict[str, Any], bend: str, subject: str) -> None:
    one = job(1, 10, **changed)
    way = found(region_day(technician(1), jobs=(one,)), one)[bend]
    assert (way.subject, place(way).technician_id) == (subject, uuid.UUID(int=1))


def test_a_vendor_that_is_full_takes_one_more() -> None:
    """The vendor's technician has time, its limit for the day is what stands against the second job."""
    full = replace(VENDOR, daily_capacity=1)
    who = technician(1, vendor_id=full.id, shift=shift(9, 18, rest=False))
    first, one = job(1, 10, current=offered(who, 10)), job(2, 14)
    way = found(region_day(who, jobs=(first, one), vendors=(full,)), one)["more_visits"]
    assert (way.subject, way.amount) == (str(full.id), 1)
    places = {each.job_id: CurrentVisit(who.id, each.start_at, each.end_at) for each in way.remedy.changes}
    assert {each.technician_id for each in way.remedy.changes} == {who.id}
    assert one.id in places

    ample = replace(full, daily_capacity=2)
    given = tuple(replace(each, current=places.get(each.id, each.current)) for each in (first, one))
    asked = build_problem(region_day(who, jobs=given, vendors=(ample,)))
    assert routing.check(asked.problem, plan_in_force(asked)).violations == ()


def test_a_job_that_fits_needs_nothing_to_give_way() -> None:
    one = job(1, 10)
    assert list(found(region_day(technician(1), jobs=(one,)), one)) == [""]


def test_a_shift_that_has_begun_starts_no_earlier() -> None:
    who = technician(1, shift=shift(9, 18, rest=False), skills={"heater": 3})
    one = job(1, 8)
    today = region_day(who, jobs=(one,), now=clock(9.5))
    assert "earlier_start" not in found(today, one)


def evening_job(live: LiveDay) -> Job:
    """A job in the evening, when everybody is at home."""
    values = live.day.jobs[0].model_dump() | {
        "id": uuid.uuid4(), "number": "J9", "version": 1, "status": JobStatus.BOOKED, "technician_id": None,
        "window_start": at(20), "window_end": at(21),
    }  # fmt: skip
    made = Job(**values)
    live.calls.write(lambda session: session.add(made))
    return made


def body(way: dict[str, Any], **more: str) -> dict[str, Any]:
    fields = ("job_id", "version", "technician_id", "arrive", "start", "end", "travel_s", "travel_m")
    return {
        **{name: way[name] for name in ("bend", "subject", "part", "amount")},
        "changes": [{name: change[name] for name in fields} for change in way["changes"]],
        **more,
    }


def shift_of(live: LiveDay, technician_id: str) -> Shift:
    query = select(Shift).where(Shift.technician_id == uuid.UUID(technician_id))
    return live.calls.read(lambda session: session.exec(query).one())


def test_a_longer_shift_lets_a_job_in_and_is_taken_back(live: LiveDay) -> None:
    dispatcher, one = live.sign_in(), evening_job(live)
    ways = {each["bend"]: each for each in dispatcher.get(f"/api/jobs/{one.id}/ways-in").json()["ways"]}
    way = ways["later_end"]
    before = shift_of(live, way["subject"])
    done = dispatcher.post(f"/api/jobs/{one.id}/ways-in", json=body(way))
    assert done.status_code == 200, done.text
    after = shift_of(live, way["subject"])
    assert (after.ends_at - before.ends_at).total_seconds() == 60 * way["amount"]
    given = live.calls.read(lambda session: session.get_one(Job, one.id))
    assert (given.status, str(given.technician_id)) == (JobStatus.ASSIGNED, way["subject"])
    again = dispatcher.post(f"/api/jobs/{one.id}/ways-in", json=body(way))
    assert (again.status_code, again.json()["code"]) == (409, "stale")
    assert shift_of(live, way["subject"]).ends_at == after.ends_at

    undone = dispatcher.post(f"/api/relaxations/{done.json()['id']}/undo")
    assert (undone.status_code, undone.json()["is_undone"]) == (200, True), undone.text
    assert shift_of(live, way["subject"]).ends_at == before.ends_at
    assert live.calls.read(lambda session: session.get_one(Job, one.id).technician_id) is None
    twice = dispatcher.post(f"/api/relaxations/{done.json()['id']}/undo")
    assert (twice.status_code, twice.json()["code"]) == (409, "relaxation_undone")


def test_hours_that_became_fewer_since_let_nobody_in(live: LiveDay) -> None:
    dispatcher, one = live.sign_in(), evening_job(live)
    ways = {each["bend"]: each for each in dispatcher.get(f"/api/jobs/{one.id}/ways-in").json()["ways"]}
    way = ways["later_end"]
    shift = shift_of(live, way["subject"])
    shift.ends_at -= dt.timedelta(hours=2)
    live.calls.write(lambda session: session.merge(shift))
    refused = dispatcher.post(f"/api/jobs/{one.id}/ways-in", json=body(way))
    assert (refused.status_code, refused.json()["code"], refused.json()["numbers"]) == (409, "stale", ["J9"])
    assert shift_of(live, way["subject"]).ends_at == shift.ends_at


def test_a_longer_promise_is_a_call_to_make_and_an_exception_wants_a_reason(live: LiveDay) -> None:
    dispatcher, one = live.sign_in(), evening_job(live)
    ways = {each["bend"]: each for each in dispatcher.get(f"/api/jobs/{one.id}/ways-in").json()["ways"]}
    done = dispatcher.post(f"/api/jobs/{one.id}/ways-in", json=body(ways["earlier_window"]))
    assert done.status_code == 200, done.text
    task = live.calls.read(lambda session: session.exec(select(AgentTask)).one())
    assert (task.kind, task.job_id) == (TaskKind.PROMISE_MOVED, one.id)
    promised = live.calls.read(lambda session: session.get_one(Job, one.id).window_start)
    assert promised is not None
    assert promised < at(20)
    assert dispatcher.post(f"/api/relaxations/{done.json()['id']}/undo").status_code == 200
    back = live.calls.read(lambda session: session.get_one(Job, one.id))
    assert (back.window_start, back.technician_id) == (at(20), None)

    ways = {each["bend"]: each for each in dispatcher.get(f"/api/jobs/{one.id}/ways-in").json()["ways"]}
    exception = body(ways["later_end"]) | {"bend": "lower_skill", "subject": "heater", "amount": 1}
    refused = dispatcher.post(f"/api/jobs/{one.id}/ways-in", json=exception)
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_missing")
    allowed = dispatcher.post(f"/api/jobs/{one.id}/ways-in", json={**exception, "reason": "跟班学徒"})
    assert allowed.status_code == 200, allowed.text
    assert allowed.json()["reason"] == "跟班学徒"
    assert live.calls.read(lambda session: session.get_one(Job, one.id).level) == back.level - 1
    assert dispatcher.post(f"/api/relaxations/{allowed.json()['id']}/undo").status_code == 200
    assert live.calls.read(lambda session: session.get_one(Job, one.id).level) == back.level
    ways = {each["bend"]: each for each in dispatcher.get(f"/api/jobs/{one.id}/ways-in").json()["ways"]}
    vendor = {"bend": "more_visits", "subject": str(live.day.vendor.id), "amount": 1, "reason": "已电话谈妥"}
    one_more = body(ways["later_end"]) | vendor
    taken = dispatcher.post(f"/api/jobs/{one.id}/ways-in", json=one_more)
    assert taken.status_code == 200, taken.text
    assert live.calls.read(lambda session: session.get_one(Job, one.id).technician_id) is not None
    assert dispatcher.post(f"/api/relaxations/{taken.json()['id']}/undo").json()["is_undone"]
    stranger = live.sign_in(Role.VENDOR_DISPATCHER)
    assert stranger.get(f"/api/jobs/{one.id}/ways-in").status_code in (403, 404)


def test_the_number_of_another_organisations_job_is_not_told(live: LiveDay) -> None:
    """Whoever sends its id with an old version learns nothing, not even that there is one."""
    theirs, dispatcher, one = doorstep(), live.sign_in(), evening_job(live)
    live.calls.write(lambda session: save(session, theirs))
    [way, *_] = dispatcher.get(f"/api/jobs/{one.id}/ways-in").json()["ways"]
    wanted = body(way)
    wanted["changes"].append(wanted["changes"][0] | {"job_id": str(theirs.job.id), "version": 99})
    refused = dispatcher.post(f"/api/jobs/{one.id}/ways-in", json=wanted)
    assert (refused.status_code, theirs.job.number in refused.text) == (404, False)
