"""Slowing abuse down without asking anybody to prove they are human: counts per address and per phone."""

import datetime as dt

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
    _take(session, f"start:{client}", policies.MOST_STARTS_PER_HOUR, HOUR)


def count_video(session: Session, client: str) -> None:
    """Note that an address adds a video, which takes room; raises TooManyAttemptsError."""
    _take(session, f"video:{client}", policies.MOST_VIDEOS_PER_HOUR, HOUR)


def count_letter(session: Session, sender: str, most: int) -> None:
    """Note that an e-mail address is answered; raises TooManyAttemptsError."""
    _take(session, f"letter:{sender}", most, DAY)


def count_sent(session: Session, client: str, phone: str) -> None:
    """Note that an address sends a report for a phone number; raises TooManyAttemptsError."""
    _take(session, f"sent:{client}", policies.MOST_SENT_PER_HOUR, HOUR)
    _take(session, f"phone:{phone}", policies.MOST_SENT_PER_PHONE_A_DAY, DAY)


def _take(session: Session, key: str, most: int, within: dt.timedelta) -> None:
    now, key_hash = utc_now(), digest(key)
    session.execute(sa.delete(ReportAttempt).where(col(ReportAttempt.at) < now - DAY))
    query = sa.select(sa.func.count()).where(
        col(ReportAttempt.key_hash) == key_hash, col(ReportAttempt.at) > now - within
    )
    if session.execute(query).scalar_one() >= most:
        seconds = int(within.total_seconds())
        raise TooManyAttemptsError("Too many reports from here; please call.", retry_after_s=seconds)
    session.add(ReportAttempt(key_hash=key_hash, at=now))
    session.flush()
