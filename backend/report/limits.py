"""Slowing abuse down without asking anybody to prove they are human: counts per address and per phone."""

import datetime as dt
import ipaddress

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.auth.service import digest
from backend.db.types import utc_now
from backend.errors import TooManyAttemptsError
from backend.report import policies
from backend.report.models import ReportAttempt

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def count_start(session: Session, client: str) -> None:
    """Note that an address begins a report; raises TooManyAttemptsError beyond what people need."""
    _keep_pace(session, f"start:{_source(client)}", policies.STARTS)


def count_video(session: Session, client: str) -> None:
    """Note that an address adds a video, which takes room; raises TooManyAttemptsError."""
    _keep_pace(session, f"video:{_source(client)}", policies.VIDEOS)


def count_letter(session: Session, sender: str, most: int) -> None:
    """Note that an e-mail address is answered; raises TooManyAttemptsError."""
    _take(session, f"letter:{sender}", most, DAY)


def count_sent(session: Session, client: str, phone: str) -> None:
    """Note that an address sends a report for a phone number; raises TooManyAttemptsError."""
    _keep_pace(session, f"sent:{_source(client)}", policies.SENT)
    _take(session, f"phone:{phone}", policies.MOST_SENT_PER_PHONE_A_DAY, DAY)


def count_handed_over(session: Session, hook: str) -> None:
    """Note that an e-mail was handed over at an address of ours; raises TooManyAttemptsError."""
    _take(session, f"hook:{hook}", policies.MOST_HANDED_OVER_PER_HOUR, HOUR)


def count_bad_seal(session: Session, hook: str, client: str) -> None:
    """Note that what an address handed over was not signed; raises TooManyAttemptsError."""
    _take(session, _seals(hook, client), policies.MOST_BAD_SEALS_PER_HOUR, HOUR)


def require_few_bad_seals(session: Session, hook: str, client: str) -> None:
    """Raises TooManyAttemptsError for an address that keeps guessing, before anything of it is read."""
    _require_room(session, _seals(hook, client), policies.MOST_BAD_SEALS_PER_HOUR, HOUR)


def told(error: TooManyAttemptsError) -> str:
    """The key of what to say: to wait a moment, or to call."""
    return "rep_wait" if error.extra["retry_after_s"] <= policies.SENT.every.total_seconds() else "rep_busy"


def _seals(hook: str, client: str) -> str:
    # Not the address alone: a mail service hands over for many, of whom one may have the wrong secret.
    return f"seal:{hook}:{client}"


def _source(client: str) -> str:
    """Where an address belongs: of version 6 a line has a whole /64, and would only take the next of it."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 4:
        return client
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network(f"{client}/64", strict=False))


def _keep_pace(session: Session, key: str, pace: policies.Pace) -> None:
    if _count(session, key, HOUR) >= pace.at_once:
        _require_room(session, key, 1, pace.every)
    _note(session, key)


def _take(session: Session, key: str, most: int, within: dt.timedelta) -> None:
    _require_room(session, key, most, within)
    _note(session, key)


def _note(session: Session, key: str) -> None:
    now = utc_now()
    session.execute(sa.delete(ReportAttempt).where(col(ReportAttempt.at) < now - DAY))
    session.add(ReportAttempt(key_hash=digest(key), at=now))
    session.flush()


def _require_room(session: Session, key: str, most: int, within: dt.timedelta) -> None:
    if _count(session, key, within) >= most:
        seconds = int(within.total_seconds())
        raise TooManyAttemptsError("Too many reports from here; please call.", retry_after_s=seconds)


def _count(session: Session, key: str, within: dt.timedelta) -> int:
    query = sa.select(sa.func.count()).where(
        col(ReportAttempt.key_hash) == digest(key), col(ReportAttempt.at) > utc_now() - within
    )
    count: int = session.execute(query).scalar_one()
    return count
