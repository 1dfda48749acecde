"""A vendor's month: signed visits alone, at the price they were given for, by the days of their region."""

import csv
import datetime as dt
import io
import uuid
from typing import Any

import pytest
from sqlmodel import Session, select

from backend.db.types import utc_now
from backend.evidence.models import Acceptance
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit, VisitOutcome
from backend.organisations.models import Region
from backend.technicians.models import Technician
from backend.vendors import api
from backend.vendors.models import Vendor
from tests.factories.cast import Stage

NOON = dt.datetime(2026, 10, 12, 4, 0, tzinfo=dt.UTC)
NO_HASH = "0" * 64


def signed(stage: Stage, at: dt.datetime, pays_fen: int | None = 8_000, *, is_vendors: bool = True) -> str:
    """A job done and signed at an instant; returns its number."""
    world, number = stage.world, f"S{uuid.uuid4().hex[:8]}"
    who = world.other_technician if is_vendors else world.technician
    values = world.job.model_dump() | {
        "id": uuid.uuid4(), "number": number, "version": 1, "status": JobStatus.SIGNED,
        "technician_id": who.id, "vendor_id": world.vendor.id if is_vendors else None,
    }  # fmt: skip

    def save(session: Session) -> None:
        job = Job(**values)
        session.add(job)
        session.flush()
        visit = Visit(
            org_id=world.org.id, job_id=job.id, technician_id=who.id, vendor_id=job.vendor_id,
            outcome=VisitOutcome.COMPLETED,
            arrive_at=at, busy_from=at, busy_until=at + dt.timedelta(hours=1), pays_fen=pays_fen,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        session.add(
            Acceptance(
                org_id=world.org.id, job_id=job.id, visit_id=visit.id, snapshot="{}", sha256=NO_HASH,
                signer="赵女士", signed_at=at,
            )
        )  # fmt: skip

    stage.calls.write(save)
    return number


def months(stage: Stage, month: str, who: str = "dispatcher") -> dict[str, tuple[int, int, int]]:
    """By vendor: visits, those without a price, fen."""
    reply = stage.sign_in(who).get(f"/api/statements/{month}")
    assert reply.status_code == 200, reply.text
    return {row["vendor"]["name"]: (row["visits"], row["unpriced"], row["total_fen"]) for row in reply.json()}


def lines(stage: Stage, month: str, **query: Any) -> dict[str, Any]:
    path = f"/api/statements/{month}/{stage.world.vendor.id}"
    found: dict[str, Any] = stage.sign_in("vendor").get(path, params=query).json()
    return found


def test_a_month_pays_what_was_signed_at_the_price_it_was_given_for(on_stage: Stage) -> None:
    signed(on_stage, NOON)
    signed(on_stage, NOON + dt.timedelta(days=3), 12_050)
    signed(on_stage, NOON, None)
    signed(on_stage, NOON, None, is_vendors=False)
    signed(on_stage, NOON + dt.timedelta(days=31), 9_000)
    assert months(on_stage, "2026-10") == {"安心上门": (3, 1, 20_050), "快修": (0, 0, 0)}
    assert months(on_stage, "2026-11") == {"安心上门": (1, 0, 9_000), "快修": (0, 0, 0)}


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Asia/Shanghai", "2026-10-31T16:00:00Z", "2026-11-30T15:59:59Z"),
        # An hour longer than its days: summer time ends on the first.
        ("America/New_York", "2026-11-01T04:00:00Z", "2026-12-01T04:59:59Z"),
    ],
)
def test_a_month_begins_and_ends_at_midnight_where_the_work_is_done(
    on_stage: Stage, zone: str, first: str, last: str
) -> None:
    region_id, second = on_stage.world.region.id, dt.timedelta(seconds=1)

    def move(session: Session) -> None:
        session.get_one(Region, region_id).zone = zone

    on_stage.calls.write(move)
    begins, ends = dt.datetime.fromisoformat(first), dt.datetime.fromisoformat(last)
    for at in (begins - second, begins, ends, ends + second):
        signed(on_stage, at)
    assert months(on_stage, "2026-11")["安心上门"] == (2, 0, 16_000)
    assert [line["day"] for line in lines(on_stage, "2026-11")["lines"]["items"]] == [
        "2026-11-01", "2026-11-30",
    ]  # fmt: skip


def test_every_fen_of_a_sum_is_a_line_and_no_line_comes_twice(on_stage: Stage) -> None:
    numbers = [signed(on_stage, NOON, 100 + number) for number in range(5)]
    numbers.append(signed(on_stage, NOON - dt.timedelta(hours=1), 7))
    first = lines(on_stage, "2026-10", limit=4)
    rest = lines(on_stage, "2026-10", limit=4, after=first["lines"]["next"])
    assert (len(first["lines"]["items"]), rest["lines"]["next"]) == (4, None)
    shown = first["lines"]["items"] + rest["lines"]["items"]
    assert shown[0]["number"] == numbers[-1]
    assert sorted(line["number"] for line in shown) == sorted(numbers)
    assert sum(line["pays_fen"] for line in shown) == first["summary"]["total_fen"] == 517


