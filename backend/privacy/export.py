"""Everything we hold of a person, as JSON with their pictures and signed papers, in one ZIP file."""

import io
import json
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from backend.assets.models import Asset
from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.booking.models import BookingCharge, WaitingEntry
from backend.cases.models import Case, SalesOrder
from backend.customers.models import Customer, Place
from backend.db.types import utc_now
from backend.evidence.models import Acceptance, Blob, Photo, StepAnswer
from backend.evidence.store import BlobStore
from backend.extras.models import ExtraQuote
from backend.jobs.models import Job, JobEvent, Visit
from backend.messages.models import AgentTask, ContactAddress, ContactChoice, ContactRefusal, Message
from backend.privacy.person import Person, person
from backend.ratings.models import FollowUp, Rating
from backend.report.models import CaseAttachment, CaseReport, ReportLetter

# What says something of others, or only of our own workings.
LEFT_OUT = frozenset(
    {"org_id", "technician_id", "other_technician_id", "vendor_id", "plan_id", "why", "version", "actor_id",
     "actor_name", "request_id", "pays_fen", "unserved_fen", "unserved_reason", "claimed_until",
     "marginal_fen", "closed_by", "answered_by"}
)  # fmt: skip
BY_CUSTOMER: tuple[type[SQLModel], ...] = (
    Place, Asset, Case, SalesOrder, Job, ContactAddress, ContactChoice, ContactRefusal,
)  # fmt: skip
BY_JOB: tuple[type[SQLModel], ...] = (
    Visit, JobEvent, StepAnswer, Photo, Acceptance, ExtraQuote, BookingCharge, WaitingEntry, Message, Rating,
    FollowUp, CaseReport, CaseAttachment, ReportLetter, AgentTask,
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """Rows by table; pictures as (hash sent under, hash kept under, media type); signed texts by hash."""

    data: dict[str, list[dict[str, Any]]]
    pictures: list[tuple[str, str, str]]
    papers: list[tuple[str, str]]


def collect(session: Session, actor: Actor, customer_id: uuid.UUID) -> Export:
    """Gather a person's data. Raises NotFoundError, and ForbiddenError without the right."""
    who = person(session, actor, customer_id)
    data = {"customer": _rows(session, Customer, "id", who.customers)}
    for table in BY_CUSTOMER:
        data[str(table.__tablename__)] = _rows(session, table, "customer_id", who.customers)
    for table in BY_JOB:
        data[str(table.__tablename__)] = _rows(session, table, "job_id", who.jobs)
    audit.record(
        session, actor, "privacy.exported", "customer", customer_id, rows=sum(map(len, data.values()))
    )
    papers = {row["sha256"]: row["snapshot"] for row in [*data["acceptance"], *data["extra_quote"]]}
    return Export(data, _pictures(session, actor, who), list(papers.items()))


def _rows(
    session: Session, table: type[SQLModel], key: str, ids: Sequence[uuid.UUID]
) -> list[dict[str, Any]]:
    column = getattr(table, key)
    found = session.exec(select(table).where(column.in_(ids))).all()
    return [_plain(row) for row in found]


def _plain(row: SQLModel) -> dict[str, Any]:
    values = row.model_dump(mode="json")
    return {name: value for name, value in values.items() if name not in LEFT_OUT}


def _pictures(session: Session, actor: Actor, who: Person) -> list[tuple[str, str, str]]:
    shown = {
        *session.exec(select(Photo.sha256).where(col(Photo.job_id).in_(who.jobs))),
        *session.exec(select(CaseAttachment.sha256).where(col(CaseAttachment.case_id).in_(who.cases))),
    }
    query = select(Blob).where(Blob.org_id == actor.org_id, col(Blob.sha256).in_(shown))
    return [(one.sha256, one.stored_sha256, one.media_type) for one in session.exec(query)]


def packed(export: Export, store: BlobStore) -> bytes:
    """The ZIP file: `data.json`, `pictures/…`, and each signed text as it was signed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(export.data, ensure_ascii=False, indent=1)
        archive.writestr("data.json", text)
        archive.writestr(
            "README.txt", f"Exported {utc_now().isoformat(timespec='seconds')}. Times are UTC.\n"
        )
        for sha256, stored, media_type in export.pictures:
            picture = store.get(stored)
            if picture is not None:
                archive.writestr(f"pictures/{sha256}.{media_type.rpartition('/')[2]}", picture)
        for sha256, snapshot in export.papers:
            archive.writestr(f"signed/{sha256}.json", snapshot)
    return buffer.getvalue()
