"""What a scope lets move, and what it holds where it is."""

import uuid

from backend.scheduling.scope import Scope, Standing, narrowed
from tests.factories.region_days import job, offered, region_day, technician

LI, WANG = technician(1), technician(2)
GIVEN, FREE, ELSEWHERE, FREE_ELSEWHERE = (
    job(1, status="assigned", current=offered(LI, 9)),
    job(2),
    job(3, status="assigned", current=offered(WANG, 10)),
    job(4),
)
STANDING = {
    one.id: Standing(uuid.UUID(int=number), community)
    for number, (one, community) in enumerate(
        ((GIVEN, "望京"), (FREE, "望京"), (ELSEWHERE, "通州"), (FREE_ELSEWHERE, "通州")), start=1
    )
}


def split(scope: Scope) -> tuple[list[str], list[str]]:
    """Numbers of the jobs that may move, and of those that are held."""
    day = region_day(LI, WANG, jobs=(GIVEN, FREE, ELSEWHERE, FREE_ELSEWHERE))
    found = narrowed(day, scope, STANDING)
    return [one.number for one in found.jobs], [visit.number for visit in found.fixed]


def test_nothing_said_lets_everything_move() -> None:
    assert split(Scope()) == (["J1", "J2", "J3", "J4"], [])


def test_outside_the_communities_everything_stays_with_whom_it_is() -> None:
    assert split(Scope(communities=frozenset({"望京"}))) == (["J1", "J2"], ["J3"])


def test_only_the_days_of_the_technicians_named_change() -> None:
    assert split(Scope(technician_ids=frozenset({WANG.id}))) == (["J2", "J3", "J4"], ["J1"])


def test_what_somebody_has_stays_when_only_the_rest_is_put_in() -> None:
    assert split(Scope(only_unassigned=True)) == (["J2", "J4"], ["J1", "J3"])
