"""Customers are told when their promise will probably be missed, as their page has it, and when it won't."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.jobs.models import Job, Visit
from backend.messages import claims, delays
from backend.messages.models import Message, MessageEvent, MessageState
from backend.technicians.models import LastPosition
from backend.tracking.coming import forecast_of
from backend.tracking.facts import gather
from backend.tracking.outlook import Outlook, outlook
from tests.backend.messages.telling import claim, messages, opened
from tests.factories.bookable import Town, clock, tomorrow
from tests.factories.calls import Calls


def plan(session: Session, made: Town, number: int, hour: float, status: str = "accepted") -> None:
    """A visit of an hour, promised within the two hours from nine, eleven …"""
    job, who, start = made.jobs[number], made.technicians[0], clock(hour)
    window = {"window_start": clock(hour - hour % 2 + 1), "window_end": clock(hour - hour % 2 + 3)}
    values = {"status": status, "technician_id": who.id, "day": tomorrow(), **window}
    session.execute(sa.update(Job).where(col(Job.id) == job.id).values(**values))
    session.add(
        Visit(
            org_id=made.org.id, job_id=job.id, technician_id=who.id, arrive_at=start, travel_s=1200,
            travel_m=8000, busy_from=start, busy_until=start + dt.timedelta(hours=1),
        )
    )  # fmt: skip


def depart(session: Session, made: Town, hour: float, seen_hour: float) -> None:
    """The first visit is on the way, and last seen a few kilometres off."""
    job_id = made.jobs[0].id
    session.execute(sa.update(Job).where(col(Job.id) == job_id).values(status="en_route"))
    session.execute(sa.update(Visit).where(col(Visit.job_id) == job_id).values(departed_at=clock(hour)))
    who = made.technicians[0]
    session.merge(
        LastPosition(
            technician_id=who.id, at=clock(seen_hour), lat=who.home_lat, lng=who.home_lng, accuracy_m=10
        )
    )


def turn_back(session: Session, made: Town) -> None:
    """The first visit waits again."""
    job_id = made.jobs[0].id
    session.execute(sa.update(Job).where(col(Job.id) == job_id).values(status="accepted"))
    session.execute(sa.update(Visit).where(col(Visit.job_id) == job_id).values(departed_at=None))


def ahead(session: Session, made: Town, now: dt.datetime) -> list[Outlook]:
    return outlook(session, session.merge(made.region), tomorrow(), now)


def test_what_is_told_is_what_the_page_has(db: Calls) -> None:
    """Of a technician's whole day, in the work before and on the way."""
    made = opened(db, 4)

    def a_day(session: Session) -> None:
        plan(session, made, 0, 9)
        plan(session, made, 1, 11)
        plan(session, made, 2, 13.5, "assigned")
        plan(session, made, 3, 15, "on_site")  # is there: nobody waits for that

    db.write(a_day)
    for hour, on_the_way in ((8.7, False), (10.4, False), (9.2, True)):
        if on_the_way:
            db.write(depart, made, 9.0, 9.15)
        now = clock(hour)
        found = {one.job_id: one.forecast for one in db.read(ahead, made, now)}
        pages = {job.id: forecast_of(db.read(gather, made.customer_of(job), now)) for job in made.jobs[:3]}
        assert found == pages


def told(db: Calls, made: Town, *hours: float) -> list[str]:
    """Look at each of these hours and send what is written; the events that left."""
    left = []
    for hour in hours:
        db.write(delays.tell, made.region.id, clock(hour))
        claimed = [one for one in claim(db, clock(hour)) if one.org_id == made.org.id]
        assert all(db.write(claims.record_sent, one, "ok") for one in claimed)
        left += [f"{one.outgoing.event} {hour}" for one in claimed if of_promise(one.outgoing.event)]
    return left


def of_promise(event: str) -> bool:
    return event in {MessageEvent.DELAYED, MessageEvent.ON_TIME}


def test_a_promise_that_will_be_missed_is_told_before_it_is_and_not_twice(db: Calls) -> None:
    made = opened(db)
    db.write(plan, made, 0, 9)
    assert told(db, made, 8.5, 9.5) == []
    assert told(db, made, 10.8, 10.82, 10.9) == ["delayed 10.8"]  # twenty minutes of way, twelve left
    (message,) = [row for row in messages(db, made) if row.event is MessageEvent.DELAYED]
    (seen,) = db.read(ahead, made, clock(10.8))
    assert dt.datetime.fromisoformat(message.data["likely"]) == seen.forecast.likely
    assert told(db, made, 12.5) == ["delayed 12.5"]  # what was told is over


def test_what_gets_better_is_taken_back_and_what_never_left_is_dropped(db: Calls) -> None:
    made = opened(db)
    db.write(plan, made, 0, 9)
    assert told(db, made, 10.8) == ["delayed 10.8"]
    db.write(depart, made, 10.2, 10.8)  # what was sent late from a cellar
    assert told(db, made, 10.81, 10.82) == ["on_time 10.81"]
    (taken_back,) = [row for row in messages(db, made) if row.event is MessageEvent.ON_TIME]
    assert "按约定时段到达" in taken_back.text

    other = opened(db)
    db.write(plan, other, 0, 9)
    db.write(delays.tell, other.region.id, clock(10.8))  # and nobody sends it yet
    db.write(depart, other, 10.2, 10.8)
    assert told(db, other, 10.81) == []
    (dropped,) = [row for row in messages(db, other) if of_promise(row.event)]
    assert (dropped.state, dropped.why) == (MessageState.DROPPED, "overtaken")
    db.write(turn_back, other)
    db.write(delays.tell, other.region.id, clock(10.85))  # not sent in time either
    assert told(db, other, 12.5) == ["delayed 12.5"]  # the first that is heard of it
    assert [row.state for row in messages(db, other)] == [MessageState.DROPPED] * 2 + [MessageState.SENT]


def test_delays_are_told_at_night_to_who_waits_and_however_much_was_told_that_day(db: Calls) -> None:
    """Who is at home for the window that has begun is told at any hour."""
    made = opened(db, quiet_from_h=21, quiet_until_h=10, most_per_day=1)
    db.write(plan, made, 0, 9)
    db.write(lambda session: session.execute(sa.update(Visit).values(arrive_at=clock(11.5))))
    db.write(said_already, made, clock(8.5))
    assert told(db, made, 8.9, 9.1) == ["delayed 9.1"]


def said_already(session: Session, made: Town, at: dt.datetime) -> None:
    session.add(
        Message(
            org_id=made.org.id, job_id=made.jobs[0].id, event=MessageEvent.BOOKED, key="k", not_before=at,
            state=MessageState.SENT, sent_at=at, address=made.parents[0].phone, channel="sandbox",
        )
    )  # fmt: skip
