"""From a file to jobs, on both databases: dry, applied, resumed, repeated, refused and back."""

# ruff: noqa: E501 - rows of files and counts are read best on one line each

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlmodel import Session, col, func, select

from backend.assets.models import Asset
from backend.auth.actor import Actor, system_actor
from backend.auth.models import Role
from backend.cases import service as cases
from backend.cases.models import Case, CaseStatus, OrderLine, SalesOrder
from backend.customers.models import Customer, Place
from backend.db.session import Database
from backend.db.types import uuid7
from backend.demo.catalogue import add_catalogue
from backend.demo.people import DemoCompany, add_company
from backend.errors import BadInputError, ForbiddenError, NotFoundError
from backend.geocoding.datum import Datum
from backend.geocoding.gazetteer import beijing
from backend.geocoding.locate import Locator
from backend.imports import applying, intake, repository, service
from backend.imports.intake import UnreadableFileError
from backend.imports.models import ImportRun, ImportState
from backend.imports.refused import refused_csv
from backend.imports.service import Upload
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, JobEvent
from backend.settings import Settings
from tests.factories.calls import Calls
from tests.factories.orders import OWN, Row, csv_bytes, douyin, own, phone, taobao

BEFORE_THE_APPOINTMENTS = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)

LOCATOR = Locator(beijing())


class Shop(Calls):
    """The demo company with nothing sold yet, and somebody who imports its orders."""

    def __init__(self, database: Database, portal: BlockingPortal) -> None:
        super().__init__(database, portal)
        self._portal = portal
        self.company = self.write(opened)
        self.actor: Actor = system_actor(self.company.organisation.id, "import")

    def dry(self, data: bytes, channel: str = "", datum: Datum = Datum.WGS84) -> ImportRun:
        upload = Upload("orders.csv", data, channel, datum)
        return self._portal.call(intake.dry_run, self.database, self.actor, upload, LOCATOR)

    def apply(self, run: ImportRun) -> ImportRun:
        return self._portal.call(intake.apply, self.database, self.actor, run.id)

    def bring_in(self, rows: list[Row]) -> ImportRun:
        return self.apply(self.dry(csv_bytes(rows)))

    def count(self, table: type) -> int:
        return self.read(lambda session: session.exec(select(func.count()).select_from(table)).one())

    def refused(self, run: ImportRun) -> str:
        return refused_csv(*self.read(service.refused_rows, self.actor, run.id))


def opened(session: Session) -> DemoCompany:
    company = add_company(session)
    add_catalogue(session, company.organisation.id)
    return company


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    with start_blocking_portal() as portal:

        async def connect() -> Database:
            return Database(Settings(database_url=database_url).resolved_database_url)

        database = portal.call(connect)
        yield Shop(database, portal)
        portal.call(database.close)


def line(order: str = "A1", sku: str = "SM-TV65", qty: str = "1", **cells: str) -> list[str]:
    usual = dict.fromkeys(OWN, "") | {"order_no": order, "customer": "王女士", "phone": phone(1), "address": "朝阳区红庙北里3号楼", "sku": sku, "qty": qty}  # fmt: skip
    return list((usual | cells).values())


def position(place: Place) -> tuple[float, float]:
    assert place.lat is not None
    assert place.lng is not None
    return round(place.lat, 4), round(place.lng, 4)


def numbers(run: ImportRun) -> dict[str, int]:
    return {
        name: run.summary[name]
        for name in ("orders", "jobs", "created", "joined", "unchanged", "refused", "needs_location")
    }


def test_a_dry_run_says_what_would_happen_and_creates_nothing(shop: Shop) -> None:
    run = shop.dry(csv_bytes(taobao(), "gbk"))
    assert (run.state, run.channel, run.encoding) == (ImportState.DRY, "taobao", "gbk")
    assert numbers(run) == {
        "orders": 4,
        "jobs": 4,
        "created": 2,
        "joined": 0,
        "unchanged": 0,
        "refused": 3,
        "needs_location": 0,
    }
    assert (shop.count(Job), shop.count(SalesOrder), shop.count(Customer)) == (0, 0, 0)


