"""What the played phones make: snapshots, answers, stories, figures."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from backend.demo.catalogue import catalogue
from backend.evidence.canonical import digest
from backend.evidence.checklist import checked_answer
from backend.simulate.acceptance import sha256_of, snapshot, strokes, utc_text
from backend.simulate.story import Habits, story_of
from backend.simulate.tally import Tally, described, percentile

NOON = dt.datetime(2026, 11, 23, 4, 0, 0, 123_456, tzinfo=dt.UTC)
SHEET = {
    "id": "j",
    "number": "J1",
    "visit_id": "v",
    "customer": {"name": "王女士"},
    "place": {"address": "红庙北里"},
    "product": {"name": "空调"},
    "asset": None,
    "checklist": catalogue()["steps"],
    "price": {"labour_fen": 12_000, "currency": "CNY"},
}


@given(st.integers(0, 10_000))
def test_the_phones_hash_is_the_servers_hash(seed: int) -> None:
    habits = Habits(random.Random(seed))
    answers = {step["key"]: habits.answer(step) for step in catalogue()["steps"] if step["kind"] != "photo"}
    part = {"sku": "P", "name": "件", "qty": 2, "unit_price_fen": 150}
    shown = snapshot(SHEET, answers, [part], "陈建国", NOON)
    assert sha256_of(shown) == digest(shown)
    assert (shown["parts_fen"], shown["total_fen"]) == (300, 12_300)
    assert [each["key"] for each in shown["work"]] == list(answers)


@given(st.integers(0, 10_000))
def test_every_made_up_answer_is_acceptable(seed: int) -> None:
    habits = Habits(random.Random(seed))
    for step in catalogue()["steps"]:
        if step["kind"] != "photo":
            answer = habits.answer(step)
            assert checked_answer(step, answer) == answer


def test_a_signature_stays_on_the_pad() -> None:
    for stroke in strokes(random.Random(3)):
        assert all(0 <= point["x"] <= 1 and 0 <= point["y"] <= 1 for point in stroke)
        assert [point["t"] for point in stroke] == sorted(point["t"] for point in stroke)


def test_habits_come_again_with_the_seed() -> None:
    def told(habits: Habits) -> list[float]:
        return [habits.minutes(0, 10) for _ in range(20)] + [habits.stretch() for _ in range(20)]

    assert told(Habits.of("陈建国", 1)) == told(Habits.of("陈建国", 1))
    assert told(Habits.of("陈建国", 2)) != told(Habits.of("陈建国", 1)) != told(Habits.of("刘志强", 1))


def test_each_mishap_befalls_another_technician() -> None:
    days = {f"t{at}": [{"job_id": f"{at}-{n}"} for n in range(4)] for at in range(6)} | {"idle": []}
    story = story_of(days, seed=5)
    mishaps = [story.declined, story.no_shows, story.absent, story.offline]
    assert [len(each) for each in mishaps] == [1, 1, 1, 1]
    assert len({next(iter(each))[0] for each in mishaps}) == 4
    assert story == story_of(days, seed=5)


def test_a_small_stage_has_fewer_mishaps() -> None:
    story = story_of({"t": [{"job_id": "1"}]}, seed=5)
    assert sum(map(len, (story.declined, story.no_shows, story.absent, story.offline))) == 1


def test_percentiles_are_of_the_values_there_are() -> None:
    assert percentile([], 0.95) == 0
    assert percentile([3.0], 0.5) == 3
    assert percentile([float(each) for each in range(1, 101)], 0.95) == 95
    assert percentile([float(each) for each in range(1, 101)], 0.50) == 50


def test_the_summary_tells_what_happened() -> None:
    tally = Tally()
    tally.tell(NOON, "declined", "马超", "J1 (ill)")
    tally.tell(NOON, "signed", "马超", "J2")
    tally.replies.update(["accepted", "accepted", "duplicate"])
    tally.request("command", 200, 0.020)
    tally.request("command", 200, 0.040)
    told = tally.summary()
    assert told["happened"] == {"declined": 1, "signed": 1}
    assert told["latency_ms"]["command"] == {"count": 2, "p50": 20.0, "p95": 40.0, "max": 40.0}
    text = described(tally, ZoneInfo("Asia/Shanghai"))
    assert "2 accepted, 1 duplicate" in text
    assert "12:00 马超: declined J1 (ill)" in text
    assert "signed J2" not in text  # routine


def test_instants_have_milliseconds_and_z() -> None:
    assert utc_text(NOON) == "2026-11-23T04:00:00.123Z"
