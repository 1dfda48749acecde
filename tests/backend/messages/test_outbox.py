"""Nothing promised to be told is lost, and nothing that carries an id is told twice, whatever crashes."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col

from backend.db.types import utc_now
from backend.errors import BadInputError
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.messages import outbox, policies, service
from backend.messages.models import Message, MessageEvent, MessageRules, MessageState
from backend.messages.service import Sealing
from backend.tracking.words import Language
from tests.factories.bookable import Town, clock, town
from tests.factories.calls import Calls, calls_to

SEALING = Sealing(b"s" * 32, "https://example.com", dt.timedelta(days=30))
ALWAYS = {"quiet_from_h": 0, "quiet_until_h": 0, "most_per_day": 100}
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def db(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as calls:
        yield calls


def opened(db: Calls, jobs_count: int = 1, **rules: Any) -> Town:
    made = town(1, jobs_count)
    db.write(made.save)
    db.write(lambda session: session.add(MessageRules(org_id=made.org.id, **{**ALWAYS, **rules})))
    return made


def messages(db: Calls, made: Town) -> list[Message]:
    query = sa.select(Message).where(col(Message.org_id) == made.org.id).order_by(col(Message.id))
    return db.read(lambda session: list(session.scalars(query)))


def book(session: Session, made: Town, job: Job, hour: float) -> None:
    row = jobs.get_for_change(session, made.dispatcher, job.id)
    jobs.book(session, made.dispatcher, row, clock(hour), clock(hour + 2))


class PowerCutError(Exception):
    """Nothing after it happens."""


def book_and_fail(session: Session, made: Town) -> None:
    book(session, made, made.jobs[0], 9)
    raise PowerCutError


def test_a_booking_is_told_in_its_own_transaction(db: Calls) -> None:
    """The deed that is rolled back is told to nobody."""
    made = opened(db)
    with pytest.raises(PowerCutError):
        db.write(book_and_fail, made)
    assert messages(db, made) == []
    db.write(book, made, made.jobs[0], 9)
    (message,) = messages(db, made)
    assert (message.event, message.state, message.text) == (MessageEvent.BOOKED, MessageState.QUEUED, "")


def test_a_message_names_the_window_and_holds_the_customers_link(db: Calls) -> None:
    made = opened(db)
    db.write(book, made, made.jobs[0], 9)
    (claimed,) = db.write(service.claim, SEALING)
    assert "09:00–11:00" in claimed.outgoing.text
    assert "https://example.com/c/" in claimed.outgoing.text
    assert claimed.outgoing.address == made.parents[0].phone
    assert db.write(service.record_sent, claimed, "r-1")
    (message,) = messages(db, made)
    assert (message.state, message.receipt, message.channel) == (MessageState.SENT, "r-1", "sandbox")


def test_a_time_that_was_changed_before_it_was_told_is_not_told(db: Calls) -> None:
    made = opened(db)
    db.write(book, made, made.jobs[0], 9)
    db.write(book, made, made.jobs[0], 15)
    (claimed,) = db.write(service.claim, SEALING)
    assert "15:00–17:00" in claimed.outgoing.text
    assert next((row.state, row.why) for row in messages(db, made)) == (MessageState.DROPPED, "overtaken")


def test_nobody_is_written_to_more_often_than_the_organisation_wants(db: Calls) -> None:
    made = opened(db, most_per_day=2)
    job = made.jobs[0]
    for number in range(4):
        db.write(outbox.put, job, MessageEvent.CANCELLED, f"k{number}", utc_now())
    assert len(db.write(service.claim, SEALING)) == 2
    assert [row.why for row in messages(db, made)] == ["", "", "too_many", "too_many"]


def test_the_night_puts_off_and_drops_nothing(db: Calls) -> None:
    made = opened(db, quiet_from_h=21, quiet_until_h=8)
    night = clock(2)
    db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, "k", night - MINUTE)
    assert db.write(service.claim, SEALING, night) == []
    (message,) = messages(db, made)
    assert (message.state, message.not_before, message.why) == (MessageState.QUEUED, clock(8), "quiet_hours")
    assert len(db.write(service.claim, SEALING, clock(8))) == 1


def test_who_refused_is_asked_for_no_rating_but_told_of_their_appointment(db: Calls) -> None:
    made = opened(db)
    job = made.jobs[0]
    db.write(service.refuse_contact, job.customer_id)
    db.write(outbox.put, job, MessageEvent.RATE, "rate", utc_now())
    db.write(book, made, job, 9)
    assert [one.outgoing.event for one in db.write(service.claim, SEALING)] == ["booked"]
    assert sorted(row.why for row in messages(db, made)) == ["", "refused"]


def test_news_too_old_is_not_told(db: Calls) -> None:
    made = opened(db)
    db.write(outbox.put, made.jobs[0], MessageEvent.ON_THE_WAY, "k", utc_now() - dt.timedelta(hours=3))
    assert db.write(service.claim, SEALING) == []
    assert [row.why for row in messages(db, made)] == ["stale"]


def test_a_channel_that_never_takes_it_gives_way_to_the_fallback(db: Calls) -> None:
    made = opened(db, channel="sms", fallback="sandbox")
    db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, "k", utc_now())
    (claimed,) = db.write(service.claim, SEALING)
    assert claimed.channel == "sms"
    db.write(service.record_failed, claimed, "bad number", is_final=True)
    (again,) = db.write(service.claim, SEALING)
    assert (again.channel, again.attempt) == ("sandbox", 1)
    db.write(service.record_failed, again, "no", is_final=True)
    assert [(row.state, row.why) for row in messages(db, made)] == [(MessageState.FAILED, "no")]


def test_own_words_may_name_only_what_a_message_knows(db: Calls) -> None:
    made = opened(db)
    own = (made.org.id, MessageEvent.BOOKED, Language.CHINESE)
    db.write(service.set_template, *own, "{org}：{window} 上门")
    db.write(book, made, made.jobs[0], 9)
    (claimed,) = db.write(service.claim, SEALING)
    assert claimed.outgoing.text.startswith("晨光电器：")
    for bad in ("{secret}", "{org.zone}", "{0}", "{org", "{org!r:>{x}}"):
        with pytest.raises(BadInputError):
            db.write(service.set_template, *own, bad)


STEPS = st.lists(
    st.sampled_from(
        ["deed", "lost before sending", "lost after sending", "refused for now", "sent", "later"]
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_crashes_each_message_arrives_and_by_its_id_once(db: Calls, steps: list[str]) -> None:
    """A channel that knows ids shows every message exactly once; one that does not, never fewer times."""
    made = opened(db)
    now, deeds, arrived = utc_now(), 0, Counter[uuid.UUID]()
    for step in [*steps, *["later", "sent"] * (policies.MAX_ATTEMPTS + len(steps))]:
        if step == "deed":
            key = f"deed-{deeds}"
            db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, key, now)
            db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, key, now)  # the same deed, told again
            deeds += 1
        elif step == "later":
            now += dt.timedelta(hours=1)
        else:
            _play(db, step, now, arrived)
    rows = messages(db, made)
    assert len(rows) == deeds
    assert {row.state for row in rows} <= {MessageState.SENT, MessageState.FAILED}
    for row in rows:
        is_sent = row.state is MessageState.SENT
        assert arrived[row.id] >= 1 if is_sent else row.attempts >= policies.MAX_ATTEMPTS
    assert set(arrived) <= {row.id for row in rows}
    doubles = sum(count - 1 for count in arrived.values())
    assert doubles <= steps.count("lost after sending") * service.AT_ONCE
    if "lost after sending" not in steps:
        assert doubles == 0


def _play(db: Calls, step: str, now: dt.datetime, arrived: Counter[uuid.UUID]) -> None:
    for claimed in db.write(service.claim, SEALING, now):
        if step in ("sent", "lost after sending"):
            arrived[claimed.outgoing.id] += 1
        if step == "sent":
            assert db.write(service.record_sent, claimed, "ok")
            assert not db.write(service.record_sent, claimed, "again")
        elif step == "refused for now":
            db.write(service.record_failed, claimed, "busy", is_final=False)


def test_an_invitation_is_overtaken_by_an_appointment(db: Calls) -> None:
    made = opened(db)
    db.write(outbox.invite, made.jobs[0])
    db.write(book, made, made.jobs[0], 9)
    assert [one.outgoing.event for one in db.write(service.claim, SEALING)] == ["booked"]
    assert db.read(lambda s: s.get_one(Job, made.jobs[0].id)).status is JobStatus.BOOKED
