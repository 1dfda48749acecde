"""The cheapest place for one visit in a draft, every rule respected, nothing else changed but waiting."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from routing.crews import Crew
from routing.draft import Draft
from routing.flat import Ints
from routing.option import ANY_SLOT, Option, Seat, Slot, Waive
from routing.order import leaders_first
from routing.problem import FOREVER_S, Visit
from routing.scan import NO_COST, Places, empty_places, scan
from routing.vans import NO_PICK_UP

__all__ = ["ANY_SLOT", "Option", "Search", "Seat", "Slot", "Waive", "apply", "fill"]


class Search:
    """Looks for places of one visit in one draft; reusable over many slots while the draft stays as it is."""

    def __init__(self, draft: Draft, visit: int, waive: Waive = Waive.NOTHING, *, leads: bool = True) -> None:
        self.draft, self.flat = draft, draft.flat
        self.visit, self.waive = visit, waive
        self.item: Visit = draft.problem.visits[visit]
        self._after, self._before = self._partners()
        self._supply: dict[int, list[tuple[int, int]]] = {}
        self._follows = -1 if leads else visit
        self.between: Mapping[int, tuple[int, int]] = {}
        """First and last position looked at, by frame; everywhere in those missing."""
        self._needs_supply = bool((self.item.parts and leads) or self.item.tools)
        self.frames = self._frames()

    def _partners(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Visits it follows and visits that follow it, each with the gap between."""
        problem = self.draft.problem
        index = problem.visit_index
        after = [(index[r.first], r.min_gap_s) for r in problem.relations if r.second == self.item.id]
        before = [(index[r.second], r.min_gap_s) for r in problem.relations if r.first == self.item.id]
        return after, before

    def _frames(self) -> Ints:
        """Frames whose technician may serve it, as far as people and vendors go."""
        frames = np.flatnonzero(self.flat.arrays.able[self.visit])
        problem = self.draft.problem
        if problem.vendors and Waive.VENDOR_CAPACITY not in self.waive:
            frames = frames[~self.draft.full_frames()[frames]]
        allowed, self.required = self._together()
        if allowed is not None:
            frames = np.array([f for f in frames if problem.frames[f][0] in allowed], dtype=np.int64)
        return frames.astype(np.int64)

    def _together(self) -> tuple[set[int] | None, set[int]]:
        """What "same technician" relations ask for: who may come (``None`` is anybody), and who has to."""
        problem, allowed, required = self.draft.problem, None, set[int]()
        for relation in problem.relations:
            if not relation.is_same_technician or self.item.id not in (relation.first, relation.second):
                continue
            other = relation.second if relation.first == self.item.id else relation.first
            who = self.draft.technicians(problem.visit_index[other])
            if who and len(who) < self.item.crew_size:
                required |= who
            elif who:
                allowed = who if allowed is None else allowed & who
        return allowed, required

    def as_follower(self) -> "Search":
        """The same search for those of a crew who bring no parts."""
        return Search(self.draft, self.visit, self.waive, leads=False)

    def options(self, slot: Slot = ANY_SLOT) -> list[Option]:
        """The best option in each frame (single visits) or the best few (crews), cheapest first."""
        found: list[Option] = []
        for node in self._nodes():
            if self.item.crew_size == 1:
                found.extend(self._single(node, slot))
            else:
                found.extend(Crew(self, node).options(slot))
        return sorted(found, key=_rank)

    def best(self, slot: Slot = ANY_SLOT) -> Option | None:
        """The cheapest option."""
        return self.best_each([slot])[0]

    def best_each(self, slots: Sequence[Slot]) -> list[Option | None]:
        """The cheapest option within each slot."""
        if self.item.crew_size > 1:
            return [next(iter(self.options(slot)), None) for slot in slots]
        made = [
            (number, *self.wishes(node, slot, number))
            for node in self._nodes()
            for number, slot in enumerate(slots)
        ]
        frames = np.concatenate([frames for _, frames, _ in made])
        wishes = np.concatenate([wishes for _, _, wishes in made])
        order = np.argsort(frames, kind="stable")
        frames, wishes = frames[order], wishes[order]
        out = self.scanned(frames, wishes, groups=len(slots))
        found: list[Option | None] = [None] * len(slots)
        for k in np.lexsort((frames, out.begin, out.delta)):
            number = int(wishes[k, 6])
            if out.delta[k] < NO_COST and found[number] is None:
                found[number] = self._option(out, int(k), int(frames[k]), wishes[k], slots[number])
        return found

    def _nodes(self) -> Iterator[int]:
        """The visit with its promise kept and, where the run may still move one, with it set aside."""
        yield self.visit
        promise, cap = self.item.promise, self.draft.problem.max_moved
        if promise is None or promise.move_cents is None:
            return
        if cap is None or Waive.PROMISE_CAP in self.waive or self.draft.moved() < cap:
            yield self.visit + self.flat.visits

    def _bounds(self, slot: Slot) -> tuple[int, int] | None:
        """Earliest start and latest end that relations and the slot leave."""
        low, latest_end = slot.start_s, FOREVER_S
        if Waive.ORDER in self.waive:
            return low, latest_end
        for other, gap in self._after:
            if other not in self.draft.seats:
                return None
            low = max(low, self.draft.end_s(other) + gap)
        for other, gap in self._before:
            if other in self.draft.seats:
                latest_end = min(latest_end, self.draft.start_s(other) - gap)
        return low, latest_end

    def wishes(self, node: int, slot: Slot, group: int = -1) -> tuple[Ints, Ints]:
        """Frames and what to try in each; a frame appears once for each way to supply it."""
        bounds = self._bounds(slot)
        if bounds is None:
            return np.zeros(0, dtype=np.int64), np.zeros((0, 7), dtype=np.int64)
        low, latest_end = bounds
        frames = self._open(node, low, slot.end_s)
        frames, depots = self._supplied(frames)
        wishes = np.empty((len(frames), 7), dtype=np.int64)
        wishes[:, 0], wishes[:, 1], wishes[:, 2], wishes[:, 3:5] = node, low, slot.end_s, depots
        wishes[:, 5], wishes[:, 6] = self.draft.grid.stops[frames], group
        for row, frame in enumerate(frames if self.between else ()):
            first, last = self.between.get(int(frame), (0, wishes[row, 5]))
            wishes[row, 4], wishes[row, 5] = max(wishes[row, 4], first), last
        if latest_end < FOREVER_S:
            services = np.array([self.flat.service_s(node, int(frame)) for frame in frames], dtype=np.int64)
            wishes[:, 2] = np.minimum(slot.end_s, latest_end - services)
        return frames, wishes

    def _open(self, node: int, low: int, high: int) -> Ints:
        """Frames at work within some window of the node."""
        a = self.flat.arrays
        start, limit = a.start[self.frames], a.limit[self.frames]
        is_open = np.zeros(len(self.frames), dtype=np.bool_)
        for w in range(int(a.w_ptr[node]), int(a.w_ptr[node + 1])):
            first, last = max(int(a.w_start[w]), low), min(int(a.w_end[w]), high)
            if first <= last:
                is_open |= (start <= last) & (limit >= first)
        return self.frames[is_open]

    def _supplied(self, frames: Ints) -> tuple[Ints, Ints]:
        """Frames that can have the parts and tools, and for each its pick-up (or -1) and first position."""
        if not self._needs_supply or Waive.PARTS in self.waive:
            return frames, np.tile(NO_PICK_UP, (len(frames), 1))
        vans, need = self.draft.vans(), self.flat.needs[self.visit]
        has_all = vans.has_all(self.item, need * (self._follows < 0), frames)
        plain, rest = frames[has_all], frames[~has_all]
        if not self.draft.problem.depots:
            return plain, np.tile(NO_PICK_UP, (len(plain), 1))
        if vans.never_short(self.item):
            others, ways = vans.detours(rest)
        else:
            others, ways = self._counted_out(rest)
        ways = np.concatenate((np.tile(NO_PICK_UP, (len(plain), 1)), ways))
        found = np.concatenate((plain, others))
        order = np.argsort(found, kind="stable")
        return found[order], ways[order]

    def _counted_out(self, frames: Ints) -> tuple[Ints, Ints]:
        """Frames and ways to supply them as :meth:`routing.vans.Vans.detours` has them, each worked out."""
        ways = [(frame, *way) for frame in frames.tolist() for way in self._supplies(frame)]
        table = np.array(ways, dtype=np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1:]

    def _supplies(self, frame: int) -> list[tuple[int, int]]:
        """Where the van lacks something, ways to have it: (pick-up or -1, first position allowed)."""
        if frame not in self._supply:
            self._supply[frame] = list(self._find_supplies(frame))
        return self._supply[frame]

    def _find_supplies(self, frame: int) -> Iterator[tuple[int, int]]:
        draft = self.draft
        technician, _ = draft.problem.frames[frame]
        who = draft.problem.technicians[technician]
        nodes = draft.nodes(frame)
        if draft.supplies(technician, {frame: [self.visit, *nodes]}, self._follows):
            yield -1, 0
            return
        depots = [position for position, node in enumerate(nodes) if self.flat.depot_of(node) >= 0]
        if depots and draft.supplies(technician, {frame: [*nodes, self.visit]}, self._follows):
            yield -1, depots[-1] + 1
        # A van that is short already would stay so for what comes before the pick-up.
        if len(depots) < who.max_depot_trips and draft.supplies(technician, {}):
            for depot in range(len(draft.problem.depots)):
                stop = 2 * self.flat.visits + depot
                if draft.supplies(technician, {frame: [stop, self.visit, *nodes]}, self._follows):
                    yield stop, 0

    def scanned(self, frames: Ints, wishes: Ints, groups: int = 0) -> Places:
        draft = self.draft
        out, best = empty_places(len(frames)), np.full(groups, NO_COST, dtype=np.int64)
        scan(self.flat.arrays, draft.grid, frames, wishes, best, draft.buffer, draft.slots, draft.base, out)
        return out

    def _single(self, node: int, slot: Slot) -> Iterator[Option]:
        frames, wishes = self.wishes(node, slot)
        out = self.scanned(frames, wishes)
        for k in np.flatnonzero(out.delta < NO_COST):
            yield self._option(out, int(k), int(frames[k]), wishes[k], slot)

    def _option(self, out: Places, k: int, frame: int, wish: Ints, slot: Slot) -> Option:
        seat = self._seat(out, k, frame, wish)
        return Option(self.visit, (seat,), int(out.begin[k]), int(out.delta[k]), slot)

    def _seat(self, out: Places, k: int, frame: int, wish: Ints) -> Seat:
        return Seat(frame, int(wish[0]), int(out.position[k]), int(wish[3]), int(out.depot_position[k]))

    def seats_at(self, node: int, slot: Slot) -> list[tuple[int, Seat]]:
        frames, wishes = self.wishes(node, slot)
        out = self.scanned(frames, wishes)
        return [
            (int(out.delta[k]), self._seat(out, int(k), int(frames[k]), wishes[k]))
            for k in np.flatnonzero(out.delta < NO_COST)
        ]


