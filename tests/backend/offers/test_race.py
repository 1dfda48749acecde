"""Fifty people accept one offer at the same moment: one has it, by the database."""

import asyncio
import uuid

import pytest
from sqlmodel import Session, col, select

from backend.db.session import Database
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, JobEvent, Visit
from backend.offers import desk
from backend.offers.models import Answer, OfferCandidate, OfferEntry, OfferMode
from backend.offers.schemas import AnsweredRead
from backend.offers.service import OfferOverError
from backend.settings import Settings
from tests.factories.calls import calls_to
from tests.factories.offering import Offering, offering

PEOPLE = 50
SERVERS = 4


async def all_accept(url: str, told: Offering, offer_id: uuid.UUID) -> list[AnsweredRead | BaseException]:
    """Everybody at once, over several servers on one database."""
    servers = [Database(Settings(database_url=url).resolved_database_url) for _ in range(SERVERS)]
    try:
        return await asyncio.gather(
            *(
                servers[number % SERVERS].write(desk.accept, told.actor(number), offer_id)
                for number in range(PEOPLE)
            ),
            return_exceptions=True,
        )
    finally:
        for server in servers:
            await server.close()


@pytest.mark.slow
def test_of_fifty_who_accept_at_once_one_has_the_job(database_url: str) -> None:
    told = offering(technicians=PEOPLE)
    with calls_to(database_url) as calls:
        calls.write(told.day.save)
        wish = told.wish(OfferMode.OPEN, *range(PEOPLE))
        made = calls.write(desk.create, told.day.dispatcher, told.job.id, wish)

        replies = asyncio.run(all_accept(database_url, told, made.id))

        won = [reply for reply in replies if isinstance(reply, AnsweredRead)]
        lost = [reply for reply in replies if isinstance(reply, OfferOverError)]
        assert (len(won), len(lost)) == (1, PEOPLE - 1), replies

        def outcome(session: Session) -> None:
            job = session.get_one(Job, told.job.id)
            visit = session.exec(select(Visit)).one()
            line = session.exec(select(OfferCandidate).where(OfferCandidate.answer == Answer.ACCEPTED)).one()
            assert job.status is JobStatus.ACCEPTED
            assert job.technician_id == visit.technician_id == line.technician_id
            accepted = select(JobEvent.action).where(JobEvent.action == "accept")
            assert len(session.exec(accepted).all()) == 1
            entries = session.exec(select(OfferEntry).order_by(col(OfferEntry.seq))).all()
            assert [entry.event for entry in entries].count("accepted") == 1
            assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))

        calls.read(outcome)
