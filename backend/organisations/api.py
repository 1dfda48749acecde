"""Regions over HTTP."""

import datetime as dt
import uuid
from typing import Annotated

import msgspec
from litestar import Response, Router, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database
from backend.organisations import rules, service
from backend.organisations.models import Region
from backend.web.if_match import IfMatch, replace, tagged
from backend.web.schemas import Body, Point, Reply


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


class OrganisationRules(Reply):
    """Minutes an offer stands (null: for ever); the number dialled instead of each other's (empty: none)."""

    offer_minutes: int | None
    relay_number: str


class RulesChange(Body):
    offer_minutes: Annotated[int, msgspec.Meta(ge=1, le=10_080)] | None
    relay_number: Annotated[str, msgspec.Meta(pattern=r"^(\+?[0-9]{5,18})?$")]


@get("/organisation/rules", operation_id="getRules")
async def get_rules(
    db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[OrganisationRules]:
    """What the organisation decides for itself."""
    return tagged(await db.read(_read_rules, actor))


@put("/organisation/rules", operation_id="changeRules")
async def change_rules(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    data: JSONBody[RulesChange],
    if_match: IfMatch = "",
) -> Response[OrganisationRules]:
    """Change what the organisation decides for itself; offers made before keep the expiry they were given."""
    return tagged(await db.write(replace, actor, if_match, data, _read_rules, _change_rules))


def _read_rules(session: Session, actor: Actor) -> OrganisationRules:
    found = rules.read(session, actor)
    return OrganisationRules(found.offer_minutes, found.relay_number)


def _change_rules(session: Session, actor: Actor, wanted: RulesChange) -> OrganisationRules:
    rules.change(session, actor, offer_minutes=wanted.offer_minutes, relay_number=wanted.relay_number)
    return _read_rules(session, actor)


router = Router("/api", route_handlers=[list_regions, get_rules, change_rules], tags=["regions"])
