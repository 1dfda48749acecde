"""Tables of plan runs and plans."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, VersionedRow
from backend.db.types import enum_column, json_list, json_object


class PlanObjective(VersionedRow, table=True):
    """What an organisation wants a plan to weigh how much, under a name of its own; see `prices.Prices`."""

    __tablename__ = "plan_objective"
    __table_args__ = (sa.UniqueConstraint("org_id", "name"),)

    name: str = Field(max_length=60)
    prices: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())


class RunState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"


class PlanRun(VersionedRow, table=True):
    """One request to optimise a region's day. `attempt` fences a worker that was thought dead.

    `scope` narrows it (`only_unassigned`, `technician_ids`, `communities`) or asks for an earlier plan to be
    brought back (`earlier_plan_id`); without one the whole day is decided anew. `objective` is what it was
    told to weigh: {code, name, prices} as they then were.
    """

    __tablename__ = "plan_run"

    region_id: uuid.UUID = Field(foreign_key="region.id", index=True)
    day: dt.date
    state: RunState = Field(default=RunState.QUEUED, sa_type=enum_column(RunState), index=True)
    attempt: int = 0
    engine: str = Field(default="auto", max_length=20)
    seconds: float = 10.0
    seed: int = 1
    scope: dict[str, Any] | None = Field(default=None, sa_type=json_object(), nullable=True)
    objective: dict[str, Any] | None = Field(default=None, sa_type=json_object(), nullable=True)
    progress: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    plan_id: uuid.UUID | None = None
    error: str | None = Field(default=None, max_length=500)
    heartbeat_at: dt.datetime | None = None
    requested_by: str = Field(default="", max_length=120)


class PlanState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"


class Plan(VersionedRow, table=True):
    """An assignment of a day's visits.

    `snapshot` maps what it was computed from to its version; `baseline` is what the plan then in force costs,
    by the same components as `cost`. `merged` names people's changes that were taken into the draft since it
    was made: {what, number, job_id, technician_id, by}.
    """

    __tablename__ = "plan"
    __table_args__ = (
        sa.Index(
            "uq_plan_published",
            "region_id",
            "day",
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        ),
        sa.Index(None, "region_id", "day"),
    )

    region_id: uuid.UUID = Field(foreign_key="region.id")
    day: dt.date
    state: PlanState = Field(default=PlanState.DRAFT, sa_type=enum_column(PlanState))
    run_id: uuid.UUID | None = Field(default=None, foreign_key="plan_run.id")
    scope: dict[str, Any] | None = Field(default=None, sa_type=json_object(), nullable=True)
    objective: dict[str, Any] | None = Field(default=None, sa_type=json_object(), nullable=True)
    cost: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    baseline: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    snapshot: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    merged: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=json_list(), sa_column_kwargs={"server_default": "[]"}
    )
    created_by: str = Field(default="", max_length=120)
    published_by: str = Field(default="", max_length=120)
    published_at: dt.datetime | None = None


class PlanVisit(OrgRow, table=True):
    """One visit of a plan; a fixed one was under way or kept by hand, and publishing does not touch it."""

    __tablename__ = "plan_visit"
    __table_args__ = (sa.UniqueConstraint("plan_id", "job_id"),)

    plan_id: uuid.UUID = Field(foreign_key="plan.id", index=True)
    job_id: uuid.UUID = Field(foreign_key="job.id")
    technician_id: uuid.UUID = Field(foreign_key="technician.id")
    seq: int
    arrive_at: dt.datetime
    start_at: dt.datetime
    end_at: dt.datetime
    travel_s: int = 0
    travel_m: int = 0
    is_fixed: bool = False
    why: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())


class PlanUnserved(OrgRow, table=True):
    __tablename__ = "plan_unserved"
    __table_args__ = (sa.UniqueConstraint("plan_id", "job_id"),)

    plan_id: uuid.UUID = Field(foreign_key="plan.id", index=True)
    job_id: uuid.UUID = Field(foreign_key="job.id")
    reason: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
