"""The week over HTTP."""

from litestar import Router, get
from litestar.di import NamedDependency

from backend.auth.actor import Actor
from backend.board.api import Day, RegionId
from backend.db.session import Database
from backend.weeks import service
from backend.weeks.schemas import WaitingRead, Week


@get("/week", operation_id="getWeek")
async def get_week(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    region_id: RegionId,
    day: Day,
) -> Week:
    """The week a day lies in: jobs, work and shift per technician and day, and what nobody has."""
    return await db.read(service.week, actor, region_id, day)


@get("/week/waiting", operation_id="listWaiting")
async def list_waiting(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    region_id: RegionId,
    day: Day,
) -> list[WaitingRead]:
    """What nobody has yet in the week a day lies in, day by day, at most 500."""
    return await db.read(service.waiting, actor, region_id, day)


router = Router("/api", route_handlers=[get_week, list_waiting], tags=["board"])
