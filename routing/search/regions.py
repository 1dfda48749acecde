"""Large days in overlapping regions: neighbouring technicians with their visits, searched side by side.

Every round cuts the day anew along other lines, so that the seams of one round lie in the midst of the next
one's regions (after Taillard and Voss, "POPMUSIC", *Essays and Surveys in Metaheuristics*, 2002). There are
no coordinates in a problem; who is near whom is read off driving times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from routing.draft import Draft
from routing.search.arrays import Int64
from routing.search.lowering import Scope

VISITS = 350
"""About so many visits make a region."""
CHOICE = 3
"""A visit left out goes with one of so many nearest technicians who may serve it."""


def regions(draft: Draft, seed: int) -> list[Scope]:
    """Scopes that share nothing: technicians near each other, their visits, and some of those left out."""
    dice = np.random.default_rng(seed)
    flat = draft.flat
    who = flat.arrays.technician
    left_out = np.array([v for v in draft.unserved if v not in draft.linked], np.int64)
    taker = _takers(draft, left_out, dice, choice=1 if len(draft.seats) == 0 else CHOICE)
    load = np.bincount(taker[taker >= 0], minlength=len(flat.problem.technicians)).astype(np.float64)
    np.add.at(load, who, draft.grid.stops)
    places = _places(draft)
    near = flat.arrays.durations[0][np.ix_(places, places)]
    served: dict[int, list[int]] = {}
    for visit, frames in draft.seats.items():
        if visit not in draft.linked:
            served.setdefault(int(who[frames[0]]), []).append(visit)
    teams = list(_cut(np.unique(who), load, near, dice))
    frames = [np.flatnonzero(np.isin(who, team)) for team in teams]
    found = []
    for team, theirs, room in zip(teams, frames, _rooms(draft, frames, dice), strict=True):
        visits = [visit for technician in team.tolist() for visit in served.get(technician, ())]
        visits += left_out[np.isin(taker, team)].tolist()
        found.append(Scope(np.array(sorted(visits), np.int64), theirs, room))
    return found


def _rooms(
    draft: Draft, frames: Sequence[Int64], dice: np.random.Generator
) -> list[dict[tuple[str, int], int]]:
    """Shares of what vendors can still take, for each region where they have somebody."""
    regions_of: dict[tuple[str, int], set[int]] = {}
    for region, theirs in enumerate(frames):
        for frame in theirs.tolist():
            if (key := draft.vendor_day(frame)) is not None:
                regions_of.setdefault(key, set()).add(region)
    shares: list[dict[tuple[str, int], int]] = [{} for _ in frames]
    for key, room in draft.vendor_room().items():
        takers = dice.permutation(sorted(regions_of[key])).tolist()
        for place, region in enumerate(takers):
            shares[region][key] = (room + place) // len(takers)
    return shares


def _places(draft: Draft) -> Int64:
    """Where each technician is, more or less: at the middle stop of a route; idle, where shifts start."""
    a, grid = draft.flat.arrays, draft.grid
    middle = grid.nodes[np.arange(len(grid.stops)), grid.stops // 2]
    place = np.where(grid.stops > 0, a.place[middle], a.from_place)
    places = np.zeros(len(draft.problem.technicians), np.int64)
    for frame in np.argsort(grid.stops, kind="stable").tolist():
        places[a.technician[frame]] = place[frame]
    return places


def _takers(draft: Draft, visits: Int64, dice: np.random.Generator, choice: int) -> Int64:
    """For each visit one of the nearest technicians who may serve it, -1 without any."""
    a = draft.flat.arrays
    takers = np.full(len(visits), -1, np.int64)
    for row, visit in enumerate(visits.tolist()):
        able = np.flatnonzero(a.able[visit])
        if len(able) == 0:
            continue
        drive = a.durations[0][a.place[visit], a.from_place[able]]
        nearest = np.argpartition(drive, min(choice, len(able)) - 1)[:choice]
        takers[row] = a.technician[able[dice.choice(nearest)]]
    return takers


def _cut(
    team: Int64, load: npt.NDArray[np.float64], near: npt.NDArray[np.int32], dice: np.random.Generator
) -> Iterator[Int64]:
    """Halve a team between two distant members until each part has few enough visits."""
    if load[team].sum() <= VISITS or len(team) == 1:
        yield team
        return
    one = dice.choice(team)
    other = team[np.argmax(near[one, team])]
    one = team[np.argmax(near[other, team])] if dice.random() < 0.5 else one
    order = team[np.argsort(near[one, team] - near[other, team].astype(np.int64), kind="stable")]
    share = np.cumsum(load[order])
    half = int(np.clip(np.searchsorted(share, share[-1] / 2), 1, len(order) - 1))
    yield from _cut(order[:half], load, near, dice)
    yield from _cut(order[half:], load, near, dice)
