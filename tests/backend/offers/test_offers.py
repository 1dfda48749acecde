"""Offers go to whom they should, in order; one accepts; everything is in a log nobody can change."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.offers import desk, expiry, many, service
from backend.offers.models import Answer, OfferCandidate, OfferEntry, OfferMode, OfferState
from backend.offers.schemas import ManyOffers, OfferCreate, OfferedJob, OfferRead, OffersWanted
from backend.offers.starts import first_free
from backend.organisations.models import Region
from backend.scheduling.repository import load_day
from backend.technicians.models import Technician
from tests.factories.calls import Calls, calls_to
from tests.factories.offering import Offering, long_ago, offering
from tests.factories.scheduling import DAY, at


@pytest.fixture
def db(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as calls:
        yield calls


@pytest.fixture
def told(db: Calls) -> Offering:
    made = offering()
    db.write(made.day.save)
    return made


def offer(db: Calls, told: Offering, wish: OfferCreate) -> OfferRead:
    return db.write(desk.create, told.day.dispatcher, told.job.id, wish)


def job_now(db: Calls, told: Offering) -> Job:
    return db.read(lambda session: session.get_one(Job, told.job.id))


def answers(db: Calls, told: Offering) -> list[Answer]:
    [seen] = db.read(desk.of_job, told.day.dispatcher, told.job.id)
    return [line.answer for line in seen.candidates]


def log(db: Calls, told: Offering) -> list[tuple[str, int | None]]:
    [seen] = db.read(desk.of_job, told.day.dispatcher, told.job.id)
    assert [entry.seq for entry in seen.log] == list(range(1, len(seen.log) + 1))
    return [(entry.event, entry.position) for entry in seen.log]


def age(session: Session) -> None:
    """Every line that waits has run out."""
    query = sa.update(OfferCandidate).where(col(OfferCandidate.answer) == Answer.OFFERED)
    session.execute(query.values(expires_at=long_ago()))


def run_out(db: Calls) -> int:
    """Let every line that waits run out, and look."""
    db.write(age)
    return sum(db.write(service.expire, line) for line in db.read(expiry.due_lines))


def test_a_ranked_offer_goes_down_its_list_until_somebody_accepts(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.RANKED, 0, 1, vendor=True))
    assert answers(db, told) == [Answer.OFFERED, Answer.LISTED, Answer.LISTED]
    assert db.read(desk.asking, told.actor(1)) == []

    db.write(desk.decline, told.actor(0), made.id, "ill", "发烧")
    assert answers(db, told) == [Answer.DECLINED, Answer.OFFERED, Answer.LISTED]

    assert run_out(db) == 1
    assert answers(db, told) == [Answer.DECLINED, Answer.EXPIRED, Answer.OFFERED]

    db.write(desk.accept, told.vendor, made.id)
    assert answers(db, told) == [Answer.DECLINED, Answer.EXPIRED, Answer.ACCEPTED]
    job = job_now(db, told)
    assert (job.status, job.vendor_id, job.technician_id) == (JobStatus.BOOKED, told.day.vendor.id, None)
    assert log(db, told) == [
        ("listed", 1), ("listed", 2), ("listed", 3), ("offered", 1), ("declined", 1), ("offered", 2),
        ("expired", 2), ("offered", 3), ("accepted", 3), ("ended_accepted", None),
    ]  # fmt: skip


def test_a_technician_who_accepts_has_the_job_at_the_start_that_was_offered(
    db: Calls, told: Offering
) -> None:
    made = offer(db, told, told.wish(OfferMode.RANKED, 0))
    [asked] = db.read(desk.asking, told.actor(0))
    assert (asked.offer_id, asked.start, asked.pays_fen) == (made.id, at(10), None)
    db.write(desk.accept, told.actor(0), made.id)
    job = job_now(db, told)
    assert (job.status, job.technician_id) == (JobStatus.ACCEPTED, told.people[0].id)
    visit = db.read(lambda session: session.exec(select(Visit)).one())
    assert (visit.busy_from, visit.technician_id) == (at(10), told.people[0].id)
    assert visit.accepted_at is not None


def test_an_answer_that_is_sent_again_counts_once(db: Calls, told: Offering) -> None:
    """The reply to a phone was lost: its second yes finds the job its own, its second no changes nothing."""
    made = offer(db, told, told.wish(OfferMode.RANKED, 0, 1))
    for reason in ("ill", "too_far"):
        assert db.write(desk.decline, told.actor(0), made.id, reason, "").state is OfferState.OPEN
    for _ in range(2):
        assert db.write(desk.accept, told.actor(1), made.id).state is OfferState.ACCEPTED
    assert answers(db, told) == [Answer.DECLINED, Answer.ACCEPTED]
    assert [event for event, _position in log(db, told)].count("accepted") == 1
    assert db.read(lambda session: len(session.exec(select(Visit)).all())) == 1
    [seen] = db.read(desk.of_job, told.day.dispatcher, told.job.id)
    assert seen.candidates[0].reason == "ill"
    with pytest.raises(service.OfferOverError):
        db.write(desk.accept, told.actor(0), made.id)


def test_a_yes_after_the_time_is_too_late_also_before_anybody_has_looked(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.OPEN, 0, 1))
    db.write(age)
    with pytest.raises(service.OfferOverError):
        db.write(desk.accept, told.actor(0), made.id)
    assert job_now(db, told).technician_id is None


def test_an_open_offer_asks_all_at_once_and_the_rest_learn_it_is_over(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.OPEN, 0, 1, 2))
    assert answers(db, told) == [Answer.OFFERED] * 3
    db.write(desk.accept, told.actor(1), made.id)
    assert answers(db, told) == [Answer.WITHDRAWN, Answer.ACCEPTED, Answer.WITHDRAWN]
    with pytest.raises(service.OfferOverError):
        db.write(desk.accept, told.actor(0), made.id)
    assert db.read(desk.asking, told.actor(2)) == []


def test_a_list_nobody_takes_is_exhausted_and_may_be_offered_again(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.OPEN, 0, 1))
    db.write(desk.decline, told.actor(0), made.id, "too_far", "")
    assert run_out(db) == 1
    [seen] = db.read(desk.of_job, told.day.dispatcher, told.job.id)
    assert seen.state is OfferState.EXHAUSTED
    assert (seen.candidates[0].reason, seen.log[-1].event) == ("too_far", "ended_exhausted")
    version = job_now(db, told).version
    again = told.wish(OfferMode.RANKED, 1)
    again.version = version
    assert offer(db, told, again).state is OfferState.OPEN


def test_a_vendor_assigns_its_own_or_gives_the_job_back(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.RANKED, vendor=True))
    assert [each.pays_fen for each in db.read(desk.asking, told.vendor)] == [9_000]
    db.write(desk.accept, told.vendor, made.id)
    db.write(desk.give_back, told.vendor, made.id, "no_capacity", "")
    assert job_now(db, told).vendor_id is None
    with pytest.raises(service.OfferOverError):  # a yes of before the job was given back is no yes now
        db.write(desk.accept, told.vendor, made.id)
    with pytest.raises(NotFoundError):
        db.read(jobs.get, told.vendor, told.job.id)

    again = told.wish(OfferMode.RANKED, vendor=True)
    again.version = job_now(db, told).version
    second = offer(db, told, again)
    db.write(desk.accept, told.vendor, second.id)

    def assign(session: Session, whom: uuid.UUID) -> None:
        jobs.assign(session, told.vendor, session.get_one(Job, told.job.id), whom, at(10))

    with pytest.raises(NotFoundError):
        db.write(assign, told.people[0].id)  # the brand's own technician
    db.write(assign, told.people[2].id)
    assert job_now(db, told).status is JobStatus.ASSIGNED
    with pytest.raises(ConflictError):
        db.write(desk.give_back, told.vendor, second.id, "other", "")


def test_planning_leaves_alone_what_is_offered_or_taken_and_whom_it_was_declined_by(
    db: Calls, told: Offering
) -> None:
    def planned(session: Session) -> list[frozenset[uuid.UUID]]:
        day = load_day(session, session.get_one(Region, told.day.region.id), DAY, at(-10))
        return [job.refused_by for job in day.jobs]

    assert db.read(planned) == [frozenset()]
    made = offer(db, told, told.wish(OfferMode.RANKED, 0, vendor=True))
    assert db.read(planned) == []
    db.write(desk.decline, told.actor(0), made.id, "ill", "")
    db.write(desk.accept, told.vendor, made.id)
    assert db.read(planned) == []
    db.write(desk.give_back, told.vendor, made.id, "no_capacity", "")
    assert db.read(planned) == [frozenset({told.people[0].id})]


def test_a_job_given_out_by_hand_ends_its_offer(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.OPEN, 0, 1))

    def assign(session: Session) -> None:
        jobs.assign(
            session, told.day.dispatcher, session.get_one(Job, told.job.id), told.people[2].id, at(11)
        )

    db.write(assign)
    with pytest.raises(service.OfferOverError):
        db.write(desk.accept, told.actor(0), made.id)
    for line in db.read(expiry.due_lines):
        db.write(service.expire, line)
    [seen] = db.read(desk.of_job, told.day.dispatcher, told.job.id)
    assert seen.state is OfferState.WITHDRAWN
    assert db.read(desk.asking, told.actor(0)) == []


def test_a_replay_that_nobody_plays_holds_up_nobody_elses_offers(
    db: Calls, told: Offering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the wall's clock its offers ran out long before, by its own they have hours to go."""
    monkeypatch.setattr(expiry, "AT_ONCE", 1)
    paused = offering()
    paused.day.org.is_replay, paused.job.day = True, dt.date(2026, 1, 5)
    db.write(paused.day.save)
    db.write(desk.create, paused.day.dispatcher, paused.job.id, paused.wish(OfferMode.OPEN, 0))
    offer(db, told, told.wish(OfferMode.OPEN, 0))

    def age_both(session: Session) -> list[uuid.UUID]:
        theirs = {line.org_id: line for line in session.exec(select(OfferCandidate))}
        theirs[paused.day.org.id].expires_at = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
        theirs[told.day.org.id].expires_at = long_ago()
        return [theirs[told.day.org.id].id]

    assert db.read(expiry.due_lines) == []
    assert db.write(age_both) == db.read(expiry.due_lines)


