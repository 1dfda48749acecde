"""Where the customer lives, when no map knows their address: a pin of their own, and they can choose a time.

The map is in the form that it comes back with; nothing is kept before the pin is confirmed.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.booking import repository, service
from backend.booking.policies import may_choose
from backend.customers import service as customers
from backend.db.session import Database
from backend.geocoding.datum import Point
from backend.geocoding.gazetteer import beijing
from backend.organisations.models import Region
from backend.report.pin import FURTHEST_LAT, SPANS_M, Pinning, View, view_of_region
from backend.tracking.framed_page import AnyRequest
from backend.tracking.linked_page import LinkedPage


def _beginning(session: Session, customer: Actor) -> Pinning | None:
    """The map of the region around; None where the place is known, or there is nothing to choose."""
    job = service.job_of(session, customer)
    place, _ = repository.place_and_category(session, job)
    if place.lat is not None or not may_choose(job):
        return None
    region = session.get_one(Region, job.region_id)
    return Pinning(view_of_region(Point(region.center_lat, region.center_lng)))


def _found(session: Session, customer: Actor, point: Point) -> None:
    """Keep where the customer's place is."""
    if _beginning(session, customer) is not None:
        customers.locate_own(session, customer, service.job_of(session, customer).place_id, point)


def _brought(form: Mapping[str, str]) -> Pinning | None:
    """The map as the form shows it; None for one that no page of ours has sent."""
    try:
        lat, lng, span = (float(part) for part in form.get("view", "").split(","))
        pin = [float(part) for part in form.get("point", "").split(",") if part]
        view, point = View(Point(lat, lng), int(span)), Point(*pin) if pin else None
    except (ValueError, TypeError, OverflowError):
        return None
    is_shown = 0 <= view.span < len(SPANS_M) and all(_is_ours(one) for one in (view.center, point) if one)
    return Pinning(view, point) if is_shown else None


def _is_ours(point: Point) -> bool:
    return abs(point.lat) <= FURTHEST_LAT and abs(point.lng) <= 180


def _shown(at: LinkedPage, pinning: Pinning) -> Response[Any]:
    view, point = pinning.view, pinning.point
    carried = {"view": f"{view.center.lat},{view.center.lng},{view.span}"}
    if point is not None:
        carried["point"] = f"{point.lat},{point.lng}"
    return at.show(
        "booking/map.html",
        map=pinning.shown(beijing().communities),
        carried=carried,
        address=at.facts.address,
    )


@get("/{token:str}/map")
async def place_page(at: NamedDependency[LinkedPage], db: NamedDependency[Database]) -> Response[Any]:
    """A map to tap on; what can be chosen, once the place is known."""
    pinning = await db.read(_beginning, at.customer)
    return at.go("/book") if pinning is None else _shown(at, pinning)


@post("/{token:str}/map")
async def change_place(
    at: NamedDependency[LinkedPage], request: AnyRequest, db: NamedDependency[Database]
) -> Response[Any]:
    """Another look at the map, or the pin as it stands: then there are times to choose from."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    beginning = await db.read(_beginning, at.customer)
    if beginning is None:
        return at.go("/book")
    pinning = (_brought(form) or beginning).after(form)
    if "done" not in form:
        return _shown(at, pinning)
    if pinning.point is not None:
        await db.write(_found, at.customer, pinning.point)
    return at.go("/book")
