"""Regions over HTTP."""

import uuid

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


def region_read(region: Region) -> RegionRead:
    return RegionRead(
        id=region.id,
        name=region.name,
        zone=region.zone,
        center=Point(region.center_lat, region.center_lng),
        depot=Point(region.depot_lat, region.depot_lng),
    )


@get("/regions", operation_id="listRegions")
async def list_regions(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> list[RegionRead]:
    """The organisation's service regions."""
    actor.require(Permission.BOARD_READ)
    return [region_read(region) for region in await db.read(service.list_regions, actor)]


router = Router("/api", route_handlers=[list_regions], tags=["regions"])
