"""Wire types of jobs for the office."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

import msgspec

from backend.sync.schemas import FaultCode, JobSheet, Serial
from backend.web.schemas import Body, Instant, Reply, Text, Version


class JobSummary(Reply):
    """A job in a list."""

    id: uuid.UUID
    number: str
    type: str
    status: str
    version: int
    region_id: uuid.UUID
    day: dt.date | None
    window_start: dt.datetime | None
    window_end: dt.datetime | None
    technician_id: uuid.UUID | None
    customer_name: str
    address: str
    product_name: str
    product_name_en: str


class CaseRead(Reply):
    id: uuid.UUID
    number: str
    channel: str
    status: str
    description: str
    opened_at: dt.datetime


class FieldConflictRead(Reply):
    """A field two people changed without knowing of each other; each side is {value, by, at}."""

    field: str
    standing: dict[str, Any]
    came: dict[str, Any]
    at: dt.datetime


class JobRead(Reply):
    """One job with everything about it; `actions` are those the reader may take now."""

    sheet: JobSheet
    case: CaseRead
    region_id: uuid.UUID
    technician_id: uuid.UUID | None
    vendor_id: uuid.UUID | None
    skill: str
    level: int
    certificate: str | None
    service_s: int
    priority: int
    lock_technician: bool
    lock_time: bool
    unserved_reason: dict[str, Any] | None
    why: dict[str, Any] | None
    actions: list[str]
    conflicts: list[FieldConflictRead] = msgspec.field(default_factory=list)


class EventActor(Reply):
    kind: str
    name: str


class EventRead(Reply):
    """One step of a job's life: when the server and the device saw it, who did it, and with what."""

    at: dt.datetime
    device_at: dt.datetime | None
    action: str
    from_status: str
    to_status: str
    actor: EventActor
    data: dict[str, Any]


class Book(Body):
    window_start: Instant
    window_end: Instant


class AssignTo(Body):
    technician_id: uuid.UUID
    start: Instant


class Empty(Body):
    pass


class Reason(Body):
    reason: Text


class Remark(Body):
    text: Text = ""


class ActionRequest(Body):
    """What to do; `version` is the one the decision was made on."""

    action: Literal["qualify", "book", "assign", "unassign", "report_no_show", "cancel", "close"]
    version: Version
    data: dict[str, Any] = msgspec.field(default_factory=dict)


class Step(Body):
    """One of the office's actions, with its data; `lock` takes {technician, time}."""

    action: Literal["book", "assign", "unassign", "cancel", "lock"]
    data: dict[str, Any] = msgspec.field(default_factory=dict)


class JobSteps(Body):
    """What to do with one job, in this order, all of it or nothing."""

    job_id: uuid.UUID
    version: Version
    steps: Annotated[list[Step], msgspec.Meta(min_length=1, max_length=3)]


class ManyRequest(Body):
    """What to do with several jobs; a rehearsal says what would come of it and changes nothing."""

    jobs: Annotated[list[JobSteps], msgspec.Meta(min_length=1, max_length=200)]
    is_rehearsal: bool = False


class DoneRead(Reply):
    """A job that changed, with the version it has now."""

    job_id: uuid.UUID
    number: str
    version: int


class RefusedRead(Reply):
    """A job that stays as it was, and why; without `number` it is not there for the asker."""

    job_id: uuid.UUID
    number: str
    code: str
    detail: str


class ManyRead(Reply):
    done: list[DoneRead]
    refused: list[RefusedRead]


class EditRequest(Body):
    """New values for what both sides write; what is left out stays. `version` is the one looked at."""

    version: Version
    note: Text | None = None
    description: Text | None = None
    serial: Serial | None = None
    fault_code: FaultCode | None = None


class LockRequest(Body):
    technician: bool
    time: bool
    version: Version
