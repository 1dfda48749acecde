"""The plan: who drives where and when, what it costs, and why the rest is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Cost:
    """Cents by component; see :mod:`routing.problem` for what each one is."""

    travel: int = 0
    work: int = 0
    overtime: int = 0
    day_fees: int = 0
    vendors: int = 0
    lateness: int = 0
    moved: int = 0
    preference: int = 0
    fairness: int = 0
    unserved: int = 0

    @property
    def total(self) -> int:
        """The one number that is minimised."""
        return sum(getattr(self, part.name) for part in fields(self))

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(*(getattr(self, part.name) - getattr(other, part.name) for part in fields(self)))

    def as_dict(self) -> dict[str, int]:
        """Components by name, in their order."""
        return {part.name: getattr(self, part.name) for part in fields(self)}


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit, or a pick-up at a depot, within a route.

    Parameters
    ----------
    visit, depot : str, optional
        Exactly one of them.
    arrival_s, start_s, end_s : int
        On site, service begins, service ends.
    travel_s, distance_m : int
        Driving from the stop before (or from where the route starts), breaks on the way not counted.
    pick_up : mapping of part to units
        What is loaded, at a depot.
    is_lead : bool
        Whether this technician's van supplies the parts; of a crew exactly one does.
    """

    arrival_s: int
    start_s: int
    end_s: int
    visit: str | None = None
    depot: str | None = None
    travel_s: int = 0
    distance_m: int = 0
    pick_up: Mapping[str, int] = field(default_factory=dict)
    is_lead: bool = True

    @property
    def wait_s(self) -> int:
        """From arrival to the start of the service, breaks taken there included."""
        return self.start_s - self.arrival_s


@dataclass(frozen=True, slots=True)
class BreakTaken:
    """When one of the shift's breaks is taken."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Route:
    """What one technician does on one shift; a route without stops is left out of the plan.

    Parameters
    ----------
    technician : str
    shift : int
        Index into the technician's shifts.
    depart_s, return_s : int
        Leaves the start place, is back at the end place.
    stops : tuple of Stop
        In driving order.
    breaks : tuple of BreakTaken
        One for each break of the shift, in that order, also those before departure or after return.
    travel_s, distance_m : int
        Of the last leg, back to the end place.
    """

    technician: str
    shift: int
    depart_s: int
    return_s: int
    stops: tuple[Stop, ...]
    breaks: tuple[BreakTaken, ...] = ()
    travel_s: int = 0
    distance_m: int = 0

    @property
    def duration_s(self) -> int:
        """From departure to return."""
        return self.return_s - self.depart_s

    @property
    def visits(self) -> tuple[str, ...]:
        """Ids of the visits in driving order."""
        return tuple(stop.visit for stop in self.stops if stop.visit is not None)


class Reason(StrEnum):
    """Why a visit is left out; ``Unserved.data`` holds the figures."""

    NO_SKILL = "no_skill"
    """Nobody has the skill level (``skills``: skill to level)."""
    NO_CERTIFICATE = "no_certificate"
    """Nobody otherwise able holds the certificate (``certificates``)."""
    CERTIFICATE_EXPIRED = "certificate_expired"
    """Those who hold it: it runs out before their shift ends (``certificates``)."""
    NOBODY_ALLOWED = "nobody_allowed"
    """Tags, zone, tariffs, allowed, excluded and locked technicians leave too few (``crew_size``)."""
    NO_SHIFT = "no_shift"
    """Too few have a shift at all, or none of those able to do it can reach a window within theirs."""
    MISSING_PART = "missing_part"
    """No van or depot within reach has the parts (``parts``: part to units needed)."""
    VENDOR_FULL = "vendor_full"
    """Only vendors without free capacity could do it (``vendors``)."""
    ORDER = "order"
    """A visit it must follow is left out, or too late (``visits``)."""
    PROMISE_CAP = "promise_cap"
    """It would fit, moving one promise more than the run may (``max_moved``)."""
    TOO_DEAR = "too_dear"
    """It would fit, but costs more than leaving it out (``price_cents``, ``unserved_cents``)."""
    NO_ROOM = "no_room"
    """Everybody able to do it is full; see :func:`routing.explain` for what would make room."""
    NOT_LOOKED_INTO = "not_looked_into"
    """The time limit was up before the reason was found; :func:`routing.explain` finds it."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """A visit left out, with the reason as a code and figures, without text."""

    visit: str
    reason: Reason
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A full answer to a problem: each visit is in a route or in ``unserved``.

    Parameters
    ----------
    routes : tuple of Route
        At most one for each technician and shift, in the problem's order.
    unserved : tuple of Unserved
    cost : Cost
    """

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    cost: Cost

    def where(self, visit: str) -> tuple[tuple[Route, Stop], ...]:
        """Every route and stop that serves the visit; empty when it is left out."""
        return tuple((r, s) for r in self.routes for s in r.stops if s.visit == visit)
