"""Choosing, holding, confirming, changing, cancelling and waiting, on both databases."""

import datetime as dt

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.booking import bookings, service
from backend.booking.asked import Slot
from backend.booking.models import SlotHold, WaitingEntry, WaitOutcome
from backend.booking.policies import NotBookableError
from backend.booking.service import SlotGoneError
from backend.db.types import utc_now
from backend.errors import ConflictError
from backend.jobs import service as job_service
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, JobEvent, Visit
from backend.jobs.service import cancel as cancel_by_office
from backend.jobs.service import get_for_change
from tests.backend.booking.conftest import Counter
from tests.factories.bookable import Town, clock, slot, tomorrow, town

pytestmark = pytest.mark.anyio


async def job_row(counter: Counter, job: Job) -> Job:
    return await counter.db.read(lambda session: session.get_one(Job, job.id))


async def visits_of(counter: Counter, job: Job) -> list[Visit]:
    def load(session: Session) -> list[Visit]:
        return list(session.exec(select(Visit).where(Visit.job_id == job.id).order_by(col(Visit.attempt))))

    return await counter.db.read(load)


async def test_a_chosen_slot_is_promised_and_given_to_a_technician(counter: Counter) -> None:
    """Hold, then confirm: the job is booked for the window, its visit lies in it, the customer did it."""
    made = await counter.open(town())
    (job,) = made.jobs
    customer = made.customer_of(job)
    choice = await counter.bookings.choice(customer)
    assert [offer.slot for offer in choice.offers][:4] == [slot(9), slot(11), slot(13), slot(15)]
    held = await counter.bookings.hold(customer, slot(11))
    assert dt.timedelta(minutes=4) < held.expires_at - utc_now() <= dt.timedelta(minutes=5)
    await counter.bookings.book(customer, slot(11))
    row, (visit,) = await job_row(counter, job), await visits_of(counter, job)
    assert (row.status, row.window_start, row.day) == (JobStatus.ASSIGNED, clock(11), tomorrow())
    assert clock(11) <= visit.busy_from <= clock(13)
    assert visit.technician_id == made.technicians[0].id
    assert visit.why["marginal_fen"] > 0
    history = await counter.db.read(lambda s: list(s.exec(select(JobEvent).order_by(col(JobEvent.seq)))))
    assert [(event.action, event.actor_kind) for event in history] == [
        ("book", "customer"),
        ("assign", "system"),
    ]
    assert await counter.db.read(lambda s: s.exec(select(SlotHold)).all()) == []


async def test_a_held_slot_is_nobody_elses(counter: Counter) -> None:
    """While one customer decides, the other is not offered it; once the hold has expired, they are."""
    made = await counter.open(town(jobs=2, days=1, windows=[[9, 9]], notice_h=0))
    await counter.db.write(_set_windows, made, [[9, 10]])
    first, second = (made.customer_of(job) for job in made.jobs)
    await counter.db.write(_long, made)
    only = (await counter.bookings.choice(first)).offers[0].slot
    await counter.bookings.hold(first, only)
    assert (await counter.bookings.choice(second)).offers == ()
    with pytest.raises(SlotGoneError):
        await counter.bookings.hold(second, only)
    assert (await counter.bookings.choice(first)).offers != ()
    await counter.db.write(_expire_holds)
    assert (await counter.bookings.choice(second)).offers != ()
    await counter.bookings.book(second, only)
    with pytest.raises(SlotGoneError):
        await counter.bookings.book(first, only)


def _set_windows(session: Session, made: Town, windows: list[list[int]]) -> None:
    session.merge(made.rules).windows = windows


def _long(session: Session, made: Town) -> None:
    """Each job takes more than half of the day."""
    session.execute(sa.update(Job).values(duration_s=5 * 3_600))


def _expire_holds(session: Session) -> None:
    session.execute(sa.update(SlotHold).values(expires_at=utc_now() - dt.timedelta(seconds=1)))


async def test_another_time_takes_the_place_of_the_first(counter: Counter) -> None:
    made = await counter.open(town())
    (job,) = made.jobs
    customer = made.customer_of(job)
    await counter.bookings.book(customer, slot(9))
    await counter.bookings.book(customer, slot(15))
    row, visits = await job_row(counter, job), await visits_of(counter, job)
    assert (row.status, row.window_start) == (JobStatus.ASSIGNED, clock(15))
    assert [visit.outcome for visit in visits] == ["withdrawn", None]


async def test_a_change_too_late_is_refused_with_the_number_to_call(counter: Counter) -> None:
    made = await counter.open(town(change_until_h=72, days=2))
    (job,) = made.jobs
    customer = made.customer_of(job)
    await counter.bookings.book(customer, slot(9))
    for attempt in (
        counter.bookings.choice(customer),
        counter.bookings.book(customer, slot(15)),
        counter.bookings.cancel(customer, "changed my mind"),
    ):
        with pytest.raises(NotBookableError) as refused:
            await attempt
        assert (refused.value.code, refused.value.extra["hotline"]) == ("too_late", "400-800-1234")
    assert (await job_row(counter, job)).window_start == clock(9)


