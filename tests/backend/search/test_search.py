"""A caller tells what they know and their job is found; nobody finds what they may not see."""

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from backend.assets.models import Asset
from backend.auth.actor import Actor
from backend.auth.models import Account, Role
from backend.customers.models import Customer
from backend.db.types import utc_now
from backend.jobs import office
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.search import service
from backend.technicians.models import Technician
from tests.factories.calls import Calls
from tests.factories.scheduling import PlanningDay


@pytest.mark.parametrize(
    ("text", "found_by", "numbers"),
    [
        ("4821", "phone", {"J1", "J2"}),
        ("138 1234 4821", "phone", {"J1", "J2"}),
        ("欧阳", "name", {"J1", "J2"}),
        ("阳静", "name", {"J1", "J2"}),
        ("通东大街", "address", {"J1"}),
        ("sn-882", "serial", {"J1"}),
        ("jd2026", "order", {"J1", "J2"}),
        ("100%", "", set()),
        ("4", "", set()),
    ],
)
def test_jobs_are_found_by_what_a_caller_can_tell(
    calls: Calls, day: PlanningDay, text: str, found_by: str, numbers: set[str]
) -> None:
    hits = calls.read(service.find, day.dispatcher, text)
    assert {hit.number for hit in hits} == numbers
    assert {hit.found_by for hit in hits} <= {found_by}
    assert all(hit.phone_tail == "4821" for hit in hits)


def test_no_question_reads_all_jobs_of_an_organisation(calls: Calls, day: PlanningDay) -> None:
    """On SQLite, which keeps no statistics: a job is reached by a key or the beginning of its number."""
    for text in ("4821", "欧阳", "通东大街", "jd2026", "J100"):
        plans = calls.read(plans_of, day, text)
        assert [line for line in plans if WHOLE.search(line)] == [], text


WHOLE = re.compile(r"SCAN job\b|SEARCH job USING [^(]*\(org_id=\?\)")


