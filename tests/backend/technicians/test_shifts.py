"""A technician's working days, seen and changed from the office."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit.models import AuditEntry
from backend.db.types import utc_now
from backend.jobs.models import Job, Visit
from backend.organisations.models import Region
from backend.technicians.models import Shift, Technician, TechnicianSkill
from tests.backend.web.test_few_queries import MANY, counted
from tests.factories.cast import Stage

BEIJING = ZoneInfo("Asia/Shanghai")
EIGHT_TO_SIX = {"begins": "08:00", "until": "18:00"}
LONGER = {
    "begins": "08:00",
    "until": "20:00",
    "break_from": "11:00",
    "break_until": "14:00",
    "break_minutes": 60,
}
NO_BREAK: dict[str, Any] = {"break_from": None, "break_until": None, "break_minutes": 0}


@pytest.fixture(autouse=True)
def nobody_works_yet(on_stage: Stage) -> None:
    on_stage.calls.write(lambda session: session.execute(sa.delete(Shift)))


def day(offset: int) -> str:
    """A day as Beijing counts them, from today on."""
    return (utc_now().astimezone(BEIJING).date() + dt.timedelta(days=offset)).isoformat()


def put(
    stage: Stage, offset: int, hours: object, was: object, who: str = "dispatcher", whose: str = "technician"
) -> httpx.Response:
    technician = getattr(stage.world, whose)
    path = f"/api/technicians/{technician.id}/shifts/{day(offset)}"
    return stage.sign_in(who).request("PUT", path, json={"hours": hours, "was": was})


def shown(stage: Stage, offset: int) -> dict[str, Any]:
    path = f"/api/technicians/{stage.world.technician.id}/shifts"
    found: list[dict[str, Any]] = stage.sign_in("dispatcher").get(path, params={"day": day(offset)}).json()
    assert [one["day"] for one in found] == [day(offset + number) for number in range(7)]
    return found[0]


def visit_at(stage: Stage, offset: int, hour: int) -> None:
    """Our technician's open visit, two hours long, on that day."""
    date = utc_now().astimezone(BEIJING).date() + dt.timedelta(days=offset)
    begins = dt.datetime.combine(date, dt.time(hour), BEIJING)

    def move(session: Session) -> None:
        session.execute(sa.update(Job).where(col(Job.id) == stage.world.job.id).values(day=date))
        session.execute(
            sa.update(Visit)
            .where(col(Visit.id) == stage.world.visit.id)
            .values(arrive_at=begins, busy_from=begins, busy_until=begins + dt.timedelta(hours=2))
        )

    stage.calls.write(move)


def test_a_free_day_gets_hours_other_hours_and_none_again(on_stage: Stage) -> None:
    assert shown(on_stage, 3)["hours"] is None
    given = put(on_stage, 3, EIGHT_TO_SIX, None)
    assert (given.status_code, given.json()["hours"]) == (200, EIGHT_TO_SIX | NO_BREAK)
    assert put(on_stage, 3, LONGER, EIGHT_TO_SIX).json()["hours"] == LONGER
    assert shown(on_stage, 3)["hours"] == LONGER
    assert put(on_stage, 3, None, LONGER).json()["hours"] is None
    assert shown(on_stage, 3)["hours"] is None
    entries = on_stage.calls.read(
        lambda session: session.exec(select(AuditEntry).where(AuditEntry.action == "shift.changed")).all()
    )
    assert [(entry.data["was"], entry.data["hours"]) for entry in entries] == [
        (None, "08:00-18:00"), ("08:00-18:00", "08:00-20:00"), ("08:00-20:00", None),
    ]  # fmt: skip


def test_hours_are_those_of_the_regions_clocks(on_stage: Stage) -> None:
    def move(session: Session) -> None:
        session.get_one(Region, on_stage.world.region.id).zone = "America/New_York"

    on_stage.calls.write(move)
    assert put(on_stage, 200, EIGHT_TO_SIX, None).status_code == 200
    date = dt.date.fromisoformat(day(200))
    shift = on_stage.calls.read(lambda session: session.exec(select(Shift).where(Shift.day == date)).one())
    begins = shift.starts_at.astimezone(ZoneInfo("America/New_York"))
    assert (begins.date(), begins.hour) == (date, 8)
    assert shown(on_stage, 200)["hours"] == EIGHT_TO_SIX | NO_BREAK


def test_who_saw_other_hours_changes_nothing_and_who_asks_twice_has_it(on_stage: Stage) -> None:
    put(on_stage, 3, EIGHT_TO_SIX, None)
    late = put(on_stage, 3, LONGER, None)
    assert (late.status_code, late.json()["code"]) == (409, "hours_changed")
    assert put(on_stage, 3, EIGHT_TO_SIX, None).status_code == 200  # the same again
    assert shown(on_stage, 3)["hours"] == EIGHT_TO_SIX | NO_BREAK


def test_hours_in_which_visits_lie_stay(on_stage: Stage) -> None:
    put(on_stage, 3, EIGHT_TO_SIX, None)
    visit_at(on_stage, 3, 15)
    assert shown(on_stage, 3)["visits"] == 1
    for wanted in (None, {"begins": "08:00", "until": "16:00"}, {"begins": "16:00", "until": "18:00"}):
        refused = put(on_stage, 3, wanted, EIGHT_TO_SIX)
        assert (refused.status_code, refused.json()["code"]) == (422, "visits_in_shift")
        assert refused.json()["numbers"] == [on_stage.world.job.number]
    assert put(on_stage, 3, {"begins": "15:00", "until": "17:00"}, EIGHT_TO_SIX).status_code == 200