async def test_a_cancelled_visit_frees_its_technician(counter: Counter) -> None:
    made = await counter.open(town())
    (job,) = made.jobs
    customer = made.customer_of(job)
    await counter.bookings.book(customer, slot(9))
    await counter.bookings.cancel(customer, "不需要了")
    row, (visit,) = await job_row(counter, job), await visits_of(counter, job)
    assert (row.status, row.technician_id, visit.outcome) == (JobStatus.CANCELLED, None, "cancelled")


async def test_nothing_that_is_not_offered_can_be_booked(counter: Counter) -> None:
    """A form can be sent by hand: odd hours, days without a shift, the past, the far future."""
    made = await counter.open(town(days=2))
    customer = made.customer_of(made.jobs[0])
    day = dt.timedelta(days=1)
    for wrong in (
        slot(10),
        slot(9, tomorrow() + 3 * day),
        slot(9, tomorrow() - 2 * day),
        slot(9, tomorrow() + 400 * day),
    ):
        with pytest.raises(SlotGoneError):
            await counter.bookings.book(customer, wrong)


async def test_when_nothing_fits_the_earliest_and_the_reason_are_told(counter: Counter) -> None:
    """The offered days are full; the first day after them that works is named."""
    made = town(technicians=0, jobs=1, days=9)
    made.technician()
    made.rules.days = 2
    for offset in range(3):
        day = tomorrow() + dt.timedelta(days=offset)
        made.job(status=JobStatus.BOOKED, day=day, window_start=clock(9, day), window_end=clock(11, day),
                 duration_s=30_000)  # fmt: skip
    await counter.open(made)
    choice = await counter.bookings.choice(made.customer_of(made.jobs[0]))
    assert choice.is_far
    assert choice.reason == "no_room"
    assert choice.offers[0].slot == slot(9, tomorrow() + dt.timedelta(days=3))


async def test_what_nobody_can_do_says_why(counter: Counter) -> None:
    made = town(jobs=0)
    made.job(certificate="gas")
    made.job(located=False)
    await counter.open(made)
    reasons = [(await counter.bookings.choice(made.customer_of(job))) for job in made.jobs]
    assert [(choice.offers, choice.reason) for choice in reasons] == [
        ((), "no_certificate"),
        ((), "needs_location"),
    ]


async def test_a_cancellation_goes_to_who_waits_longest_and_is_suited(counter: Counter) -> None:
    """Two wait, one only for mornings; an afternoon that comes free goes to the other."""
    made = await counter.open(town(jobs=3, days=1, windows=[[13, 15]], notice_h=0))
    await counter.db.write(_long_afternoon, made)
    holder, mornings, anytime = (made.customer_of(job) for job in made.jobs)
    await counter.bookings.book(holder, slot(13))
    await counter.db.write(service.wait, mornings, "morning")
    await counter.db.write(service.wait, anytime, "any")
    assert await counter.bookings.fill_from_waiting() == 0
    await counter.bookings.cancel(holder, "")
    assert await counter.bookings.fill_from_waiting() == 1
    assert (await job_row(counter, made.jobs[2])).window_start == clock(13)
    assert (await job_row(counter, made.jobs[1])).window_start is None
    entries = await counter.db.read(
        lambda s: s.exec(select(WaitingEntry).order_by(col(WaitingEntry.id))).all()
    )
    assert [entry.outcome for entry in entries] == [None, WaitOutcome.BOOKED]


def _long_afternoon(session: Session, made: Town) -> None:
    session.execute(sa.update(Job).values(duration_s=3 * 3_600))


async def test_waiting_follows_the_offices_cancellations_too(counter: Counter) -> None:
    made = await counter.open(town(jobs=2, days=1, windows=[[13, 15]], notice_h=0))
    await counter.db.write(_long_afternoon, made)
    first, second = (made.customer_of(job) for job in made.jobs)
    await counter.bookings.book(first, slot(13))
    await counter.db.write(service.wait, second, "any")
    await counter.db.write(_cancel_at_the_office, made.dispatcher, made.jobs[0])
    assert await counter.bookings.fill_from_waiting() == 1


def _cancel_at_the_office(session: Session, actor: Actor, job: Job) -> None:
    cancel_by_office(session, actor, get_for_change(session, actor, job.id), "")


