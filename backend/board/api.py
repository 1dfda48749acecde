"""The board over HTTP."""

import datetime as dt
import uuid
from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from backend.auth.actor import Actor
from backend.board import service
from backend.board.schemas import Board
from backend.db.session import Database


@get("/board", operation_id="getBoard")
async def get_board(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    region_id: Annotated[uuid.UUID, QueryParameter()],
    day: Annotated[dt.date, QueryParameter()],
) -> Board:
    """A region's day: technicians, visits, the unassigned tray and what runs late."""
    return await db.read(service.board, actor, region_id, day)


router = Router("/api", route_handlers=[get_board], tags=["board"])
