"""What is asked about a day in trouble and what comes back: plain values that travel between processes.

Nothing here loads the database's libraries or the solver's.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from backend.booking.asked import Slot
from backend.scheduling.day import CurrentVisit, DayJob, RegionDay
from backend.scheduling.result import PlanResult


@dataclass(frozen=True, slots=True)
class AskRemedies:
    """What could be done about these jobs of a day: one in trouble, or all of somebody who is not there."""

    day: RegionDay
    job_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A job's new place in the day: who, when (UTC), and the way there."""

    job_id: uuid.UUID
    technician_id: uuid.UUID
    arrive_at: dt.datetime
    start_at: dt.datetime
    end_at: dt.datetime
    travel_s: int
    travel_m: int


@dataclass(frozen=True, slots=True)
class Left:
    """A job that finds no place, and why: {code, data}."""

    job_id: uuid.UUID
    reason: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way out.

    `code`: give (to one technician), spread (over several), leave (take it back). `price_fen` is what the day
    costs more than as it is; `promises_moved` counts announced visits that come at a noticeably other time.
    """

    code: str
    price_fen: int
    promises_moved: int
    changes: tuple[Change, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class Remedies:
    """Ways out, best first; none where the work has begun or nobody knows the place."""

    found: tuple[Remedy, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class AskWaysIn:
    """What would let in one job that nobody has."""

    day: RegionDay
    job_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class WayIn:
    """The smallest change of its kind that lets a job in, and what would then be done.

    `bend` is what gives way (see `routing.Bend`), `subject` whose or which, `amount` in its unit. A job that
    fits as it is has a way without a bend.
    """

    bend: str
    subject: str
    part: str
    amount: int
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class WaysIn:
    """Ways in, the smallest first; without any, `reason` {code, data} says why not."""

    found: tuple[WayIn, ...] = ()
    reason: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AskMerge:
    """A draft brought onto the day as it is now; `places` is where it has each job it decides about."""

    day: RegionDay
    places: dict[uuid.UUID, CurrentVisit]


@dataclass(frozen=True, slots=True)
class Merged:
    """The draft on the day as it is now."""

    result: PlanResult


@dataclass(frozen=True, slots=True)
class AskOpenings:
    """Where in `day` a job could go, wherever it is now: its start within one of the slots.

    With `technician_id` only with them, and then what each place would change for others.
    """

    day: RegionDay
    job: DayJob
    slots: tuple[Slot, ...]
    technician_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A place for a job: who, in which of the slots asked for, when (UTC) and what serving it there costs.

    `remedy` has the places of all that would change, the job's own among them, where one was asked about.
    """

    slot: Slot
    technician_id: uuid.UUID
    start_at: dt.datetime
    price_fen: int
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Openings:
    """The cheapest place of each technician in each slot; without any, `reason` {code, data} says why not."""

    found: tuple[Opening, ...] = ()
    reason: dict[str, Any] | None = None


Question = AskRemedies | AskWaysIn | AskMerge | AskOpenings


@dataclass(frozen=True, slots=True)
class NoRemedies:
    """It could not be worked out; the text is for the log."""

    detail: str
