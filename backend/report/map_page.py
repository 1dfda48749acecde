"""The map of a report: where exactly the door is, by a tap on a picture, where an address is not enough."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from sqlmodel import Session, col, select

from backend.db.session import Database
from backend.errors import NotFoundError
from backend.geocoding.datum import Point
from backend.geocoding.gazetteer import beijing
from backend.organisations.models import Region
from backend.report import drafts, pin, sending
from backend.report.drafts import Opened
from backend.report.page import Writing, provide_writing
from backend.report.pin import Picture, Spot, View
from backend.tracking.framed_page import pages


@dataclass(frozen=True)
class MapView:
    """The picture, and where its pin is in words: so far from a known place, in metres."""

    picture: Picture
    has_pin: bool
    near: str
    away_m: int


def looked_at(session: Session, opened: Opened) -> View:
    """What the map shows: as it was left, else around the pin, else where the organisation works."""
    kept = opened.data.get("map")
    if kept:
        return View.of(kept)
    point = sending.position_of(opened)
    if point is None:
        query = select(Region).where(Region.org_id == opened.org.id).order_by(col(Region.id))
        region = session.exec(query).first()
        if region is None:
            raise NotFoundError("The organisation serves no region.")
        return View(Point(region.center_lat, region.center_lng), len(pin.SPANS_M) - 2)
    return View(point)


def _changed(session: Session, secret: bytes, token: str, form: dict[str, str]) -> Opened:
    """Keep what a form of the map says: a tap, a step of the pin, another scale, or no pin at all."""
    opened = drafts.open_draft(session, secret, token)
    view, point = looked_at(session, opened), sending.position_of(opened)
    if "clear" in form:
        return drafts.say(session, secret, token, lat=None, lng=None)
    tapped = _tap(form)
    if tapped is not None:
        point = view.point_at(tapped)
    elif form.get("move") in pin.MOVES:
        point = view.beside(point or view.center, form["move"])
    if form.get("zoom") in ("in", "out"):
        view = view.zoomed(-1 if form["zoom"] == "in" else 1, point or view.center)
    elif point is not None and not view.spot_of(point).is_inside:
        view = View(point, view.span)
    said: dict[str, Any] = {"map": view.kept()}
    if point is not None:
        said |= {"lat": point.lat, "lng": point.lng}
    return drafts.say(session, secret, token, **said)


def _tap(form: dict[str, str]) -> Spot | None:
    """Where the picture was tapped. Pressed by a key it says 0, 0, which nobody means."""
    try:
        spot = Spot(float(form["pin.x"]), float(form["pin.y"]))
    except (KeyError, ValueError):
        return None
    return spot if spot.is_inside and (spot.x, spot.y) != (0, 0) else None


def _map_view(session: Session, opened: Opened) -> MapView:
    places, point = beijing().communities, sending.position_of(opened)
    near = pin.nearest(point, places) if point is not None else None
    picture = pin.picture(looked_at(session, opened), point, places)
    return MapView(picture, point is not None, *(near or ("", 0)))


@get("/{token:str}/map")
async def map_page(at: NamedDependency[Writing], db: NamedDependency[Database]) -> Response[Any]:
    """The map, and buttons for those who cannot tap on it."""
    if at.is_sent:
        return at.go("done")
    return at.show("map", map=await db.read(_map_view, at.opened))


@post("/{token:str}/map")
async def change_map(
    at: NamedDependency[Writing], db: NamedDependency[Database], secret: NamedDependency[bytes]
) -> Response[Any]:
    form = {name: str(value) for name, value in (await at.request.form()).items()}
    if "done" in form:
        return at.go("contact")
    await db.write(_changed, secret, at.token, form)
    return at.go("map")


router = pages("/report/draft", [map_page, change_map], {"at": Provide(provide_writing)})
