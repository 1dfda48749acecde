"""By when a report is answered, and how much of it anybody may send."""

import datetime as dt
from dataclasses import dataclass

from backend.organisations.working_time import WorkingTime
from backend.report.models import ReportRules

DRAFT_LIFE = dt.timedelta(days=3)
# The confirmation stays readable for a while; then the address opens nothing any more.
DONE_LIFE = dt.timedelta(hours=24)
EVERY_DAY = frozenset(range(7))
MOST_PHOTOS = 6
MOST_PROOFS = 2
MOST_VIDEOS = 1
MOST_SENT_PER_PHONE_A_DAY = 4
# E-mails of one organisation; a mail service that is told to wait repeats them later.
MOST_HANDED_OVER_PER_HOUR = 600
MOST_BAD_SEALS_PER_HOUR = 30


@dataclass(frozen=True)
class Pace:
    """How quickly something may come from one address: `at_once` within an hour, then one `every` so often.

    Behind a mobile network's address there are thousands of people. None of them is turned away for an
    hour because of others; whoever floods us is held to one at a time.
    """

    at_once: int
    every: dt.timedelta


STARTS = Pace(40, dt.timedelta(seconds=15))
SENT = Pace(12, dt.timedelta(minutes=1))
VIDEOS = Pace(12, dt.timedelta(minutes=1))


def answer_by(rules: ReportRules, calendar: str, zone: str, now: dt.datetime) -> dt.datetime:
    """When an answer is due (UTC): `answer_h` hours of answering after `now`, on any day but a holiday.

    `calendar` is the country whose holidays count, or "" for none.
    """
    hours = WorkingTime(zone, EVERY_DAY, rules.open_from_h, rules.open_until_h, calendar)
    return hours.after(now, rules.answer_h)
