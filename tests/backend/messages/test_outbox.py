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

from backend.cases.models import Case, Channel, SalesOrder
from backend.db.types import utc_now
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.messages import chase, claims, office, outbox, policies, receipts, service, tasks
from backend.messages.channels import Outgoing
from backend.messages.claims import Claimed
from backend.messages.models import (
    ContactAddress,
    Message,
    MessageChannel,
    MessageEvent,
    MessageRules,
    MessageState,
    TaskKind,
)
from backend.messages.receipts import Report
from backend.messages.schemas import OrderMoved
from backend.messages.sender import ChannelBook, Sender
from backend.messages.values import Sealing
from backend.messages.wording import BadTemplateError
from backend.tracking.words import Language
from tests.factories.bookable import Town, clock, tomorrow, town
from tests.factories.calls import Calls, calls_to

SEALING = Sealing(b"s" * 32, "https://example.com", dt.timedelta(days=30))
ALWAYS = {"quiet_from_h": 0, "quiet_until_h": 0, "most_per_day": 100}
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def db(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as calls:
        yield calls


def opened(db: Calls, jobs_count: int = 1, days: int = 2, **rules: Any) -> Town:
    made = town(1, jobs_count, days=days)
    db.write(made.save)
    db.write(lambda session: session.add(MessageRules(org_id=made.org.id, **{**ALWAYS, **rules})))
    return made


def messages(db: Calls, made: Town) -> list[Message]:
    """All but the reminders, which there are or are not by the time of the day."""
    query = sa.select(Message).where(
        col(Message.org_id) == made.org.id, col(Message.event) != MessageEvent.REMINDER
    )
    return db.read(lambda session: list(session.scalars(query.order_by(col(Message.id)))))


def claim(db: Calls, now: dt.datetime | None = None) -> list[Claimed]:
    """Everything that may leave, each in a transaction of its own."""
    found = [db.write(claims.claim, one, SEALING, now) for one in db.read(claims.due, now)]
    return [one for one in found if one is not None]


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
    (claimed,) = claim(db)
    assert "09:00–11:00" in claimed.outgoing.text
    assert "https://example.com/c/" in claimed.outgoing.text
    assert claimed.outgoing.address == made.parents[0].phone
    assert db.write(claims.record_sent, claimed, "r-1")
    (message,) = messages(db, made)
    assert (message.state, message.receipt, message.channel) == (MessageState.SENT, "r-1", "sandbox")


def test_a_time_that_was_changed_before_it_was_told_is_not_told(db: Calls) -> None:
    made = opened(db)
    db.write(book, made, made.jobs[0], 9)
    db.write(book, made, made.jobs[0], 15)
    (claimed,) = claim(db)
    assert "15:00–17:00" in claimed.outgoing.text
    assert next((row.state, row.why) for row in messages(db, made)) == (MessageState.DROPPED, "overtaken")


def test_nobody_is_written_to_more_often_than_the_organisation_wants(db: Calls) -> None:
    made = opened(db, most_per_day=2)
    job = made.jobs[0]
    for number in range(4):
        db.write(outbox.put, job, MessageEvent.CANCELLED, f"k{number}", utc_now())
    assert len(claim(db)) == 2
    assert [row.why for row in messages(db, made)] == ["", "", "too_many", "too_many"]


def test_the_night_puts_off_and_drops_nothing(db: Calls) -> None:
    made = opened(db, quiet_from_h=21, quiet_until_h=8)
    night = clock(2)
    db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, "k", night - MINUTE)
    assert claim(db, night) == []
    (message,) = messages(db, made)
    assert (message.state, message.not_before, message.why) == (MessageState.QUEUED, clock(8), "quiet_hours")
    assert len(claim(db, clock(8))) == 1


def test_who_refused_is_asked_for_no_rating_but_told_of_their_appointment(db: Calls) -> None:
    made = opened(db)
    job = made.jobs[0]
    db.write(service.choose_contact, job.customer_id, is_refused=True, how="link")
    db.write(outbox.put, job, MessageEvent.RATE, "rate", utc_now())
    db.write(book, made, job, 9)
    assert [one.outgoing.event for one in claim(db)] == ["booked"]
    assert sorted(row.why for row in messages(db, made)) == ["", "refused"]


