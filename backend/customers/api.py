"""The "needs location" queue over HTTP."""

import uuid

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.auth.actor import Actor
from backend.customers import service
from backend.customers.models import LocationSource
from backend.db.session import Database
from backend.geocoding.datum import Datum
from backend.web.schemas import Body, Latitude, Longitude, Reply


class UnlocatedRead(Reply):
    id: uuid.UUID
    address: str
    community: str
    district: str
    customer_name: str
    job_id: uuid.UUID
    job_number: str
    region_id: uuid.UUID
    why: str


class Pin(Body):
    """Where the place is, in the datum of the map it was read from."""

    lat: Latitude
    lng: Longitude
    datum: Datum = Datum.WGS84


class PlaceRead(Reply):
    id: uuid.UUID
    address: str
    lat: float | None
    lng: float | None
    source: LocationSource


def _unlocated_read(found: service.Unlocated) -> UnlocatedRead:
    place = found.place
    return UnlocatedRead(
        id=place.id,
        address=place.address,
        community=place.community,
        district=place.district,
        customer_name=found.customer.name,
        job_id=found.job.id,
        job_number=found.job.number,
        region_id=place.region_id,
        why="not_found",
    )


@get("/needs-location", operation_id="listUnlocatedPlaces")
async def needs_location(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> list[UnlocatedRead]:
    """Places no map knows, whose jobs therefore can't be planned."""
    return [_unlocated_read(found) for found in await db.read(service.needs_location, actor)]


@post("/{place_id:uuid}/location", operation_id="locatePlace", status_code=200)
async def locate(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    place_id: FromPath[uuid.UUID],
    data: JSONBody[Pin],
) -> PlaceRead:
    """Pin a place on the map."""
    place = await db.write(service.locate, actor, place_id, data.lat, data.lng, data.datum)
    return PlaceRead(id=place.id, address=place.address, lat=place.lat, lng=place.lng, source=place.source)


router = Router("/api/places", route_handlers=[needs_location, locate], tags=["places"])
