"""Nobody is asked to begin in the past, and no vendor beyond what it takes in a day."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, select

from backend.errors import RejectedError
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.offers import desk, ranking, service
from backend.offers.models import Answer, OfferCandidate, OfferEntry, OfferMode, OfferState
from backend.offers.starts import Span, first_free
from backend.vendors.models import Vendor
from tests.factories.calls import Calls, calls_to
from tests.factories.offering import Offering, offering
from tests.factories.scheduling import at

SetClock = Callable[[float], None]


@pytest.fixture
def db(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as calls:
        yield calls


@pytest.fixture
def told(db: Calls) -> Offering:
    made = offering()
    db.write(made.day.save)
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets what time of the day it is for offers."""

    def set_clock(hour: float) -> None:
        for module in (ranking, service):
            monkeypatch.setattr(module, "now_for", lambda session, job: at(hour))

    set_clock(8)
    return set_clock


def lines(session: Session) -> list[OfferCandidate]:
    return list(session.exec(select(OfferCandidate).order_by(OfferCandidate.position)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("busy", "now", "start"),
    [
        ([], 9, at(10)),
        ([], 10, at(10)),
        ([], 10.1, at(10.25)),
        ([(at(10.25), at(10.5))], 10.1, at(11)),
        ([], 12, at(12)),
        ([], 13.05, at(13.25)),
        ([(at(13), at(14))], 13, at(14.5)),
        ([], 17, at(17)),
        ([], 17.5, None),
    ],
)
def test_a_start_is_never_past_and_after_the_window_as_soon_as_there_is_room(
    busy: list[Span], now: float, start: dt.datetime | None
) -> None:
    """The window is from ten to twelve, the shift ends at six, the work takes fifty minutes."""
    assert first_free(offering().job, (at(8.5), at(18)), busy, at(now)) == start


def test_the_ranking_begins_with_the_present(db: Calls, told: Offering, clock: SetClock) -> None:
    clock(10.6)
    ranked = db.read(desk.rank, told.day.dispatcher, told.job.id)
    assert {each.start for each in ranked if each.technician_id is not None} == {at(10.75)}


def test_who_is_asked_later_is_asked_for_a_later_start(db: Calls, told: Offering, clock: SetClock) -> None:
    """The first was asked for ten and said nothing; the second is asked when it is half past nearly."""
    wish = told.wish(OfferMode.RANKED, 0, 1)
    made = db.write(desk.create, told.day.dispatcher, told.job.id, wish)
    [first, _] = db.read(lines)
    clock(10.3)
    assert db.write(service.expire, first.id)
    [asked] = db.read(desk.asking, told.actor(1))
    assert (asked.offer_id, asked.start) == (made.id, at(10.5))


def test_who_has_no_time_any_more_is_passed_over(db: Calls, told: Offering, clock: SetClock) -> None:
    def fill(session: Session) -> None:
        other = told.day.job(10)
        other.status, other.technician_id = JobStatus.ASSIGNED, told.people[1].id
        session.add(told.day.places[-1])
        session.flush()
        session.add(other)
        session.flush()
        session.add(
            Visit(
                org_id=told.day.org.id,
                job_id=other.id,
                technician_id=told.people[1].id,
                arrive_at=at(10),
                busy_from=at(10),
                busy_until=at(17.5),
            )
        )

    wish = told.wish(OfferMode.RANKED, 0, 1, 2, minutes=200)
    made = db.write(desk.create, told.day.dispatcher, told.job.id, wish)
    db.write(fill)
    clock(10.3)
    db.write(desk.decline, told.actor(0), made.id, "ill", "")

    found = db.read(lines)
    assert [line.answer for line in found] == [Answer.DECLINED, Answer.LISTED, Answer.OFFERED]
    assert found[2].start_at == at(10.5)
    passed = db.read(
        lambda session: session.exec(select(OfferEntry).where(OfferEntry.event == "passed_over")).one()
    )
    assert (passed.position, passed.technician_id) == (2, told.people[1].id)

    db.write(desk.decline, told.actor(2), made.id, "ill", "")
    [seen] = db.read(desk.of_job, told.day.dispatcher, told.job.id)
    assert seen.state is OfferState.EXHAUSTED


@pytest.mark.parametrize("mode", list(OfferMode))
def test_a_list_on_which_nobody_has_time_is_refused(
    db: Calls, told: Offering, clock: SetClock, mode: OfferMode
) -> None:
    clock(17.5)
    with pytest.raises(RejectedError, match="has time") as refused:
        db.write(desk.create, told.day.dispatcher, told.job.id, told.wish(mode, 0, 1))
    assert refused.value.code == "nobody_listed"
    assert db.read(lines) == []


def test_a_yes_after_the_start_begins_at_once(db: Calls, told: Offering, clock: SetClock) -> None:
    made = db.write(desk.create, told.day.dispatcher, told.job.id, told.wish(OfferMode.OPEN, 0, minutes=200))
    clock(10.2)
    db.write(desk.accept, told.actor(0), made.id)
    visit = db.read(lambda session: session.exec(select(Visit)).one())
    assert (visit.arrive_at, visit.busy_until) == (at(10.2), at(10.2) + dt.timedelta(seconds=3_000))


@pytest.mark.parametrize(
    ("capacity", "is_cancelled", "is_asked"),
    [(2, False, True), (1, False, False), (1, True, True), (0, True, False)],
)
def test_a_vendor_is_asked_up_to_its_capacity_of_the_day(
    db: Calls, told: Offering, capacity: int, is_cancelled: bool, is_asked: bool
) -> None:
    """It has one job of that day already; neither it nor its technicians are ranked beyond what it takes."""

    def take_one(session: Session) -> None:
        other = told.day.job(14)
        session.add(told.day.places[-1])
        session.flush()
        other.vendor_id = told.day.vendor.id
        other.status = JobStatus.CANCELLED if is_cancelled else JobStatus.BOOKED
        session.add(other)
        session.get_one(Vendor, told.day.vendor.id).daily_capacity = capacity

    db.write(take_one)
    ranked = db.read(desk.rank, told.day.dispatcher, told.job.id)
    own = {person.id for person in told.people[:2]}
    asked = {each.technician_id or each.vendor_id for each in ranked}
    theirs = {told.people[2].id, told.day.vendor.id}
    assert asked == (own | theirs if is_asked else own)


def test_a_job_that_waits_for_its_vendor_counts_once(db: Calls, told: Offering) -> None:
    """The job itself, which the vendor holds, does not fill it up."""

    def hold(session: Session) -> None:
        session.get_one(Job, told.job.id).vendor_id = told.day.vendor.id
        session.get_one(Vendor, told.day.vendor.id).daily_capacity = 1

    db.write(hold)
    ranked = db.read(desk.rank, told.day.dispatcher, told.job.id)
    assert told.day.vendor.id in {each.vendor_id for each in ranked}
