"""What a phone says of work on site counts only while somebody is at work there."""

import uuid
from typing import Any

from sqlmodel import Session

from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from tests.factories.cast import Person, Stage

AWAY = (JobStatus.ASSIGNED, JobStatus.ACCEPTED, JobStatus.EN_ROUTE, JobStatus.DONE)
AT_WORK = (JobStatus.ON_SITE, JobStatus.DIAGNOSED, JobStatus.REWORK)
QUOTE: dict[str, Any] = {"quote_id": str(uuid.uuid4())}
ANSWERED = {**QUOTE, "snapshot": {}, "sha256": "0" * 64}
SIGNED = {"signer": "赵女士", "strokes": [[]], "signed_at": "2026-11-23T04:00:00Z"}
OF_WORK: dict[str, dict[str, Any]] = {
    "answer": {"step": "power_off", "value": True},
    "use_part": {"use_id": str(uuid.uuid4()), "sku": "P-1", "qty": 1},
    "return_part": {"use_id": str(uuid.uuid4())},
    "serial": {"serial": "SN60-0002"},
    "agree_extra": ANSWERED | SIGNED,
    "decline_extra": ANSWERED,
    "withdraw_extra": QUOTE,
}


def refusals(stage: Stage, phone: Person, status: JobStatus) -> dict[str, str]:
    """Why each command is refused on a job in a state, where it is."""
    job_id = stage.world.job.id

    def bring(session: Session) -> None:
        session.get_one(Job, job_id).status = status

    stage.calls.write(bring)
    return {kind: phone.send(kind, job_id, **said).json()["code"] for kind, said in OF_WORK.items()}


def test_what_is_said_of_work_counts_only_at_work(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    for status in AWAY:
        assert refusals(on_stage, phone, status) == dict.fromkeys(OF_WORK, "transition_refused"), status
    for status in AT_WORK:
        assert "transition_refused" not in refusals(on_stage, phone, status).values(), status
