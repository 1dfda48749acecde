"""When evidence may still be added to a job."""

from backend.jobs.lifecycle import JobStatus, TransitionRefusedError
from backend.jobs.models import Job

AT_THE_DOOR = frozenset(
    {JobStatus.EN_ROUTE, JobStatus.ON_SITE, JobStatus.DIAGNOSED, JobStatus.REWORK, JobStatus.DONE}
)
# A photo of a closed door or of a broken part may follow the action it explains.
AFTERWARDS = frozenset({JobStatus.CUSTOMER_ABSENT, JobStatus.NEEDS_PART, JobStatus.TO_WORKSHOP})


def require_at_the_door(job: Job) -> None:
    """Answers and parts change only during the visit: what was signed stays as it was."""
    _require(job, AT_THE_DOOR)


def require_photo_time(job: Job) -> None:
    """Photos during the visit, or just after one that could not be finished."""
    _require(job, AT_THE_DOOR | AFTERWARDS)


def _require(job: Job, states: frozenset[JobStatus]) -> None:
    if job.status not in states:
        raise TransitionRefusedError(
            f"Evidence cannot be added in state {job.status}.", action="record", state=job.status
        )
