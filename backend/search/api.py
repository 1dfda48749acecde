"""Search over HTTP."""

from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.search import service
from backend.search.schemas import FoundRead, HitRead

Text = Annotated[str, QueryParameter(), msgspec.Meta(max_length=200, pattern=r"^[^\x00]*$")]


@get("/search", operation_id="search")
async def search(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    q: Text,
    limit: Annotated[int, QueryParameter(), msgspec.Meta(ge=1, le=50)] = 20,
) -> list[HitRead]:
    """Jobs by phone tail (4 digits or more), number, order, serial, name or address; of any day."""
    return await db.read(service.find, actor, q, limit)


@get("/search/all", operation_id="searchAll")
async def search_all(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    q: Text,
    limit: Annotated[int, QueryParameter(), msgspec.Meta(ge=1, le=50)] = 20,
) -> FoundRead:
    """The same jobs; technicians by name or login; customers at rest by phone tail, name or serial."""
    return await db.read(service.find_all, actor, q, limit)


router = Router("/api", route_handlers=[search, search_all], tags=["search"])
