"""What each kind of step accepts, and which steps are still missing."""

import pytest

from backend.errors import RejectedError
from backend.evidence.checklist import Answer, answer_text, checked_answer, missing_required, step_named
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
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (3.0, "3"),
        (0.25, "0.25"),
        (1e-3, "0.001"),
        ("wall", "wall"),
    ],
)
def test_numbers_are_written_as_a_browser_prints_them(value: Answer, text: str) -> None:
    assert answer_text(value) == text
