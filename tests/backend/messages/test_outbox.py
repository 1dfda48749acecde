"""What is told of a deed, when it leaves, and why it never does."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.types import utc_now, uuid7
from backend.messages import claims, office, outbox, policies, service
from backend.messages.claims import Claimed
from backend.messages.models import (
    Message,
    MessageEvent,
    MessageState,
)
from backend.messages.wording import BadTemplateError
from backend.tracking.words import Language
from tests.backend.messages.telling import MINUTE, book, claim, messages, opened
from tests.factories.bookable import Town, clock
from tests.factories.calls import Calls


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


@pytest.mark.parametrize("hours", [(15, 9), (15, 9, 15)])
def test_a_time_changed_again_and_again_is_told_once_as_it_stands_in_the_end(
    db: Calls, hours: tuple[int, ...]
) -> None:
    """Back to the first time as well: it was another one for a while, and who changed it wants to be sure."""
    made = opened(db)
    db.write(book, made, made.jobs[0], 9)
    assert [told(db, one) for one in claim(db)] == [("booked", "09:00–11:00")]
    for hour in hours:
        db.write(book, made, made.jobs[0], hour)
    assert claim(db) == []  # the next change may be on its way
    settled = utc_now() + policies.CHANGE_SETTLES_IN
    last = f"{hours[-1]:02}:00–{hours[-1] + 2:02}:00"
    assert [told(db, one) for one in claim(db, settled)] == [("changed", last)]
    assert [row.why for row in messages(db, made)] == ["", *["overtaken"] * (len(hours) - 1), ""]
    db.write(book, made, made.jobs[0], 13)  # one that comes later is told by itself
    later = settled + policies.CHANGE_SETTLES_IN
    assert [told(db, one) for one in claim(db, later)] == [("changed", "13:00–15:00")]


def test_a_change_that_failed_or_was_sent_by_hand_is_in_nobodys_way(db: Calls) -> None:
    """A sender that died with an older time tells it no more; what the office repeats replaces nothing."""
    made = opened(db)
    for hour in (9, 15):
        db.write(book, made, made.jobs[0], hour)
    settled = utc_now() + policies.CHANGE_SETTLES_IN
    (first,) = claim(db, settled)
    assert db.write(claims.record_failed, first, "busy", is_final=False) is None
    db.write(book, made, made.jobs[0], 11)
    older = next(row for row in messages(db, made) if row.id == first.outgoing.id)
    db.write(office.send_again, made.dispatcher, older.id, uuid7())
    told_now = [told(db, one) for one in claim(db, settled + 2 * policies.CHANGE_SETTLES_IN)]
    assert told_now == [("changed", "11:00–13:00")] * 2  # words are made anew: never the older time


def test_an_evening_is_reminded_of_once_whatever_was_changed_before(db: Calls) -> None:
    made = opened(db, days=3)
    for hour in (33, 35, 33):
        db.write(book, made, made.jobs[0], hour)
    reminders = [one for one in claim(db, clock(18) + MINUTE) if one.outgoing.event == "reminder"]
    assert [told(db, one) for one in reminders] == [("reminder", "09:00–11:00")]


def told(db: Calls, claimed: Claimed) -> tuple[str, str]:
    """What is told of which hours; the channel has taken it."""
    assert db.write(claims.record_sent, claimed, "ok")
    hours = re.search(r"\d\d:\d\d–\d\d:\d\d", claimed.outgoing.text)
    return claimed.outgoing.event, hours[0] if hours else ""


def test_what_can_wait_waits_when_a_lot_was_told_and_what_must_be_known_never_does(db: Calls) -> None:
    """It leaves a day later; what would be too old by then is dropped and says so."""
    made = opened(db, most_per_day=2)
    job = made.jobs[0]
    hour = 24 * 3 + 9  # whose own reminder is not due within this story, at whatever hour it is told
    db.write(book, made, job, hour)
    now = utc_now()
    must_know = (MessageEvent.CANCELLED, MessageEvent.COMPLAINT, MessageEvent.ON_THE_WAY)
    for event in (*must_know, MessageEvent.DONE):
        db.write(outbox.put, job, event, f"k-{event}", now)
    db.write(outbox.put, job, MessageEvent.REMINDER, "k-reminder", now, _window(hour))
    claimed = claim(db, now)
    assert [one.outgoing.event for one in claimed] == ["booked", *must_know]
    assert all(db.write(claims.record_sent, one, "ok") for one in claimed)
    done, reminder = (kept(db, made, key) for key in ("k-done", "k-reminder"))
    assert (done.state, done.why) == (MessageState.QUEUED, "too_many")
    assert (reminder.state, reminder.why) == (MessageState.DROPPED, "too_many")
    assert claim(db, done.not_before - MINUTE) == []
    assert [one.outgoing.event for one in claim(db, done.not_before)] == ["done"]


def kept(db: Calls, made: Town, key: str) -> Message:
    query = sa.select(Message).where(col(Message.org_id) == made.org.id, col(Message.key) == key)
    return db.read(lambda session: session.scalars(query).one())


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
