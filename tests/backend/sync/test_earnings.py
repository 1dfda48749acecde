"""What was signed on other days is paid by tariff; today's, others' and the hourly paid's count nothing."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.types import utc_now
from backend.evidence.models import Acceptance
from backend.jobs import repository
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus, JobType
from backend.jobs.models import Job, Visit, VisitOutcome
from backend.technicians.models import Technician
from backend.vendors.models import Tariff
from tests.factories.cast import Stage


def signed(stage: Stage, days_ago: float, attempt: int, pays_fen: int | None = 8_000) -> None:
    world = stage.world
    at = utc_now() - dt.timedelta(days=days_ago)
    visit = Visit(
        org_id=world.org.id, job_id=world.job.id, attempt=attempt, technician_id=world.technician.id,
        outcome=VisitOutcome.COMPLETED, arrive_at=at, busy_from=at, busy_until=at + dt.timedelta(hours=1),
        pays_fen=pays_fen,
    )  # fmt: skip
    row = Acceptance(
        org_id=world.org.id, job_id=world.job.id, visit_id=visit.id, snapshot="{}", sha256=uuid.uuid4().hex,
        signer="赵女士", signed_at=at,
    )  # fmt: skip

    def save(session: Session) -> None:
        session.add(visit)
        session.flush()
        session.add(row)

    stage.calls.write(save)


def pay(stage: Stage) -> None:
    """Our technician works for the vendor, who is paid by tariff, for other work otherwise."""
    world = stage.world
    usual: dict[str, Any] = {
        "category": world.product.category,
        "job_type": world.job.type,
        "price_fen": 8_000,
    }
    tariffs = [
        Tariff(org_id=world.org.id, vendor_id=world.vendor.id, **usual | changes)
        for changes in (
            {},
            {"job_type": JobType.SWAP, "price_fen": 9_000},
            {"category": "lock", "price_fen": 10_000},
        )
    ]

    def save(session: Session) -> None:
        session.add_all(tariffs)
        session.get_one(Technician, world.technician.id).vendor_id = world.vendor.id

    stage.calls.write(save)


def test_earnings_are_told_by_day_up_to_yesterday(on_stage: Stage) -> None:
    for attempt, days_ago in enumerate((0, 2, 2, 40, 100), start=11):
        signed(on_stage, days_ago, attempt)
    told = on_stage.sign_in("technician").get("/api/sync/earnings").json()
    assert [(day["jobs"], day["pays_fen"]) for day in told["days"]] == [(1, 8_000), (2, 16_000)]
    assert told["days"][-1]["day"] < told["through"]
    assert on_stage.sign_in("other_technician").get("/api/sync/earnings").json()["days"] == []
    assert on_stage.sign_in("dispatcher").get("/api/sync/earnings").status_code == 403


def test_who_is_paid_by_the_hour_is_told_no_earnings(on_stage: Stage) -> None:
    signed(on_stage, 2, 11, pays_fen=None)
    assert on_stage.sign_in("technician").get("/api/sync/earnings").json()["days"] == []


def test_a_new_tariff_changes_nothing_that_was_given_before(on_stage: Stage) -> None:
    pay(on_stage)
    world, phone = on_stage.world, on_stage.sign_in("technician")

    def give(session: Session) -> None:
        job = session.get_one(Job, world.job.id)
        if (visit := repository.open_visit(session, job.id)) is not None:
            visit.outcome = VisitOutcome.WITHDRAWN
        job.status, job.technician_id = JobStatus.BOOKED, None
        session.flush()
        jobs.assign(session, world.dispatcher, job, world.technician.id, utc_now() + dt.timedelta(hours=1))

    def shown() -> int:
        [sheet] = phone.get("/api/sync/pull").json()["jobs"]
        pays_fen: int = sheet["pays_fen"]
        return pays_fen

    on_stage.calls.write(give)
    cut = sa.update(Tariff).where(col(Tariff.price_fen) == 8_000).values(price_fen=6_000)
    on_stage.calls.write(lambda session: session.execute(cut))
    assert shown() == 8_000
    on_stage.calls.write(give)
    assert shown() == 6_000
