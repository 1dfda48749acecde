"""What planning a day gives back: plain values, ready to be stored."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from backend.scheduling.day import RegionDay


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """One day to plan, how long, from which seed and by which engine ("auto" lets `routing` choose)."""

    day: RegionDay
    seconds: float
    seed: int = 1
    engine: str = "auto"


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit of a plan; `why` says what speaks for it, as codes and figures."""

    job_id: uuid.UUID
    technician_id: uuid.UUID
    seq: int
    arrive_at: dt.datetime
    start_at: dt.datetime
    end_at: dt.datetime
    travel_s: int
    travel_m: int
    is_fixed: bool = False
    why: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A job without a visit; `reason` is {code, data}."""

    job_id: uuid.UUID
    reason: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A checked plan. `cost` and `baseline` are fen by component with a `total`."""

    visits: tuple[PlannedVisit, ...]
    left_out: tuple[LeftOut, ...]
    cost: dict[str, int]
    baseline: dict[str, int]


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """The best plan so far; `served` counts the jobs that may be planned."""

    elapsed_s: float
    best_cost_fen: int
    served: int
    unserved: int


class PlanningError(Exception):
    """Planning ended without a plan; `code` is for machines, the text for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, self.detail)
