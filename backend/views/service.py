"""Saving, listing and forgetting views."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.models import Account
from backend.auth.permissions import Permission
from backend.db.upsert import insert_into
from backend.errors import ConflictError, ForbiddenError, NotFoundError
from backend.views.models import DefaultView, SavedView

MOST = 100


def listed(session: Session, actor: Actor) -> Sequence[tuple[SavedView, str]]:
    """The actor's own views, and those others share with them: with each the name of who made it.

    A vendor's people share among themselves, the brand's among theirs.
    """
    actor.require(Permission.BOARD_READ)
    query = (
        select(SavedView, Account.name)
        .join(Account, col(Account.id) == col(SavedView.account_id))
        .where(_shown_to(actor))
        .order_by(col(SavedView.name), col(SavedView.id))
    )
    return [(view, name) for view, name in session.exec(query)]


def _shown_to(actor: Actor) -> sa.ColumnElement[bool]:
    circle = (
        col(SavedView.vendor_id).is_(None)
        if actor.vendor_id is None
        else col(SavedView.vendor_id) == actor.vendor_id
    )
    return sa.and_(
        col(SavedView.org_id) == actor.org_id,
        sa.or_(col(SavedView.account_id) == actor.account_id, sa.and_(col(SavedView.is_shared), circle)),
    )


def first(session: Session, actor: Actor) -> SavedView | None:
    """The view the actor's console opens with; none while it is not shared with them any more."""
    actor.require(Permission.BOARD_READ)
    query = (
        select(SavedView)
        .join(DefaultView, col(DefaultView.view_id) == col(SavedView.id))
        .where(col(DefaultView.account_id) == actor.account_id, _shown_to(actor))
    )
    return session.exec(query).first()


def begin_with(session: Session, actor: Actor, view_id: uuid.UUID | None) -> None:
    """The view the actor's console opens with from now on, None for the bare day."""
    actor.require(Permission.BOARD_READ)
    if actor.account_id is None:
        raise ForbiddenError("only people save views")
    shown = select(SavedView.id).where(SavedView.id == view_id, _shown_to(actor))
    if view_id is not None and session.exec(shown).first() is None:
        raise NotFoundError("No such view.")
    if view_id is None:
        session.execute(sa.delete(DefaultView).where(col(DefaultView.account_id) == actor.account_id))
    else:
        statement = insert_into(session, DefaultView).values(account_id=actor.account_id, view_id=view_id)
        session.execute(
            statement.on_conflict_do_update(index_elements=["account_id"], set_={"view_id": view_id})
        )
    audit.record(session, actor, "view.first", "account", actor.account_id, view_id=str(view_id or ""))
    session.flush()


def save(session: Session, actor: Actor, name: str, query: str, *, is_shared: bool) -> SavedView:
    """Keep what the address bar says under a name; the same name again, or at once, replaces it."""
    actor.require(Permission.BOARD_READ)
    if actor.account_id is None:
        raise ForbiddenError("only people save views")
    others = select(SavedView.id).where(SavedView.account_id == actor.account_id, SavedView.name != name)
    if len(session.exec(others.limit(MOST)).all()) >= MOST:
        raise ConflictError("There are too many views; forget one first.", code="too_many_views")
    view = SavedView(
        org_id=actor.org_id,
        account_id=actor.account_id,
        vendor_id=actor.vendor_id,
        name=name,
        query=query,
        is_shared=is_shared,
    )
    kept = insert_into(session, SavedView).values(**view.model_dump())
    kept = kept.on_conflict_do_update(
        index_elements=["account_id", "name"], set_={"query": query, "is_shared": is_shared}
    )
    view_id = session.execute(kept.returning(col(SavedView.id))).scalar_one()
    view = session.get_one(SavedView, view_id, populate_existing=True)
    audit.record(session, actor, "view.saved", "saved_view", view.id, is_shared=is_shared)
    return view


def change(
    session: Session, actor: Actor, view_id: uuid.UUID, name: str, query: str, *, is_shared: bool
) -> SavedView:
    """Give one of the actor's own views another name, content or circle of readers."""
    view = _own(session, actor, view_id)
    view.name, view.query, view.is_shared = name, query, is_shared
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError("Another of your views has this name.", code="name_taken") from error
    audit.record(session, actor, "view.saved", "saved_view", view.id, is_shared=is_shared)
    return view


def forget(session: Session, actor: Actor, view_id: uuid.UUID) -> None:
    """Delete one of the actor's own views."""
    view = _own(session, actor, view_id)
    session.execute(sa.delete(DefaultView).where(col(DefaultView.view_id) == view.id))
    session.delete(view)
    audit.record(session, actor, "view.forgotten", "saved_view", view_id)


def _own(session: Session, actor: Actor, view_id: uuid.UUID) -> SavedView:
    actor.require(Permission.BOARD_READ)
    view = session.get(SavedView, view_id)
    if view is None or view.org_id != actor.org_id or view.account_id != actor.account_id:
        raise NotFoundError("No such view.")
    return view
