"""What past days teach, what little history does not, and that ranges learned so hold on other days."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from backend.cli import main
from backend.simulate.calibration import Calibration, calibrate
from backend.simulate.chance_days import play_days
from backend.tracking.course import Leg, approach_at, questions, waits
from backend.tracking.experience import (
    PRIOR_PROMISES,
    Experience,
    Phase,
    Ratio,
    cell_of,
    default_spread,
    learned_spread,
    quantile,
)
from backend.tracking.learning import learn

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


@pytest.fixture(scope="module")
def judged() -> Calibration:
    return calibrate(days=12, technicians=6, seed=3)


def test_about_eight_of_ten_ranges_hold_on_days_nothing_was_learned_from(judged: Calibration) -> None:
    assert 0.76 <= judged.overall.hit <= 0.84
    assert judged.overall.promises > 5_000


def test_no_horizon_is_badly_off(judged: Calibration) -> None:
    hits = {score.name: round(score.hit, 3) for score in judged.by_horizon}
    assert all(0.70 <= hit <= 0.90 for hit in hits.values()), hits
    widths = [score.width_min for score in judged.by_horizon]
    assert widths == sorted(widths)


def test_learning_is_worth_it(judged: Calibration) -> None:
    assert abs(judged.overall.hit - 0.8) < abs(judged.unlearned.hit - 0.8)
    assert abs(judged.overall.bias_min) < abs(judged.unlearned.bias_min)


def test_the_same_seed_plays_the_same_days() -> None:
    assert play_days(1, 2, seed=5) == play_days(1, 2, seed=5)
    assert play_days(1, 2, seed=5) != play_days(1, 2, seed=6)


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["arrivals", "calibrate", "--days", "3", "--technicians", "2", "--seed", "1"])
    told = capsys.readouterr().out
    assert status in {0, 1}  # so little history may miss; the table is printed all the same
    assert "Learned from 2 simulated days" in told
    assert told.count("\n| ") == 13


def test_what_was_learned_survives_being_stored() -> None:
    found = learn([course for day in play_days(2, 2, seed=1) for course in day])
    stored = json.loads(json.dumps(found.to_json()))
    again = Experience.from_json(found.visits, stored)
    assert again.cells == found.cells
    assert again.work.keys() == found.work.keys()
    assert again.travel.believed == pytest.approx(found.travel.believed, abs=1e-3)


def test_one_slow_visit_changes_little_and_a_hundred_change_much() -> None:
    assert Ratio(1, 2.0).believed < 1.1
    assert Ratio(100, 2.0).believed > 1.8


def test_thin_history_is_drawn_to_the_defaults() -> None:
    cell = cell_of(Phase.PLAN, minutes(45), 1)
    usual, late_s = default_spread(cell), 7_200.0
    assert learned_spread(cell, []) == usual
    once, often = learned_spread(cell, [late_s]), learned_spread(cell, [late_s] * 2_000)
    assert once.late_s - usual.late_s == pytest.approx((late_s - usual.late_s) / (PRIOR_PROMISES + 1))
    assert often.late_s == pytest.approx(late_s, rel=0.05)


def test_quantiles_make_room_for_the_next_one() -> None:
    assert quantile([1, 2, 3, 4], 0.5) == 3
    assert quantile(list(range(1, 10)), 0.9) == 9
    assert quantile(list(range(1, 10)), 0.1) == 1


def leg(arrive_in_min: float, **known: Any) -> Leg:
    planned = Leg("repair", NOON + minutes(arrive_in_min), minutes(60), minutes(20), 8_000)
    return replace(planned, **known)


def test_work_at_the_present_stop_counts_down_and_never_below_what_an_overrun_leaves() -> None:
    at_work = leg(-30, departed_at=NOON - minutes(50), arrived_at=NOON - minutes(30))
    assert waits([at_work], NOON, Experience()) == minutes(30)
    overdue = leg(-90, departed_at=NOON - minutes(110), arrived_at=NOON - minutes(90))
    assert waits([overdue], NOON, Experience()) == minutes(9)


def test_nobody_sets_out_for_the_next_stop_before_it_is_planned() -> None:
    """The visit at 13:00 is waited for although the technician is free at noon."""
    assert waits([leg(60)], NOON, Experience()) == minutes(120)


def test_slow_work_pushes_back_what_follows() -> None:
    slow = Experience(work={"repair": Ratio(10_000, 1.5)})
    assert waits([leg(0)], NOON, slow) > waits([leg(0)], NOON, Experience()) + minutes(29)


def test_the_past_is_seen_as_it_was_known_then() -> None:
    """Neither a later departure nor a position reported later is known before it happened."""
    first = leg(0, departed_at=NOON - minutes(20), arrived_at=NOON, completed_at=NOON + minutes(70))
    second = leg(90, departed_at=NOON + minutes(75), arrived_at=NOON + minutes(100))
    early = approach_at([first, second], 1, NOON + minutes(30), Experience())
    assert early is not None
    assert (early.stops_ahead, early.departed_at) == (1, None)
    under_way = approach_at([first, second], 1, NOON + minutes(80), Experience())
    assert under_way is not None
    assert (under_way.stops_ahead, under_way.departed_at) == (0, second.departed_at)
    assert approach_at([first, second], 1, NOON + minutes(100), Experience()) is None


def test_a_visit_that_never_happened_teaches_nothing() -> None:
    assert list(questions(leg(0))) == []
    assert learn([[leg(0)]]).visits == 1
    assert learn([[leg(0)]]).travel == Ratio()
