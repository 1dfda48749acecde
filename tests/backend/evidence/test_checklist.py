"""What each kind of step accepts, and which steps are still missing."""

import pytest

from backend.errors import RejectedError
from backend.evidence.checklist import (
    Answer,
    answer_text,
    checked_answer,
    missing_required,
    number_text,
    step_named,
)
from tests.factories.doorstep import CHECKLIST

SHA = "a" * 64


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("power_off", True),
        ("pressure", 0.1),  # both bounds belong to the range
        ("pressure", 0.8),
        ("mount", "wall"),
        ("remark", ""),  # emptied again
        ("after", SHA),
    ],
)
def test_a_fitting_value_is_accepted(key: str, value: object) -> None:
    assert checked_answer(step_named(CHECKLIST, key), value) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("power_off", 1),
        ("power_off", "true"),
        ("pressure", True),  # a bool is an int in Python
        ("pressure", "0.5"),
        ("pressure", 0.09),
        ("pressure", 0.81),
        ("pressure", float("nan")),
        ("pressure", float("inf")),
        ("mount", "ceiling"),
        ("mount", None),
        ("remark", "a\x00b"),
        ("remark", "长" * 2001),
        ("after", "A" * 64),
        ("after", SHA[:63]),
        ("after", SHA + "\n"),
    ],
)
def test_a_value_of_another_kind_or_range_is_refused(key: str, value: object) -> None:
    with pytest.raises(RejectedError) as refused:
        checked_answer(step_named(CHECKLIST, key), value)
    assert refused.value.code == "bad_answer"
    assert refused.value.extra["step"] == key


def test_a_step_the_job_does_not_have_is_refused() -> None:
    with pytest.raises(RejectedError, match="no step"):
        step_named(CHECKLIST, "other")


def test_an_unticked_box_is_still_missing() -> None:
    assert missing_required(CHECKLIST, {}) == ["power_off", "pressure"]
    assert missing_required(CHECKLIST, {"power_off": False, "pressure": 0.4}) == ["power_off"]
    assert missing_required(CHECKLIST, {"power_off": True, "pressure": 0}) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (3.0, "3"),
        (-2.5, "-2.5"),
        (0.00001, "0.00001"),
        (1e-7, "1e-7"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_numbers_are_written_as_a_browser_prints_them(value: float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("key", "value", "chinese", "english"),
    [
        ("power_off", True, "是", "Yes"),
        ("power_off", False, "否", "No"),
        ("pressure", 0.5, "0.5 MPa", "0.5 MPa"),
        ("mount", "wall", "壁挂", "On the wall"),
        ("remark", "水压偏低", "水压偏低", "水压偏低"),
        ("after", SHA, SHA, SHA),
    ],
)
def test_answers_are_written_in_the_words_the_customer_reads(
    key: str, value: Answer, chinese: str, english: str
) -> None:
    step = step_named(CHECKLIST, key)
    assert (answer_text(step, value, "zh"), answer_text(step, value, "en")) == (chinese, english)
