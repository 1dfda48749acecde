"""Letters as the office sees them: what became of each, taking one up by hand, setting one aside."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import ConflictError, NotFoundError, RejectedError
from backend.jobs.models import Job
from backend.report import letters
from backend.report.models import AttachmentKind, CaseReport, LetterState, ReportLetter

FORGOTTEN = "forgotten"


class LetterSettledError(ConflictError):
    """Somebody, or its sender, was faster."""

    code = "letter_settled"


@dataclass(frozen=True)
class Asked:
    """Which letters: those done with or those that wait, with these words in them, behind the one `after`."""

    is_settled: bool = False
    text: str = ""
    after: uuid.UUID | None = None
    limit: int = 50


@dataclass(frozen=True)
class Seen:
    """A letter, the words that are still kept of it, and the job it belongs to."""

    row: ReportLetter
    text: str
    job_number: str | None = None

    @property
    def state(self) -> str:
        """What became of it; `forgotten` when nobody went on with it in time."""
        if self.row.state is LetterState.UNREADABLE:
            return FORGOTTEN if self.row.expires_at <= utc_now() else self.row.state
        is_empty = self.row.state is LetterState.WAITING and not self.row.sender
        return FORGOTTEN if is_empty else self.row.state


def listed(session: Session, actor: Actor, asked: Asked) -> Sequence[Seen]:
    """Letters that wait for somebody, or those that are done with; the newest first."""
    actor.require(Permission.JOB_INTAKE)
    # A key is what its sender chose: another organisation's may be the same.
    of_the_letter = sa.and_(
        col(CaseReport.key) == col(ReportLetter.id), col(CaseReport.org_id) == actor.org_id
    )
    query = (
        sa.select(ReportLetter, col(Job.number), col(CaseReport.text))
        .outerjoin(Job, col(Job.id) == col(ReportLetter.job_id))
        .outerjoin(CaseReport, of_the_letter)
        .where(col(ReportLetter.org_id) == actor.org_id)
        .where(sa.not_(letters.is_waiting()) if asked.is_settled else letters.is_waiting())
        .order_by(col(ReportLetter.id).desc())
        .limit(asked.limit)
    )
    if asked.after is not None:
        query = query.where(col(ReportLetter.id) < asked.after)
    if asked.text:
        words = (ReportLetter.sender, ReportLetter.name, ReportLetter.subject, ReportLetter.text)
        query = query.where(
            sa.or_(
                *(
                    col(each).icontains(asked.text, autoescape=True)
                    for each in (*words, Job.number, CaseReport.text)
                )
            )
        )
    return [
        Seen(row, (said if asked.is_settled else "") or row.text, number)
        for row, number, said in session.execute(query)
    ]


def one_waiting(session: Session, actor: Actor, letter_id: uuid.UUID) -> Seen:
    """A letter that waits for somebody; raises LetterSettledError when it waits no more."""
    actor.require(Permission.JOB_INTAKE)
    row = _open(session, actor, letter_id, is_to_change=False)
    return Seen(row, row.text)


def taken_up(session: Session, actor: Actor, letter_id: uuid.UUID) -> ReportLetter:
    """The letter somebody makes a case of by hand; raises LetterSettledError when it waits no more."""
    row = _open(session, actor, letter_id)
    if row.state is LetterState.UNREADABLE:
        raise RejectedError("This letter could not be read.", code="unreadable_letter")
    return row


def _open(session: Session, actor: Actor, letter_id: uuid.UUID, *, is_to_change: bool = True) -> ReportLetter:
    query = select(ReportLetter).where(ReportLetter.id == letter_id, ReportLetter.org_id == actor.org_id)
    row = session.exec(query.with_for_update() if is_to_change else query).first()
    if row is None:
        raise NotFoundError("No such letter.")
    is_open = select(ReportLetter.id).where(ReportLetter.id == letter_id, letters.is_waiting())
    if session.exec(is_open).first() is None:
        raise LetterSettledError("This letter is done with.", state=row.state.value)
    return row


def pictures(row: ReportLetter) -> tuple[tuple[AttachmentKind, str], ...]:
    """What the letter brought, as a report takes it."""
    return tuple((AttachmentKind(one["kind"]), str(one["sha256"])) for one in row.files)


def dismiss(session: Session, actor: Actor, letter_id: uuid.UUID, reason: str) -> list[str]:
    """Set a letter aside, with why: its words go, and its sender gets no more answers.

    Returns the files to remove when this has been committed.
    """
    actor.require(Permission.JOB_INTAKE)
    row = _open(session, actor, letter_id)
    row.state, row.why = LetterState.DISMISSED, reason[:200]
    files = letters.empty(session, [row])
    audit.record(session, actor, "letter.dismissed", "report_letter", row.id)
    return files