def test_a_time_that_was_taken_meanwhile_is_not_given_twice(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.RANKED, 0))

    def fill(session: Session) -> None:
        other = Job(**told.job.model_dump() | {"id": uuid.uuid4(), "number": "J9", "version": 1})
        session.add(other)
        session.flush()
        jobs.assign(session, told.day.dispatcher, other, told.people[0].id, at(10))

    db.write(fill)
    with pytest.raises(DBAPIError):
        db.write(desk.accept, told.actor(0), made.id)
    assert answers(db, told) == [Answer.OFFERED]
    assert job_now(db, told).technician_id is None


def test_a_job_is_offered_once_at_a_time_and_only_while_it_is_to_be_had(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.RANKED, 0))
    again = told.wish(OfferMode.RANKED, 1)
    again.version = job_now(db, told).version
    with pytest.raises(ConflictError, match="already"):
        offer(db, told, again)
    db.write(desk.withdraw, told.day.dispatcher, made.id)
    db.write(desk.withdraw, told.day.dispatcher, made.id)  # once is enough
    assert log(db, told)[-1] == ("ended_withdrawn", None)
    again.version = job_now(db, told).version
    second = offer(db, told, again)
    db.write(desk.accept, told.actor(1), second.id)
    again.version = job_now(db, told).version
    with pytest.raises(ConflictError, match="given out"):
        offer(db, told, again)