@time_machine.travel(BEFORE_THE_APPOINTMENTS, tick=True)
def test_applying_makes_customers_places_assets_cases_and_jobs(shop: Shop) -> None:
    run = shop.bring_in(
        [
            *own(),
            line(
                "A-1002", "SM-RV05", customer="于先生", phone=phone(90000042), address="石景山区碣石坪2号楼"
            ),
        ]
    )
    assert run.state is ImportState.APPLIED
    assert numbers(run) == {
        "orders": 3,
        "jobs": 4,
        "created": 3,
        "joined": 0,
        "unchanged": 0,
        "refused": 0,
        "needs_location": 1,
    }
    assert (shop.count(Customer), shop.count(Case), shop.count(SalesOrder)) == (3, 3, 3)
    assert (shop.count(Asset), shop.count(OrderLine)) == (4, 4)
    jobs = shop.read(lambda session: session.exec(select(Job).order_by(col(Job.number))).all())
    assert [(job.type, job.status) for job in jobs] == [
        ("install", JobStatus.BOOKED),
        ("repair", JobStatus.QUALIFIED),
        ("install", JobStatus.QUALIFIED),
        ("install", JobStatus.BOOKED),
    ]
    assert jobs[0].window_start == dt.datetime(2026, 11, 25, 6, tzinfo=dt.UTC)
    assert jobs[0].checklist[0]["key"] == "unpack"
    assert shop.count(JobEvent) == 6


@time_machine.travel(BEFORE_THE_APPOINTMENTS, tick=True)
def test_what_was_bought_on_a_day_was_bought_on_that_day_in_its_region(shop: Shop) -> None:
    """A day without an hour begins there while UTC still has the day before; warranties count from it."""
    shop.bring_in(own())
    assets = shop.read(lambda session: session.exec(select(Asset)).all())
    assert {asset.purchased_on for asset in assets} == {dt.date(2025, 6, 18), dt.date(2026, 11, 2)}


def test_places_say_where_their_coordinates_come_from(shop: Shop) -> None:
    shop.bring_in(own())
    places = shop.read(lambda session: session.exec(select(Place).order_by(col(Place.address))).all())
    assert {(place.community, place.source) for place in places} == {
        ("甜水园东里", "file"),
        ("碣石坪", "gazetteer"),
        ("", "missing"),
    }
    (pinned,) = [place for place in places if place.source == "file"]
    assert position(pinned) == (39.9256, 116.4762)  # GCJ-02 in the file


def test_the_datum_of_a_file_can_be_said_once(shop: Shop) -> None:
    row = line(lat="39.926845", lng="116.482304")
    shop.apply(shop.dry(csv_bytes([OWN, row]), datum=Datum.GCJ02))
    place = shop.read(lambda session: session.exec(select(Place)).one())
    assert position(place) == (39.9256, 116.4762)


def test_importing_again_changes_nothing(shop: Shop) -> None:
    shop.bring_in(douyin())
    before = [shop.count(table) for table in (Job, Case, Customer, Place, OrderLine, JobEvent)]
    run = shop.bring_in(douyin())
    assert numbers(run) == {
        "orders": 2,
        "jobs": 0,
        "created": 0,
        "joined": 0,
        "unchanged": 1,
        "refused": 1,
        "needs_location": 0,
    }
    assert [shop.count(table) for table in (Job, Case, Customer, Place, OrderLine, JobEvent)] == before


def test_a_dry_run_applied_twice_is_applied_once(shop: Shop) -> None:
    run = shop.dry(csv_bytes(own()))
    assert shop.apply(run).summary == shop.apply(run).summary
    assert shop.count(Job) == 3


