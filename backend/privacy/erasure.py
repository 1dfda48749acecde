"""Erasing a person: all that names or shows them, except signed papers and money, which must be kept."""

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from backend.assets.models import Asset
from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.cases.models import Case, SalesOrder
from backend.customers.models import Customer, LocationSource, Place
from backend.db.types import utc_now
from backend.errors import ConflictError
from backend.evidence.models import Blob, Photo, StepAnswer
from backend.extras.models import ExtraQuote, QuoteState
from backend.imports import forgetting
from backend.imports.forgetting import Traces
from backend.jobs.lifecycle import FINISHED
from backend.jobs.models import Job, JobEvent
from backend.messages.models import (
    AddressRequest,
    AgentTask,
    ContactAddress,
    ContactChoice,
    ContactRefusal,
    Message,
    MessageState,
)
from backend.privacy.models import Erasure
from backend.privacy.person import Person, person
from backend.push.models import PushSubscription
from backend.ratings.models import FollowUp, Rating
from backend.report import letters
from backend.report.models import CaseAttachment, CaseReport
from backend.sync.models import Command, FieldConflict
from backend.tracking.models import CustomerLink

NOBODY = "—"
KEPT = ("acceptance", "agreed_quotes", "price", "parts_used", "sales_order_number", "stars", "visit_times")
# Words people wrote, and where somebody was; the rest of an event is when and what.
SAID = (
    "text",
    "reason",
    "note",
    "position",
    "snapshot",
    "strokes",
    "signer",
    "before",
    "after",
    "address",
    "phone",
)
ERASED_REPLY = '{"status":"rejected","code":"erased","message":"The customer\'s data was erased.","job":null}'


class JobOpenError(ConflictError):
    """Work is under way: whoever is to come needs to know where. Cancel or finish it first."""

    code = "job_open"


def erase(session: Session, actor: Actor, customer_id: uuid.UUID, reason: str) -> tuple[Erasure, list[str]]:
    """Erase a person in one transaction; also the stored names of files nobody else refers to any more.

    A second time changes nothing more. Raises NotFoundError, JobOpenError.
    """
    who = person(session, actor, customer_id)
    open_jobs = sa.select(sa.func.count()).where(col(Job.id).in_(who.jobs), col(Job.status).not_in(FINISHED))
    if session.execute(open_jobs).scalar_one():
        raise JobOpenError("A job of this person is still open.")
    traces = _traces(session, who)
    letter_count, files = letters.forget_of(session, actor.org_id, who.jobs, _addresses(session, who))
    counts = {
        "customer": _set(
            session, Customer, "id", who.customers, name=NOBODY, phone="", erased_at=utc_now()
        ),
        "place": _set(
            session, Place, "customer_id", who.customers, address=NOBODY, community="", district="",
            lat=None, lng=None, source=LocationSource.MISSING,
        ),
        "asset": _set(session, Asset, "customer_id", who.customers, order_no=""),
        "case": _set(session, Case, "customer_id", who.customers, description=""),
        "job": _set(session, Job, "id", who.jobs, description="", note=""),
        "report": _set(
            session, CaseReport, "job_id", who.jobs, name=NOBODY, phone="", address=NOBODY, text="", serial=""
        ),
        "message": _set(
            session, Message, "job_id", who.jobs, address="", subject="", text="", data={}, receipt=""
        ),
        "rating": _set(session, Rating, "job_id", who.jobs, text=""),
        "follow_up": _set(session, FollowUp, "job_id", who.jobs, text="", outcome=""),
        "order": _set(session, SalesOrder, "customer_id", who.customers, raw={}),
        "call": _set(session, AgentTask, "job_id", who.jobs, detail="", outcome=""),
        "conflict": _delete(session, FieldConflict, "job_id", who.jobs),
        "alert": _delete_alerts(session, who),
        "link": _set(session, CustomerLink, "job_id", who.jobs, revoked_at=utc_now()),
        "reply": _set(session, Command, "job_id", who.jobs, reply=ERASED_REPLY, http_status=422),
        "event": _forget_words(session, who),
        "answer": _forget_answers(session, who),
        "quote": _forget_quotes(session, who),
        "import": forgetting.forget(session, actor.org_id, traces),
        "contact": _delete_contacts(session, who),
        "letter": letter_count,
    }  # fmt: skip
    queued = sa.update(Message).where(
        col(Message.job_id).in_(who.jobs), col(Message.state) == MessageState.QUEUED
    )
    session.execute(queued.values(state=MessageState.DROPPED, why="erased"))
    counts["picture"], pictures = _delete_pictures(session, actor, who)
    summary: dict[str, Any] = {"erased": counts, "kept": list(KEPT), "reason": reason[:200]}
    row = Erasure(org_id=actor.org_id, customer_id=customer_id, asked_by=actor.name, summary=summary)
    session.add(row)
    session.flush()
    audit.record(session, actor, "privacy.erased", "customer", customer_id, **counts)
    return row, [*files, *pictures]


def _set(session: Session, table: type[SQLModel], key: str, ids: Sequence[uuid.UUID], **values: Any) -> int:
    statement = sa.update(table).where(getattr(table, key).in_(ids)).values(**values)
    count: int = session.execute(statement, execution_options={"synchronize_session": False}).rowcount  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
    return count


