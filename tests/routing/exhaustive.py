"""The cheapest plan of a tiny problem by trying every one, from the definitions of `routing.problem` alone.

Everything lies on a grid of ten minutes: places, services, windows, shifts and rests. Every start on the grid
is tried for every visit with every technician (and pair), every start of the rest with each; the latest
departure and the earliest return around them follow. One shift each, at most one rest, no depots, even roads.
"""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise, product

from routing import Break, Problem, Technician, Visit

STEP = 600
IMPOSSIBLE = 10**12
Place = tuple[tuple[int, ...], int]
"""Who serves a visit (indices, the one whose van supplies the parts first), and when it starts."""
Job = tuple[int, int]
"""A visit's index and start."""


def optimum(given: Problem) -> int:
    """The least cost there is, in cents."""
    day = Day(given)
    return min(day.cost(choice) for choice in product(*(day.places(visit) for visit in given.visits)))


class Day:
    """One problem, with what has been worked out for it."""

    def __init__(self, given: Problem) -> None:
        self.given = given
        self.travel = given.travel["car"]
        self.route = cache(self._route)

    def places(self, visit: Visit) -> list[Place | None]:
        """Everywhere it could be, rules across visits aside; ``None`` is left out."""
        able = [index for index, who in enumerate(self.given.technicians) if self.may(who, visit)]
        crews = [
            (lead, *rest)
            for lead in able
            for rest in combinations([one for one in able if one != lead], visit.crew_size - 1)
        ]
        return [None, *((crew, start) for start in self.starts(visit) for crew in crews)]

    def may(self, who: Technician, visit: Visit) -> bool:
        """Whether it is somebody's to do."""
        vendor = next((v for v in self.given.vendors if v.id == who.vendor), None)
        return (
            all(who.skills.get(skill, 0) >= level for skill, level in visit.skills.items())
            and visit.tags <= who.tags
            and (visit.zone is None or not who.zones or visit.zone in who.zones)
            and (not visit.allowed or who.id in visit.allowed)
            and who.id not in visit.excluded
            and (visit.lock is None or not visit.lock.technicians or who.id in visit.lock.technicians)
            and (vendor is None or visit.job_type in vendor.tariff_cents)
        )

    def starts(self, visit: Visit) -> Iterator[int]:
        """Moments on the grid that windows, release, lock and an unmovable promise leave."""
        lock, promise = visit.lock, visit.promise
        for window in visit.windows:
            for start in range(window.start_s, window.end_s + 1, STEP):
                is_locked_out = lock is not None and not (
                    (lock.earliest_s is None or lock.earliest_s <= start)
                    and (lock.latest_s is None or start <= lock.latest_s)
                )
                is_broken = promise is not None and promise.move_cents is None and not self.kept(visit, start)
                if start >= visit.release_s and not is_locked_out and not is_broken:
                    yield start

    @staticmethod
    def kept(visit: Visit, start: int) -> bool:
        """Whether there is no promise, or it holds."""
        return visit.promise is None or visit.promise.start_s <= start <= visit.promise.end_s

    def cost(self, choice: tuple[Place | None, ...]) -> int:
        """What a whole plan costs; very much where it breaks a rule."""
        if not (self.in_order(choice) and self.within_capacity(choice) and self.supplied(choice)):
            return IMPOSSIBLE
        cents = sum(self.visit_cents(v, place) for v, place in zip(self.given.visits, choice, strict=True))
        for index in range(len(self.given.technicians)):
            jobs = [(start, v) for v, (crew, start) in self.served(choice) if index in crew]
            cents += self.route(index, tuple((v, start) for start, v in sorted(jobs)))
        return cents

    @staticmethod
    def served(choice: tuple[Place | None, ...]) -> list[tuple[int, Place]]:
        return [(number, place) for number, place in enumerate(choice) if place is not None]

    def visit_cents(self, visit: Visit, place: Place | None) -> int:
        """What does not depend on the rest of anybody's day."""
        moved = (visit.promise.move_cents or 0) if visit.promise is not None else 0
        if place is None:
            promise = visit.promise
            is_bound = visit.lock is not None or (promise is not None and promise.move_cents is None)
            return visit.unserved_cents + moved + (self.given.lock_drop_cents if is_bound else 0)
        cents = 0 if self.kept(visit, place[1]) else moved
        for who in (self.given.technicians[index] for index in place[0]):
            if visit.preferred and who.id not in visit.preferred:
                cents += visit.not_preferred_cents
            for vendor in self.given.vendors:
                cents += vendor.tariff_cents[visit.job_type] if who.vendor == vendor.id else 0
        return cents

    def in_order(self, choice: tuple[Place | None, ...]) -> bool:
        """Relations between visits, and no more promises moved than may be."""
        number = {visit.id: index for index, visit in enumerate(self.given.visits)}
        for relation in self.given.relations:
            first, second = choice[number[relation.first]], choice[number[relation.second]]
            if second is None:
                continue
            if first is None:
                return False
            visit = self.given.visits[number[relation.first]]
            end = first[1] + max(self.service(self.given.technicians[who], visit) for who in first[0])
            if second[1] < end + relation.min_gap_s:
                return False
            one, other = set(first[0]), set(second[0])
            if relation.is_same_technician and not (one <= other or other <= one):
                return False
        moved = sum(not self.kept(self.given.visits[v], start) for v, (_, start) in self.served(choice))
        return self.given.max_moved is None or moved <= self.given.max_moved

    def within_capacity(self, choice: tuple[Place | None, ...]) -> bool:
        """Each vendor's visits on the one day."""
        crews = [self.given.technicians[who].vendor for _, (crew, _) in self.served(choice) for who in crew]
        return all(
            vendor.daily_capacity is None or crews.count(vendor.id) <= vendor.daily_capacity
            for vendor in self.given.vendors
        )

    def supplied(self, choice: tuple[Place | None, ...]) -> bool:
        """Each van has the parts of all it leads."""
        for index, who in enumerate(self.given.technicians):
            led = [self.given.visits[v] for v, (crew, _) in self.served(choice) if crew[0] == index]
            for part in {part for visit in led for part in visit.parts}:
                if sum(visit.parts.get(part, 0) for visit in led) > who.van_stock.get(part, 0):
                    return False
        return True

    @staticmethod
    def service(who: Technician, visit: Visit) -> int:
        return -(-visit.service_s * who.service_percent.get(visit.job_type, 100) // 100)

    def _route(self, index: int, jobs: tuple[Job, ...]) -> int:
        """The cheapest departure, return and rest around visits with given starts."""
        who = self.given.technicians[index]
        if not jobs:
            return 0
        places = [who.start_place, *(self.given.visits[v].place for v, _ in jobs), who.end_place]
        metres = sum(int(self.travel.distances_m[leg]) for leg in pairwise(places))
        fixed = (2 * metres * who.cents_per_km + 1000) // 2000 + who.day_fee_cents
        rests = who.shifts[0].breaks
        moments = range(rests[0].earliest_s, rests[0].latest_s + 1, STEP) if rests else [None]
        return min(fixed + self._timed(who, jobs, places, rest) for rest in moments)

    def _timed(self, who: Technician, jobs: tuple[Job, ...], places: list[int], rest: int | None) -> int:
        """Working time and overtime with the rest at one moment."""
        [shift] = who.shifts
        taken = (0, 0) if rest is None else (rest, rest + _only(shift.breaks).duration_s)
        spans = [(start, start + self.service(who, self.given.visits[v])) for v, start in jobs]
        if any(min(taken[1], end) > max(taken[0], start) for start, end in spans):
            return IMPOSSIBLE
        ways = [int(self.travel.durations_s[leg]) for leg in pairwise(places)]
        for way, (_, leave), (arrive, _) in zip(ways[1:], spans, spans[1:], strict=False):
            if arrive - leave - max(0, min(taken[1], arrive) - max(taken[0], leave)) < way:
                return IMPOSSIBLE
        depart, back = _before(spans[0][0], ways[0], taken), _after(spans[-1][1], ways[-1], taken)
        if depart < shift.start_s or back > shift.end_s + who.overtime_limit_s:
            return IMPOSSIBLE
        squares = 0 if who.vendor else self.given.fairness_cents * (back - depart) ** 2
        late = max(0, back - shift.end_s)
        return (
            (2 * (back - depart) * who.cents_per_hour + 3600) // 7200
            + (2 * late * who.overtime_cents_per_hour + 3600) // 7200
            + (2 * squares + 3600**2) // (2 * 3600**2)
        )


def _only(breaks: tuple[Break, ...]) -> Break:
    [rest] = breaks
    return rest


def _before(arrive: int, way: int, taken: tuple[int, int]) -> int:
    """Latest departure to be there in time, the rest before it or on the way."""
    depart = arrive - way
    return depart - (taken[1] - taken[0]) if depart < taken[1] <= arrive else depart


def _after(leave: int, way: int, taken: tuple[int, int]) -> int:
    """Earliest return, the rest after it or on the way."""
    back = leave + way
    return back + taken[1] - taken[0] if leave <= taken[0] < back else back