def test_two_dry_runs_of_one_file_make_its_jobs_once(shop: Shop) -> None:
    first, second = shop.dry(csv_bytes(own())), shop.dry(csv_bytes(own()))
    shop.apply(first)
    assert numbers(shop.apply(second))["unchanged"] == 3
    assert shop.count(Job) == 3


def test_the_same_number_in_another_channel_is_another_order(shop: Shop) -> None:
    for channel in ("taobao", "jd"):
        shop.apply(shop.dry(csv_bytes([OWN, line()]), channel))
    assert (shop.count(SalesOrder), shop.count(Job)) == (2, 2)


def test_new_lines_join_the_known_order_and_reopen_its_case(shop: Shop) -> None:
    shop.bring_in([OWN, line()])

    def close(session: Session) -> None:
        case = session.exec(select(Case)).one()
        case.status = CaseStatus.CLOSED

    shop.write(close)
    run = shop.bring_in([OWN, line(), line(sku="SM-AC35", qty="2")])
    assert numbers(run) == {
        "orders": 1,
        "jobs": 2,
        "created": 0,
        "joined": 1,
        "unchanged": 0,
        "refused": 0,
        "needs_location": 0,
    }
    case = shop.read(lambda session: session.exec(select(Case)).one())
    assert case.status is CaseStatus.OPEN
    assert {job.case_id for job in shop.read(lambda session: session.exec(select(Job)).all())} == {case.id}


def test_a_crash_between_two_orders_loses_and_doubles_nothing(shop: Shop) -> None:
    run = shop.dry(csv_bytes(own()))
    first, *_ = shop.read(applying.positions_to_apply, shop.actor, run.id)
    shop.write(applying.apply_row, shop.actor, run.id, first)
    assert shop.count(Job) == 1  # and here the process is gone
    assert numbers(shop.apply(run))["created"] == 3
    assert shop.count(Job) == 3


def test_a_crash_inside_an_order_leaves_nothing_of_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    run = shop.dry(csv_bytes([OWN, line(), line(sku="SM-AC35")]))
    add_job, calls = cases.add_job, iter([False, True])

    def failing(*arguments: Any) -> Job:
        if next(calls):
            raise RuntimeError("power cut")
        return add_job(*arguments)

    monkeypatch.setattr(cases, "add_job", failing)
    with pytest.raises(RuntimeError, match="power cut"):
        shop.apply(run)
    assert (shop.count(Job), shop.count(Case), shop.count(SalesOrder), shop.count(Customer)) == (0, 0, 0, 0)
    monkeypatch.undo()
    shop.apply(run)
    assert shop.count(Job) == 2


def test_a_product_withdrawn_since_the_dry_run_stops_its_own_order_only(shop: Shop) -> None:
    run = shop.dry(csv_bytes([OWN, line(), line("B2", "SM-AC35")]))
    shop.write(
        lambda session: session.delete(
            repository.products_by_sku(session, shop.actor.org_id, ["SM-TV65"])["SM-TV65"]
        )
    )
    done = shop.apply(run)
    assert (done.summary["created"], done.summary["refused"]) == (1, 1)
    assert shop.count(Job) == 1
    assert "SM-TV65" in shop.refused(done)


def test_refused_lines_come_back_as_a_file_that_can_be_corrected_and_imported(shop: Shop) -> None:
    done = shop.apply(shop.dry(csv_bytes(taobao(), "gbk")))
    back = shop.refused(done)
    header, *lines = back.removeprefix("\ufeff").splitlines()
    assert header.startswith("订单编号,买家会员名")
    assert header.endswith("原行号,拒收原因,行标识")
    assert [each for each in lines if "空调罩" in each and ",5," in each]
    assert "电话被表格软件改成了 1.54E+10" in back
    fixed = back.replace("1.54E+10,", f"{phone(90000009)},", 1).replace("空调罩 防尘 加厚", "智能门锁 指纹款")
    again = shop.apply(shop.dry(fixed.encode("utf-8")))
    assert (again.summary["created"], again.summary["joined"], again.summary["refused"]) == (1, 1, 1)
    assert shop.count(Job) == 6
    repeated = shop.apply(shop.dry(fixed.encode("utf-8")))
    assert (repeated.summary["jobs"], repeated.summary["unchanged"]) == (0, 2)


