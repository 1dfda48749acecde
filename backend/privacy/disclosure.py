"""When somebody's phone number and address are shown in full: around a visit, and masked before and after.

Pure rules; whoever sends a customer's contact to anybody but that customer asks here what to send.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session

from backend.db.types import utc_now
from backend.jobs.lifecycle import AT_WORK, FINISHED, JobStatus
from backend.organisations.models import Organisation

# A technician plans tomorrow today; work that runs late is not cut off from the customer.
BEFORE, AFTER = dt.timedelta(hours=24), dt.timedelta(hours=24)
UNDER_WAY = AT_WORK | {JobStatus.EN_ROUTE, JobStatus.DONE, JobStatus.REWORK}
SHOWN_DIGITS = 4
HIDDEN = "*"
# About a hundred metres: enough to plan ways and to draw them, not enough to find a door.
COARSE_DIGITS = 3
_NUMERALS = "一二三四五六七八九十百零〇两甲乙丙丁"
_UNITS = "号院|号楼|号|栋|幢|座|楼|层|单元|室|户|门"
# Which house, stairway and flat: any number, and the words and letters that stand for one.
_WHICH_DOOR = re.compile(
    rf"\d+[A-Za-z]?(?![A-Za-z])|\d+|(?:[{_NUMERALS}]+|(?<![A-Za-z])[A-Za-z])(?=\s*(?:{_UNITS}))"
)


class Promised(Protocol):
    """A job, or a row with what the rule asks of one."""

    status: JobStatus
    window_start: dt.datetime | None
    window_end: dt.datetime | None


@dataclass(frozen=True)
class Disclosure:
    """What may be shown at an instant. A replay is always in the middle of the day it shows."""

    now: dt.datetime
    is_replay: bool = False

    def is_open(self, job: Promised) -> bool:
        """Whether it is around the visit of a job."""
        if job.status in FINISHED:
            return False
        if job.status in UNDER_WAY or self.is_replay:
            return True
        if job.window_start is None or job.window_end is None:
            return False
        return job.window_start - BEFORE <= self.now < job.window_end + AFTER

    def has_turned(self, job: Promised, since: dt.datetime) -> bool:
        """Whether the passing of time alone has changed the answer since an instant."""
        return Disclosure(since, self.is_replay).is_open(job) != self.is_open(job)

    def phone(self, job: Promised, phone: str) -> str:
        return phone if self.is_open(job) else masked_phone(phone)

    def address(self, job: Promised, address: str) -> str:
        return address if self.is_open(job) else masked_address(address)

    def degrees(self, job: Promised, degrees: float | None) -> float | None:
        """A latitude or longitude, rounded where the address is masked."""
        return degrees if degrees is None or self.is_open(job) else round(degrees, COARSE_DIGITS)


def disclosure(session: Session, org_id: object) -> Disclosure:
    """What an organisation's people may be shown now."""
    return Disclosure(utc_now(), session.get_one(Organisation, org_id).is_replay)


def masked_phone(phone: str) -> str:
    """Only the last digits of a number."""
    return f"***{phone[-SHOWN_DIGITS:]}" if phone else ""


def masked_address(address: str) -> str:
    """The street or community without which house and flat."""
    return _WHICH_DOOR.sub(HIDDEN, address)


def masked_contact(contact: str) -> str:
    """A phone number, an e-mail address or another name of somebody, as far as it tells one from another."""
    name, at, host = contact.partition("@")
    return f"{name[:1]}***@{host}" if at else masked_phone(contact)
