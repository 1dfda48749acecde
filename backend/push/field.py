"""What technicians are told: jobs that came, moved or went, offers, notes; numbers and times only."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.organisations.models import Region
from backend.push.service import Notice, send_to_technicians

PLAN, NOTE = "plan", "note"
DAY_URL = "/technician/#/today"
SHOWN = 3


@dataclass(frozen=True)
class Moved:
    """A job as a technician knew it and as it is now; None where it was or is not theirs."""

    job: Job
    technician_id: uuid.UUID
    before: dt.datetime | None
    after: dt.datetime | None


def tell_moves(session: Session, moves: list[Moved]) -> int:
    """One notice for each technician, naming what came, moved or went; returns how many are queued."""
    by_technician: dict[uuid.UUID, list[Moved]] = defaultdict(list)
    for move in moves:
        by_technician[move.technician_id].append(move)
    zones = _zones(session, {move.job.region_id for move in moves})
    notices = {who: _plan_notice(told, zones) for who, told in by_technician.items()}
    return send_to_technicians(session, notices, PLAN)


def tell_note(session: Session, job: Job) -> int:
    """The office has written to whoever has the job. What it says is read in the app, not on the lock."""
    if job.technician_id is None:
        return 0
    notice = Notice(
        {"zh-CN": "调度有留言", "en": "A note from the office"},
        {"zh-CN": f"工单 {job.number}", "en": f"Job {job.number}"},
        f"/technician/#/job/{job.id}",
    )
    return send_to_technicians(session, {job.technician_id: notice}, NOTE)


def tell_asked(
    session: Session,
    job: Job,
    offer_id: uuid.UUID,
    technician_id: uuid.UUID,
    start: dt.datetime,
    minutes: int,
) -> int:
    """A job is offered to a technician, who has so many minutes to answer; afterwards nobody is told."""
    zone = _zones(session, {job.region_id})[job.region_id]
    at = _time(start, zone)
    notice = Notice(
        {"zh-CN": "有一单可接", "en": "Would you take this job?"},
        {
            "zh-CN": f"工单 {job.number}，{at}，请在 {minutes} 分钟内答复",
            "en": f"Job {job.number}, {at}; answer within {minutes} minutes",
        },
        DAY_URL,
        until=utc_now() + dt.timedelta(minutes=minutes),
    )
    return send_to_technicians(session, {technician_id: notice}, offer_topic(offer_id))


def tell_over(session: Session, offer_id: uuid.UUID, technician_id: uuid.UUID) -> int:
    """An offer nobody need answer any more: its alert is not sent, or replaced without a sound."""
    notice = Notice(
        {"zh-CN": "这一单已不用答复", "en": "That job is no longer to be had"},
        {"zh-CN": "有别人接了，或时间已过", "en": "Somebody took it, or time ran out"},
        DAY_URL,
        is_quiet=True,
    )
    return send_to_technicians(session, {technician_id: notice}, offer_topic(offer_id))


def offer_topic(offer_id: uuid.UUID) -> str:
    """One notice for each offer; push services take 32 characters."""
    return f"offer-{offer_id.hex[-24:]}"


def _zones(session: Session, region_ids: set[uuid.UUID]) -> dict[uuid.UUID, ZoneInfo]:
    query = select(Region.id, Region.zone).where(col(Region.id).in_(region_ids))
    return {row[0]: ZoneInfo(row[1]) for row in session.exec(query)}


def _plan_notice(moves: list[Moved], zones: dict[uuid.UUID, ZoneInfo]) -> Notice:
    ordered = sorted(
        moves, key=lambda move: (move.after or move.before or move.job.created_at, move.job.number)
    )
    zh, en = [], []
    for move in ordered[:SHOWN]:
        chinese, english = _line(move, zones[move.job.region_id])
        zh.append(chinese)
        en.append(english)
    if (rest := len(ordered) - SHOWN) > 0:
        zh.append(f"还有 {rest} 单")
        en.append(f"and {rest} more")
    is_new = all(move.before is None for move in moves)
    title = (
        {"zh-CN": "有新工单", "en": "New work"}
        if is_new
        else {"zh-CN": "安排有变", "en": "Your plan has changed"}
    )
    url = f"/technician/#/job/{ordered[0].job.id}" if len(moves) == 1 and ordered[0].after else DAY_URL
    return Notice(title, {"zh-CN": "\n".join(zh), "en": "\n".join(en)}, url)


def _place(move: Moved) -> tuple[dt.datetime, str]:
    return (move.after or move.before or move.job.created_at, move.job.number)


def _line(move: Moved, zone: ZoneInfo) -> tuple[str, str]:
    number = move.job.number
    before, after = _time(move.before, zone), _time(move.after, zone)
    if not before:
        return f"{number} 新派，{after}", f"{number} new, {after}"
    if not after:
        return f"{number} 已撤回", f"{number} taken back"
    return f"{number} {before} 改到 {after}", f"{number} from {before} to {after}"


def _time(at: dt.datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else ""
