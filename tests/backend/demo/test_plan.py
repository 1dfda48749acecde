"""The plan the demo day comes with: whole, of the rules, and on whatever date the demo is loaded for."""

import datetime as dt
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

import routing
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.board import service as boards
from backend.board.schemas import Board
from backend.demo.ids import demo_id
from backend.demo.plan import DISPATCHER, LATE_ORDERS, day_as_planned, packaged_plan
from backend.demo.service import DemoSummary, load_demo
from backend.demo.welcome import open_doors
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.jobs.repository import open_visits
from backend.organisations.models import Region
from backend.scheduling.adapter.answer import plan_in_force
from backend.scheduling.adapter.problem import build_problem
from backend.scheduling.repository import load_day
from backend.settings import Settings
from tests.factories.calls import Calls

DAY = dt.date(2027, 5, 18)


@pytest.fixture(scope="module")
def demo(db: Calls) -> DemoSummary:
    return db.write(load_demo, DAY)


@pytest.fixture(scope="module")
def board(db: Calls, demo: DemoSummary) -> Board:
    dispatcher = Actor(role=Role.DISPATCHER, org_id=demo_id("organisation", "demo"))
    return db.read(boards.board, dispatcher, demo_id("region", "beijing"), DAY)


def test_the_day_opens_with_a_plan_of_the_evening_before(board: Board, demo: DemoSummary, db: Calls) -> None:
    assert board.published_plan is not None
    assert board.published_plan.published_by == DISPATCHER
    published_at = board.published_plan.published_at
    assert published_at is not None
    assert published_at == dt.datetime(2027, 5, 17, 10, tzinfo=dt.UTC)  # 18:00 in Beijing
    assert len(board.visits) == demo.planned == len(packaged_plan()["visits"]) > 70
    assert {visit.status for visit in board.visits} == {JobStatus.ASSIGNED}
    for visit in board.visits:
        assert visit.planned is not None
        assert visit.window is not None
        assert visit.window.start <= visit.planned.start <= visit.window.end
    visits = db.read(open_visits, [visit.job_id for visit in board.visits])
    assert len(visits) == len(board.visits)
    assert all(visit.why for visit in visits.values())
    assert sum(visit.technician_id == demo_id("technician", "tech01") for visit in board.visits) >= 3


def test_there_is_something_left_to_do(board: Board) -> None:
    reasons = [visit.reason["code"] if visit.reason else None for visit in board.unassigned]
    assert reasons.count(None) == len(LATE_ORDERS)  # came in overnight: nobody has looked at them
    assert reasons.count("needs_location") == board.needs_location == 2
    assert set(reasons) == {None, "needs_location"}  # whoever has a place and came in time is visited


def test_the_plan_keeps_every_rule(db: Calls, demo: DemoSummary) -> None:
    """If this fails, the demo has changed: `python -m tools.plan_demo` plans it again."""

    def violations(session: Session) -> list[routing.Rule]:
        region = session.exec(select(Region)).one()
        asked = build_problem(load_day(session, region, DAY, dt.datetime(2027, 5, 17, 10, tzinfo=dt.UTC)))
        return [each.rule for each in routing.check(asked.problem, plan_in_force(asked)).violations]

    # Pick-ups at the depot and lunch are no visits; they are not in force but in the plan.
    assert set(db.read(violations)) <= {routing.Rule.BREAK, routing.Rule.PARTS}


def test_the_packaged_plan_is_of_these_orders(db: Calls, demo: DemoSummary) -> None:
    named = [row["job"] for row in (*packaged_plan()["visits"], *packaged_plan()["left_out"])]
    assert len(named) == len(set(named))
    assert not LATE_ORDERS & set(named)
    _day, index_of, _login_of = db.read(day_as_planned)
    today = db.read(lambda session: session.exec(select(Job.id).where(Job.day == DAY)).all())
    assert set(named) | LATE_ORDERS == {index_of[job_id] for job_id in today}


def test_a_customers_link_shows_somebody_at_first_sight(db: Calls, demo: DemoSummary, tmp_path: Path) -> None:
    def named(session: Session) -> bool:
        doors = open_doors(session, Settings(data_dir=tmp_path))
        assert doors is not None
        assert doors.customer_url is not None
        query = select(Visit.technician_id).order_by(col(Visit.job_id))
        return session.exec(query).first() is not None

    assert db.write(named)
