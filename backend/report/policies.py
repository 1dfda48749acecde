"""By when a report is answered, and how much of it anybody may send."""

import datetime as dt
from zoneinfo import ZoneInfo

from backend.report.models import ReportRules

DRAFT_LIFE = dt.timedelta(days=3)
# The confirmation stays readable for a while; then the address opens nothing any more.
DONE_LIFE = dt.timedelta(hours=24)
MOST_PHOTOS = 6
MOST_PROOFS = 2
MOST_VIDEOS = 1
MOST_STARTS_PER_HOUR = 20
MOST_SENT_PER_HOUR = 6
MOST_VIDEOS_PER_HOUR = 6
MOST_SENT_PER_PHONE_A_DAY = 4


def answer_by(rules: ReportRules, zone: str, now: dt.datetime) -> dt.datetime:
    """When an answer is due: `answer_h` hours of the organisation's working hours after `now` (UTC)."""
    local = now.astimezone(ZoneInfo(zone))
    left = dt.timedelta(hours=rules.answer_h)
    while True:
        opens, closes = _hours(rules, local)
        begins = max(local, opens)
        if begins < closes:
            here = closes.astimezone(dt.UTC) - begins.astimezone(dt.UTC)
            if left <= here:
                return begins.astimezone(dt.UTC) + left
            left -= here
        next_day = local.date() + dt.timedelta(days=1)
        local = dt.datetime.combine(next_day, dt.time.min, local.tzinfo)


def _hours(rules: ReportRules, local: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    midnight = dt.datetime.combine(local.date(), dt.time.min, local.tzinfo)
    return (
        midnight + dt.timedelta(hours=rules.open_from_h),
        midnight + dt.timedelta(hours=rules.open_until_h),
    )
