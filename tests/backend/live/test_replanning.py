"""Which way out is taken without asking anybody, and which limit stands in the way."""

import datetime as dt
import uuid

import pytest

from backend.auth.actor import system_actor
from backend.live.asked import Change, Remedy
from backend.live.exceptions import Kind
from backend.live.replanning import Case, choose

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
