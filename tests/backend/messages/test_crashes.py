"""Nothing promised to be told is lost, and nothing that carries an id is told twice, whatever crashes."""

import asyncio
import datetime as dt
import uuid
from collections import Counter

import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from backend.db.types import utc_now
from backend.messages import claims, outbox, policies, receipts
from backend.messages.channels import Outgoing
from backend.messages.claims import Claimed
from backend.messages.gate import ANYWHERE
from backend.messages.models import Message, MessageChannel, MessageEvent, MessageState
from backend.messages.receipts import Report
from backend.messages.sender import ChannelBook, Sender
from tests.backend.messages.telling import SEALING, messages, opened
from tests.factories.calls import Calls

FINAL = {MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED}
STEPS = st.lists(
    st.sampled_from(
        [
            "deed",
            "deed that is rolled back",
            "deed nobody can word",
            "killed before sending",
            "killed after sending",
            "paused",
            "the paused go on",
            "refused for now",
            "refused for good",
            "sent",
            "reported delivered",
            "reported lost",
            "later",
        ]
    ),
    max_size=16,
)


class PowerCutError(Exception):
    """Nothing after it happens."""


class Post:
    """Senders that die, stop and come back, before a provider that takes all, or tells so twice.

    `arrived` is what it took, by id; `excused` are the times one may arrive once more: its sender died or
    stopped with it in hand, or the provider itself said that it was lost.
    """

    def __init__(self, db: Calls) -> None:
        self.db, self.made, self.now = db, opened(db, channel="sms", fallback="sandbox"), utc_now()
        self.deeds = 0
        self.arrived, self.excused = Counter[uuid.UUID](), Counter[uuid.UUID]()
        self.paused: list[Claimed] = []
        self.sms = MessageChannel(org_id=self.made.org.id, name="sms", kind="twilio", changed_at=self.now)

    @property
    def rows(self) -> list[Message]:
        return messages(self.db, self.made)

    def play(self, step: str) -> None:
        if step.startswith("deed"):
            self._do(step)
        elif step == "later":
            self.now += dt.timedelta(hours=1)
        elif step == "the paused go on":
            self._go_on()
        elif step.startswith("reported"):
            self._report(is_delivered=step == "reported delivered")
        else:
            for message_id in self.db.read(claims.due, self.now):
                self._carry(step, message_id)

    def _do(self, step: str) -> None:
        key, job = f"deed-{self.deeds}", self.made.jobs[0]
        if step == "deed nobody can word":
            unreadable = {"due_at": "tomorrow"}
            self.db.write(outbox.put, job, MessageEvent.COMPLAINT, key, self.now, unreadable)
        elif step == "deed":
            for _ in range(2):  # the same deed, told again
                self.db.write(outbox.put, job, MessageEvent.CANCELLED, key, self.now)
        else:
            try:
                self.db.write(self._put_and_fail, key)
            except PowerCutError:
                return
        self.deeds += 1

    def _put_and_fail(self, session: Session, key: str) -> None:
        outbox.put(session, self.made.jobs[0], MessageEvent.CANCELLED, key, self.now)
        raise PowerCutError

    def _carry(self, step: str, message_id: uuid.UUID) -> None:
        try:
            claimed = self.db.write(claims.claim, message_id, SEALING, self.now)
        except ValueError as error:
            self.db.write(claims.put_aside, message_id, repr(error), self.now)
            return
        if claimed is None:
            return
        assert self.db.write(claims.claim, message_id, SEALING, self.now) is None
        if step == "paused":
            self.paused.append(claimed)
        elif step.startswith("refused"):
            self.db.write(claims.record_failed, claimed, "no", is_final=step == "refused for good")
        elif step == "killed after sending":
            self._hand_over(claimed)
            self.excused[message_id] += 1
        elif step == "sent":
            self._hand_over(claimed)
            assert self._record(claimed)
            assert not self._record(claimed)  # it answered twice

    def _hand_over(self, claimed: Claimed) -> None:
        self.arrived[claimed.outgoing.id] += 1

    def _record(self, claimed: Claimed) -> bool:
        receipt = f"{claimed.outgoing.id}-{claimed.attempt}"
        return self.db.write(claims.record_sent, claimed, receipt)

    def _go_on(self) -> None:
        """Whoever was stopped sends what they held, and may note it only if nobody has taken it over."""
        for claimed in self.paused:
            row = next(one for one in self.rows if one.id == claimed.outgoing.id)
            is_theirs = row.state is MessageState.SENDING and (row.attempts, row.channel) == (
                claimed.attempt,
                claimed.channel,
            )
            self._hand_over(claimed)
            self.excused[row.id] += not is_theirs
            assert self._record(claimed) == is_theirs
        self.paused = []

    def _report(self, *, is_delivered: bool) -> None:
        """The provider tells what became of all it noted, twice."""
        for row in self.rows:
            if row.channel != "sms" or row.state is not MessageState.SENT:
                continue
            self.excused[row.id] += not is_delivered
            for _ in range(2):
                self.db.write(receipts.record, self.sms, [Report(row.receipt, is_delivered)])
            after = next(one for one in self.rows if one.id == row.id)
            assert after.state is (MessageState.DELIVERED if is_delivered else MessageState.QUEUED)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["deed", "paused", "later", "sent", "the paused go on"])