def test_the_refused_file_holds_no_live_formula(shop: Shop) -> None:
    evil = ['=HYPERLINK("http://evil","x")', "+1+1", "-2", "@SUM(A1)", " =1", "＝1+1"]
    done = shop.dry(csv_bytes([OWN, *(line(f"A{at}", note=each, phone="") for at, each in enumerate(evil))]))
    back = shop.refused(done)
    for each in evil:
        assert f"'{each.replace(chr(34), chr(34) * 2)}" in back
    fixed = shop.dry(back.replace(",,朝阳区", f",{phone(1)},朝阳区").encode())
    assert fixed.summary["created"] == len(evil)


def test_every_line_of_a_run_is_in_its_rows_or_among_the_ignored(shop: Shop) -> None:
    run = shop.dry(csv_bytes(taobao()))
    _, rows = shop.read(service.read_run, shop.actor, run.id, None)
    kept = [at for row in rows for at in row.lines] + [each["line"] for each in run.summary["ignored"]]
    assert sorted(kept) == list(range(1, run.summary["lines"] + 1))


def test_an_unreadable_file_leaves_no_trace(shop: Shop) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        shop.dry(b"this,is,no\norder,file,at all\n")
    assert refused.value.code == "header_not_found"
    assert "表头" in refused.value.extra["message"]["zh"]
    assert shop.count(ImportRun) == 0


def test_imports_are_invisible_to_another_organisation_and_forbidden_without_the_right(shop: Shop) -> None:
    run = shop.dry(csv_bytes(own()))
    stranger = replace(shop.actor, org_id=uuid7())
    for work in (service.get_run, applying.positions_to_apply):
        with pytest.raises(NotFoundError):
            shop.read(work, stranger, run.id)
    technician = replace(shop.actor, role=Role.TECHNICIAN)
    with pytest.raises(ForbiddenError):
        shop.read(service.get_run, technician, run.id)
    with pytest.raises(BadInputError):
        shop.read(service.ground, stranger, None)


def test_the_examples_in_the_documentation_are_what_the_generator_writes() -> None:
    from tests.factories.orders import EXAMPLES, examples

    for name, data in examples().items():
        committed = (EXAMPLES / name).read_bytes()
        if name.endswith(".xlsx"):
            from backend.imports.readers import read_table

            assert read_table(committed).rows == read_table(data).rows
        else:
            assert committed.replace(b"\r\n", b"\n") == data, name
    assert {path.name for path in EXAMPLES.glob("orders-*")} == set(examples())


def test_the_command_line_tries_first_and_applies_on_demand(
    shop: Shop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
) -> None:
    from backend.cli import main

    monkeypatch.setenv("SHANGMEN_DATABASE_URL", database_url)
    file, refused = tmp_path / "orders.json", tmp_path / "refused.csv"
    file.write_text(
        json.dumps([dict(zip(OWN, line(), strict=True)), dict(zip(OWN, line("B2", "nothing"), strict=True))])
    )
    assert main(["import", "orders", str(file)]) == 1
    assert "Nothing was changed" in capsys.readouterr().out
    assert shop.count(Job) == 0
    assert main(["import", "orders", str(file), "--apply", "--refused", str(refused)]) == 1
    assert "1 created" in capsys.readouterr().out
    assert shop.count(Job) == 1
    assert "nothing" in refused.read_text(encoding="utf-8")
    assert main(["import", "orders", str(tmp_path / "absent.csv")]) == 2
    assert "absent.csv" in capsys.readouterr().err
