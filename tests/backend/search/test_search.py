"""A caller tells what they know and their job is found; nobody finds what they may not see."""

import uuid

import pytest

from backend.auth.actor import Actor
from backend.auth.models import Role
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


def test_a_vendor_finds_its_own_jobs_and_a_stranger_none(calls: Calls, day: PlanningDay) -> None:
    for text in ("4821", "欧阳", "jd2026", "J1"):
        hits = calls.read(service.find, day.vendor_dispatcher, text)
        assert {hit.number for hit in hits} <= {"J1"}
    assert calls.read(service.find, day.vendor_dispatcher, "通东大街")[0].number == "J1"
    stranger = Actor(role=Role.DISPATCHER, org_id=uuid.uuid4(), name="x")
    assert [calls.read(service.find, stranger, text) for text in ("4821", "欧阳", "J1")] == [[], [], []]
