"""Who looks at a day, over HTTP."""

import datetime as dt
import uuid
from typing import Annotated

import msgspec
from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.session import Database
from backend.presence import service
from backend.presence.service import Other, Where
from backend.web.schemas import Body, Reply

Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Window = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-zA-Z-]{1,40}$")]


class PresenceWanted(Body):
    """Where one window of a console is; `job_id` is the job open in it. Said again every 20 seconds."""

    window: Window
    region_id: uuid.UUID
    day: dt.date
    job_id: uuid.UUID | None = None


class PresentRead(Reply):
    """Somebody else who looks at the same day."""

    account_id: uuid.UUID
    name: str
    role: Role
    job_id: uuid.UUID | None
    since: dt.datetime


def _present(found: list[Other]) -> list[PresentRead]:
    return [PresentRead(each.account_id, each.name, each.role, each.job_id, each.since) for each in found]


@post("/presence", operation_id="bePresent", status_code=200)
async def be_present(db: Db, actor: Who, data: JSONBody[PresenceWanted]) -> list[PresentRead]:
    """Say where one is; the reply has everybody else there. Others hear of it over the feed."""
    where = Where(data.window, data.region_id, data.day, data.job_id)
    return _present(await db.write(service.be, actor, where))


@get("/presence", operation_id="listPresence")
async def list_presence(
    db: Db,
    actor: Who,
    region_id: Annotated[uuid.UUID, QueryParameter()],
    day: Annotated[dt.date, QueryParameter()],
) -> list[PresentRead]:
    """Who else looks at a region's day right now."""
    return _present(await db.read(service.others, actor, region_id, day))


@delete("/presence/{window:str}", operation_id="leave", status_code=204)
async def leave(db: Db, actor: Who, window: FromPath[Window]) -> None:
    """Say that a window is closed; others hear of it over the feed."""
    await db.write(service.leave, actor, window)


router = Router("/api", route_handlers=[be_present, list_presence, leave], tags=["presence"])
