"""Weeks become shifts: in the region's own hours, for the days that are free, and never twice."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlmodel import Session, col, select

from backend.auth.actor import system_actor
from backend.auth.models import Account
from backend.live import absences
from backend.technicians import shifts as by_hand
from backend.technicians.hours import Hours
from backend.technicians.models import Shift, Technician
from tests.backend.company.conftest import Operator, Told
from tests.factories.calls import Calls, calls_to

FRIDAY = dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC)  # clocks in Berlin go forward on Sunday


@pytest.fixture
def db(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as calls:
        yield calls


def shifts(db: Calls, login: str) -> list[Shift]:
    query = (
        select(Shift)
        .join(Account, col(Account.technician_id) == col(Shift.technician_id))
        .where(Account.login == login)
        .order_by(col(Shift.day))
    )
    return list(db.read(lambda session: session.exec(query).all()))


def berlin(told: Told) -> Told:
    """The example where clocks change, with one technician who works at the weekend and on Mondays."""
    told["organisation"].update(zone="Europe/Berlin", phone_region="DE", currency="EUR", locale="en")
    told["regions"][0].update(zone="Europe/Berlin")
    person = told["technicians"][0]
    person["phone"] = "030 901820"
    person["week"] = {"saturday": "day", "sunday": "day", "monday": "late"}
    return {**told, "technicians": [person]}


def test_hours_are_the_regions_on_both_sides_of_a_change_of_clocks(
    operator: Operator, db: Calls, told: Told
) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        operator.load(berlin(told), "--days", "4")
    saturday, sunday, monday = shifts(db, "shen01")
    assert [each.day.isoformat() for each in (saturday, sunday, monday)] == [
        "2026-03-28", "2026-03-29", "2026-03-30",
    ]  # fmt: skip
    assert (saturday.starts_at.hour, sunday.starts_at.hour) == (7, 6)  # 8:30 in UTC
    for shift in (saturday, sunday):
        zone = ZoneInfo("Europe/Berlin")
        told_hours = [
            at.astimezone(zone).strftime("%H:%M")
            for at in (shift.starts_at, shift.ends_at, shift.break_from, shift.break_until)
            if at is not None
        ]
        assert told_hours == ["08:30", "17:30", "11:30", "13:30"]
        assert shift.break_s == 2_700
    assert (monday.ends_at - monday.starts_at) == dt.timedelta(hours=9)


def test_the_first_day_is_the_regions_today(operator: Operator, db: Calls, told: Told) -> None:
    late_on_friday = dt.datetime(2026, 3, 27, 23, 30, tzinfo=dt.UTC)  # Saturday in Berlin
    with time_machine.travel(late_on_friday, tick=False):
        operator.load(berlin(told), "--days", "1")
    assert [each.day.isoformat() for each in shifts(db, "shen01")] == ["2026-03-28"]


def test_days_off_have_no_shift(operator: Operator, db: Calls, told: Told) -> None:
    told["days_off"] = ["2026-03-29"]
    with time_machine.travel(FRIDAY, tick=False):
        operator.load(berlin(told), "--days", "4")
    assert [each.day.isoformat() for each in shifts(db, "shen01")] == ["2026-03-28", "2026-03-30"]


def test_a_later_load_adds_days_and_leaves_those_that_are_there(
    operator: Operator, db: Calls, told: Told
) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        operator.load(berlin(told), "--days", "3")

        def office(session: Session) -> None:
            saturday, sunday = session.exec(select(Shift).order_by(col(Shift.day))).all()
            saturday.ends_at += dt.timedelta(hours=1)
            who = session.exec(select(Technician)).one()
            absences.note(session, system_actor(who.org_id), who.id, sunday.day, None)

        db.write(office)
        told["shifts"]["day"]["from"] = "07:00"
        operator.load(berlin(told), "--days", "9")
    found = {each.day.isoformat(): each for each in shifts(db, "shen01")}
    assert sorted(found) == ["2026-03-28", "2026-03-30", "2026-04-04"]
    assert found["2026-03-28"].ends_at == dt.datetime(2026, 3, 28, 17, 30, tzinfo=dt.UTC)
    assert found["2026-04-04"].starts_at == dt.datetime(2026, 4, 4, 5, tzinfo=dt.UTC)


def test_a_day_made_free_by_hand_stays_free_until_somebody_gives_it_hours(
    operator: Operator, db: Calls, told: Told
) -> None:
    def free(session: Session) -> None:
        who = session.exec(select(Technician)).one()
        change(session, system_actor(who.org_id), who.id, dt.date(2026, 3, 29), None, usual)

    def work(session: Session) -> None:
        who = session.exec(select(Technician)).one()
        change(session, system_actor(who.org_id), who.id, dt.date(2026, 3, 29), usual, None)

    change, usual = by_hand.set_hours, Hours("08:30", "17:30", "11:30", "13:30", 45)
    with time_machine.travel(FRIDAY, tick=False):
        assert "left as it is" not in operator.load(berlin(told), "--days", "4")
        db.write(free)
        for _ in range(2):
            said = operator.load(berlin(told), "--days", "4")
            assert "left as it is: shen01 2026-03-29: made free by hand" in said
            assert [each.day.isoformat() for each in shifts(db, "shen01")] == ["2026-03-28", "2026-03-30"]
        db.write(work)
        assert "left as it is" not in operator.load(berlin(told), "--days", "4")
    assert len(shifts(db, "shen01")) == 3


@pytest.mark.parametrize("days", ["-1", "367"])
def test_a_number_of_days_that_cannot_be_is_refused(operator: Operator, told: Told, days: str) -> None:
    assert "--days must be" in operator.refused(told, "--days", days)
