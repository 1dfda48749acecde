"""Who changed which field of a job in which version, so that edits of different fields never collide.

A version number alone says that something changed. Here each group of fields remembers the version that last
changed it: an action is stale only when something it rests on has changed since it was decided. Fields that
both the office and the technician write remember it for each side: an edit that did not know of the other
side's is a conflict, and nothing is overwritten.
"""

import enum
from collections.abc import Iterable
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import event

from backend.errors import ConflictError, StaleError
from backend.jobs.models import Job

# The dispatcher's own: the phone never writes these, it only moves the status.
GROUPS: dict[str, tuple[str, ...]] = {
    "window": ("day", "window_start", "window_end"),
    "assignment": ("technician_id", "vendor_id"),
    "status": ("status",),
    "lock": ("lock_technician", "lock_time"),
}
PLAN = ("window", "assignment", "status")
SHARED = ("note", "description", "serial", "fault_code")


class Side(enum.StrEnum):
    """Where an edit was made."""

    FIELD = "field"
    OFFICE = "office"


class EditedByBothError(ConflictError):
    """The other side changed this field meanwhile: `field`, `value` as it stands; `came` clashed with it."""

    code = "edited_by_both"

    def __init__(self, field: str, standing: str, came: str) -> None:
        super().__init__("It was changed by both sides.", field=field, value=standing)
        self.came = came


class HasFields(Protocol):
    """Anything with fields that two sides write."""

    version: int
    field_versions: dict[str, Any]


def require_fresh(job: Job, version: int, groups: Iterable[str]) -> None:
    """StaleError when something the decision rests on has changed since `version`."""
    changed = [group for group in groups if job.field_versions.get(group, 0) > version]
    if changed or version > job.version:
        raise StaleError("The job has changed since you looked at it.", version=job.version, changed=changed)


def write(
    job: HasFields, field: str, value: str, side: Side, base_version: int, on: object | None = None
) -> bool:
    """Set a shared field as decided on `base_version`; False when it says so already.

    `on` has the field where the job itself has not: its appliance, or its visit. Raises EditedByBothError
    when the other side has changed it since. A side's own edits never collide: they come in the order they
    were made.
    """
    holder = on or job
    if field not in SHARED:
        raise ValueError(f"{field} is not shared")
    standing = getattr(holder, field) or ""
    if standing == value:
        return False
    versions = job.field_versions.get(field, {})
    other = max((version for who, version in versions.items() if who != side), default=0)
    if other > base_version:
        raise EditedByBothError(field, standing, value)
    setattr(holder, field, value)
    job.field_versions = {**job.field_versions, field: {**versions, side: job.version + 1}}
    return True


@event.listens_for(Job, "before_update")
def _remember(_mapper: object, _connection: object, job: Job) -> None:
    """The update that is about to be written makes the next version."""
    attributes = sa.inspect(job).attrs
    changed = {
        group: job.version + 1
        for group, names in GROUPS.items()
        if any(attributes[name].history.has_changes() for name in names)
    }
    if changed:
        job.field_versions = {**job.field_versions, **changed}