def plans_of(session: Session, day: PlanningDay, text: str) -> list[str]:
    """How SQLite goes about each statement of a search."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    said: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:
        said.append((call[2], call[3]))

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    service.find(session, day.dispatcher, text)
    sa.event.remove(connection, "before_cursor_execute", note)
    return [
        str(row[3])
        for statement, values in said
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    ]


def test_a_vendor_finds_its_own_jobs_and_a_stranger_none(calls: Calls, day: PlanningDay) -> None:
    for text in ("4821", "欧阳", "jd2026", "J1"):
        hits = calls.read(service.find, day.vendor_dispatcher, text)
        assert {hit.number for hit in hits} <= {"J1"}
    assert calls.read(service.find, day.vendor_dispatcher, "通东大街")[0].number == "J1"
    stranger = Actor(role=Role.DISPATCHER, org_id=uuid.uuid4(), name="x")
    assert [calls.read(service.find, stranger, text) for text in ("4821", "欧阳", "J1")] == [[], [], []]


def test_who_is_sent_a_masked_contact_cannot_guess_the_rest_of_it(calls: Calls, day: PlanningDay) -> None:
    """The visit is far off. Whatever comes before the shown digits is answered alike; no house is found."""

    def found(actor: Actor, text: str) -> set[str]:
        listed = calls.read(
            office.search, actor, region_id=None, day=None, status=(), text=text, after=None, limit=10
        )
        return {hit.number for hit in calls.read(service.find, actor, text)} | {job.number for job in listed}

    guesses = [f"{digit}4821" for digit in range(10)]
    assert [found(day.vendor_dispatcher, guess) for guess in guesses] == [{"J1"}] * 10
    assert [found(day.dispatcher, guess) for guess in guesses].count(set()) == 9
    for house in ("阜通东大街 6", "7 号楼 12"):
        assert found(day.vendor_dispatcher, house) == set()
        assert found(day.dispatcher, house) == {"J1"}


@pytest.fixture
def quiet(calls: Calls, day: PlanningDay) -> Customer:
    """A customer with an appliance and nothing under way: the last visit is over."""
    customer = Customer(org_id=day.org.id, name="司马南", phone="+8613700007788")
    past = Asset(org_id=day.org.id, customer_id=customer.id, product_id=day.product.id, serial="QX-70001")

    def save(session: Session) -> None:
        session.add(customer)
        session.flush()
        session.add(past)

    calls.write(save)
    return customer


@pytest.mark.parametrize(
    ("text", "found_by", "serial"),
    [("7788", "phone", None), ("司马", "name", None), ("qx-700", "serial", "QX-70001")],
)
def test_a_customer_without_work_under_way_is_found(
    calls: Calls, day: PlanningDay, quiet: Customer, text: str, found_by: str, serial: str | None
) -> None:
    [hit] = calls.read(service.find_all, day.dispatcher, text).customers
    assert (hit.customer_id, hit.found_by, hit.serial, hit.phone_tail) == (quiet.id, found_by, serial, "7788")


def test_a_customer_is_found_beside_jobs_that_are_over_and_not_beside_those_under_way(
    calls: Calls, day: PlanningDay
) -> None:
    def names() -> list[str]:
        return [hit.name for hit in calls.read(service.find_all, day.dispatcher, "欧阳").customers]

    assert names() == []

    def close(session: Session) -> None:
        for job in day.jobs:
            session.get_one(Job, job.id).status = JobStatus.CANCELLED

    calls.write(close)
    assert names() == ["欧阳静"]
    assert len(calls.read(service.find_all, day.dispatcher, "欧阳").jobs) == 2


def test_who_was_erased_is_not_found(calls: Calls, day: PlanningDay, quiet: Customer) -> None:
    calls.write(lambda session: setattr(session.get_one(Customer, quiet.id), "erased_at", utc_now()))
    assert calls.read(service.find_all, day.dispatcher, "qx-700").customers == []


def test_technicians_are_found_by_name_and_login(calls: Calls, day: PlanningDay) -> None:
    wang = day.technicians[0]
    account = Account(
        org_id=day.org.id, login="wangjg", name=wang.name, role=Role.TECHNICIAN, password_hash="x",
        technician_id=wang.id,
    )  # fmt: skip
    calls.write(lambda session: session.add(account))
    for text in ("建国", "WangJ"):
        [hit] = calls.read(service.find_all, day.dispatcher, text).technicians
        assert (hit.technician_id, hit.login, hit.region_id) == (wang.id, "wangjg", day.region.id)
    calls.write(lambda session: setattr(session.get_one(Technician, wang.id), "is_active", False))
    assert calls.read(service.find_all, day.dispatcher, "建国").technicians == []


def test_each_finds_the_people_of_their_own_only(calls: Calls, day: PlanningDay, quiet: Customer) -> None:
    """Technicians of another company and customers of the brand are not a vendor's to find."""
    people = calls.read(service.find_all, day.vendor_dispatcher, "建国").technicians
    assert [hit.name for hit in people] == ["王建国"]
    calls.write(
        lambda session: setattr(session.get_one(Technician, day.technicians[0].id), "vendor_id", None)
    )
    assert calls.read(service.find_all, day.vendor_dispatcher, "建国").technicians == []
    phone = day.technician_actor(day.technicians[0])
    stranger = Actor(role=Role.DISPATCHER, org_id=uuid.uuid4(), name="x")
    clerk = Actor(role=Role.CLERK, org_id=day.org.id, name="库管")
    for actor in (day.vendor_dispatcher, phone, stranger, clerk):
        for text in ("7788", "司马", "qx-700", "建国"):
            found = calls.read(service.find_all, actor, text)
            assert (found.technicians, found.customers) == ([], []), (actor, text)


def test_everything_is_found_with_as_many_questions_however_much_fits(
    calls: Calls, day: PlanningDay, quiet: Customer
) -> None:
    def more(session: Session) -> None:
        session.add_all(
            Customer(org_id=day.org.id, name=f"司马{n}", phone=f"+86137000{n:05d}") for n in range(30)
        )

    before = calls.read(questions, day)
    calls.write(more)
    assert calls.read(questions, day) == before


def questions(session: Session, day: PlanningDay) -> int:
    asked = 0

    def count(*_: Any) -> None:
        nonlocal asked
        asked += 1

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", count)
    service.find_all(session, day.dispatcher, "司马")
    sa.event.remove(connection, "before_cursor_execute", count)
    return asked
