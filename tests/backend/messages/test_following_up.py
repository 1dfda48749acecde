"""What follows a message: no answer, a moved appointment, a receipt, an order, a word back."""

import datetime as dt

from sqlmodel import Session

from backend.cases.models import Case, Channel, SalesOrder
from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.messages import chase, claims, office, outbox, receipts, service, tasks
from backend.messages.channels import Outgoing
from backend.messages.gate import ANYWHERE
from backend.messages.models import (
    ContactAddress,
    MessageChannel,
    MessageEvent,
    MessageState,
    TaskKind,
)
from backend.messages.receipts import Report
from backend.messages.schemas import OrderMoved
from backend.messages.sender import ChannelBook, Sender
from tests.backend.messages.telling import MINUTE, SEALING, book, claim, messages, opened
from tests.factories.bookable import clock
from tests.factories.calls import Calls


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
    book_of = ChannelBook(db.database, b"s" * 32, "https://example.com", {"sandbox": channel}, ANYWHERE)
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