def test_news_too_old_is_not_told(db: Calls) -> None:
    made = opened(db)
    db.write(outbox.put, made.jobs[0], MessageEvent.ON_THE_WAY, "k", utc_now() - dt.timedelta(hours=3))
    assert claim(db) == []
    assert [row.why for row in messages(db, made)] == ["stale"]


def test_a_channel_that_never_takes_it_gives_way_to_the_fallback(db: Calls) -> None:
    made = opened(db, channel="sms", fallback="sandbox")
    db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, "k", utc_now())
    (claimed,) = claim(db)
    assert claimed.channel == "sms"
    db.write(claims.record_failed, claimed, "bad number", is_final=True)
    (again,) = claim(db)
    assert (again.channel, again.attempt) == ("sandbox", 1)
    db.write(claims.record_failed, again, "no", is_final=True)
    assert [(row.state, row.why) for row in messages(db, made)] == [(MessageState.FAILED, "no")]


def test_own_words_may_name_only_what_a_message_knows(db: Calls) -> None:
    """A channel's own words go before the organisation's, those before the standard ones."""
    made = opened(db)

    def set_words(channel: str, text: str) -> None:
        place = (made.org.id, MessageEvent.BOOKED, channel, Language.CHINESE)
        db.write(service.set_words, *place, subject="", text=text)

    set_words("", "{{ org }}：{{ window }} 上门")
    db.write(book, made, made.jobs[0], 9)
    assert claim(db)[0].outgoing.text.startswith("晨光电器：")
    set_words("sandbox", "{% if technician %}{{ technician }}{% else %}师傅{% endif %}来")
    db.write(book, made, made.jobs[0], 11)
    db.write(outbox.put, made.jobs[0], MessageEvent.BOOKED, "b", utc_now(), _window(11))
    assert {"师傅来"} == {one.outgoing.text for one in claim(db) if one.outgoing.event == "booked"}
    for bad, reason, place in (
        ("{{ secret }}", "unknown_name", (1, 4)),
        ("好的\n{{ org.zone }}", "not_allowed", (2, 1)),
        ("{org}", "one_brace", (1, 1)),
        ("{{ org", "syntax", (1, 1)),
        ("{% for x in org %}{% endfor %}", "not_allowed", (1, 19)),
    ):
        with pytest.raises(BadTemplateError) as refused:
            set_words("", bad)
        extra = refused.value.extra
        assert (extra["reason"], (extra["line"], extra["column"])) == (reason, place)


def _window(hour: float) -> dict[str, str]:
    return {"window_start": clock(hour).isoformat(), "window_end": clock(hour + 2).isoformat()}


STEPS = st.lists(
    st.sampled_from(
        ["deed", "bad deed", "lost before sending", "lost after sending", "refused for now", "sent", "later"]
    ),
    max_size=16,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_crashes_each_message_arrives_and_by_its_id_once(db: Calls, steps: list[str]) -> None:
    """A channel that knows ids shows every message exactly once; one that does not, never fewer times.

    A message that can't even be made fails alone.
    """
    made = opened(db)
    now, deeds, arrived = utc_now(), 0, Counter[uuid.UUID]()
    for step in [*steps, *["later", "sent"] * policies.MAX_ATTEMPTS]:
        if step == "deed":
            key = f"deed-{deeds}"
            db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, key, now)
            db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, key, now)  # the same deed, told again
            deeds += 1
        elif step == "bad deed":
            unreadable = {"due_at": "tomorrow"}
            db.write(outbox.put, made.jobs[0], MessageEvent.COMPLAINT, f"bad-{deeds}", now, unreadable)
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
        assert not (is_sent and row.event is MessageEvent.COMPLAINT)
    assert set(arrived) <= {row.id for row in rows}
    doubles = sum(count - 1 for count in arrived.values())
    assert doubles <= steps.count("lost after sending") * claims.AT_ONCE
    if "lost after sending" not in steps:
        assert doubles == 0


def _play(db: Calls, step: str, now: dt.datetime, arrived: Counter[uuid.UUID]) -> None:
    for message_id in db.read(claims.due, now):
        try:
            claimed = db.write(claims.claim, message_id, SEALING, now)
        except ValueError as error:
            db.write(claims.put_aside, message_id, repr(error), now)
            continue
        if claimed is None:
            continue
        if step in ("sent", "lost after sending"):
            arrived[claimed.outgoing.id] += 1
        if step == "sent":
            assert db.write(claims.record_sent, claimed, "ok")
            assert not db.write(claims.record_sent, claimed, "again")
        elif step == "refused for now":
            db.write(claims.record_failed, claimed, "busy", is_final=False)