def test_the_ranking_is_by_price_with_its_reasons(db: Calls, told: Offering) -> None:
    ranked = db.read(desk.rank, told.day.dispatcher, told.job.id)
    assert [each.why["price_fen"] for each in ranked] == sorted(each.why["price_fen"] for each in ranked)
    by_name = {each.name: each for each in ranked}
    assert set(by_name) == {"师傅 0", "师傅 1", "师傅 2", "安心上门"}
    assert by_name["安心上门"].why == {"price_fen": 9_000}
    own = by_name["师傅 0"]
    assert own.start == at(10)
    assert own.why["distance_m"] > 0
    assert (own.why["level"], own.why["level_needed"], own.why["visits"]) == (3, 1, 0)


@pytest.mark.parametrize(
    ("busy", "start"),
    [
        ([], at(10)),
        ([(at(9), at(10.5))], at(11)),
        ([(at(8), at(12))], None),
        ([(at(11), at(12))], None),
        ([(at(11.25), at(12))], at(10)),
    ],
)
def test_the_first_free_start_keeps_a_distance_to_other_work(busy: list, start: object) -> None:
    job = offering().job
    assert first_free(job, (at(8.5), at(18)), busy, at(8)) == start


def test_who_has_left_is_not_asked_and_keeps_a_name_in_the_log(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.RANKED, 0))

    def leave(session: Session) -> None:
        for person in told.people[:2]:
            session.get_one(Technician, person.id).is_active = False

    db.write(leave)
    [seen] = db.read(desk.of_job, told.day.dispatcher, told.job.id)
    assert [line.name for line in seen.candidates] == ["师傅 0"]
    db.write(desk.withdraw, told.day.dispatcher, made.id)
    again = told.wish(OfferMode.RANKED, 1)
    again.version = job_now(db, told).version
    with pytest.raises(NotFoundError):
        offer(db, told, again)


