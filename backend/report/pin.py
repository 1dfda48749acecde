"""A map to put a pin on: known places and a grid, drawn here, so that no other server learns who lives where.

It is a picture that sends where it was tapped, as every browser does without a script. All coordinates are
WGS-84, as are those of the places drawn.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from backend.geocoding.datum import Point, distance_m
from backend.geocoding.gazetteer import Community

SIZE_PX = 320
# What the map shows from edge to edge.
SPANS_M = (300, 600, 1_200, 2_500, 5_000, 10_000, 25_000, 60_000)
FIRST_SPAN = 2
METRES_PER_DEGREE = 111_320.0
STEP = 0.1
MOVES = {"north": (0, -1), "south": (0, 1), "west": (-1, 0), "east": (1, 0)}
MOST_NAMES = 9
LETTER_PX, LINE_PX = 12, 16
NEAR_M = 3_000
# Poles and the date line: maps of somebody's street do not reach them.
FURTHEST_LAT = 85.0


@dataclass(frozen=True)
class Spot:
    """A place on the picture, in pixels from its upper left corner."""

    x: float
    y: float

    @property
    def is_inside(self) -> bool:
        return 0 <= self.x <= SIZE_PX and 0 <= self.y <= SIZE_PX


@dataclass(frozen=True)
class View:
    """What part of the Earth the picture shows: around `center`, `SPANS_M[span]` wide."""

    center: Point
    span: int = FIRST_SPAN

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """A view as a draft keeps it."""
        return cls(Point(float(kept["lat"]), float(kept["lng"])), int(kept["span"]))

    def kept(self) -> dict[str, float]:
        return {"lat": self.center.lat, "lng": self.center.lng, "span": self.span}

    @property
    def span_m(self) -> int:
        return SPANS_M[self.span]

    def point_at(self, spot: Spot) -> Point:
        """Where on Earth a spot of the picture is."""
        lat = self.center.lat - (spot.y / SIZE_PX - 0.5) * self._lat_deg
        lng = self.center.lng + (spot.x / SIZE_PX - 0.5) * self._lng_deg
        return Point(max(-FURTHEST_LAT, min(FURTHEST_LAT, lat)), (lng + 180.0) % 360.0 - 180.0)

    def spot_of(self, point: Point) -> Spot:
        """Where on the picture a place is; outside of it for one that is not shown."""
        x = ((point.lng - self.center.lng) / self._lng_deg + 0.5) * SIZE_PX
        y = ((self.center.lat - point.lat) / self._lat_deg + 0.5) * SIZE_PX
        return Spot(round(x, 1), round(y, 1))

    def zoomed(self, steps: int, around: Point) -> "View":
        return View(around, max(0, min(len(SPANS_M) - 1, self.span + steps)))

    def beside(self, point: Point, move: str) -> Point:
        """A tenth of the picture away from a point; the point itself for an unknown direction."""
        east, south = MOVES.get(move, (0, 0))
        spot = self.spot_of(point)
        return self.point_at(Spot(spot.x + east * STEP * SIZE_PX, spot.y + south * STEP * SIZE_PX))

    @property
    def _lat_deg(self) -> float:
        return self.span_m / METRES_PER_DEGREE

    @property
    def _lng_deg(self) -> float:
        return self._lat_deg / math.cos(math.radians(self.center.lat))


@dataclass(frozen=True)
class Named:
    """A known place on the picture."""

    name: str
    spot: Spot


@dataclass(frozen=True)
class Picture:
    """What the map's template draws; lengths in pixels, `scale_m` is how long the bar is in metres."""

    names: list[Named]
    grid: list[float]
    scale_px: float
    scale_m: int
    pin: Spot | None
    size: int = SIZE_PX


@dataclass(frozen=True)
class MapView:
    """The picture, and where its pin is in words: so far from a known place, in metres."""

    picture: Picture
    has_pin: bool
    near: str
    away_m: int


@dataclass(frozen=True)
class Pinning:
    """A map somebody is at: what it shows, and where their pin is once there is one."""

    view: View
    point: Point | None = None

    def after(self, form: Mapping[str, str]) -> "Pinning":
        """What a form makes of it: a tap, a step of the pin, another scale, or no pin at all."""
        if "clear" in form:
            return Pinning(self.view)
        view, point, tapped = self.view, self.point, _tap(form)
        if tapped is not None:
            point = view.point_at(tapped)
        elif form.get("move") in MOVES:
            point = view.beside(point or view.center, form["move"])
        if form.get("zoom") in ("in", "out"):
            view = view.zoomed(-1 if form["zoom"] == "in" else 1, point or view.center)
        elif point is not None and not view.spot_of(point).is_inside:
            view = View(point, view.span)
        return Pinning(view, point)

    def shown(self, places: Sequence[Community]) -> MapView:
        """What a page draws of it."""
        near = nearest(self.point, places) if self.point is not None else None
        drawn = picture(self.view, self.point, places)
        return MapView(drawn, self.point is not None, *(near or ("", 0)))


def _tap(form: Mapping[str, str]) -> Spot | None:
    """Where the picture was tapped. Pressed by a key it says 0, 0, which nobody means."""
    try:
        spot = Spot(float(form["pin.x"]), float(form["pin.y"]))
    except (KeyError, ValueError):
        return None
    return spot if spot.is_inside and (spot.x, spot.y) != (0, 0) else None


def view_of_region(center: Point) -> View:
    """Where to begin when all that is known is the region."""
    return View(center, len(SPANS_M) - 2)


def picture(view: View, pin: Point | None, places: Iterable[Community]) -> Picture:
    """The map of a view with its pin."""
    spot = view.spot_of(pin) if pin is not None else None
    step_m = next(one for one in (50, 100, 200, 500, 1_000, 2_000, 5_000, 20_000) if one * 7 >= view.span_m)
    step_px = step_m / view.span_m * SIZE_PX
    offset = SIZE_PX / 2 % step_px
    grid = [round(offset + step_px * n, 1) for n in range(int(SIZE_PX // step_px) + 1)]
    shown = spot if spot is not None and spot.is_inside else None
    return Picture(_names(view, places), grid, round(step_px, 1), step_m, shown)


def _names(view: View, places: Iterable[Community]) -> list[Named]:
    """The places nearest to the middle whose names do not run into each other."""
    spots = [Named(one.name, view.spot_of(one.point)) for one in places]
    inside = [one for one in spots if one.spot.is_inside]
    inside.sort(key=lambda one: math.hypot(one.spot.x - SIZE_PX / 2, one.spot.y - SIZE_PX / 2))
    chosen: list[Named] = []
    for one in inside:
        if len(chosen) < MOST_NAMES and _fits(one, chosen):
            chosen.append(one)
    return chosen


def _fits(one: Named, others: Sequence[Named]) -> bool:
    width = len(one.name) * LETTER_PX
    if not width / 2 <= one.spot.x <= SIZE_PX - width / 2:
        return False
    return all(
        abs(one.spot.y - other.spot.y) > LINE_PX
        or abs(one.spot.x - other.spot.x) > (width + len(other.name) * LETTER_PX) / 2
        for other in others
    )


def nearest(point: Point, places: Iterable[Community]) -> tuple[str, int] | None:
    """The known place nearest to a point and how far it is, to ten metres; None where none is near."""
    found = min(places, key=lambda one: distance_m(point, one.point), default=None)
    if found is None or (away := distance_m(point, found.point)) > NEAR_M:
        return None
    return found.name, round(away / 10) * 10
