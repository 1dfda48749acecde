"""Which way out is taken without asking anybody, and which limit stands in the way."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from backend.auth.actor import system_actor
from backend.errors import StaleError
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.live import absences
from backend.live.asked import Change, Remedy
from backend.live.exceptions import Kind
from backend.live.models import LiveRules
from backend.live.replanning import Case, carry_out, choose, logged
from tests.factories.calls import calls_to
from tests.factories.scheduling import DAY, at, empty_day

NOON = dt.datetime(2027, 3, 16, 4, tzinfo=dt.UTC)


def case(**limits: int) -> Case:
    values = {"promises_left": 1, "most_fen": 5_000} | limits
    return Case(
        system_actor(uuid.UUID(int=1)), uuid.UUID(int=2), NOON.date(), uuid.UUID(int=3), 1, Kind.LATE, NOON,
        values["promises_left"], values["most_fen"],
    )  # fmt: skip


def way(code: str = "give", price_fen: int = 1_000, promises: int = 0, hours: float = 1) -> Remedy:
    start = NOON + dt.timedelta(hours=hours)
    change = Change(uuid.UUID(int=3), uuid.UUID(int=4), start, start, start, 0, 0)
    return Remedy(code, price_fen, promises, (change,) if code == "give" else ())


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ([way()], "given"),
        ([], "nobody"),
        ([way("leave")], "nobody"),  # a promise is never given up without a person
        ([way(hours=-1)], "frozen"),
        ([way(promises=2)], "promises"),
        ([way(price_fen=5_001)], "too_dear"),
        ([way(promises=2), way(price_fen=2_000)], "given"),
    ],
)
def test_the_cheapest_way_within_every_limit(found: list[Remedy], outcome: str) -> None:
    chosen, said = choose(case(), found)
    assert (said, chosen is not None) == (outcome, outcome == "given")


def test_promises_moved_since_the_look_count_against_the_days_budget(database_url: str) -> None:
    """Both ways out fit the budget that the look has seen; together they do not."""
    day = empty_day()
    wang, li = day.technician("王建国"), day.technician("李明")
    jobs = [day.job(10), day.job(14)]
    for job, hour in zip(jobs, (10, 14), strict=True):
        day.visit(job, wang, hour, JobStatus.ASSIGNED)
    with calls_to(database_url) as calls:
        calls.write(day.save)
        calls.write(lambda session: session.add(LiveRules(org_id=day.org.id, promise_budget=3)))
        for job, hour in zip(jobs, (10, 14), strict=True):
            actor = system_actor(day.org.id)
            wanted = replace(case(), actor=actor, region_id=day.region.id, day=DAY, job_id=job.id)
            place = Change(job.id, li.id, at(hour), at(hour), at(hour + 1), 0, 0)
            calls.write(carry_out, wanted, Remedy("give", 100, 2, (place,)), "given", {job.id: 1})
        found = calls.read(logged, day.dispatcher, day.region.id, DAY)
        assert [(row.outcome, row.promises_moved) for row, _ in reversed(found)] == [
            ("given", 2), ("promises", 0),
        ]  # fmt: skip
        who = calls.read(lambda session: [session.get_one(Job, job.id).technician_id for job in jobs])
        assert who == [li.id, wang.id]


def test_who_went_home_since_the_look_is_given_nothing(database_url: str) -> None:
    day = empty_day()
    wang, li = day.technician("王建国"), day.technician("李明")
    job = day.job(14)
    day.visit(job, wang, 14, JobStatus.ASSIGNED)
    with calls_to(database_url) as calls:
        calls.write(day.save)
        calls.write(absences.note, day.dispatcher, li.id, DAY, at(12))
        wanted = replace(case(), actor=system_actor(day.org.id), region_id=day.region.id, day=DAY)
        other = Remedy("give", 100, 0, (Change(job.id, li.id, at(14), at(14), at(15), 0, 0),))
        with pytest.raises(StaleError) as refused:
            calls.write(carry_out, replace(wanted, job_id=job.id), other, "given", {job.id: 1})
        assert refused.value.extra == {"numbers": ["J1"]}
        assert calls.read(logged, day.dispatcher, day.region.id, DAY) == []
