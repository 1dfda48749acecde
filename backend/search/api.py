"""Search over HTTP."""

import datetime as dt
import uuid
from dataclasses import asdict
from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.search import service
from backend.sync.schemas import Span
from backend.web.schemas import Reply

Text = Annotated[str, QueryParameter(), msgspec.Meta(max_length=200, pattern=r"^[^\x00]*$")]


class HitRead(Reply):
    """A job that fits. `found_by`: number, order, serial, phone, name or address."""

    job_id: uuid.UUID
    number: str
    type: str
    status: str
    day: dt.date | None
    region_id: uuid.UUID
    window: Span | None
    found_by: str
    customer_name: str
    phone_tail: str
    address: str
    product_name: str
    product_name_en: str
    serial: str | None
    order_no: str | None
    technician_name: str | None


@get("/search", operation_id="search")
async def search(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    q: Text,
    limit: Annotated[int, QueryParameter(), msgspec.Meta(ge=1, le=50)] = 20,
) -> list[HitRead]:
    """Jobs by phone tail (4 digits or more), number, order, serial, name or address; of any day."""
    found = await db.read(service.find, actor, q, limit)
    return [HitRead(**asdict(hit) | {"window": Span(*hit.window) if hit.window else None}) for hit in found]


router = Router("/api", route_handlers=[search], tags=["search"])