@example(["deed", "killed after sending", "later", "sent", "reported lost", "killed before sending"])
@example(["deed", "paused", "later", "killed before sending", "the paused go on"])
@example(["deed", *["refused for now", "later"] * (policies.MAX_ATTEMPTS + 1)])
@given(STEPS)
def test_whatever_crashes_each_message_arrives_and_by_its_id_once(db: Calls, steps: list[str]) -> None:
    """A channel that knows ids shows every message exactly once; one that does not, never fewer times.

    A message that can't even be made fails alone.
    """
    post = Post(db)
    for step in [*steps, *["later", "sent"] * policies.MAX_ATTEMPTS]:
        post.play(step)
    rows = post.rows
    assert len(rows) == post.deeds
    assert {row.state for row in rows} <= FINAL
    assert all(row.attempts <= policies.MAX_ATTEMPTS for row in rows)
    for row in rows:
        if row.event is MessageEvent.COMPLAINT:
            assert (row.state, row.attempts) == (MessageState.FAILED, policies.MAX_ATTEMPTS)
        elif row.state is not MessageState.FAILED:
            assert 1 <= post.arrived[row.id] <= 1 + post.excused[row.id]
        else:
            assert any(step.startswith("refused") for step in steps)
            assert row.channel == "sandbox"  # both had their turn
    assert set(post.arrived) <= {row.id for row in rows}


def test_of_senders_that_come_at_once_one_has_the_message(db: Calls) -> None:
    made = opened(db)
    db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, "k", utc_now())
    (message,) = messages(db, made)

    async def at_once() -> list[Claimed | None]:
        return await asyncio.gather(*(db.database.write(claims.claim, message.id, SEALING) for _ in range(4)))

    assert [one is None for one in db.run(at_once)].count(False) == 1


class Slow:
    """Takes a message and is slow to say so, until it is hurried."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.began, self.hurried = asyncio.Event(), asyncio.Event()

    async def send(self, message: Outgoing) -> str:
        self.taken.append(message)
        self.began.set()
        await self.hurried.wait()
        return "r-1"


def test_a_server_killed_in_the_middle_leaves_its_message_to_the_next_with_the_same_id(db: Calls) -> None:
    made, slow = opened(db), Slow()
    db.write(outbox.put, made.jobs[0], MessageEvent.CANCELLED, "k", utc_now())
    a_minute_later = sa.update(Message).values(claimed_until=utc_now())

    async def played() -> None:
        book = ChannelBook(db.database, SEALING.secret, SEALING.base_url, {"sandbox": slow}, ANYWHERE)
        first, second = (Sender(db.database, book, SEALING) for _ in range(2))
        killed = asyncio.create_task(first.send_due())
        await slow.began.wait()
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
        assert await second.send_due() == 0  # it is still claimed
        await db.database.write(lambda session: session.execute(a_minute_later))
        slow.hurried.set()
        assert [await second.send_due() for _ in range(2)] == [1, 0]

    db.run(played)
    (row,) = messages(db, made)
    assert (row.state, row.receipt, row.attempts) == (MessageState.SENT, "r-1", 2)
    assert [one.id for one in slow.taken] == [row.id, row.id]
