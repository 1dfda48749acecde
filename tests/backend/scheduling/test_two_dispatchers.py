"""Two people publish at the same moment: one plan comes into force, the other is refused by name."""

import asyncio
import uuid

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.session import Database
from backend.errors import ConflictError
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.scheduling import service
from backend.scheduling.models import Plan, PlanState
from backend.scheduling.service import PlanStaleError, PlanView
from backend.settings import Settings
from tests.backend.scheduling.conftest import Planner
from tests.factories.scheduling import PlanningDay, small_day


async def publish_at_once(
    url: str, day: PlanningDay, plan_ids: list[uuid.UUID]
) -> list[PlanView | BaseException]:
    """Each from a server of its own."""
    servers = [Database(Settings(database_url=url).resolved_database_url) for _ in plan_ids]
    try:
        return await asyncio.gather(
            *(
                server.write(service.publish, day.dispatcher, plan_id)
                for server, plan_id in zip(servers, plan_ids, strict=True)
            ),
            return_exceptions=True,
        )
    finally:
        for server in servers:
            await server.close()


def states(session: Session) -> list[PlanState]:
    return sorted(session.scalars(sa.select(col(Plan.state))))


def in_force(session: Session) -> set[tuple[uuid.UUID | None, JobStatus]]:
    """The plans that visits come from, and what became of their jobs."""
    query = sa.select(col(Visit.plan_id), col(Job.status)).join(Job, col(Job.id) == col(Visit.job_id))
    return {(plan_id, status) for plan_id, status in session.execute(query)}


def test_of_two_drafts_one_wins_and_the_other_is_stale(planner: Planner, database_url: str) -> None:
    day = small_day(jobs=4)
    planner.write(day.save)
    drafts = [planner.plan(day).plan.id, planner.plan(day).plan.id]

    answers = planner.portal.call(publish_at_once, database_url, day, drafts)

    [won] = [answer for answer in answers if isinstance(answer, PlanView)]
    [lost] = [answer for answer in answers if isinstance(answer, BaseException)]
    assert isinstance(lost, PlanStaleError)
    assert {change["number"] for change in lost.extra["changes"]} == {job.number for job in day.jobs}
    assert planner.read(states) == [PlanState.DRAFT, PlanState.PUBLISHED]
    assert planner.read(in_force) == {(won.plan.id, JobStatus.ASSIGNED)}


def test_one_draft_is_published_once(planner: Planner, database_url: str) -> None:
    day = small_day(jobs=4)
    planner.write(day.save)
    draft = planner.plan(day).plan.id

    answers = planner.portal.call(publish_at_once, database_url, day, [draft] * 3)

    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(refused) == 2
    for error in refused:
        assert isinstance(error, ConflictError)
        assert error.code == "plan_not_draft"
    assert planner.read(states) == [PlanState.PUBLISHED]


def test_the_database_itself_allows_one_published_plan_a_day(planner: Planner) -> None:
    day = small_day(jobs=2)
    planner.write(day.save)
    first, second = planner.plan(day).plan.id, planner.plan(day).plan.id
    planner.publish(day, first)

    def force(session: Session) -> None:
        session.execute(
            sa.update(Plan).where(col(Plan.id) == second).values(state=PlanState.PUBLISHED, version=9)
        )

    with pytest.raises(sa.exc.IntegrityError):
        planner.write(force)
