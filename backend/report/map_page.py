"""The map of a report: where exactly the door is, by a tap on a picture, where an address is not enough."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from sqlmodel import Session, col, select

from backend.db.session import Database
from backend.errors import NotFoundError
from backend.geocoding.datum import Point
from backend.geocoding.gazetteer import beijing
from backend.organisations.models import Region
from backend.report import drafts, sending
from backend.report.drafts import Opened
from backend.report.page import Writing, provide_writing
from backend.report.pin import Pinning, View, view_of_region
from backend.tracking.framed_page import pages


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
        return view_of_region(Point(region.center_lat, region.center_lng))
    return View(point)


def _pinning(session: Session, opened: Opened) -> Pinning:
    return Pinning(looked_at(session, opened), sending.position_of(opened))


def _changed(session: Session, secret: bytes, token: str, form: dict[str, str]) -> Opened:
    """Keep what a form of the map makes of it."""
    now = _pinning(session, drafts.open_draft(session, secret, token)).after(form)
    lat, lng = (now.point.lat, now.point.lng) if now.point is not None else (None, None)
    return drafts.say(session, secret, token, map=now.view.kept(), lat=lat, lng=lng)


@get("/{token:str}/map")
async def map_page(at: NamedDependency[Writing], db: NamedDependency[Database]) -> Response[Any]:
    """The map, and buttons for those who cannot tap on it."""
    if at.is_sent:
        return at.go("done")
    pinning = await db.read(_pinning, at.opened)
    return at.show("map", map=pinning.shown(beijing().communities))


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