def test_a_visit_is_paid_to_who_came_though_the_job_went_to_another_vendor(on_stage: Stage) -> None:
    number = signed(on_stage, NOON)

    def give(session: Session) -> None:
        job = session.exec(select(Job).where(Job.number == number)).one()
        other = session.exec(select(Vendor).where(Vendor.name == "快修")).one()
        job.vendor_id, job.technician_id = other.id, None

    on_stage.calls.write(give)
    assert months(on_stage, "2026-10") == {"安心上门": (1, 0, 8_000), "快修": (0, 0, 0)}
    assert [line["number"] for line in lines(on_stage, "2026-10")["lines"]["items"]] == [number]


def test_who_changes_company_leaves_past_work_with_the_one_that_did_it(on_stage: Stage) -> None:
    number, world = signed(on_stage, NOON), on_stage.world

    def change(session: Session) -> None:
        other = session.exec(select(Vendor).where(Vendor.name == "快修")).one()
        session.get_one(Technician, world.other_technician.id).vendor_id = other.id

    on_stage.calls.write(change)
    assert months(on_stage, "2026-10") == {"安心上门": (1, 0, 8_000), "快修": (0, 0, 0)}
    assert [line["number"] for line in lines(on_stage, "2026-10")["lines"]["items"]] == [number]
    job = on_stage.calls.read(lambda session: session.exec(select(Job).where(Job.number == number)).one())
    for who, status in (("vendor", 200), ("other_vendor", 404)):
        assert on_stage.sign_in(who).get(f"/api/jobs/{job.id}").status_code == status
    given = on_stage.calls.write(give_anew, on_stage)
    assert given.vendor_id != world.vendor.id


def give_anew(session: Session, stage: Stage) -> Visit:
    """A job to the vendor's technician, today."""
    world = stage.world
    values = world.job.model_dump() | {
        "id": uuid.uuid4(),
        "number": "S-new",
        "version": 1,
        "technician_id": None,
    }
    job = Job(**values | {"status": JobStatus.BOOKED})
    session.add(job)
    session.flush()
    return jobs.assign(session, world.dispatcher, job, world.other_technician.id, utc_now())


def test_a_technicians_earnings_are_their_vendors_statement(on_stage: Stage) -> None:
    """What one is told they earned is what the other is told is paid."""
    at = utc_now() - dt.timedelta(days=33)
    for hours in (0, 1):
        signed(on_stage, at + dt.timedelta(hours=hours), 5_500)
    earned = on_stage.sign_in("other_technician").get("/api/sync/earnings").json()["days"]
    paid = sum(months(on_stage, month)["安心上门"][2] for month in sorted({day["day"][:7] for day in earned}))
    assert sum(day["pays_fen"] for day in earned) == paid == 11_000


def test_a_vendor_sees_its_own_month_and_the_field_sees_none(on_stage: Stage) -> None:
    signed(on_stage, NOON)
    assert list(months(on_stage, "2026-10", "vendor")) == ["安心上门"]
    assert list(months(on_stage, "2026-10", "other_vendor")) == ["快修"]
    assert "安心上门" in months(on_stage, "2026-10", "admin")
    assert months(on_stage, "2026-10", "stranger") == {"安心上门": (0, 0, 0)}  # of their own, named alike
    for ending in ("", "/statement.csv"):
        path = f"/api/statements/2026-10/{on_stage.world.vendor.id}{ending}"
        for who in ("other_vendor", "stranger"):
            assert on_stage.sign_in(who).get(path).status_code == 404
        for who in ("technician", "agent", "clerk"):
            assert on_stage.sign_in(who).get(path).status_code == 403
    assert on_stage.sign_in("admin").get("/api/statements/2026-13").status_code == 400


def test_the_file_has_every_visit_and_their_sum_in_words_one_reads(
    on_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LINES_AT_A_TIME", 2)
    numbers = {signed(on_stage, NOON, fen) for fen in (8_000, 5, 12_050)}
    unpriced = signed(on_stage, NOON, None)

    def table(lang: str) -> list[list[str]]:
        path = f"/api/statements/2026-10/{on_stage.world.vendor.id}/statement.csv?lang={lang}"
        reply = on_stage.sign_in("vendor").get(path)
        assert reply.headers["content-type"] == "text/csv; charset=utf-8"
        assert reply.text.startswith("\ufeff")
        return list(csv.reader(io.StringIO(reply.text.removeprefix("\ufeff"))))

    head, *rows, total = table("en")
    assert head[:3] == ["Day", "Job", "Visit"]
    assert {row[1] for row in rows} == numbers | {unpriced}
    assert {row[7] for row in rows} == {"80.00", "0.05", "120.50", "no tariff when given"}
    assert {(row[4], row[6]) for row in rows} == {("Installation", "Water heater 60 L")}
    assert (total[0], total[2], total[7], total[8]) == ("Total", "3", "200.55", "CNY")
    assert table("zh-CN")[-1][0] == "合计"
