"""The demo day: complete, the same every time, and of nobody who exists."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from sqlmodel import Session, col, func, select

from backend.assets.models import Product, ServiceSpec
from backend.auth.models import Account, Role
from backend.auth.passwords import verify_password
from backend.customers.models import Customer, Place
from backend.demo.catalogue import catalogue
from backend.demo.ids import PHONE_PREFIX, demo_id, demo_phone
from backend.demo.orders import UNKNOWN_ADDRESSES, demo_jobs
from backend.demo.people import PASSWORD
from backend.demo.service import DemoSummary, NotEmptyError, load_demo
from backend.evidence.checklist import checked_answer, step_named
from backend.geocoding.gazetteer import beijing
from backend.geocoding.locate import Locator, Source
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.parts.models import LocationKind, StockLocation, StockMove
from backend.parts.service import van_stock
from backend.simulate.story import Habits
from backend.technicians.models import Shift, Technician, TechnicianCertificate, TechnicianSkill
from backend.vendors.models import Tariff
from tests.factories.calls import Calls

DAY = dt.date(2026, 11, 23)
BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def demo(db: Calls) -> DemoSummary:
    return db.write(load_demo, DAY, is_planned=False)


def all_of(db: Calls, table: type) -> list:
    return list(db.read(lambda session: session.exec(select(table)).all()))


def test_the_demo_company_is_complete(db: Calls, demo: DemoSummary) -> None:
    assert (demo.day, demo.technicians, demo.jobs) == (DAY, 18, 114)
    technicians = all_of(db, Technician)
    assert Counter(each.vendor_id is None for each in technicians) == {True: 10, False: 8}
    assert {each.technician_id for each in all_of(db, TechnicianSkill)} == {each.id for each in technicians}
    today = [each for each in all_of(db, Shift) if each.day == DAY]
    assert len(today) == 18
    assert sum(each.break_from is not None for each in today) == 17
    expired = [each for each in all_of(db, TechnicianCertificate) if each.expires_on < DAY]
    assert [each.code for each in expired] == ["gas_fitter"]
    assert Counter(each.role for each in all_of(db, Account)) == {
        Role.TECHNICIAN: 18, Role.VENDOR_DISPATCHER: 2,
        Role.ADMIN: 1, Role.DISPATCHER: 1, Role.AGENT: 1, Role.CLERK: 1,
    }  # fmt: skip
    assert len({each.vendor_id for each in all_of(db, Tariff)}) == 2


def test_everybody_signs_in_with_the_documented_password(db: Calls, demo: DemoSummary) -> None:
    accounts = {each.login: each for each in all_of(db, Account)}
    for login in (demo.dispatcher, demo.technician, "admin", "agent", "clerk", "xunda", "anju"):
        assert verify_password(PASSWORD, accounts[login].password_hash)


def test_the_work_lies_on_the_demo_day_and_waits_for_a_plan(db: Calls, demo: DemoSummary) -> None:
    jobs = [job for job in all_of(db, Job) if job.status is not JobStatus.QUALIFIED]
    days = Counter(job.day for job in jobs)
    assert days == {DAY: 90, DAY + dt.timedelta(days=1): 24}
    assert {job.status for job in jobs} == {JobStatus.BOOKED}
    assert {job.technician_id for job in jobs} == {None}
    for job in jobs:
        start, end = job.window_start.astimezone(BEIJING), job.window_end.astimezone(BEIJING)
        assert start.date() == end.date() == job.day
        assert 8 <= start.hour < end.hour <= 18


def test_two_jobs_need_a_location(db: Calls, demo: DemoSummary) -> None:
    missing = [place for place in all_of(db, Place) if place.lat is None]
    assert sorted(place.address for place in missing) == sorted(UNKNOWN_ADDRESSES)
    assert {Locator(beijing()).locate(address).source for address in UNKNOWN_ADDRESSES} == {Source.MISSING}


def test_places_are_at_communities_of_beijing(db: Calls, demo: DemoSummary) -> None:
    for place in all_of(db, Place):
        if place.lat is not None:
            assert 39.6 < place.lat < 40.3
            assert 116.1 < place.lng < 116.8
            assert place.community


def test_vans_carry_what_their_work_needs_and_the_ledger_adds_up(db: Calls, demo: DemoSummary) -> None:
    held = {part.sku: part.qty for part in db.read(van_stock, demo_id("technician", "tech01"))}
    assert held["PT-AC-BRKT"] == 4
    assert "PT-LK-BODY" not in held
    moves, places = all_of(db, StockMove), {each.id: each.kind for each in all_of(db, StockLocation)}
    bought = sum(move.qty for move in moves if places[move.from_id] is LocationKind.SUPPLIER)
    loaded = sum(move.qty for move in moves if places[move.to_id] is LocationKind.VAN)
    assert bought == loaded + 40 * len(catalogue()["parts"])


def test_the_demo_is_never_mixed_with_real_data(db: Calls, demo: DemoSummary) -> None:
    with pytest.raises(NotEmptyError):
        db.write(load_demo, DAY)
    assert db.read(lambda session: session.exec(select(func.count()).select_from(Job)).one()) == 115


def test_every_service_can_be_done_by_somebody_today(db: Calls, demo: DemoSummary) -> None:
    skills = {(each.technician_id, each.skill): each.level for each in all_of(db, TechnicianSkill)}
    valid = {
        (each.technician_id, each.code)
        for each in all_of(db, TechnicianCertificate)
        if each.expires_on >= DAY
    }
    for spec in all_of(db, ServiceSpec):
        able = [
            each.id
            for each in all_of(db, Technician)
            if skills.get((each.id, spec.skill), 0) >= spec.level
            and (spec.certificate is None or (each.id, spec.certificate) in valid)
        ]
        assert len(able) >= 2, (spec.category, spec.job_type)


def test_every_product_can_be_installed_repaired_maintained_and_inspected(
    db: Calls, demo: DemoSummary
) -> None:
    offered = {(each.category, each.job_type) for each in all_of(db, ServiceSpec)}
    for product in all_of(db, Product):
        assert {(product.category, kind) for kind in ("install", "repair", "maintain", "inspect")} <= offered


def test_every_checklist_speaks_both_languages_and_can_be_answered() -> None:
    habits = Habits.of("tester", 1)
    for step in catalogue()["steps"]:
        assert step["title"]["zh"]
        assert step["title"]["en"]
        if step["kind"] != "photo":
            checked_answer(step_named(catalogue()["steps"], step["key"]), habits.answer(step))


def test_the_demo_is_the_same_on_every_load(db: Calls, demo: DemoSummary) -> None:
    assert demo_jobs() == demo_jobs()
    assert demo_id("technician", "tech01") == demo_id("technician", "tech01")
    assert demo_id("technician", "tech01").version == 7
    assert db.read(lambda session: session.get(Technician, demo_id("technician", "tech01"))) is not None

    def told(session: Session) -> list[tuple[str, str]]:
        query = select(Job.number, Customer.phone).join(Customer, col(Customer.id) == col(Job.customer_id))
        return sorted(session.exec(query).all())

    phones = [each.phone for each in demo_jobs()]
    assert [phone for _, phone in db.read(told)] == [*phones, demo_phone("customer", 900)]


def test_one_customer_has_yet_to_choose_a_time(db: Calls, demo: DemoSummary) -> None:
    (job,) = (job for job in all_of(db, Job) if job.status is JobStatus.QUALIFIED)
    assert (job.day, job.window_start) == (None, None)


def test_no_demo_phone_number_can_belong_to_anybody(db: Calls, demo: DemoSummary) -> None:
    """If this fails, prefix 154 was given to an operator and the demo needs another range."""
    numbers = [each.phone for each in (*all_of(db, Customer), *all_of(db, Technician))]
    assert len(numbers) == len(set(numbers)) == 133
    for number in numbers:
        assert number.startswith(PHONE_PREFIX)
        assert not phonenumbers.is_valid_number(phonenumbers.parse(number))
    for last in range(0, 10_000, 97):
        assert not phonenumbers.is_valid_number(phonenumbers.parse(demo_phone("customer", last)))
