"""A caller tells what they know and their job is found; nobody finds what they may not see."""

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.jobs import office
from backend.search import service
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
