"""No list asks the database again for each of its rows, whoever reads it."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from backend.auth.models import ApiToken
from backend.customers.models import Place
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.messages.models import AgentTask, Message
from backend.offers.models import Offer, OfferCandidate
from backend.organisations.models import Region
from backend.ratings.models import FollowUp, Rating
from backend.report.models import ReportLetter
from backend.scheduling.models import Plan, PlanObjective
from backend.sync.models import FieldConflict
from backend.views.models import SavedView
from tests.factories.cast import Stage, stage
from tests.factories.ours import Ours, build_ours

MANY = 12
# Streams, pictures, work for a solver, and what is no list.
APART = frozenset({"openFeed", "getReportQr", "listRemedies", "health", "ready"})
READERS = ("admin", "technician", "vendor")
# Of these no two rows may say the same.
DISTINCT = ("number", "key", "name", "token_hash")
OF_A_JOB = (Message, AgentTask, FieldConflict, Rating, FollowUp)
OF_THE_OFFICE = (ApiToken, ReportLetter, PlanObjective, Plan, SavedView)


@pytest.fixture
def sqlite_stage(lend_database: Callable[[str], str], tmp_path: Path) -> Iterator[Stage]:
    with stage(lend_database("sqlite"), tmp_path) as opened:
        yield opened


def test_more_rows_do_not_take_a_query_each(sqlite_stage: Stage) -> None:
    ours = build_ours(sqlite_stage)
    readers = {name: sqlite_stage.sign_in(name) for name in READERS}
    asked = [(name, url) for name in READERS for url in lists(sqlite_stage, ours)]

    def queries(name: str, url: str) -> tuple[int, int]:
        with counted() as statements:
            status = readers[name].get(url).status_code
        return status, len(statements)

    few = {each: queries(*each) for each in asked}
    answered = [each for each, (status, _) in few.items() if status == 200]
    assert len(answered) > 50
    sqlite_stage.calls.write(grow, ours)
    # A few more may be asked, once there is something of another kind; one more for each row is too many.
    many = {each: queries(*each)[1] - few[each][1] for each in answered}
    assert {each: more for each, more in many.items() if more >= MANY} == {}


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that any connection of this process carries out."""
    seen: list[str] = []

    def note(*call: Any) -> None:
        seen.append(call[2])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def lists(stage: Stage, ours: Ours) -> list[str]:
    """The address of every reading operation that has no id in its path, with what it has to be told."""
    paths = stage.client.get("/api/openapi.json").json()["paths"]
    day = stage.world.job.day or dt.date(2026, 11, 23)
    told = {"region_id": ours["region_id"], "day": day.isoformat(), "q": "赵女士"}
    return [
        f"{path}?" + "&".join(f"{one['name']}={told[one['name']]}" for one in asked(methods["get"], told))
        for path, methods in paths.items()
        if "get" in methods and "{" not in path and methods["get"]["operationId"] not in APART
    ]


def asked(operation: dict[str, Any], told: dict[str, str]) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = operation.get("parameters", [])
    return [one for one in parameters if one["name"] in told]


def grow(session: Session, ours: Ours) -> None:
    """Many more of everything that is listed, each about a job and a place of its own."""
    first = session.get_one(Job, ours.ids["job_id"])
    for number in range(MANY):
        again(session, session.get_one(Region, first.region_id), number)
        place = again(session, session.get_one(Place, first.place_id), number, lat=None, lng=None)
        job = again(session, first, number, version=1, place_id=place.id)
        visit = session.exec(select(Visit).where(Visit.job_id == first.id)).one()
        later = dt.timedelta(days=number + 1)
        about = {"job_id": job.id, "visit_id": again(
            session, visit, number, version=1, job_id=job.id,
            busy_from=visit.busy_from + later, busy_until=visit.busy_until + later,
        ).id}  # fmt: skip
        for table in OF_A_JOB:
            row = again(session, one_of(session, table), number, **about)
            about |= {"rating_id": row.id} if table is Rating else {}
        for each in OF_THE_OFFICE:
            again(session, one_of(session, each), number)
        _offer(session, first, number)


def _offer(session: Session, first: Job, number: int) -> None:
    free = again(
        session, first, number + MANY, version=1, status=JobStatus.BOOKED, technician_id=None, vendor_id=None
    )
    offer = one_of(session, Offer)
    asked_of = session.exec(select(OfferCandidate).where(OfferCandidate.offer_id == offer.id))
    made = again(session, offer, number, job_id=free.id)
    for line in asked_of.all():
        again(session, line, number, offer_id=made.id)


def one_of(session: Session, table: type[SQLModel]) -> Any:  # noqa: ANN401 - a row of the table
    return session.exec(select(table).order_by(sa.column("created_at"))).first()


def again(session: Session, row: Any, number: int, **changes: Any) -> Any:  # noqa: ANN401 - as what came in
    """A copy of a row with another id, distinct where it has to be."""
    values = row.model_dump() | {"id": uuid.uuid4()}
    values |= {name: f"{values[name]} {number}" for name in DISTINCT if name in values}
    values |= {name: uuid.uuid4() for name in ("command_id",) if name in values}
    made = type(row)(**values | {name: value for name, value in changes.items() if name in values})
    session.add(made)
    session.flush()
    return made
