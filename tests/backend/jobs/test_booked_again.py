"""A visit that could not be finished is booked anew: for anybody, not for who came before."""

import datetime as dt

from sqlmodel import Session

from backend.db.types import utc_now
from backend.jobs.models import Job
from tests.factories.cast import Stage


def test_a_job_booked_anew_has_nobody_yet(on_stage: Stage) -> None:
    job_id = on_stage.world.job.id
    on_stage.calls.write(with_the_vendor, on_stage)
    absent = on_stage.sign_in("technician").send("report_absent", job_id, text="没人")
    assert absent.json()["status"] == "accepted"
    start = utc_now() + dt.timedelta(days=1)
    window = {"window_start": start.isoformat(), "window_end": (start + dt.timedelta(hours=2)).isoformat()}
    body = {"action": "book", "version": absent.json()["job"]["version"], "data": window}
    booked = on_stage.sign_in("dispatcher").post(f"/api/jobs/{job_id}/actions", body).json()
    assert booked["sheet"]["status"] == "booked"
    assert (booked["technician_id"], booked["vendor_id"]) == (None, None)
    seen = on_stage.sign_in("technician").get("/api/sync/pull").json()["jobs"]
    assert job_id not in [job["id"] for job in seen]


def with_the_vendor(session: Session, stage: Stage) -> None:
    session.get_one(Job, stage.world.job.id).vendor_id = stage.world.vendor.id
