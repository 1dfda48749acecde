"""The problem: who can work, what is to be done where and when, and what everything costs.

Times are integer seconds from midnight (local time) of the first day; distances are metres; money is
integer cents of one currency. Places are indices into the travel matrices. Nothing here searches.

What a plan costs
-----------------
Each component is an integer, rounded half up once per route (or per stop where it arises there):

===========  =======================================================================================
travel       metres of the route x technician ``cents_per_km`` / 1000
work         seconds from departure to return x ``cents_per_hour`` / 3600 (driving, working, waiting,
             breaks between departure and return)
overtime     seconds of the return after the shift's end x ``overtime_cents_per_hour`` / 3600, on top
             of ``work``
day_fees     ``day_fee_cents`` for each route with at least one stop
vendors      tariff of the vendor for the job type, for each visit by each of its technicians
lateness     for each visit started after ``due_s`` of the window it starts in:
             seconds late x ``late_cents_per_minute`` / 60 (once per visit, also for a crew)
moved        ``move_cents`` for each promise whose visit starts outside the promised window or not at all
preference   ``not_preferred_cents`` for each technician serving the visit that is not preferred
fairness     ``fairness_cents`` x (hours from departure to return) squared, per route of own technicians:
             for a given sum of work this prices its variance
unserved     ``unserved_cents`` for each visit left out, plus ``lock_drop_cents`` if it is locked, frozen
             or promised with a ban on moving
===========  =======================================================================================

How a sequence of stops gets its times is the engine's choice; :func:`routing.check` prices the times the
plan states. The engines here use one rule (:mod:`routing.kernel`): return as early as possible, then
depart as late as possible without a later return or more lateness.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .travel.matrix import DAY_S, Travel

FOREVER_S = 2**40


@dataclass(frozen=True, slots=True)
class Window:
    """A visit may start from ``start_s`` to ``end_s``, both included; after ``due_s`` it is late.

    Parameters
    ----------
    start_s, end_s : int
        Earliest and latest start of the service (not its end).
    due_s : int, optional
        From here on each minute costs ``late_cents_per_minute``; ``None`` is never late.
    late_cents_per_minute : int
        Price of a minute between ``due_s`` and the start.
    """

    start_s: int
    end_s: int
    due_s: int | None = None
    late_cents_per_minute: int = 0


ANY_TIME = Window(0, FOREVER_S)


@dataclass(frozen=True, slots=True)
class Break:
    """A rest starting between ``earliest_s`` and ``latest_s``, taken wherever the technician is then.

    It may lie between two services, interrupt driving, or fall before departure or after return, but
    never overlaps a service or a pick-up. A shift's breaks are taken in their order.
    """

    earliest_s: int
    latest_s: int
    duration_s: int


@dataclass(frozen=True, slots=True)
class Shift:
    """One stretch of work, the frame of at most one route.

    Parameters
    ----------
    start_s, end_s : int
        Departure not before ``start_s``; return after ``end_s`` is overtime.
    breaks : tuple of Break
        In the order they are taken.
    start_place, end_place : int, optional
        Instead of the technician's own, for this shift.
    """

    start_s: int
    end_s: int
    breaks: tuple[Break, ...] = ()
    start_place: int | None = None
    end_place: int | None = None

    @property
    def day(self) -> int:
        """The day of the horizon the shift starts on, from 0."""
        return self.start_s // DAY_S


@dataclass(frozen=True, slots=True)
class Technician:
    """Somebody who drives to customers.

    Parameters
    ----------
    id : str
    start_place, end_place : int
        Where each route starts and ends.
    shifts : tuple of Shift
        Ordered, not overlapping; on any day of the horizon.
    skills : mapping of skill to level
        A level counts for itself and every lower one.
    certificates : mapping of certificate to the second it expires, or None
        It counts for a shift if it lasts at least until the shift's (regular) end.
    tags, tools : frozenset of str
        A visit's tags and tools must be among them; tools can also come from a depot.
    zones : frozenset of str
        Zones worked in; empty is everywhere.
    van_stock : mapping of part to units
        On board before the first shift; used up over all shifts.
    service_percent : mapping of job type to percent
        Service time of this technician for the job type; 100 where it is missing. Rounded up to seconds.
    overtime_limit_s : int
        How long after a shift's end the return may be.
    vendor : str, optional
        The vendor they work for: a tariff is paid for each visit, and the job type must have one.
    max_depot_trips : int
        Pick-ups allowed in one route.
    profile : str
        Which travel matrices apply.
    """

    id: str
    start_place: int
    end_place: int
    shifts: tuple[Shift, ...]
    skills: Mapping[str, int] = field(default_factory=dict)
    certificates: Mapping[str, int | None] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    van_stock: Mapping[str, int] = field(default_factory=dict)
    service_percent: Mapping[str, int] = field(default_factory=dict)
    cents_per_hour: int = 0
    cents_per_km: int = 0
    day_fee_cents: int = 0
    overtime_limit_s: int = 0
    overtime_cents_per_hour: int = 0
    vendor: str | None = None
    max_depot_trips: int = 1
    profile: str = "car"


@dataclass(frozen=True, slots=True)
class Vendor:
    """A company whose technicians are paid by the visit.

    Parameters
    ----------
    tariff_cents : mapping of job type to cents
        A job type without an entry is not done by this vendor.
    daily_capacity : int, optional
        Most visits on one day over all its technicians (a visit counts on the day its shift starts).
    """

    id: str
    tariff_cents: Mapping[str, int] = field(default_factory=dict)
    daily_capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """What a dispatcher has fixed: who, when, both, or a range of time.

    Parameters
    ----------
    technicians : frozenset of str
        Who serves it, as many as the crew; empty leaves that open.
    earliest_s, latest_s : int, optional
        Range of the start; equal for a fixed time. Missing leaves that side open. Within the visit's
        windows still.
    """

    technicians: frozenset[str] = frozenset()
    earliest_s: int | None = None
    latest_s: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """An appointment confirmed to the customer: the start lies in ``[start_s, end_s]``.

    Parameters
    ----------
    move_cents : int or None
        Price of starting elsewhere or not at all; ``None`` forbids starting elsewhere.
    """

    start_s: int
    end_s: int
    move_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """Where the visit is in the plan now in force; binding before ``Problem.freeze_until_s``."""

    technicians: frozenset[str]
    start_s: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One piece of work at one place.

    Parameters
    ----------
    id : str
    place : int
        Index into the travel matrices.
    service_s : int
        Time on site for somebody with 100% service time.
    windows : tuple of Window
        Ordered, not overlapping; the start lies in one of them.
    release_s : int
        No start before this.
    job_type : str
        Key into tariffs and service times.
    skills : mapping of skill to lowest level
    certificates, tags, tools : frozenset of str
        All of them needed by everybody who serves the visit.
    zone : str, optional
    allowed, preferred, excluded : frozenset of str
        Technicians; an empty ``allowed`` or ``preferred`` is everybody.
    not_preferred_cents : int
        Price for each technician serving it who is not in ``preferred``.
    parts : mapping of part to units
        Used up from the van of the technician (of a crew: the one the plan names first).
    crew_size : int
        How many technicians start together; each must be allowed to do it and stays their own service
        time.
    unserved_cents : int
        Price of leaving it out.
    lock : Lock, optional
    promise : Promise, optional
    planned : Planned, optional
    """

    id: str
    place: int
    service_s: int
    windows: tuple[Window, ...] = (ANY_TIME,)
    release_s: int = 0
    job_type: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    certificates: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()
    zone: str | None = None
    allowed: frozenset[str] = frozenset()
    preferred: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    not_preferred_cents: int = 0
    parts: Mapping[str, int] = field(default_factory=dict)
    crew_size: int = 1
    unserved_cents: int = 1_000_000
    lock: Lock | None = None
    promise: Promise | None = None
    planned: Planned | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """``second`` starts at least ``min_gap_s`` after ``first`` has ended; without ``first`` it is left out.

    Parameters
    ----------
    is_same_technician : bool
        Both are served by the same technician (on whatever shift); of two crews everybody in the smaller one
        is in the larger one.
    """

    first: str
    second: str
    min_gap_s: int = 0
    is_same_technician: bool = False


