"""What a customer writes to the technician: it reaches the phone as part of the job's note."""

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.errors import BadInputError, NotFoundError, RejectedError
from backend.jobs import service as jobs
from backend.jobs.lifecycle import AT_WORK, OFFERED, OPEN_FOR_PLANNING, JobStatus
from backend.jobs.models import Job

OPEN = OFFERED | OPEN_FOR_PLANNING | AT_WORK | {JobStatus.QUALIFIED, JobStatus.EN_ROUTE, JobStatus.REWORK}
MARK = "客户留言："
MOST_TEXT, MOST_NOTES, MOST_IN_ALL = 200, 5, 2_000


class NoteRefusedError(RejectedError):
    """The visit is over, or enough has been written."""

    code = "note_refused"


def may_write(job: Job) -> bool:
    """Whether a note still reaches somebody, and there is room for it."""
    is_room = len(job.note) + len(MARK) + MOST_TEXT < MOST_IN_ALL
    return job.status in OPEN and is_room and job.note.count(MARK) < MOST_NOTES


def write(session: Session, customer: Actor, text: str) -> None:
    """Add a line to the job's note, the same one only once; raises NoteRefusedError, or BadInputError for an
    empty one.
    """
    said = " ".join(text.replace("\x00", "").split())[:MOST_TEXT]
    if customer.job_id is None:
        raise NotFoundError("No such job.")
    if not said:
        raise BadInputError("Nothing was written.", code="empty")
    job = jobs.get_for_change(session, customer, customer.job_id)
    # Nobody writes in another's name: a mark inside the words is only words.
    line = MARK + said.replace(MARK, "")
    if line in job.note.splitlines():
        return  # a second tap
    if not may_write(job):
        raise NoteRefusedError("No note can be left any more.")
    job.note = f"{job.note}\n{line}" if job.note else line
    audit.record(session, customer, "note", "job", job.id)
    jobs.touch(session, job)
