"""What vans can still give one visit more, read off all routes of a draft at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from routing.flat import Ints
from routing.problem import Visit

if TYPE_CHECKING:
    from routing.draft import Draft

NO_PICK_UP = (-1, 0)


class Vans:
    """The vans of a draft as it stands; a change of the draft needs another one."""

    def __init__(self, draft: Draft) -> None:
        self.flat, grid = draft.flat, draft.grid
        a, n = self.flat.arrays, self.flat.visits
        frame, position = np.nonzero(np.arange(grid.nodes.shape[1]) < grid.stops[:, None])
        node = grid.nodes[frame, position]
        at = np.flatnonzero(node >= 2 * n)
        self.trips: Ints = np.bincount(frame[at], minlength=len(grid.stops))
        """Pick-ups in each route."""
        self.last: Ints = np.zeros(len(grid.stops), dtype=np.int64)
        """Position of the last of them."""
        self.last[frame[at]] = position[at]
        begins = np.full(len(self.flat.problem.technicians), len(frame))
        np.minimum.at(begins, a.technician[frame[at]], at)
        is_before = np.arange(len(frame)) < begins[a.technician[frame]]
        self.first: Ints = np.append(frame, len(grid.stops))[begins]
        """Frame of each technician's first pick-up; beyond all frames without any."""
        self.left: Ints = self.flat.stocked.copy()
        """(technicians, parts): units on board that nothing before the first pick-up needs."""
        drawn = is_before & (node < 2 * n)
        frame, visit = frame[drawn], node[drawn] % max(n, 1)
        needy = self.flat.needs[visit].any(axis=1)
        frame, visit = frame[needy], visit[needy]
        if draft.linked:
            # A crew's parts are its leader's.
            served = zip(frame.tolist(), visit.tolist(), strict=True)
            leads = np.array([draft.seats.get(v, (f,))[0] == f for f, v in served], dtype=np.bool_)
            frame, visit = frame[leads], visit[leads]
        np.subtract.at(self.left, a.technician[frame], self.flat.needs[visit])

    def has_all(self, item: Visit, need: Ints, frames: Ints) -> npt.NDArray[np.bool_]:
        """Which frames' vans have parts and tools for the visit wherever it is put, for certain."""
        who = self.flat.arrays.technician[frames]
        has_parts: npt.NDArray[np.bool_] = np.all(self.left >= need, axis=1)[who]
        if self.never_short(item):
            has_parts |= self.first[who] < frames
        elif self.flat.problem.depots:
            has_parts &= self.first[who] >= len(self.trips)
        if not item.tools:
            return has_parts
        team = self.flat.problem.technicians
        has_parts &= np.array([item.tools <= them.tools for them in team], dtype=np.bool_)[who]
        return has_parts

    def never_short(self, item: Visit) -> bool:
        """Whether any pick-up has everything any visit needs, so that counting it out is not needed."""
        return all(d.stock is None and (d.tools is None or not item.tools) for d in self.flat.problem.depots)

    def detours(self, frames: Ints) -> tuple[Ints, Ints]:
        """For frames without what a visit needs: where depots never run out, ways to supply it on the road.

        Returns
        -------
        frames, ways : Ints
            A frame once for each way, shape (ways,); the pick-up to insert (or -1) and the first position
            the visit may then have, shape (ways, 2).
        """
        n, problem = self.flat.visits, self.flat.problem
        had = frames[self.trips[frames] > 0]
        most = np.array([technician.max_depot_trips for technician in problem.technicians], dtype=np.int64)
        who = self.flat.arrays.technician[frames]
        # A van that is short already would stay so for what comes before the pick-up.
        may = frames[(self.trips[frames] < most[who]) & np.all(self.left >= 0, axis=1)[who]]
        behind = np.column_stack((np.full(len(had), -1), self.last[had] + 1))
        stops = [
            np.column_stack((np.full(len(may), 2 * n + depot), np.zeros(len(may), dtype=np.int64)))
            for depot in range(len(problem.depots))
        ]
        return np.concatenate((had, *[may] * len(stops))), np.concatenate((behind, *stops))
