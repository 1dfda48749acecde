"""Regions over HTTP."""

import datetime as dt
import uuid

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database
from backend.organisations import service
from backend.organisations.models import Region
from backend.web.schemas import Point, Reply


class RegionRead(Reply):
    id: uuid.UUID
    name: str
    zone: str
    center: Point
    depot: Point


class RegionToday(RegionRead):
    """A region with the day a dispatcher looks at first: the earliest with work there is still time for."""

    open_day: dt.date


def region_read(region: Region) -> RegionRead:
    return RegionRead(
        id=region.id,
        name=region.name,
        zone=region.zone,
        center=Point(region.center_lat, region.center_lng),
        depot=Point(region.depot_lat, region.depot_lng),
    )


@get("/regions", operation_id="listRegions")
async def list_regions(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> list[RegionToday]:
    """The organisation's service regions."""
    actor.require(Permission.BOARD_READ)
    found = await db.read(service.list_regions, actor)
    return [RegionToday(**msgspec.structs.asdict(region_read(region)), open_day=day) for region, day in found]


router = Router("/api", route_handlers=[list_regions], tags=["regions"])