def test_an_invitation_is_overtaken_by_an_appointment(db: Calls) -> None:
    made = opened(db)
    db.write(outbox.invite, made.jobs[0])
    db.write(book, made, made.jobs[0], 9)
    assert [one.outgoing.event for one in claim(db)] == ["booked"]
    assert db.read(lambda s: s.get_one(Job, made.jobs[0].id)).status is JobStatus.BOOKED


class Picky:
    """A channel with a fault of its own for one address."""

    def __init__(self, bad_address: str) -> None:
        self.bad_address, self.taken = bad_address, list[str]()

    async def send(self, message: Outgoing) -> str:
        if message.address == self.bad_address:
            raise RuntimeError("nobody foresaw this")
        self.taken.append(message.address)
        return "ok"


def test_a_fault_nobody_foresaw_puts_off_one_message_alone(db: Calls) -> None:
    """Be it in the channel or in the making of the words."""
    made = opened(db, 3)
    channel = Picky(made.parents[1].phone)
    book_of = ChannelBook(db.database, b"s" * 32, "https://example.com", {"sandbox": channel})
    sender = Sender(db.database, book_of, SEALING)
    for number, job in enumerate(made.jobs):
        db.write(outbox.put, job, MessageEvent.CANCELLED, f"k{number}", utc_now())
    db.write(outbox.put, made.jobs[0], MessageEvent.COMPLAINT, "unreadable", utc_now(), {"due_at": "?"})
    assert db.run(sender.send_due) == 2
    assert sorted(channel.taken) == sorted([made.parents[0].phone, made.parents[2].phone])
    waiting = {row.key: row for row in messages(db, made) if row.state is MessageState.QUEUED}
    assert {row.why for row in waiting.values()} == {"error: RuntimeError", "error: ValueError"}
    assert all(row.not_before > utc_now() for row in waiting.values())


def test_who_does_not_answer_is_reminded_once_and_then_called(db: Calls) -> None:
    made = opened(db)
    job = made.jobs[0]
    db.write(outbox.invite, job)
    start = utc_now()
    events = []
    for hours in (0, 12, 25, 40):
        now = start + dt.timedelta(hours=hours)
        for one in claim(db, now):
            events.append((hours, one.outgoing.event))
            db.write(claims.record_sent, one, "r")
    assert events == [(0, "invited"), (25, "invited_again")]
    assert db.write(chase.call_unanswered, made.org.id, start + dt.timedelta(hours=23)) == 0
    later = start + dt.timedelta(hours=50)
    assert db.write(chase.call_unanswered, made.org.id, later) == 1
    assert db.write(chase.call_unanswered, made.org.id, later) == 0
    ((task, _, customer),) = db.read(tasks.open_tasks, made.dispatcher)
    assert (task.kind, customer.id) == (TaskKind.UNANSWERED, job.customer_id)
    db.write(book, made, job, 9)  # nobody need call any more
    assert db.read(tasks.open_tasks, made.dispatcher) == []


def test_a_moved_appointment_is_told_as_one_and_reminds_of_the_new_time(db: Calls) -> None:
    made = opened(db, days=3)
    db.write(book, made, made.jobs[0], 33)
    db.write(book, made, made.jobs[0], 35)
    assert [row.event for row in messages(db, made)] == [MessageEvent.BOOKED, MessageEvent.CHANGED]
    evening = clock(18) + MINUTE  # tomorrow's; the appointment is on the day after
    told = [(one.outgoing.event, one.outgoing.text) for one in claim(db, evening)]
    assert [event for event, _ in told] == ["changed", "reminder"]
    assert all("11:00–13:00" in text for _, text in told)


def test_a_delay_is_told_with_a_new_range_and_not_again_too_soon(db: Calls) -> None:
    made = opened(db)
    job, who = made.jobs[0], made.technicians[0]

    def on_the_way(session: Session) -> None:
        values = {"status": "accepted", "technician_id": who.id, "day": tomorrow()}
        window = {"window_start": clock(9), "window_end": clock(11)}
        session.execute(sa.update(Job).where(col(Job.id) == job.id).values(**values, **window))
        session.add(
            Visit(
                org_id=made.org.id, job_id=job.id, technician_id=who.id, arrive_at=clock(9),
                busy_from=clock(9), busy_until=clock(10),
            )
        )  # fmt: skip

    db.write(on_the_way)
    counts = [
        db.write(chase.tell_delays, made.region.id, clock(hour))
        for hour in (10.5, 11.1, 11.6, 11.7, 11.95, 12.2)
    ]
    assert counts == [0, 0, 1, 0, 0, 1]
    (claimed,) = [one for one in claim(db, clock(11.6)) if one.outgoing.event == "delayed"]
    assert "11:35–12:05" in claimed.outgoing.text