def _delete(session: Session, table: type[SQLModel], key: str, ids: Sequence[uuid.UUID]) -> int:
    count: int = session.execute(sa.delete(table).where(getattr(table, key).in_(ids))).rowcount  # type: ignore[attr-defined]  # a DELETE's result counts its rows
    return count


def _addresses(session: Session, who: Person) -> Sequence[str]:
    return session.exec(
        select(ContactAddress.address).where(col(ContactAddress.customer_id).in_(who.customers))
    ).all()


def _delete_alerts(session: Session, who: Person) -> int:
    """Phones that asked for news on this person's links; what they were told goes with them.

    Somebody who is just connecting WeChat comes back to nothing.
    """
    links = session.exec(select(CustomerLink.id).where(col(CustomerLink.job_id).in_(who.jobs))).all()
    _delete(session, AddressRequest, "link_id", links)
    return _delete(session, PushSubscription, "person_id", links)


def _forget_words(session: Session, who: Person) -> int:
    changed = 0
    for event in session.exec(select(JobEvent).where(col(JobEvent.job_id).in_(who.jobs))):
        kept = {name: value for name, value in event.data.items() if name not in SAID}
        if kept != event.data:
            event.data, changed = kept, changed + 1
    session.flush()
    return changed


def _forget_answers(session: Session, who: Person) -> int:
    """What a technician wrote down in words; readings, ticks and choices tell nothing of anybody."""
    jobs = session.execute(sa.select(col(Job.id), col(Job.checklist)).where(col(Job.id).in_(who.jobs)))
    texts = {(job_id, step["key"]) for job_id, steps in jobs for step in steps if step["kind"] == "text"}
    changed = 0
    for answer in session.exec(select(StepAnswer).where(col(StepAnswer.job_id).in_(who.jobs))):
        if (answer.job_id, answer.step) in texts and answer.value["value"]:
            answer.value, changed = {"value": ""}, changed + 1
    session.flush()
    return changed


def _forget_quotes(session: Session, who: Person) -> int:
    """Quotes that were turned down go; signed ones stay as papers, without what was said beside them."""
    _set(session, ExtraQuote, "job_id", who.jobs, note="")
    declined = sa.select(col(ExtraQuote.id)).where(
        col(ExtraQuote.job_id).in_(who.jobs), col(ExtraQuote.state) == QuoteState.DECLINED
    )
    return _delete(session, ExtraQuote, "id", session.scalars(declined).all())


def _traces(session: Session, who: Person) -> Traces:
    """By what this person's orders are known in the files shops sent."""
    people = session.execute(
        sa.select(col(Customer.phone), col(Customer.name), col(Place.address))
        .outerjoin(Place, col(Place.customer_id) == col(Customer.id))
        .where(col(Customer.id).in_(who.customers), col(Customer.phone) != "")
    ).all()
    orders = sa.select(col(SalesOrder.channel), col(SalesOrder.order_no)).where(
        col(SalesOrder.customer_id).in_(who.customers)
    )
    return Traces(
        phones={phone for phone, _, _ in people},
        homes={(name, address) for _, name, address in people if address},
        orders={(channel, order_no) for channel, order_no in session.execute(orders)},
    )


def _delete_contacts(session: Session, who: Person) -> int:
    """Other addresses and choices of contact go; that somebody refused to be written to needs nobody now."""
    tables = (ContactAddress, ContactChoice, ContactRefusal)
    return sum(_delete(session, table, "customer_id", who.customers) for table in tables)


def _delete_pictures(session: Session, actor: Actor, who: Person) -> tuple[int, list[str]]:
    """Pictures of the person's home: rows go, and files that no other record shows."""
    shown = {
        *session.exec(select(Photo.sha256).where(col(Photo.job_id).in_(who.jobs))),
        *session.exec(select(CaseAttachment.sha256).where(col(CaseAttachment.case_id).in_(who.cases))),
    }
    session.execute(sa.delete(Photo).where(col(Photo.job_id).in_(who.jobs)))
    session.execute(sa.delete(CaseAttachment).where(col(CaseAttachment.case_id).in_(who.cases)))
    files = []
    for sha256 in sorted(shown):
        if _is_shown(session, actor, sha256):
            continue
        blob = session.exec(select(Blob).where(Blob.org_id == actor.org_id, Blob.sha256 == sha256)).first()
        if blob is not None:
            stored = blob.stored_sha256
            session.delete(blob)
            session.flush()
            if session.exec(select(Blob.id).where(Blob.stored_sha256 == stored).limit(1)).first() is None:
                files.append(stored)
    return len(shown), files


def _is_shown(session: Session, actor: Actor, sha256: str) -> bool:
    photo = select(Photo.id).where(Photo.org_id == actor.org_id, Photo.sha256 == sha256)
    sent = select(CaseAttachment.id).where(
        CaseAttachment.org_id == actor.org_id, CaseAttachment.sha256 == sha256
    )
    return session.exec(photo.limit(1)).first() is not None or session.exec(sent.limit(1)).first() is not None
