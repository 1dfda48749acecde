"""Objectives: what a plan weighs how much, the usual ones and an organisation's own under their names."""

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import ConflictError, NotFoundError
from backend.scheduling.models import PlanObjective
from backend.scheduling.prices import PRESETS, Prices

MOST_KEPT = 50
OWN = "own"


@dataclass(frozen=True, slots=True)
class Objective:
    """What a plan weighs. `code` names a usual one; an organisation's own is `own`, with its name and id."""

    code: str
    prices: Prices
    name: str = ""
    id: uuid.UUID | None = None

    def kept(self) -> dict[str, Any]:
        """As it is kept with a run: later changes of the objective do not change what was asked for."""
        return {"code": self.code, "name": self.name, "prices": self.prices.kept()}


def listed(session: Session, actor: Actor) -> list[Objective]:
    """The usual objectives, then the organisation's own by name."""
    actor.require(Permission.PLAN_RUN)
    own = sa.select(PlanObjective).where(col(PlanObjective.org_id) == actor.org_id)
    kept = [_own(row) for row in session.scalars(own.order_by(col(PlanObjective.name)))]
    return [*(Objective(code, prices) for code, prices in PRESETS.items()), *kept]


def chosen(session: Session, org_id: uuid.UUID, key: str) -> Objective:
    """The objective of a code or an own one's id; NotFoundError when there is none."""
    if key in PRESETS:
        return Objective(key, PRESETS[key])
    try:
        return _own(_row(session, org_id, uuid.UUID(key)))
    except ValueError as error:
        raise NotFoundError("No such objective.") from error


def create(session: Session, actor: Actor, name: str, prices: Prices) -> Objective:
    """Keep prices under a name; ConflictError `name_taken` when the organisation has it already."""
    actor.require(Permission.RULES_MANAGE)
    query = sa.select(sa.func.count()).where(col(PlanObjective.org_id) == actor.org_id)
    if int(session.execute(query).scalar_one()) >= MOST_KEPT:
        raise ConflictError("There are too many objectives; delete one.", code="too_many", most=MOST_KEPT)
    row = PlanObjective(org_id=actor.org_id, name=name, prices=prices.kept())
    session.add(row)
    _flush(session)
    audit.record(session, actor, "plan_objective.created", "plan_objective", row.id, name=name)
    return _own(row)


def change(session: Session, actor: Actor, objective_id: uuid.UUID, name: str, prices: Prices) -> Objective:
    """Give one another name or other prices; plans made with it keep the prices they were made with."""
    actor.require(Permission.RULES_MANAGE)
    row = _row(session, actor.org_id, objective_id)
    row.name, row.prices = name, prices.kept()
    _flush(session)
    audit.record(session, actor, "plan_objective.changed", "plan_objective", row.id, **row.prices)
    return _own(row)


def delete(session: Session, actor: Actor, objective_id: uuid.UUID) -> None:
    """Forget one."""
    actor.require(Permission.RULES_MANAGE)
    row = _row(session, actor.org_id, objective_id)
    session.delete(row)
    audit.record(session, actor, "plan_objective.deleted", "plan_objective", row.id, name=row.name)


def _flush(session: Session) -> None:
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as error:
        raise ConflictError("There is an objective of that name.", code="name_taken") from error


def _row(session: Session, org_id: uuid.UUID, objective_id: uuid.UUID) -> PlanObjective:
    row = session.get(PlanObjective, objective_id)
    if row is None or row.org_id != org_id:
        raise NotFoundError("No such objective.")
    return row


def _own(row: PlanObjective) -> Objective:
    return Objective(OWN, Prices.read(row.prices), row.name, row.id)
