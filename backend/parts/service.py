"""The ledger's verbs. No location but the supplier's side ever goes below zero."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.db.types import utc_now, uuid7
from backend.errors import BadInputError, RejectedError
from backend.evidence.policies import require_at_the_door
from backend.jobs.models import Job, Visit
from backend.parts import repository
from backend.parts.models import LocationKind, Part, StockMove

MAX_QTY = 99
MAX_SERIAL = 60


@dataclass(frozen=True)
class PartUse:
    """One part used on a job; `id` is the phone's id of the use."""

    id: uuid.UUID
    sku: str
    name: str
    name_en: str
    qty: int
    unit_price_fen: int
    serial: str

    @property
    def amount_fen(self) -> int:
        return self.qty * self.unit_price_fen


@dataclass(frozen=True)
class VanPart:
    """A part in a van, with today's price."""

    sku: str
    name: str
    name_en: str
    barcode: str
    qty: int
    unit_price_fen: int


class NotInVanError(RejectedError):
    """The van holds fewer pieces than that; `available` says how many."""

    code = "not_in_van"


def use_part(
    session: Session,
    actor: Actor,
    job: Job,
    visit: Visit,
    *,
    use_id: uuid.UUID,
    sku: str,
    qty: int,
    serial: str | None,
    moved_at: dt.datetime,
) -> StockMove:
    """Move `qty` pieces from the visit's technician's van to the customer, once per `use_id`.

    Raises RejectedError `unknown_part`, `not_in_van` {available}, `use_id_reused`, or TransitionRefusedError.
    """
    require_at_the_door(job)
    _check_amount(qty, serial)
    part = repository.part_by_sku(session, actor.org_id, sku)
    if part is None:
        raise RejectedError(f"There is no part {sku!r}.", code="unknown_part", sku=sku)
    van = repository.ensure_van(session, actor.org_id, visit.technician_id)
    repository.lock_location(session, van)
    seen = repository.moves_of_use(session, use_id)
    if seen:
        return _same_use(seen[0], visit, part, qty)
    available = repository.stock(session, [van], part.id).get((van, part.id), 0)
    if qty > available:
        raise NotInVanError(f"The van holds {available} of {sku}.", sku=sku, available=available)
    move = StockMove(
        org_id=actor.org_id,
        part_id=part.id,
        from_id=van,
        to_id=repository.ensure_site(session, actor.org_id, LocationKind.CUSTOMER),
        qty=qty,
        unit_price_fen=part.price_fen,
        serial=serial or "",
        job_id=job.id,
        visit_id=visit.id,
        use_id=use_id,
        moved_at=moved_at,
    )
    return _write(session, actor, "part.used", move, sku)


def return_part(
    session: Session, actor: Actor, job: Job, visit: Visit, *, use_id: uuid.UUID, moved_at: dt.datetime
) -> StockMove:
    """Take a use of this or an earlier visit back, once, into the van that is here now.

    Raises RejectedError `unknown_use`.
    """
    require_at_the_door(job)
    van = repository.ensure_van(session, job.org_id, visit.technician_id)
    repository.lock_location(session, van)
    moves = repository.moves_of_use(session, use_id)
    if not moves or moves[0].job_id != job.id:
        raise RejectedError("That part was not used on this job.", code="unknown_use", use_id=str(use_id))
    if len(moves) > 1:
        return moves[1]
    use = moves[0]
    back = StockMove(
        org_id=use.org_id,
        part_id=use.part_id,
        from_id=use.to_id,
        to_id=van,
        qty=use.qty,
        unit_price_fen=use.unit_price_fen,
        serial=use.serial,
        job_id=use.job_id,
        visit_id=visit.id,
        use_id=use_id,
        is_return=True,
        moved_at=moved_at,
    )
    return _write(session, actor, "part.returned", back)


