"""The board over HTTP."""

import datetime as dt
import uuid
from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from backend.auth.actor import Actor
from backend.board import service
from backend.board.schemas import Board, BoardColumns, BoardRows
from backend.db.session import Database

MOST_IDS = 60

RegionId = Annotated[uuid.UUID, QueryParameter()]
Day = Annotated[dt.date, QueryParameter()]


@get("/board", operation_id="getBoard")
async def get_board(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    region_id: RegionId,
    day: Day,
) -> Board:
    """A region's day: technicians, visits, the unassigned tray and what runs late."""
    return await db.read(service.board, actor, region_id, day)


@get("/board/columns", operation_id="getBoardColumns")
async def get_board_columns(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    region_id: RegionId,
    day: Day,
) -> BoardColumns:
    """The same day with a list for each fact about its visits, for a screen that shows all of it."""
    return await db.read(service.columns, actor, region_id, day)


@get("/board/rows", operation_id="getBoardRows")
async def get_board_rows(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    region_id: RegionId,
    day: Day,
    job_id: Annotated[list[uuid.UUID] | None, QueryParameter(max_items=MOST_IDS)] = None,
    technician_id: Annotated[list[uuid.UUID] | None, QueryParameter(max_items=MOST_IDS)] = None,
) -> BoardRows:
    """What has changed of a day on screen: the named jobs and all that the named technicians do."""
    return await db.read(service.rows, actor, region_id, day, job_id or [], technician_id or [])


router = Router("/api", route_handlers=[get_board, get_board_columns, get_board_rows], tags=["board"])