async def test_what_the_office_promised_meanwhile_is_not_changed_for_who_waits(counter: Counter) -> None:
    """They are off the list, and one who is being given a place just then gets no other."""
    made = await counter.open(town(days=1, notice_h=0))
    (job,) = made.jobs
    await counter.db.write(service.wait, made.customer_of(job), "any")
    (since,) = [entry.created_at for entry in await entries(counter)]
    await counter.db.write(_book_at_the_office, made)
    with pytest.raises(ConflictError, match="in the meantime"):
        await counter.bookings.book_for_waiting(made.customer_of(job), slot(9), since)
    assert await counter.bookings.fill_from_waiting() == 0
    assert (await job_row(counter, job)).window_start == clock(15)
    assert [entry.outcome for entry in await entries(counter)] == [WaitOutcome.BOOKED]


def _book_at_the_office(session: Session, made: Town) -> None:
    row = get_for_change(session, made.dispatcher, made.jobs[0].id)
    job_service.book(session, made.dispatcher, row, clock(15), clock(17))


async def test_nobody_waits_behind_those_for_whom_there_is_nothing(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One at a time is looked at: a job that was cancelled, one whom nothing suits, and one who gets it."""
    monkeypatch.setattr(bookings, "WAITING_AT_ONCE", 1)
    made = await counter.open(town(jobs=3, days=1, windows=[[13, 15]], notice_h=0))
    cancelled, mornings, anytime = (made.customer_of(job) for job in made.jobs)
    for actor, part in ((cancelled, "any"), (mornings, "morning"), (anytime, "any")):
        await counter.db.write(service.wait, actor, part)
    await counter.db.write(_cancel_at_the_office, made.dispatcher, made.jobs[0])
    assert [await counter.bookings.fill_from_waiting() for _ in range(2)] == [0, 1]
    assert [entry.outcome for entry in await entries(counter)] == [WaitOutcome.LEFT, None, WaitOutcome.BOOKED]


async def entries(counter: Counter) -> list[WaitingEntry]:
    query = select(WaitingEntry).order_by(col(WaitingEntry.id))
    return await counter.db.read(lambda s: list(s.exec(query)))


async def test_a_visit_given_by_hand_wins_over_a_hold(counter: Counter) -> None:
    """The dispatcher takes the time while the customer decides: nothing is booked twice."""
    made = await counter.open(town(jobs=2, days=1, windows=[[13, 15]], notice_h=0))
    await counter.db.write(_long_afternoon, made)
    first, second = made.jobs
    await counter.bookings.hold(made.customer_of(first), slot(13))
    await counter.db.write(_give_by_hand, made, second)
    with pytest.raises(SlotGoneError):
        await counter.bookings.book(made.customer_of(first), slot(13))
    assert (await job_row(counter, first)).status is JobStatus.QUALIFIED


def _give_by_hand(session: Session, made: Town, job: Job) -> None:
    from backend.jobs import service as jobs

    row = get_for_change(session, made.dispatcher, job.id)
    jobs.book(session, made.dispatcher, row, clock(13), clock(15))
    jobs.assign(session, made.dispatcher, row, made.technicians[0].id, clock(13.5))


async def test_a_strangers_link_books_nothing_of_ours(counter: Counter) -> None:
    made, other = await counter.open(town()), await counter.open(town())
    stranger = Actor(role=other.customer_of(other.jobs[0]).role, org_id=other.org.id, job_id=made.jobs[0].id)
    from backend.errors import NotFoundError

    with pytest.raises(NotFoundError):
        await counter.bookings.book(stranger, slot(9))


async def test_an_emergency_needs_no_notice_and_may_take_a_moment_to_decide(counter: Counter) -> None:
    """At 9:40 others are offered 13:00 first, an emergency 9:45, and it has that still at 9:58."""
    day = tomorrow()
    made = await counter.open(town(jobs=2, days=1, notice_h=2))
    plain, urgent = (made.customer_of(job) for job in made.jobs)
    await counter.db.write(_hurry, made.jobs[1])
    with time_machine.travel(clock(9 + 40 / 60)):
        assert (await counter.bookings.choice(plain)).offers[0].slot == slot(13, day)
        soonest, after = (one.slot for one in (await counter.bookings.choice(urgent)).offers[:2])
        assert (soonest, after) == (slot(9.75, day), slot(11, day))
        rest = await counter.db.read(service.rest_of_today, urgent)
        assert rest == Slot(soonest.start_at, clock(19, day))
        assert await counter.db.read(service.rest_of_today, plain) is None
        with pytest.raises(SlotGoneError):
            await counter.bookings.book(plain, soonest)
    with time_machine.travel(clock(9 + 58 / 60, day)):
        await counter.bookings.book(urgent, soonest)
        (visit,) = await visits_of(counter, made.jobs[1])
        assert clock(9 + 58 / 60, day) <= visit.busy_from <= soonest.end_at


def _hurry(session: Session, job: Job) -> None:
    session.execute(sa.update(Job).where(col(Job.id) == job.id).values(priority=1))
