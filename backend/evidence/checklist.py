"""What a checklist step accepts and when it counts as answered: pure rules over a job's checklist items."""

import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from backend.errors import RejectedError

Step = Mapping[str, Any]
Answer = bool | int | float | str

MAX_TEXT = 2000
MAX_READING = 1e9
SMALLEST_PLAIN = 1e-6
_TICKS = {"zh": ("否", "是"), "en": ("No", "Yes")}
SHA256 = re.compile(r"[0-9a-f]{64}")


class BadAnswerError(RejectedError):
    """The step does not accept this value."""

    code = "bad_answer"


def step_named(checklist: Iterable[Step], key: str) -> Step:
    """The step with this key; raises RejectedError `unknown_step`."""
    for step in checklist:
        if step["key"] == key:
            return step
    raise RejectedError(f"The job has no step {key!r}.", code="unknown_step", step=key)


def checked_answer(step: Step, value: object) -> Answer:
    """`value` when the step's kind, bounds and choices accept it; raises BadAnswerError."""
    return _CHECKS[step["kind"]](step, value)


def is_answered(step: Step, answers: Mapping[str, Any]) -> bool:
    """A box left unticked and an emptied text are no answers."""
    value = answers.get(step["key"])
    return value is not None and value is not False and value != ""


def missing_required(checklist: Iterable[Step], answers: Mapping[str, Any]) -> list[str]:
    """Keys of required steps without an answer, in checklist order."""
    return [step["key"] for step in checklist if step.get("required") and not is_answered(step, answers)]


def answer_text(step: Step, value: Answer, language: str) -> str:
    """A value as the customer reads and signs it: words in the language, readings with their unit."""
    if step["kind"] == "check":
        return _TICKS[language][bool(value)]
    if step["kind"] == "reading" and isinstance(value, int | float):
        unit = step.get("unit")
        return f"{number_text(value)} {unit}" if unit else number_text(value)
    for choice in step.get("choices") or ():
        if choice["value"] == value:
            return str(choice.get(language) or choice["zh"])
    return str(value)


def number_text(value: float) -> str:
    """A number exactly as a browser prints it."""
    if float(value).is_integer():
        return str(int(value))
    if abs(value) < SMALLEST_PLAIN:
        return repr(value).replace("e-0", "e-")
    return format(Decimal(repr(value)), "f")


def _refused(step: Step, because: str, **extra: Any) -> BadAnswerError:
    return BadAnswerError(f"Step {step['key']!r} {because}.", step=step["key"], **extra)


def _check_tick(step: Step, value: object) -> bool:
    if not isinstance(value, bool):
        raise _refused(step, "takes true or false")
    return value


def _check_reading(step: Step, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _refused(step, "takes a number")
    low, high = step.get("min"), step.get("max")
    if abs(value) > MAX_READING or (low is not None and value < low) or (high is not None and value > high):
        raise _refused(step, "takes a number within its range", min=low, max=high)
    return value


def _check_text(step: Step, value: object) -> str:
    if not isinstance(value, str) or "\x00" in value or len(value) > MAX_TEXT:
        raise _refused(step, f"takes a text of at most {MAX_TEXT} characters")
    return value


def _check_choice(step: Step, value: object) -> str:
    values = [choice["value"] for choice in step.get("choices") or ()]
    if not isinstance(value, str) or value not in values:
        raise _refused(step, "takes one of its choices", choices=values)
    return value


def _check_photo(step: Step, value: object) -> str:
    if not isinstance(value, str) or not SHA256.fullmatch(value):
        raise _refused(step, "takes the SHA-256 of a photo")
    return value


_CHECKS = {
    "check": _check_tick,
    "reading": _check_reading,
    "text": _check_text,
    "choice": _check_choice,
    "photo": _check_photo,
}
