"""E-mails from customers: joined to the open case they are about, or answered with a link to go on."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.cases.models import Case, CaseStatus, Channel
from backend.customers.models import Customer
from backend.db.types import utc_now
from backend.db.upsert import insert_into
from backend.errors import TooManyAttemptsError
from backend.evidence import blobs
from backend.evidence.blobs import Kept
from backend.jobs import service as jobs
from backend.jobs.lifecycle import FINISHED
from backend.jobs.models import Job
from backend.messages.models import ContactAddress, Message
from backend.organisations.models import Organisation, Region
from backend.report import drafts, limits, rules, service
from backend.report.letter import Letter, Outline
from backend.report.models import AttachmentKind, CaseReport, LetterState, ReportLetter, Unreadable
from backend.tracking import links

PURPOSE = b"report letter 1:"
MOST_ANSWERS = 5
KEPT_FOR = dt.timedelta(days=14)
_IS_OWED = sa.and_(col(ReportLetter.is_owed).is_(True), col(ReportLetter.sender) != "")


@dataclass(frozen=True)
class Enclosed:
    """A file of a letter, checked and kept under the hash of what was sent, and how pages show it."""

    kind: AttachmentKind
    sha256: str
    kept: Kept
    shown: dict[str, str]


def is_known(session: Session, org_id: uuid.UUID, key: str) -> bool:
    """Whether a letter was taken in before."""
    return _by_key(session, org_id, key) is not None


def take(
    session: Session, org: Organisation, letter: Letter, enclosed: Sequence[Enclosed], our_addresses: set[str]
) -> ReportLetter | None:
    """Keep a letter once: the same again is None. One by a program, or by ourselves, is kept unanswered."""
    is_refused = letter.is_automatic or letter.sender in our_addresses
    job = None if is_refused else _job_of(session, org.id, letter)
    row = ReportLetter(
        org_id=org.id,
        key=letter.key,
        state=LetterState.REFUSED if is_refused else LetterState.JOINED if job else LetterState.WAITING,
        job_id=job.id if job else None,
        expires_at=utc_now() + KEPT_FOR,
    )
    kept = _kept_once(session, row)
    if kept is None:
        return None
    if not is_refused:
        _fill(session, org, kept, letter, enclosed, job)
    session.flush()
    return kept


def set_aside(session: Session, org_id: uuid.UUID, outline: Outline, why: Unreadable) -> None:
    """Keep, once, that an e-mail lies in the mailbox which we could not take in."""
    row = ReportLetter(
        org_id=org_id,
        key=outline.key,
        state=LetterState.UNREADABLE,
        sender=outline.sender,
        subject=outline.subject,
        why=why,
        expires_at=utc_now() + KEPT_FOR,
    )
    _kept_once(session, row)


def _kept_once(session: Session, row: ReportLetter) -> ReportLetter | None:
    """The row as it is in the database; None where an e-mail of its key was here before."""
    statement = insert_into(session, ReportLetter).values(**row.model_dump())
    session.execute(statement.on_conflict_do_nothing(index_elements=["org_id", "key"]))
    kept = _by_key(session, row.org_id, row.key)
    return kept if kept is not None and kept.id == row.id else None


def _fill(
    session: Session,
    org: Organisation,
    row: ReportLetter,
    letter: Letter,
    enclosed: Sequence[Enclosed],
    job: Job | None,
) -> None:
    actor = drafts.reporter(org.id)
    for one in enclosed:
        blobs.register(session, actor, one.sha256, one.kept)
    row.sender = letter.sender
    row.is_owed = _may_answer(session, letter.sender)
    files = tuple((one.kind, one.sha256) for one in enclosed)
    if job is not None:
        _join(session, actor, job, row, letter, files)
        return
    row.name, row.subject, row.text = letter.name, letter.subject, letter.text
    row.files = [{"kind": one.kind.value, "sha256": one.sha256, **one.shown} for one in enclosed]


def _may_answer(session: Session, sender: str) -> bool:
    """A few answers a day to one address: two programs that answer each other soon stop."""
    try:
        limits.count_letter(session, sender, MOST_ANSWERS)
    except TooManyAttemptsError:
        return False
    return True


def _job_of(session: Session, org_id: uuid.UUID, letter: Letter) -> Job | None:
    """The unfinished job a letter is about: the one whose message it answers, else its sender's only one."""
    query = (
        select(Job)
        .join(Case, col(Case.id) == col(Job.case_id))
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .join(ContactAddress, col(ContactAddress.customer_id) == col(Customer.id))
        .where(
            Job.org_id == org_id,
            ContactAddress.channel == "email",
            ContactAddress.address == letter.sender,
            col(Customer.erased_at).is_(None),
            Case.status == CaseStatus.OPEN,
            col(Job.status).not_in(FINISHED),
        )
        .order_by(col(Job.id).desc())
    )
    known = session.exec(query.limit(10)).all()
    receipts = [f"<{one}>" for one in letter.answers]
    told = (
        set(session.exec(select(Message.job_id).where(col(Message.receipt).in_(receipts))))
        if receipts
        else set()
    )
    answered = [job for job in known if job.id in told]
    if answered:
        return answered[0]
    return known[0] if len({job.case_id for job in known}) == 1 else None


