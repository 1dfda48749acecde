"""Jobs over HTTP, for the office."""

import datetime as dt
import uuid
from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.jobs import many, office
from backend.jobs.lifecycle import JobStatus
from backend.jobs.schemas import (
    ActionRequest,
    EditRequest,
    EventRead,
    JobRead,
    JobSummary,
    LockRequest,
    ManyRead,
    ManyRequest,
)
from backend.web.schemas import Page


@get("/", operation_id="listJobs")
async def list_jobs(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    region_id: Annotated[uuid.UUID | None, QueryParameter()] = None,
    day: Annotated[dt.date | None, QueryParameter()] = None,
    status: Annotated[list[JobStatus] | None, QueryParameter()] = None,
    q: Annotated[str, QueryParameter(max_length=60, pattern=r"^[^\x00]*$")] = "",
    after: Annotated[uuid.UUID | None, QueryParameter()] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> Page[JobSummary]:
    """Jobs one may see; `q` finds number, customer, phone tail or address."""
    items = await db.read(
        office.search,
        actor,
        region_id=region_id,
        day=day,
        status=status or [],
        text=q.strip(),
        after=after,
        limit=limit,
    )
    return Page(items, next=str(items[-1].id) if len(items) == limit else None)


@get("/{job_id:uuid}", operation_id="getJob")
async def get_job(
    db: NamedDependency[Database], actor: NamedDependency[Actor], job_id: FromPath[uuid.UUID]
) -> JobRead:
    """One job with everything about it."""
    return await db.read(office.get, actor, job_id)


@get("/{job_id:uuid}/history", operation_id="getJobHistory")
async def get_history(
    db: NamedDependency[Database], actor: NamedDependency[Actor], job_id: FromPath[uuid.UUID]
) -> list[EventRead]:
    """What happened to a job, by whom and when."""
    return await db.read(office.history, actor, job_id)


@post("/{job_id:uuid}/actions", operation_id="actOnJob", status_code=200)
async def act(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    job_id: FromPath[uuid.UUID],
    data: JSONBody[ActionRequest],
) -> JobRead:
    """Take an action: qualify, book, assign, unassign, report_no_show, cancel or close."""
    return await db.write(office.act, actor, job_id, data)


@post("/{job_id:uuid}/lock", operation_id="lockJob", status_code=200)
async def lock(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    job_id: FromPath[uuid.UUID],
    data: JSONBody[LockRequest],
) -> JobRead:
    """Keep the optimiser from changing a job's technician, time or both."""
    return await db.write(office.lock, actor, job_id, data)


@post("/{job_id:uuid}/edit", operation_id="editJob", status_code=200)
async def edit(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    job_id: FromPath[uuid.UUID],
    data: JSONBody[EditRequest],
) -> JobRead:
    """Change the note or the description; 409 `edited_by_both` {field, value} when the phone did so too."""
    return await db.write(office.edit, actor, job_id, data)


@post("/many", operation_id="actOnJobs", status_code=200)
async def act_on_many(
    db: NamedDependency[Database], actor: NamedDependency[Actor], data: JSONBody[ManyRequest]
) -> ManyRead:
    """Act on up to 200 jobs at once: each wholly or not at all, and each that is refused with its reason."""
    return await db.write(many.act, actor, data)


router = Router(
    "/api/jobs", route_handlers=[list_jobs, get_job, get_history, act, act_on_many, edit, lock], tags=["jobs"]
)
