"""Taking a rating, once per visit; a low one is a complaint."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.upsert import insert_into
from backend.errors import BadInputError, NotFoundError, RejectedError
from backend.evidence import blobs
from backend.evidence.images import CleanImage
from backend.jobs import repository as job_rows
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit, VisitOutcome
from backend.ratings import complaints
from backend.ratings.models import Rating
from backend.report import service as reports
from backend.report.models import AttachmentKind, CaseAttachment

RATED = frozenset({JobStatus.SIGNED, JobStatus.CLOSED})
LOW_STARS = 2
MOST_TEXT = 1_000
MOST_PHOTOS = 3
GOOD_TAGS = ("on_time", "polite", "skilled", "tidy", "clear_price")
BAD_TAGS = ("late", "rude", "not_fixed", "untidy", "unclear_price")
TAGS = (*GOOD_TAGS, *BAD_TAGS)


class NotRatableError(RejectedError):
    """There is no finished visit to rate."""

    code = "not_ratable"


@dataclass(frozen=True)
class Verdict:
    """What a customer says: 1 to 5 stars, what stood out, and words of their own."""

    stars: int
    tags: tuple[str, ...] = ()
    text: str = ""


def rating_of(session: Session, job: Job) -> Rating | None:
    """The rating of the job's last visit."""
    visit = _finished_visit(session, job)
    if visit is None:
        return None
    return session.exec(select(Rating).where(Rating.visit_id == visit.id)).first()


def is_ratable(session: Session, job: Job) -> bool:
    """Whether there is a finished visit nobody has rated."""
    return _finished_visit(session, job) is not None and rating_of(session, job) is None


def _finished_visit(session: Session, job: Job) -> Visit | None:
    visit = job_rows.last_visit(session, job.id) if job.status in RATED else None
    return visit if visit is not None and visit.outcome in (None, VisitOutcome.COMPLETED) else None


def rate(session: Session, actor: Actor, verdict: Verdict) -> Rating:
    """Keep a customer's verdict; a second one changes nothing and gives back the first.

    Raises NotRatableError before the work is signed, BadInputError for stars there are none of.
    """
    if not 1 <= verdict.stars <= 5:
        raise BadInputError("One to five stars.", code="bad_stars")
    job = jobs.get_for_change(session, actor, _job_id(actor))
    visit = _finished_visit(session, job)
    if visit is None:
        raise NotRatableError("There is no finished visit to rate.")
    row = Rating(
        org_id=job.org_id,
        job_id=job.id,
        visit_id=visit.id,
        technician_id=visit.technician_id,
        vendor_id=job.vendor_id,
        stars=verdict.stars,
        tags=[tag for tag in TAGS if tag in verdict.tags],
        text=verdict.text.replace("\x00", "").strip()[:MOST_TEXT],
    )
    statement = insert_into(session, Rating).values(**row.model_dump())
    session.execute(statement.on_conflict_do_nothing(index_elements=["visit_id"]))
    kept = session.exec(select(Rating).where(Rating.visit_id == visit.id)).one()
    if kept.id == row.id:
        _after(session, actor, job, kept)
    return kept


def _after(session: Session, actor: Actor, job: Job, rating: Rating) -> None:
    """What a new rating sets off."""
    audit.record(session, actor, "rating", "job", job.id, stars=rating.stars)
    if rating.stars <= LOW_STARS:
        complaints.open_complaint(session, job, str(rating.id), rating.text, rating)
    session.flush()


def keep_photo(session: Session, actor: Actor, sha256: str, image: CleanImage) -> bool:
    """Keep a picture with the customer's rating; False when there is no rating or there are enough."""
    job = jobs.get_for_change(session, actor, _job_id(actor))
    if rating_of(session, job) is None or len(photos_of(session, [job.id]).get(job.id, ())) >= MOST_PHOTOS:
        return False
    blobs.register(session, actor, sha256, image)
    reports.attach(session, job, ((AttachmentKind.RATING, sha256),))
    return True


def photos_of(session: Session, job_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The pictures sent with ratings, by job."""
    query = select(CaseAttachment).where(
        col(CaseAttachment.job_id).in_(job_ids), CaseAttachment.kind == AttachmentKind.RATING
    )
    found: dict[uuid.UUID, list[str]] = {}
    for one in session.exec(query.order_by(col(CaseAttachment.id))):
        found.setdefault(one.job_id, []).append(one.sha256)
    return found


def recommend(session: Session, actor: Actor, nps: int) -> Rating:
    """Keep whether the customer would recommend us, 0 to 10, beside their rating; the first answer stays."""
    if not 0 <= nps <= 10:
        raise BadInputError("Zero to ten.", code="bad_nps")
    rating = rating_of(session, jobs.get_for_change(session, actor, _job_id(actor)))
    if rating is None:
        raise NotRatableError("There is no rating yet.")
    if rating.nps is None:
        rating.nps = nps
        session.flush()
    return rating


def _job_id(actor: Actor) -> uuid.UUID:
    if actor.job_id is None:
        raise NotFoundError("No such job.")
    return actor.job_id


def list_ratings(
    session: Session, actor: Actor, after: uuid.UUID | None, limit: int
) -> list[tuple[Rating, Job]]:
    """Ratings of the jobs the actor may see, newest first."""
    actor.require(Permission.BOARD_READ)
    query = (
        sa.select(Rating, Job)
        .join(Job, col(Job.id) == col(Rating.job_id))
        .where(col(Rating.org_id) == actor.org_id, job_rows.visible_to(actor))
    )
    if after is not None:
        query = query.where(col(Rating.id) < after)
    rows = session.execute(query.order_by(col(Rating.id).desc()).limit(limit))
    return [(rating, job) for rating, job in rows]
