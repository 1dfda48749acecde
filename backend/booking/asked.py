"""What is asked of the plan in force and what it answers: plain values that travel to the desk's process.

Nothing here loads the database's libraries or the solver's.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from backend.scheduling.day import LatLng, RegionDay


@dataclass(frozen=True, slots=True)
class Wish:
    """A job somebody wants an appointment for. `is_urgent` may use what is kept back for emergencies."""

    job_id: uuid.UUID
    at: LatLng
    duration_s: int
    category: str
    job_type: str
    skill: str
    level: int
    certificate: str | None
    parts: tuple[tuple[str, int], ...] = ()
    unserved_fen: int = 0
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A window a customer may choose: the technician begins within it (UTC)."""

    start_at: dt.datetime
    end_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DayAsked:
    """A region's day as of `stamp`, and the windows asked for.

    `day` comes along only when the desk does not know this stamp yet. `reserve_percent` of what the day's
    technicians can do is kept back.
    """

    region_id: uuid.UUID
    date: dt.date
    stamp: str
    slots: tuple[Slot, ...]
    reserve_percent: int = 0
    day: RegionDay | None = None


@dataclass(frozen=True, slots=True)
class AskOffers:
    """Which of these windows can be kept."""

    wish: Wish
    days: tuple[DayAsked, ...]


@dataclass(frozen=True, slots=True)
class AskPlace:
    """Where in the day the wish would go, for its one window."""

    wish: Wish
    day: DayAsked


@dataclass(frozen=True, slots=True)
class Offer:
    """A window that can be kept, and what it adds to the cost of its day."""

    slot: Slot
    price_fen: int


@dataclass(frozen=True, slots=True)
class NoOffer:
    """Why a day has no window: {code, data} as `routing` names reasons, `reserved`, or `no_slot`."""

    date: dt.date
    code: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offers:
    """Every window that can be kept, by time, and a reason for each day without one."""

    offers: tuple[Offer, ...]
    refusals: tuple[NoOffer, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A visit's place in the day: who, when (UTC), and the way there."""

    technician_id: uuid.UUID
    arrive_at: dt.datetime
    start_at: dt.datetime
    end_at: dt.datetime
    travel_s: int
    travel_m: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the wish goes, and the visits in force whose times give way (within what was promised)."""

    seat: Seat
    price_fen: int
    moved: tuple[tuple[uuid.UUID, Seat], ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The desk does not know these days as of their stamps; ask again and bring them along."""

    dates: tuple[dt.date, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The desk could not work it out; the text is for the log."""

    detail: str


Question = AskOffers | AskPlace
Answer = Offers | Placement | NoOffer | Unknown | Failed
