"""From what a caller can tell to their jobs, to themselves, and to the technicians.

Whoever is sent a masked number and address finds nothing by what is masked: each guess would be answered.
"""

from dataclasses import replace

from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.privacy.disclosure import SHOWN_DIGITS, Disclosure, disclosure
from backend.search import repository
from backend.search.query import Asked, read
from backend.search.repository import Known, Row
from backend.search.schemas import CustomerHitRead, FoundRead, HitRead, TechnicianHitRead
from backend.sync.schemas import Span

# What a hit was found by, the surest first.
KINDS = ("number", "order", "serial", "phone", "name", "address")
# Of technicians and customers, so many beside the jobs.
BESIDE = 6


def find(session: Session, actor: Actor, text: str, limit: int = 20) -> list[HitRead]:
    """Visible jobs that fit, the surest kind of match first and then the newest."""
    asked = _asked(actor, text)
    return [] if asked is None else _jobs(session, actor, asked, _known(session, actor, asked), limit)


def find_all(session: Session, actor: Actor, text: str, limit: int = 20) -> FoundRead:
    """The same jobs; beside them technicians, and customers who have no work under way."""
    asked = _asked(actor, text)
    if asked is None:
        return FoundRead([], [], [])
    known = _known(session, actor, asked)
    return FoundRead(
        jobs=_jobs(session, actor, asked, known, limit),
        technicians=_technicians(session, actor, asked),
        customers=_customers(session, actor, asked, known),
    )


def _asked(actor: Actor, text: str) -> Asked | None:
    actor.require(Permission.JOB_READ)
    asked = read(text)
    if asked is None or actor.may(Permission.CONTACT_SHOW):
        return asked
    return replace(asked, tail=asked.tail[-SHOWN_DIGITS:])


def _known(session: Session, actor: Actor, asked: Asked) -> Known | None:
    """What fits in the whole organisation; None for somebody who sees a small part of it."""
    if actor.vendor_id is not None or actor.technician_id is not None or actor.job_id is not None:
        return None
    return repository.known(session, actor.org_id, asked)


def _technicians(session: Session, actor: Actor, asked: Asked) -> list[TechnicianHitRead]:
    if not actor.may(Permission.BOARD_READ):
        return []
    return [
        TechnicianHitRead(row.id, row.name, row.login, row.region_id, row.region_name, row.vendor_name)
        for row in repository.technicians(session, actor, asked, BESIDE)
    ]


def _customers(session: Session, actor: Actor, asked: Asked, known: Known | None) -> list[CustomerHitRead]:
    if known is None or not actor.may(Permission.JOB_INTAKE):
        return []
    return [
        CustomerHitRead(
            customer_id=row.id,
            name=row.name,
            phone_tail=row.phone[-SHOWN_DIGITS:],
            found_by="serial" if row.serial else "phone" if asked.tail else "name",
            serial=row.serial,
            product_name=row.product_name,
            product_name_en=row.product_name_en or row.product_name,
        )
        for row in repository.customers_at_rest(session, actor.org_id, known, BESIDE)
    ]


def _jobs(session: Session, actor: Actor, asked: Asked, known: Known | None, limit: int) -> list[HitRead]:
    if known is None:
        rows = repository.jobs_of_few(session, actor, asked)
    else:
        rows = repository.jobs(session, actor, asked, known)
    if not rows:
        return []
    knows_all = actor.may(Permission.CONTACT_SHOW)
    orders = repository.orders(session, [row.case_id for row in rows])
    shown = disclosure(session, actor.org_id)
    hits = [_hit(row, asked, orders.get(row.case_id), shown, knows_all=knows_all) for row in rows]
    found = [hit for hit in hits if hit is not None]
    # Sorted by kind alone: within one, the rows come newest first.
    return sorted(found, key=lambda hit: KINDS.index(hit.found_by))[:limit]


def _hit(
    row: Row, asked: Asked, order_no: str | None, shown: Disclosure, *, knows_all: bool
) -> HitRead | None:
    address = shown.address(row, row.address)
    found_by = _found_by(row, asked, order_no, row.address if knows_all else address)
    if found_by is None:
        return None
    return HitRead(
        job_id=row.id,
        number=row.number,
        type=row.type,
        status=row.status,
        day=row.day,
        region_id=row.region_id,
        window=Span(row.window_start, row.window_end) if row.window_start else None,
        found_by=found_by,
        customer_name=row.customer_name,
        phone_tail=row.phone[-SHOWN_DIGITS:],
        address=address,
        product_name=row.product_name,
        product_name_en=row.product_name_en or row.product_name,
        serial=row.serial,
        order_no=order_no,
        technician_name=row.technician_name,
    )


def _found_by(row: Row, asked: Asked, order_no: str | None, address: str) -> str | None:
    text = asked.text.lower()
    if row.number.lower().startswith(text):
        return "number"
    if order_no is not None and order_no.lower().startswith(text):
        return "order"
    if row.serial is not None and row.serial.lower().startswith(text):
        return "serial"
    if asked.tail and row.phone.endswith(asked.tail):
        return "phone"
    if text in row.customer_name.lower():
        return "name"
    return "address" if text in address.lower() else None
