"""A week is sums per technician and day, in few queries, and nobody sees more than their own."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.weeks import service
from tests.factories.cast import Person, Stage
from tests.factories.doorstep import DAY, second_visit


def week(person: Person, stage: Stage) -> dict[str, Any]:
    found = person.get(f"/api/week?region_id={stage.world.region.id}&day={DAY}")
    assert found.status_code == 200, found.text
    answer: dict[str, Any] = found.json()
    return answer


def test_a_week_has_work_and_shift_per_day_and_what_nobody_has(on_stage: Stage) -> None:
    world = on_stage.world

    def build(session: Session) -> None:
        job, _visit = second_visit(world, session)
        job.technician_id, job.status = None, JobStatus.BOOKED
        values = job.model_dump(exclude={"id", "version"})
        session.add(Job(**values | {"number": "J3", "status": JobStatus.CANCELLED}))

    on_stage.calls.write(build)
    found = week(on_stage.sign_in("dispatcher"), on_stage)
    days = [dt.date.fromisoformat(day) for day in found["days"]]
    at = days.index(DAY)
    assert (len(days), days[0].weekday()) == (7, 0)
    ours = next(row for row in found["technicians"] if row["id"] == str(world.technician.id))
    shift = world.shift()
    length_s = (shift.ends_at - shift.starts_at).total_seconds() - shift.break_s
    today = ours["days"][at]
    assert (today["jobs"], today["work_s"], today["shift_s"]) == (1, 3600, length_s)
    assert today["shift"]["start"] is not None
    free = ours["days"][at - 1]
    assert (free["jobs"], free["shift_s"], free["shift"]) == (0, 0, None)
    assert found["unassigned"][at] == {"jobs": 1, "work_s": 3600}


def test_what_nobody_has_is_listed_for_the_whole_week(on_stage: Stage) -> None:
    """The urgent before the rest of its day; cancelled work, and another week's, is not there."""
    world, waiting = on_stage.world, f"/api/week/waiting?region_id={on_stage.world.region.id}&day="

    def build(session: Session) -> None:
        second_visit(world, session)
        values = world.job.model_dump(exclude={"id", "version"}) | {
            "technician_id": None,
            "status": JobStatus.BOOKED,
        }
        for number, more in (("J3", {}), ("J4", {"priority": 1}), ("J5", {"status": JobStatus.CANCELLED})):
            session.add(Job(**values | {"number": number} | more))
        session.add(Job(**values | {"number": "J6", "day": DAY + dt.timedelta(days=7)}))
        session.add(Job(**values | {"number": "J7", "day": DAY + dt.timedelta(days=6)}))

    on_stage.calls.write(build)
    dispatcher = on_stage.sign_in("dispatcher")
    found = dispatcher.get(waiting + str(DAY)).json()
    assert [row["number"] for row in found if row["day"] == str(DAY)] == ["J4", "J3"]
    assert {row["number"] for row in found} == {"J3", "J4", "J7"}
    assert (found[-1]["customer_name"], found[-1]["lock"]) == (
        world.customer.name,
        {"technician": False, "time": False},
    )
    assert on_stage.sign_in("vendor").get(waiting + str(DAY)).json() == []
    assert on_stage.sign_in("technician").get(waiting + str(DAY)).status_code == 403


def test_a_vendor_sees_its_own_week(on_stage: Stage) -> None:
    found = week(on_stage.sign_in("vendor"), on_stage)
    assert [row["name"] for row in found["technicians"]] == ["李明"]
    assert all(load["jobs"] == 0 for load in found["unassigned"])
    assert all(day["jobs"] == 0 for row in found["technicians"] for day in row["days"])


def test_a_week_takes_few_queries(on_stage: Stage) -> None:
    """As many for a region of many as for one of two; a day outside the calendar is refused."""
    world, asked = on_stage.world, list[str]()

    def look(session: Session) -> None:
        sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
        service.week(session, world.dispatcher, world.region.id, DAY)

    on_stage.calls.read(look)
    assert len(asked) <= 7
    dispatcher = on_stage.sign_in("dispatcher")
    path = f"/api/week?region_id={world.region.id}&day="
    assert dispatcher.get(path + "1990-01-01").json()["code"] == "bad_day"
    assert on_stage.sign_in("technician").get(path + str(DAY)).status_code == 403
