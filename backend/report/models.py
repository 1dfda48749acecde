"""Tables of reports: the rules of an organisation's page, drafts, what became of them, and their pictures."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.cases.models import Channel
from backend.db.base import OrgRow, Table
from backend.db.types import enum_column, json_list, json_object, utc_now


class ReportRules(Table, table=True):
    """An organisation's public page: its address, and by when a report is answered.

    An answer is owed `answer_h` working hours after the report; work is done from `open_from_h` to
    `open_until_h` local time, every day.
    """

    __tablename__ = "report_rules"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("answer_h BETWEEN 1 AND 72", name="answer"),
        sa.CheckConstraint("open_from_h >= 0 AND open_until_h <= 24", name="hours"),
        sa.CheckConstraint("open_from_h < open_until_h", name="hours_order"),
    )

    org_id: uuid.UUID = Field(primary_key=True, foreign_key="organisation.id")
    slug: str = Field(max_length=40)
    is_open: bool = True
    answer_h: int = 4
    open_from_h: int = 8
    open_until_h: int = 20


class ReportDraft(OrgRow, table=True):
    """A report being written; its address is the only key to it. `data` holds what has been said so far."""

    __tablename__ = "report_draft"

    data: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    expires_at: dt.datetime = Field(index=True)
    submitted_at: dt.datetime | None = None


class CaseReport(OrgRow, table=True):
    """One report of a case. `key` tells the same report sent again; `is_joined` that the case was there."""

    __tablename__ = "case_report"
    __table_args__ = (sa.UniqueConstraint("org_id", "key"),)

    key: uuid.UUID
    case_id: uuid.UUID = Field(foreign_key="service_case.id", index=True)
    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    channel: Channel = Field(sa_type=enum_column(Channel))
    is_joined: bool = False
    symptom: str = Field(default="", max_length=60)
    text: str = Field(default="", max_length=2000)
    name: str = Field(max_length=120)
    phone: str = Field(max_length=20)
    address: str = Field(max_length=300)
    serial: str = Field(default="", max_length=60)
    helped: bool | None = None
    consent_at: dt.datetime | None = None
    answer_by: dt.datetime


class AttachmentKind(enum.StrEnum):
    """What a customer's picture or video of a case is."""

    PHOTO = "photo"
    VIDEO = "video"
    PROOF = "proof"
    RATING = "rating"


class CaseAttachment(OrgRow, table=True):
    """A customer's picture or video, kept with the case through every later step."""

    __tablename__ = "case_attachment"
    __table_args__ = (sa.UniqueConstraint("case_id", "kind", "sha256"),)

    case_id: uuid.UUID = Field(foreign_key="service_case.id", index=True)
    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    kind: AttachmentKind = Field(sa_type=enum_column(AttachmentKind))
    sha256: str = Field(max_length=64, index=True)


class LetterState(enum.StrEnum):
    """What became of an e-mail.

    Its sender is to finish it, it joined a case, became one, is no report, was set aside by the office, or
    nobody but its reader can tell: it lies in the mailbox, and its `why` is an `Unreadable`.
    """

    WAITING = "waiting"
    JOINED = "joined"
    REPORTED = "reported"
    REFUSED = "refused"
    DISMISSED = "dismissed"
    UNREADABLE = "unreadable"


class Unreadable(enum.StrEnum):
    """Why an e-mail of the mailbox was not taken in: by its size, its form, or our own fault."""

    TOO_LARGE = "too_large"
    BAD_FORM = "bad_form"
    FAILED = "failed"


class ReportLetter(OrgRow, table=True):
    """An e-mail from a customer. `key` tells the same one again; its words stay only until it is settled.

    `is_owed` while its sender has not been answered; `files` are what it brought, as a draft keeps it.
    """

    __tablename__ = "report_letter"
    __table_args__ = (sa.UniqueConstraint("org_id", "key"), sa.Index(None, "org_id", "state"))

    key: str = Field(max_length=64)
    state: LetterState = Field(sa_type=enum_column(LetterState))
    job_id: uuid.UUID | None = Field(default=None, foreign_key="job.id", index=True)
    sender: str = Field(default="", max_length=320)
    name: str = Field(default="", max_length=120)
    subject: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=2000)
    files: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_list())
    is_owed: bool = False
    why: str = Field(default="", max_length=200)
    expires_at: dt.datetime = Field(index=True)


class LetterHook(OrgRow, table=True):
    """Where an organisation's mail service hands e-mails over; the id is the address of it.

    Only this server opens the secrets in `sealed`: the one to sign with, and until `old_until` the one
    before. E-mails from `address` are our own, and never answered.
    """

    __tablename__ = "letter_hook"
    __table_args__ = (sa.UniqueConstraint("org_id"),)

    sealed: str = Field(max_length=1000)
    address: str = Field(default="", max_length=320)
    changed_at: dt.datetime
    old_until: dt.datetime | None = None
    last_used_at: dt.datetime | None = None


class SelfHelpTry(OrgRow, table=True):
    """Somebody was shown the self-help steps of a symptom; `is_solved` when those were enough."""

    __tablename__ = "self_help_try"
    __table_args__ = (sa.UniqueConstraint("draft_id"),)

    draft_id: uuid.UUID
    category: str = Field(max_length=40)
    symptom: str = Field(max_length=60)
    is_solved: bool = False


class ReportAttempt(Table, table=True):
    """One start or submission; counted per address and phone number, as hashes, to slow abuse down."""

    __tablename__ = "report_attempt"

    id: int | None = Field(default=None, primary_key=True)
    key_hash: str = Field(max_length=64, index=True)
    at: dt.datetime = Field(default_factory=utc_now, index=True)