def test_overtime_that_was_agreed_before_keeps_nobody_from_longer_hours(on_stage: Stage) -> None:
    put(on_stage, 3, EIGHT_TO_SIX, None)
    visit_at(on_stage, 3, 17)
    assert put(on_stage, 3, {"begins": "08:00", "until": "17:30"}, EIGHT_TO_SIX).status_code == 422
    assert put(on_stage, 3, {"begins": "09:00", "until": "18:30"}, EIGHT_TO_SIX).status_code == 200


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ({"begins": "18:00", "until": "08:00"}, "bad_hours"),
        ({"begins": "08:00", "until": "08:00"}, "bad_hours"),
        (EIGHT_TO_SIX | {"break_minutes": 30}, "bad_break"),  # nowhere to lie
        (EIGHT_TO_SIX | {"break_from": "12:00", "break_minutes": 30}, "bad_break"),
        (EIGHT_TO_SIX | {"break_from": "12:00", "break_until": "12:20", "break_minutes": 30}, "bad_break"),
        (EIGHT_TO_SIX | {"break_from": "17:00", "break_until": "19:00", "break_minutes": 30}, "bad_break"),
        (EIGHT_TO_SIX | {"break_from": "12:00", "break_until": "13:00"}, "bad_break"),
    ],
)
def test_hours_that_nobody_can_work_are_refused(on_stage: Stage, hours: object, code: str) -> None:
    refused = put(on_stage, 3, hours, None)
    assert (refused.status_code, refused.json()["code"]) == (400, code)


def test_a_day_that_is_over_and_one_of_an_absence_stay(on_stage: Stage) -> None:
    over = put(on_stage, -1, EIGHT_TO_SIX, None)
    assert (over.status_code, over.json()["code"]) == (422, "day_over")
    put(on_stage, 3, EIGHT_TO_SIX, None)
    path = f"/api/technicians/{on_stage.world.technician.id}/absence"
    office = on_stage.sign_in("dispatcher")
    office.post(path, {"day": day(3)})
    assert (shown(on_stage, 3)["hours"], shown(on_stage, 3)["is_absent"]) == (None, True)
    refused = put(on_stage, 3, LONGER, None)
    assert (refused.status_code, refused.json()["code"]) == (422, "absent")
    assert office.request("DELETE", path, params={"day": day(3)}).status_code == 200
    assert put(on_stage, 3, LONGER, EIGHT_TO_SIX).status_code == 200


def test_a_vendor_changes_the_hours_of_its_own_people_alone(on_stage: Stage) -> None:
    assert put(on_stage, 3, EIGHT_TO_SIX, None, "vendor", "other_technician").status_code == 200
    assert put(on_stage, 3, EIGHT_TO_SIX, None, "vendor").status_code == 404
    assert put(on_stage, 3, EIGHT_TO_SIX, None, "stranger").status_code == 404
    for who in ("agent", "clerk", "technician"):
        assert put(on_stage, 3, EIGHT_TO_SIX, None, who).status_code == 403


def test_the_list_tells_skills_region_and_the_coming_week(on_stage: Stage) -> None:
    put(on_stage, 2, EIGHT_TO_SIX, None)
    world = on_stage.world

    def teach(session: Session) -> None:
        for skill, level in (("gas", 1), ("hvac", 4)):
            session.add(TechnicianSkill(technician_id=world.technician.id, skill=skill, level=level))

    on_stage.calls.write(teach)
    listed = {one["name"]: one for one in on_stage.sign_in("dispatcher").get("/api/technicians").json()}
    mine = listed[world.technician.name]
    assert mine["skills"] == [{"skill": "hvac", "level": 4}, {"skill": "gas", "level": 1}]
    assert (mine["region_name"], mine["masked_phone"]) == ("北京", "***0009")
    assert mine["first_day"] == day(0)
    assert (len(mine["hours"]), mine["hours"][2]) == (7, EIGHT_TO_SIX | NO_BREAK)
    assert listed[world.other_technician.name]["skills"] == []


def test_more_technicians_are_listed_without_more_queries(on_stage: Stage) -> None:
    office = on_stage.sign_in("dispatcher")

    def queries() -> tuple[int, int]:
        with counted() as statements:
            listed = office.get("/api/technicians").json()
        return len(listed), len(statements)

    def hire(session: Session) -> None:
        for number in range(3 * MANY):
            values = on_stage.world.technician.model_dump(exclude={"id"}) | {"name": f"新师傅{number}"}
            made = Technician(**values)
            session.add(made)
            session.flush()
            session.add(TechnicianSkill(technician_id=made.id, skill="gas", level=2))
            begins = utc_now()
            session.add(
                Shift(
                    technician_id=made.id, day=dt.date.fromisoformat(day(0)), starts_at=begins,
                    ends_at=begins + dt.timedelta(hours=1),
                )
            )  # fmt: skip

    few, asked = queries()
    on_stage.calls.write(hire)
    many, asked_then = queries()
    assert many == few + 3 * MANY
    # What goes on beside it asks a little too; one more for each would be too many.
    assert asked_then - asked < 2 * MANY


def test_who_has_left_is_not_there(on_stage: Stage) -> None:
    def leave(session: Session) -> None:
        session.get_one(Technician, on_stage.world.technician.id).is_active = False

    on_stage.calls.write(leave)
    assert put(on_stage, 3, EIGHT_TO_SIX, None).status_code == 404
