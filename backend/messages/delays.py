"""Telling customers whose promised window will probably be missed, and taking it back when it won't."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.messages import outbox, policies
from backend.messages.models import Message, MessageEvent, MessageRules, MessageState
from backend.messages.service import rules_of
from backend.organisations.models import Region
from backend.tracking import arrival, promises
from backend.tracking.outlook import Outlook, outlook
from backend.tracking.promises import Limits, News, Told

EVENTS = {News.LATE: MessageEvent.DELAYED, News.ON_TIME: MessageEvent.ON_TIME}
NEWS = {event: news for news, event in EVENTS.items()}
OVERTAKEN = "overtaken"
HEARD = frozenset({MessageState.SENDING, MessageState.SENT, MessageState.DELIVERED})


@dataclass(frozen=True)
class Due:
    """News for one customer. `number` counts what was written of this window; `told` is the last of it."""

    outlook: Outlook
    news: News
    number: int
    told: Message | None


def due(session: Session, region_id: uuid.UUID, now: dt.datetime | None = None) -> list[Due]:
    """What there is to tell the customers of a region's day, as of `now` (the present)."""
    now, region = now or utc_now(), session.get_one(Region, region_id)
    rules, day = rules_of(session, region.org_id), now.astimezone(ZoneInfo(region.zone)).date()
    found = outlook(session, region, day, now)
    written = _written(session, [one.job_id for one in found])
    is_quiet = policies.quiet_end(now, region.zone, rules.quiet_from_h, rules.quiet_until_h) is not None
    awaited = [one for one in found if not is_quiet or one.window[0] <= now]
    return list(_news(awaited, written, rules, now))


def tell(session: Session, region_id: uuid.UUID, now: dt.datetime | None = None) -> int:
    """Write what there is to tell into the outbox; returns for how many customers."""
    now = now or utc_now()
    return sum(_put(session, one, now) for one in due(session, region_id, now))


def _news(
    found: Iterable[Outlook],
    written: Mapping[uuid.UUID, Sequence[Message]],
    rules: MessageRules,
    now: dt.datetime,
) -> Iterable[Due]:
    limits = Limits(dt.timedelta(minutes=rules.delay_min), dt.timedelta(minutes=rules.delay_gap_min))
    for one in found:
        start = one.window[0].isoformat()
        about = [row for row in written.get(one.job_id, ()) if row.data.get("window_start") == start]
        counted = [row for row in about if row.why != OVERTAKEN]
        told = _told(counted)
        news = promises.news(one.forecast, one.window[1], told, now, limits)
        last = counted[-1] if counted else None
        if news is not None and not _is_unheard(news, last):
            yield Due(one, news, len(about), last)


def _is_unheard(news: News, last: Message | None) -> bool:
    """Whether this takes back what never left, and never will."""
    return news is News.ON_TIME and last is not None and last.state not in HEARD | {MessageState.QUEUED}


def _told(rows: Sequence[Message]) -> Told | None:
    if not rows:
        return None
    last = rows[-1]
    earliest, latest = (dt.datetime.fromisoformat(last.data[name]) for name in ("range_start", "range_end"))
    # Written before arrivals were learned, it names no likely time.
    likely = dt.datetime.fromisoformat(last.data.get("likely", last.data["range_start"]))
    return Told(last.not_before, NEWS[last.event], earliest, likely, latest, len(rows))


def _put(session: Session, one: Due, now: dt.datetime) -> bool:
    """Write the news; what was still waiting to be sent and is wrong by now is not sent any more."""
    if one.told is not None and _withdraw(session, one.told) and one.news is News.ON_TIME:
        return False
    job, shown = session.get_one(Job, one.outlook.job_id), arrival.shown(one.outlook.forecast, now)
    start = one.outlook.window[0].isoformat()
    data = {
        "window_start": start,
        "range_start": shown.earliest.isoformat(),
        "range_end": shown.latest.isoformat(),
        "likely": one.outlook.forecast.likely.isoformat(),
    }
    outbox.put(session, job, EVENTS[one.news], f"{job.id}:promise:{start}:{one.number}", now, data)
    return True


def _withdraw(session: Session, message: Message) -> bool:
    """Drop a message nobody has claimed yet; False when it has left."""
    statement = (
        sa.update(Message)
        .where(col(Message.id) == message.id, col(Message.state) == MessageState.QUEUED)
        .values(state=MessageState.DROPPED, why=OVERTAKEN)
        .returning(col(Message.id))
    )
    return session.execute(statement).first() is not None


def _written(session: Session, job_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[Message]]:
    """By job, what was written about its promises so far, oldest first."""
    query = (
        sa.select(Message)
        .where(col(Message.job_id).in_(job_ids), col(Message.event).in_(policies.OF_A_PROMISE))
        .order_by(col(Message.id))
    )
    found: defaultdict[uuid.UUID, list[Message]] = defaultdict(list)
    for message in session.scalars(query):
        found[message.job_id].append(message)
    return found