def test_without_a_list_the_best_are_asked(db: Calls, told: Offering) -> None:
    made = offer(db, told, OfferCreate(version=1, mode=OfferMode.RANKED, count=2))
    best = db.read(desk.rank, told.day.dispatcher, told.job.id)[:2]
    assert [line.name for line in made.candidates] == [each.name for each in best]
    assert (made.minutes, made.log[0].data["why"]) == (30, best[0].why)


def offer_many(db: Calls, actor: Actor, wanted: OffersWanted) -> ManyOffers:
    return db.run(lambda: many.create(db.database, actor, wanted))


def test_several_jobs_are_offered_in_one_request_each_with_an_answer(db: Calls, told: Offering) -> None:
    """One is offered, one has changed since and one is nobody's we know; none of them stops another."""
    other = Job(**told.job.model_dump() | {"id": uuid.uuid4(), "number": "J-other", "version": 1})
    db.write(lambda session: session.add(other))
    jobs_wanted = [OfferedJob(told.job.id, 1), OfferedJob(other.id, 9), OfferedJob(uuid.uuid4(), 1)]
    wanted = OffersWanted(jobs=jobs_wanted, mode=OfferMode.RANKED, count=2)
    answer = offer_many(db, told.day.dispatcher, wanted)
    assert [(one.job_id, one.candidates) for one in answer.made] == [(told.job.id, 2)]
    assert [(one.number, one.code) for one in answer.refused] == [("J-other", "stale"), ("", "not_found")]
    [seen] = db.read(desk.of_job, told.day.dispatcher, told.job.id)
    assert seen.id == answer.made[0].offer_id
    again = offer_many(db, told.day.dispatcher, wanted)  # its reply was lost: what was made stands
    assert [one.code for one in again.refused] == ["stale", "stale", "not_found"]

    nobodys = OffersWanted(jobs=[OfferedJob(uuid.uuid4(), 1)], mode=OfferMode.RANKED)
    with pytest.raises(NotFoundError):
        offer_many(db, told.day.dispatcher, nobodys)
    with pytest.raises(ForbiddenError):
        offer_many(db, told.vendor, wanted)
    twice = OffersWanted(jobs=[OfferedJob(other.id, 1)] * 2, mode=OfferMode.RANKED)
    with pytest.raises(BadInputError, match="listed twice"):
        offer_many(db, told.day.dispatcher, twice)


def test_who_is_not_asked_learns_nothing(db: Calls, told: Offering) -> None:
    made = offer(db, told, told.wish(OfferMode.RANKED, 0, 1))
    waiting = told.actor(1)  # listed, not asked yet
    for actor in (waiting, told.actor(2), told.vendor):
        assert db.read(desk.asking, actor) == []
        with pytest.raises(NotFoundError):
            db.write(desk.accept, actor, made.id)
        with pytest.raises(NotFoundError):
            db.write(desk.decline, actor, made.id, "ill", "")
    with pytest.raises(NotFoundError):
        db.write(desk.withdraw, told.stranger, made.id)
    with pytest.raises(NotFoundError):
        db.read(desk.of_job, told.stranger, told.job.id)
    assert db.read(desk.out, told.stranger, None) == []


def test_only_the_brands_dispatchers_offer(db: Calls, told: Offering) -> None:
    for actor in (told.vendor, told.actor(0)):
        with pytest.raises(ForbiddenError):
            db.write(desk.create, actor, told.job.id, told.wish(OfferMode.OPEN, 0))
        with pytest.raises(ForbiddenError):
            db.read(desk.rank, actor, told.job.id)
    outsider = Actor(role=told.stranger.role, org_id=told.stranger.org_id)
    with pytest.raises(NotFoundError):
        db.write(desk.create, outsider, told.job.id, told.wish(OfferMode.OPEN, 0))


@pytest.mark.parametrize("statement", ["UPDATE offer_entry SET event = 'x'", "DELETE FROM offer_entry"])
def test_the_log_cannot_be_changed_even_in_the_database(db: Calls, told: Offering, statement: str) -> None:
    offer(db, told, told.wish(OfferMode.RANKED, 0))
    with pytest.raises(DBAPIError, match="append-only"):
        db.write(lambda session: session.execute(sa.text(statement)))
    assert db.read(lambda session: len(session.exec(select(OfferEntry)).all())) == 2