def test_a_receipt_counts_once_and_a_bad_one_tries_the_other_way(db: Calls) -> None:
    made = opened(db, channel="sms", fallback="email", alerts=["wecom"])
    channel = MessageChannel(org_id=made.org.id, name="sms", kind="twilio", changed_at=utc_now())
    mail = ContactAddress(customer_id=made.jobs[0].customer_id, channel="email", address="li@example.com")
    db.write(lambda session: session.add_all([channel, mail]))
    db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, "k", utc_now())

    def send(receipt: str) -> str:
        (claimed,) = [one for one in claim(db) if one.outgoing.event != "alert"]
        assert db.write(claims.record_sent, claimed, receipt)
        return f"{claimed.channel} {claimed.outgoing.address}"

    bad = Report("SM1", is_delivered=False, detail="30003")
    assert send("SM1") == f"sms {made.parents[0].phone}"
    for _ in range(2):
        db.write(receipts.record, channel, [bad])
    assert send("<m1>") == "email li@example.com"
    db.write(receipts.record, channel, [bad, Report("<m1>", is_delivered=True)])  # another channel's
    (message,) = messages(db, made)
    assert (message.state, [one["channel"] for one in message.tries]) == (MessageState.SENT, ["sms"])
    db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, "k2", utc_now())
    send("SM2")
    db.write(receipts.record, channel, [Report("SM2", is_delivered=True)] * 2)
    assert messages(db, made)[1].state is MessageState.DELIVERED
    assert messages(db, made)[1].delivered_at is not None


def test_a_message_no_channel_delivers_is_a_call_and_an_alert(db: Calls) -> None:
    made = opened(db, alerts=["wecom"])
    db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, "k", utc_now())
    (claimed,) = claim(db)
    db.write(claims.record_failed, claimed, "no such number", is_final=True)
    ((task, _, _),) = db.read(tasks.open_tasks, made.dispatcher)
    assert (task.kind, task.detail) == (TaskKind.UNDELIVERED, "cancelled")
    (alert,) = claim(db)
    assert (alert.channel, alert.outgoing.event) == ("wecom", "alert")
    assert "J1" in alert.outgoing.text
    assert "/c/" not in alert.outgoing.text


def test_an_order_is_invited_when_it_arrives_if_the_organisation_wants_it_so(db: Calls) -> None:
    made = opened(db, invite_on="arrived")
    order = SalesOrder(
        org_id=made.org.id, channel="tmall", order_no="T1", case_id=made.jobs[0].case_id,
        customer_id=made.jobs[0].customer_id,
    )  # fmt: skip

    def save(session: Session) -> None:
        session.add(order)
        session.get_one(Case, order.case_id).channel = Channel.ORDER
        session.flush()
        outbox.invite(session, session.get_one(Job, made.jobs[0].id))

    db.write(save)
    assert messages(db, made) == []
    moved = [
        db.write(office.order_moved, made.dispatcher, OrderMoved("tmall", "T1", what))
        for what in ("shipped", "arrived", "arrived")
    ]
    assert moved == [0, 1, 1]
    assert [row.event for row in messages(db, made)] == [MessageEvent.INVITED, MessageEvent.INVITED_AGAIN]
    assert len(claim(db)) == 1


def test_a_word_from_a_phone_stops_what_is_optional_and_another_brings_it_back(db: Calls) -> None:
    made = opened(db)
    phone, customer_id = made.parents[0].phone, made.jobs[0].customer_id
    said = [
        db.write(service.hear, made.org.id, phone.removeprefix("+86"), text)
        for text in (" TD。", "td", "谢谢", "恢复")
    ]
    assert said == [True, True, None, False]
    choices = db.read(service.choices_of, customer_id)
    assert [(one.is_refused, one.how, one.said) for one in choices] == [
        (False, "sms", "恢复"),
        (True, "sms", " TD。"),
    ]
    assert db.write(service.hear, made.org.id, "+8610000", "STOP") is None
