"""The booking pages as plain data in one language."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.auth.actor import Actor
from backend.booking import policies, repository, service, windows
from backend.booking.asked import Offer, Slot
from backend.booking.bookings import NEEDS_LOCATION, Choice
from backend.booking.present import present
from backend.db.types import utc_now
from backend.organisations.models import Organisation, Region
from backend.tracking.facts import Facts
from backend.tracking.view import service_text
from backend.tracking.words import WORDS, Language, day_text, money_text, span_text

NEARBY_SHOWN = 2
ONLY_THIS = "only_this"


@dataclass(frozen=True)
class Desired:
    """What the database knows for the booking pages: the job's facts, its hold, and what the rules say.

    `held_is_soon`: what is held could not be changed any more, or not for nothing, once it is confirmed.
    """

    facts: Facts
    today: dt.date
    held: Slot | None
    held_until: dt.datetime | None
    held_is_soon: bool
    waits_for: str
    change_until_h: int
    late_change_fen: int | None
    hotline: str
    has_appointment: bool
    currency: str


@dataclass(frozen=True)
class SlotView:
    """A button."""

    key: str
    text: str
    is_nearby: bool


@dataclass(frozen=True)
class DayView:
    """A day and its buttons."""

    heading: str
    slots: list[SlotView]


@dataclass(frozen=True)
class BookView:
    """Everything the booking templates print."""

    service: str
    address: str
    current: str
    current_window: str
    days: list[DayView]
    has_more: bool
    reason: str
    is_far: bool
    is_unplaced: bool
    held_key: str
    held_text: str
    held_line: str
    soon_line: str
    waits_for: str
    hotline: str
    alert: str = ""
    change_fen: int = 0
    change_line: str = ""
    cancel_fen: int = 0
    cancel_line: str = ""


def desired(session: Session, actor: Actor, facts: Facts) -> Desired:
    """What the booking pages show of a job besides what may be chosen; `facts` are the job's."""
    job = service.job_of(session, actor)
    region, rules = session.get_one(Region, job.region_id), repository.rules_of(session, job.org_id)
    hold, waiting, now = (
        repository.hold_of(session, job.id),
        repository.waiting_entry(session, job.id),
        utc_now(),
    )
    held = hold if hold is not None and hold.expires_at > now else None
    limit = policies.change_limit(held.window_start, rules.change_until_h) if held else None
    return Desired(
        facts=facts,
        today=present(session, region).astimezone(ZoneInfo(region.zone)).date(),
        held=Slot(held.window_start, held.window_end) if held else None,
        held_until=held.expires_at if held else None,
        held_is_soon=held is not None and limit is not None and limit < present(session, region, held.day),
        waits_for=waiting.part if waiting else "",
        change_until_h=rules.change_until_h,
        late_change_fen=rules.late_change_fen,
        hotline=rules.hotline,
        has_appointment=facts.standing.state == "change",
        currency=session.get_one(Organisation, job.org_id).currency,
    )


def book_view(known: Desired, language: Language, choice: Choice | None, alert: str = "") -> BookView:
    """The page to choose on, or to confirm what is held."""
    words, facts, standing = WORDS[language], known.facts, known.facts.standing
    others = _others(known, choice)
    reason = choice.reason if choice else ""
    if choice and choice.offers and not others:
        reason = ONLY_THIS
    zone = ZoneInfo(facts.zone)
    held_until = known.held_until.astimezone(zone) if known.held_until else None
    window = ""
    if known.has_appointment and facts.window is not None:
        window = _slot_text(known, Slot(*facts.window), language)
    return BookView(
        service=service_text(facts, language),
        address=facts.address,
        current=words["current"].format(window=window) if window else "",
        current_window=window,
        days=_days(known, others, language),
        has_more=choice.has_more if choice else False,
        reason=words[f"reason_{reason}"] if reason else "",
        is_far=choice.is_far if choice else False,
        is_unplaced=choice is not None and choice.reason == NEEDS_LOCATION,
        held_key=windows.slot_key(known.held) if known.held else "",
        held_text=_slot_text(known, known.held, language) if known.held else "",
        held_line=words["held_line"].format(time=f"{held_until:%H:%M}") if held_until else "",
        soon_line=_soon_line(known, language),
        waits_for=known.waits_for,
        hotline=known.hotline,
        alert=words[alert] if alert else "",
        change_fen=standing.change_fen or 0,
        change_line=_price(words["change_charge"], standing.change_fen, known.currency),
        cancel_fen=standing.cancel_fen or 0,
        cancel_line=_price(words["cancel_charge"], standing.cancel_fen, known.currency),
    )


def _soon_line(known: Desired, language: Language) -> str:
    """What a change of the held time would take, where it is more than a tap."""
    if not known.held_is_soon or known.late_change_fen == 0:
        return ""
    is_refused = known.late_change_fen is None
    line = WORDS[language]["soon_by_phone" if is_refused else "soon_costs"]
    price = money_text(known.late_change_fen or 0, known.currency)
    return line.format(hours=known.change_until_h, price=price)


def _price(line: str, price_fen: int | None, currency: str) -> str:
    return line.format(price=money_text(price_fen, currency)) if price_fen else ""


def _others(known: Desired, choice: Choice | None) -> list[Offer]:
    """What may be chosen; the time one has already is no other."""
    present = known.facts.window if known.has_appointment else None
    return [
        one for one in (choice.offers if choice else ()) if (one.slot.start_at, one.slot.end_at) != present
    ]


def _days(known: Desired, offers: Sequence[Offer], language: Language) -> list[DayView]:
    zone = ZoneInfo(known.facts.zone)
    cheapest = sorted(offers, key=lambda offer: offer.price_fen)[:NEARBY_SHOWN]
    nearby = {offer.slot for offer in cheapest} if len(offers) > 2 * NEARBY_SHOWN else set()

    def local(slot: Slot) -> tuple[dt.datetime, dt.datetime]:
        return slot.start_at.astimezone(zone), slot.end_at.astimezone(zone)

    return [
        DayView(
            _heading(day, known.today, language),
            [
                SlotView(windows.slot_key(one.slot), span_text(*local(one.slot)), one.slot in nearby)
                for one in of_day
            ],
        )
        for day, of_day in groupby(offers, key=lambda offer: local(offer.slot)[0].date())
    ]


def _heading(day: dt.date, today: dt.date, language: Language) -> str:
    """明天 11月24日 周二: near days by their word and their date, the others by the date."""
    near, date = day_text(day, today, language), day_text(day, dt.date.min, language)
    return date if near == date else f"{near} · {date}"


def _slot_text(known: Desired, slot: Slot, language: Language) -> str:
    zone = ZoneInfo(known.facts.zone)
    start, end = slot.start_at.astimezone(zone), slot.end_at.astimezone(zone)
    return f"{_heading(start.date(), known.today, language)} {span_text(start, end)}"
