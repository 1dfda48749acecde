"""What a plan was computed from, in a form that can be compared later: anything that changed is named."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

from backend.scheduling.day import DayJob, DayTechnician, RegionDay


@dataclass(frozen=True, slots=True)
class StaleChange:
    """One thing that is no longer what the plan was computed from.

    `what`: new, gone, started, edited, located (a job), held, released (a visit kept by hand), duty (a
    technician's shift, skills, certificates or home; `number` is then their name).
    """

    what: str
    number: str
    job_id: uuid.UUID | None = None
    technician_id: uuid.UUID | None = None


def take(day: RegionDay) -> dict[str, Any]:
    """The snapshot of a day, as JSON."""
    return {
        "jobs": {str(job.id): _job_mark(job) for job in day.jobs},
        "held": {
            str(v.visit_id): [str(v.technician_id), day.seconds(v.start_at), day.seconds(v.end_at)]
            for v in day.fixed
            if not v.is_begun
        },
        "begun": sorted(str(v.visit_id) for v in day.fixed if v.is_begun),
        "technicians": {str(technician.id): _duty_mark(technician) for technician in day.technicians},
        "numbers": {
            **{str(job.id): job.number for job in day.jobs},
            **{str(v.visit_id): v.number for v in day.fixed},
            **{str(technician.id): technician.name for technician in day.technicians},
        },
        "job_of": {str(v.visit_id): str(v.job_id) for v in day.fixed if v.job_id is not None},
    }


def changes(before: dict[str, Any], day: RegionDay) -> list[StaleChange]:
    """What differs between a snapshot and the day as it is now, in a stable order."""
    after = take(day)
    numbers = {**before["numbers"], **after["numbers"]}
    fixed = {str(v.job_id): "started" if v.is_begun else "held" for v in day.fixed}
    found = [
        StaleChange(what, numbers[key], job_id=uuid.UUID(key))
        for key, what in _job_changes(before["jobs"], after["jobs"], fixed)
    ]
    known = set(before["begun"]) | set(before["held"])
    for key, what in _visit_changes(before, after, known):
        job_id = after["job_of"].get(key) or before["job_of"].get(key)
        if job_id is None or job_id not in before["jobs"]:
            found.append(StaleChange(what, numbers[key], job_id=uuid.UUID(job_id) if job_id else None))
    was, now = before["technicians"], after["technicians"]
    differs = sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
    found.extend(StaleChange("duty", numbers[key], technician_id=uuid.UUID(key)) for key in differs)
    return found


def _job_changes(
    before: dict[str, list[Any]], after: dict[str, list[Any]], fixed: dict[str, str]
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if was is None:
            found.append((key, "new"))
        elif now is None:
            found.append((key, fixed.get(key, "gone")))
        else:
            found.append((key, "located" if was[0] == now[0] else "edited"))
    return found


def _visit_changes(before: dict[str, Any], after: dict[str, Any], known: set[str]) -> list[tuple[str, str]]:
    """Held visits that were let go or put elsewhere, and any that were not there. Begun ones may go on."""
    found: list[tuple[str, str]] = []
    for key, mark in sorted(before["held"].items()):
        now = after["held"].get(key)
        if now is None and key not in after["begun"]:
            found.append((key, "released"))
        elif now is not None and now != mark:
            found.append((key, "held"))
    arrived = (after["held"].keys() | set(after["begun"])) - known
    return found + [(key, "held") for key in sorted(arrived)]


def _job_mark(job: DayJob) -> list[Any]:
    visit = job.current
    place = [job.place_version, job.at is not None]
    current = [str(visit.technician_id), visit.start_at.isoformat()] if visit else []
    return [[job.version, job.status, *current], place]


def _duty_mark(technician: DayTechnician) -> str:
    """A digest of what decides when, where and what a technician can do; stock and prices may move."""
    shift = technician.shift
    facts = [
        technician.home.lat,
        technician.home.lng,
        str(technician.vendor_id),
        [str(part) for part in (shift.starts_at, shift.ends_at, shift.break_from, shift.break_until)]
        if shift
        else None,
        shift.break_s if shift else 0,
        sorted(technician.skills.items()),
        sorted((code, str(day)) for code, day in technician.certificates.items()),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