def van_stock(session: Session, technician_id: uuid.UUID) -> list[VanPart]:
    """What a technician's van holds, by SKU."""
    sums = repository.stock(session, [repository.van_id(technician_id)])
    counts = {part_id: qty for (_, part_id), qty in sums.items() if qty}
    parts = repository.parts_by_id(session, counts)
    held = [VanPart(p.sku, p.name, p.name_en, p.barcode, counts[p.id], p.price_fen) for p in parts.values()]
    return sorted(held, key=lambda part: part.sku)


def parts_used(session: Session, job_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[PartUse]]:
    """Uses by job, on all its visits, without those taken back, in order; a job without any is left out.

    What an earlier visit built in is paid for at the last one, where the customer signs.
    """
    found: dict[uuid.UUID, list[PartUse]] = defaultdict(list)
    for move, part in repository.uses(session, job_ids):
        if move.job_id is not None and move.use_id is not None:
            found[move.job_id].append(_part_use(move.use_id, move, part))
    return dict(found)


def opening_stock(
    session: Session,
    org_id: uuid.UUID,
    *,
    warehouse: Mapping[str, int],
    vans: Mapping[uuid.UUID, Mapping[str, int]],
    moved_at: dt.datetime,
) -> int:
    """Fill an empty ledger: supplier to warehouse, then warehouse to each van. Returns the number of moves.

    `warehouse` says what stays there once the vans (technician id → SKU → pieces) are loaded.
    """
    bought = Counter(warehouse)
    for load in vans.values():
        bought.update(load)
    parts = repository.parts_by_sku(session, org_id, bought)
    if unknown := sorted(set(bought) - set(parts)):
        raise BadInputError(f"There are no parts {', '.join(unknown)}.", code="unknown_part")
    supplier = repository.ensure_site(session, org_id, LocationKind.SUPPLIER)
    store = repository.ensure_site(session, org_id, LocationKind.WAREHOUSE)
    rows = _moves(org_id, parts, supplier, store, bought, moved_at)
    for technician_id, load in vans.items():
        van = repository.ensure_van(session, org_id, technician_id)
        rows += _moves(org_id, parts, store, van, load, moved_at)
    if rows:
        session.execute(sa.insert(StockMove), rows)
    return len(rows)


def _moves(
    org_id: uuid.UUID,
    parts: Mapping[str, Part],
    from_id: uuid.UUID,
    to_id: uuid.UUID,
    load: Mapping[str, int],
    moved_at: dt.datetime,
) -> list[dict[str, Any]]:
    common = {
        "org_id": org_id, "from_id": from_id, "to_id": to_id, "moved_at": moved_at, "created_at": utc_now(),
        "unit_price_fen": 0, "serial": "", "is_return": False,
    }  # fmt: skip
    return [
        {**common, "id": uuid7(), "part_id": parts[sku].id, "qty": qty} for sku, qty in load.items() if qty
    ]


def _check_amount(qty: int, serial: str | None) -> None:
    if not 1 <= qty <= MAX_QTY:
        raise RejectedError(f"Between 1 and {MAX_QTY} pieces can be used at once.", code="bad_qty", qty=qty)
    if serial and (len(serial) > MAX_SERIAL or "\x00" in serial):
        raise RejectedError("That is not a serial number.", code="bad_serial")


def _same_use(move: StockMove, visit: Visit, part: Part, qty: int) -> StockMove:
    if (move.visit_id, move.part_id, move.qty) != (visit.id, part.id, qty):
        raise RejectedError("This use was recorded with other contents.", code="use_id_reused")
    return move


def _write(session: Session, actor: Actor, action: str, move: StockMove, sku: str | None = None) -> StockMove:
    session.add(move)
    session.flush()
    audit.record(session, actor, action, "job", move.job_id, qty=move.qty, part_id=str(move.part_id), sku=sku)
    return move


def _part_use(use_id: uuid.UUID, move: StockMove, part: Part) -> PartUse:
    return PartUse(use_id, part.sku, part.name, part.name_en, move.qty, move.unit_price_fen, move.serial)
