"""What an insertion looks for and what it finds."""

from dataclasses import dataclass
from enum import Flag, auto

from routing.problem import FOREVER_S


class Waive(Flag):
    """Rules to look past when asking why nothing fits."""

    NOTHING = 0
    PARTS = auto()
    VENDOR_CAPACITY = auto()
    PROMISE_CAP = auto()
    ORDER = auto()


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in one route."""

    frame: int
    node: int
    position: int
    depot: int = -1
    """Node of a pick-up to insert first, or -1."""
    depot_position: int = -1


@dataclass(frozen=True, slots=True)
class Option:
    """One way to serve a visit: a seat for each of the crew, the one whose van supplies the parts first."""

    visit: int
    seats: tuple[Seat, ...]
    start_s: int
    cents: int
    """Marginal cost of serving it so, what leaving it out costs not counted."""
    slot: "Slot"
    """What the start was restricted to, and stays restricted to once it is in."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Restricts the start further than the visit's own windows."""

    start_s: int = 0
    end_s: int = FOREVER_S


ANY_SLOT = Slot()