def _rank(option: Option) -> tuple[int, int, int]:
    """Cheapest first, then earliest, then in the problem's order."""
    return option.cents, option.start_s, option.seats[0].frame


def apply(draft: Draft, option: Option) -> None:
    """Put the visit in as the option says."""
    draft.seats[option.visit] = tuple(seat.frame for seat in option.seats)
    is_linked = option.visit in draft.linked
    bounds = (option.start_s, option.start_s) if is_linked else (option.slot.start_s, option.slot.end_s)
    for seat in option.seats:
        nodes = draft.nodes(seat.frame)
        nodes.insert(seat.position, seat.node)
        if seat.depot >= 0:
            nodes.insert(seat.depot_position, seat.depot)
        if not draft.set_route(seat.frame, nodes, {option.visit: bounds}):
            raise AssertionError("an option just found cannot be applied")


def fill(draft: Draft, visits: Sequence[int]) -> list[int]:
    """Insert visits one after another where that is cheaper than leaving them out; those left.

    Order: what must come first before what follows it, then dearest to leave out first.
    """
    left = []
    dearest_first = sorted(visits, key=lambda visit: (-int(draft.flat.drop[visit]), visit))
    for visit in leaders_first(draft.problem, dearest_first):
        option = Search(draft, visit).best()
        if option is None or option.cents >= int(draft.flat.drop[visit]):
            left.append(visit)
        else:
            apply(draft, option)
    return left