def _join(
    session: Session,
    actor: Actor,
    job: Job,
    row: ReportLetter,
    letter: Letter,
    files: tuple[tuple[AttachmentKind, str], ...],
) -> None:
    customer, region = session.get_one(Customer, job.customer_id), session.get_one(Region, job.region_id)
    report = CaseReport(
        org_id=job.org_id,
        key=row.id,
        case_id=job.case_id,
        job_id=job.id,
        channel=Channel.EMAIL,
        is_joined=True,
        text="\n".join(part for part in (letter.subject, letter.text) if part),
        name=customer.name,
        phone=customer.phone,
        address="",
        answer_by=rules.answer_by(session, job.org_id, region.zone),
    )
    session.add(report)
    service.attach(session, job, files)
    audit.record(session, actor, "reported", "case", job.case_id, channel=Channel.EMAIL, joined=True)
    jobs.touch(session, job)


def _by_key(session: Session, org_id: uuid.UUID, key: str) -> ReportLetter | None:
    query = select(ReportLetter).where(ReportLetter.org_id == org_id, ReportLetter.key == key)
    return session.exec(query).first()


def open_letter(session: Session, secret: bytes, org_id: uuid.UUID, token: str) -> ReportLetter | None:
    """The letter a link leads back to, while it waits for the rest of its report; None for anything else."""
    try:
        row = session.get(ReportLetter, links.unseal(secret, token, PURPOSE))
    except links.LinkClosedError:
        return None
    is_here = row is not None and row.org_id == org_id and row.state is LetterState.WAITING
    return row if is_here else None


def said(row: ReportLetter) -> dict[str, object]:
    """What a letter brings into the draft that is begun from it."""
    text = "\n".join(part for part in (row.subject, row.text) if part)
    return {"text": text[:1_500], "name": row.name, "pictures": row.files, "letter_id": str(row.id)}


def settle(session: Session, letter_id: str, job_id: uuid.UUID) -> None:
    """Its report was sent: what the letter said is with the case now, and only its key is left."""
    row = session.get(ReportLetter, uuid.UUID(letter_id))
    if row is not None:
        row.state, row.job_id = LetterState.REPORTED, job_id
        _forget(row)
        session.flush()


def _forget(row: ReportLetter) -> None:
    row.sender = row.name = row.subject = row.text = ""
    row.files, row.is_owed = [], False


def forget_expired(session: Session, now: dt.datetime | None = None) -> list[str]:
    """Empty letters nobody went on with; the files to remove afterwards."""
    is_told = sa.or_(col(ReportLetter.sender) != "", col(ReportLetter.subject) != "")
    query = select(ReportLetter).where(ReportLetter.expires_at <= (now or utc_now()), is_told)
    return empty(session, session.exec(query.limit(100)).all())


def forget_of(
    session: Session, org_id: uuid.UUID, jobs: Sequence[uuid.UUID], addresses: Sequence[str]
) -> tuple[int, list[str]]:
    """Empty letters about some jobs or from some addresses; how many, and the files to remove afterwards."""
    query = select(ReportLetter).where(
        ReportLetter.org_id == org_id,
        ReportLetter.sender != "",
        sa.or_(
            col(ReportLetter.job_id).in_(jobs),
            sa.func.lower(col(ReportLetter.sender)).in_([address.lower() for address in addresses]),
        ),
    )
    found = session.exec(query).all()
    return len(found), empty(session, found)


def empty(session: Session, letters: Sequence[ReportLetter]) -> list[str]:
    """Forget the words of letters; the files to remove afterwards."""
    files: list[str] = []
    for row in letters:
        hashes = {one["sha256"] for one in row.files}
        _forget(row)
        session.flush()
        files += drafts.forget_files(session, row.org_id, hashes)
    return files


def debtors(session: Session) -> Sequence[Organisation]:
    """Organisations that owe somebody an answer."""
    owing = sa.select(col(ReportLetter.org_id)).where(_IS_OWED)
    return session.exec(select(Organisation).where(col(Organisation.id).in_(owing))).all()


def owed(session: Session, org_id: uuid.UUID, most: int = 20) -> Sequence[ReportLetter]:
    """Letters whose sender was told nothing yet."""
    query = select(ReportLetter).where(ReportLetter.org_id == org_id, _IS_OWED)
    return session.exec(query.order_by(col(ReportLetter.id)).limit(most)).all()


def answered(session: Session, letter_id: uuid.UUID, *, is_over: bool, why: str = "") -> None:
    """Note an answer that left, or one that will never do; nothing where none was owed any more."""
    row = session.get_one(ReportLetter, letter_id, with_for_update=True)
    if not row.is_owed:
        return
    row.is_owed, row.why = not is_over, why[:200]
    if is_over and row.state is LetterState.JOINED:
        _forget(row)
    session.flush()


def is_waiting() -> sa.ColumnElement[bool]:
    """Whether somebody of the office may still do something about a letter."""
    state = col(ReportLetter.state)
    return sa.or_(
        sa.and_(state == LetterState.WAITING, col(ReportLetter.sender) != ""),
        sa.and_(state == LetterState.UNREADABLE, col(ReportLetter.expires_at) > utc_now()),
    )


def token_of(secret: bytes, letter_id: uuid.UUID) -> str:
    return links.seal(secret, letter_id, PURPOSE)
