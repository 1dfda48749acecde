"""Positions and customer links over HTTP, and the customer's pages."""

import datetime as dt
import uuid

from litestar import Router, delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.settings import Settings
from backend.tracking import links, page, positions
from backend.tracking.schemas import LinkRead, Positions, PositionsRead
from backend.tracking.tracks import Ping


@post("/sync/positions", operation_id="sendPositions", status_code=200)
async def send_positions(
    db: NamedDependency[Database], actor: NamedDependency[Actor], data: JSONBody[Positions]
) -> PositionsRead:
    """Where the phone has been. Kept only on shift and while under way to a customer; repeats count once."""
    pings = [Ping(one.at, one.lat, one.lng, one.accuracy_m) for one in data.positions]
    stored = await db.write(positions.store, actor, pings)
    return PositionsRead(stored.stored, stored.ignored)


@post("/jobs/{job_id:uuid}/customer-link", operation_id="shareCustomerLink", status_code=201)
async def share_link(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    secret: NamedDependency[bytes],
    job_id: FromPath[uuid.UUID],
) -> LinkRead:
    """The customer's link to a job: the open one, or a new one."""
    lifetime = dt.timedelta(days=settings.customer_link_days)
    link = await db.write(links.share, actor, job_id, lifetime)
    return LinkRead(links.url_of(settings.base_url, secret, link), link.expires_at)


@delete("/jobs/{job_id:uuid}/customer-link", operation_id="revokeCustomerLink")
async def revoke_link(
    db: NamedDependency[Database], actor: NamedDependency[Actor], job_id: FromPath[uuid.UUID]
) -> None:
    """Close every link to a job at once."""
    await db.write(links.revoke, actor, job_id)


api = Router("/api", route_handlers=[send_positions, share_link, revoke_link], tags=["tracking"])
router = Router("/", route_handlers=[api, page.router])