@dataclass(frozen=True, slots=True)
class Depot:
    """Where parts and tools can be picked up; a pick-up is a stop in a route.

    Parameters
    ----------
    service_s : int
        Time one pick-up takes, whatever is loaded.
    stock : mapping of part to units, or None
        What can be taken over the horizon by everybody together; ``None`` is any part without limit.
    tools : frozenset of str, or None
        Tools whoever stops here has from then on, in this route; ``None`` is every tool.
    windows : tuple of Window
        When a pick-up may start (``due_s`` is not used).
    """

    id: str
    place: int
    service_s: int = 0
    stock: Mapping[str, int] | None = None
    tools: frozenset[str] | None = None
    windows: tuple[Window, ...] = (ANY_TIME,)


@dataclass(frozen=True)
class Problem:
    """Everything a plan is made from and judged by.

    Parameters
    ----------
    travel : mapping of profile to Travel
        All of the same size.
    technicians, visits, vendors, depots, relations : tuples
        Ids are unique within their kind.
    max_moved : int, optional
        Most promises whose visit may start outside the promised window. A promised visit left out does
        not count here, it pays ``move_cents`` and ``unserved_cents``.
    freeze_until_s : int
        Visits ``planned`` to start before this keep their technicians and start; no other visit starts
        before it.
    fairness_cents : int
        Per squared hour of a route of an own technician; 0 is off.
    lock_drop_cents : int
        Added when a locked, frozen or unmovably promised visit is left out.
    skills : frozenset of str, optional
        The known skills; a technician or visit naming another is an error. ``None`` takes any.

    Raises
    ------
    ProblemError
        Naming the first item that is wrong.
    """

    travel: Mapping[str, Travel]
    technicians: tuple[Technician, ...]
    visits: tuple[Visit, ...]
    vendors: tuple[Vendor, ...] = ()
    depots: tuple[Depot, ...] = ()
    relations: tuple[Relation, ...] = ()
    max_moved: int | None = None
    freeze_until_s: int = 0
    fairness_cents: int = 0
    lock_drop_cents: int = 100_000_000
    skills: frozenset[str] | None = None

    def __post_init__(self) -> None:
        from .validation import validate  # it needs the classes above

        validate(self)

    @cached_property
    def visit_index(self) -> dict[str, int]:
        """Position of each visit in ``visits``."""
        return {visit.id: index for index, visit in enumerate(self.visits)}

    @cached_property
    def technician_index(self) -> dict[str, int]:
        """Position of each technician in ``technicians``."""
        return {technician.id: index for index, technician in enumerate(self.technicians)}

    @cached_property
    def depot_index(self) -> dict[str, int]:
        """Position of each depot in ``depots``."""
        return {depot.id: index for index, depot in enumerate(self.depots)}

    @cached_property
    def vendor_by_id(self) -> dict[str, Vendor]:
        """Each vendor by its id."""
        return {vendor.id: vendor for vendor in self.vendors}

    @cached_property
    def frames(self) -> tuple[tuple[int, int], ...]:
        """Every possible route as (technician index, shift index), ordered; ids of the search's vehicles."""
        return tuple(
            (t, s) for t, technician in enumerate(self.technicians) for s in range(len(technician.shifts))
        )
