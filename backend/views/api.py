"""Saved views over HTTP."""

import uuid
from typing import Annotated

import msgspec
from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.views import service
from backend.views.models import SavedView
from backend.web.schemas import Body, Reply, Word

Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Query = Annotated[str, msgspec.Meta(max_length=600, pattern=r"^[!-~]*$")]


class ViewWanted(Body):
    """A name, and the console's address after `?`: filters, as the address bar has them."""

    name: Word
    query: Query
    is_shared: bool = False


class ViewRead(Reply):
    id: uuid.UUID
    name: str
    query: str
    is_shared: bool
    is_own: bool
    by: str


class FirstWanted(Body):
    """The view one's console opens with, null for none."""

    view_id: uuid.UUID | None


class FirstRead(Reply):
    """The view one's console opens with; without one `view_id` is null and `query` is ""."""

    view_id: uuid.UUID | None
    query: str


@get("/views", operation_id="listViews")
async def list_views(db: Db, actor: Who) -> list[ViewRead]:
    """One's own views and those that colleagues share."""
    return [_read(actor, view, by) for view, by in await db.read(service.listed, actor)]


@post("/views", operation_id="saveView", status_code=201)
async def save_view(db: Db, actor: Who, data: JSONBody[ViewWanted]) -> ViewRead:
    """Save a view; one's own of the same name is replaced."""
    view = await db.write(service.save, actor, data.name, data.query, is_shared=data.is_shared)
    return _read(actor, view, actor.name)


@put("/views/{view_id:uuid}", operation_id="changeView")
async def change_view(
    db: Db, actor: Who, view_id: FromPath[uuid.UUID], data: JSONBody[ViewWanted]
) -> ViewRead:
    """Rename one of one's own views, or say what it holds and who sees it; 409 `name_taken`."""
    view = await db.write(service.change, actor, view_id, data.name, data.query, is_shared=data.is_shared)
    return _read(actor, view, actor.name)


@delete("/views/{view_id:uuid}", operation_id="forgetView", status_code=204)
async def forget_view(db: Db, actor: Who, view_id: FromPath[uuid.UUID]) -> None:
    """Delete one of one's own views."""
    await db.write(service.forget, actor, view_id)


@get("/views/first", operation_id="readFirstView")
async def read_first_view(db: Db, actor: Who) -> FirstRead:
    """What one's own console opens with, on whatever computer."""
    view = await db.read(service.first, actor)
    return FirstRead(view.id, view.query) if view else FirstRead(None, "")


@put("/views/first", operation_id="beginWithView", status_code=204)
async def begin_with_view(db: Db, actor: Who, data: JSONBody[FirstWanted]) -> None:
    """Choose what one's own console opens with."""
    await db.write(service.begin_with, actor, data.view_id)


def _read(actor: Actor, view: SavedView, by: str) -> ViewRead:
    return ViewRead(
        id=view.id,
        name=view.name,
        query=view.query,
        is_shared=view.is_shared,
        is_own=view.account_id == actor.account_id,
        by=by,
    )


router = Router(
    "/api",
    route_handlers=[
        list_views,
        save_view,
        change_view,
        forget_view,
        read_first_view,
        begin_with_view,
    ],
    tags=["views"],
)
