"""Booking as customers meet it: asks the desk what can be kept, and gives it away exactly once.

What the desk says holds for a day as it was. The transaction that gives a slot away makes sure that the day
still is that way, and everything is asked again when it is not.
"""

import asyncio
import contextlib
import datetime as dt
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from weakref import WeakValueDictionary

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.background.chore import Chore
from backend.booking import repository, service, windows
from backend.booking.asked import (
    Answer,
    AskOffers,
    AskPlace,
    DayAsked,
    Failed,
    NoOffer,
    Offer,
    Offers,
    Placement,
    Question,
    Slot,
    Unknown,
)
from backend.booking.desk import DeskBusyError, DeskPort
from backend.booking.models import SlotHold, WaitingEntry
from backend.booking.service import DayMovedError, Prepared, SlotGoneError
from backend.booking.stamps import Resources
from backend.db.session import Database
from backend.errors import DomainError
from backend.jobs.models import Job

TRIES = 12
DAYS_AT_ONCE = 3
KEPT_ANSWERS = 256
LOOK_AT_WAITING_S = 60.0
WAITING_AT_ONCE = 20
# Why nothing is offered while nobody knows where the customer lives.
NEEDS_LOCATION = "needs_location"
Done = TypeVar("Done")
log = structlog.get_logger("backend.booking")


@dataclass(frozen=True)
class Choice:
    """What a customer may choose from.

    `reason` says why there is nothing in the days that are offered, "" where there is something;
    `needs_location` that nobody knows yet where the customer lives. `is_far` marks times beyond those days;
    `has_more` says that later days were not asked.
    """

    offers: tuple[Offer, ...]
    reason: str = ""
    is_far: bool = False
    has_more: bool = False


@dataclass(frozen=True)
class _Found:
    """What the days asked so far, of so many, have to offer; `days` counts those with something."""

    offers: tuple[Offer, ...] = ()
    refusals: tuple[NoOffer, ...] = ()
    asked: int = 0
    days: int = 0
    of: int = 1


class Bookings:
    """Offers, holds, books; one desk behind it."""

    def __init__(self, db: Database, desk: DeskPort) -> None:
        self._db, self._desk = db, desk
        self._turns: WeakValueDictionary[tuple[uuid.UUID, dt.date], asyncio.Lock] = WeakValueDictionary()
        self._resources = Resources()
        self._answers: OrderedDict[AskOffers, Offers] = OrderedDict()
        self._looked_at: uuid.UUID | None = None
        self._waiting = Chore("waiting list", self.fill_from_waiting, LOOK_AT_WAITING_S, waits_first=True)

    async def start(self, *, is_warm: bool = False) -> None:
        """Begin to look after those who wait; `is_warm` starts the desk before anybody asks."""
        if is_warm:
            await self._desk.start()
        self._waiting.start()

    async def close(self) -> None:
        await self._waiting.close()
        await self._desk.close()

    async def choice(self, actor: Actor, *, is_all: bool = False) -> Choice:
        """What the customer may choose now, of the first days with free times unless all are wanted.

        Raises NotBookableError when nothing may be chosen.
        """
        near = await self._look(actor, _Found(), is_far=False, is_all=is_all)
        if near is None:
            return Choice((), NEEDS_LOCATION)
        if near.offers:
            return Choice(near.offers, has_more=near.asked < near.of)
        far = await self._look(actor, replace(near, of=near.of + 1), is_far=True, is_all=is_all) or near
        has_more = bool(far.offers) and far.asked < far.of
        return Choice(far.offers, _reason(far.refusals), is_far=True, has_more=has_more)

    async def hold(self, actor: Actor, slot: Slot) -> SlotHold:
        """Keep a slot for five minutes; raises SlotGoneError when it is not free any more."""
        return await self._give(actor, slot, lambda s, p, placed: service.hold(s, actor, p, placed))

    async def book(
        self,
        actor: Actor,
        slot: Slot,
        then: Callable[[Session, Job], None] | None = None,
        *,
        agreed_fen: int = 0,
    ) -> Job:
        """Promise a slot, the job's own hold included; `then` joins the same transaction.

        `agreed_fen` is what the customer is ready to pay for a late change.
        """

        def work(session: Session, prepared: Prepared, placement: Placement) -> Job:
            job = service.book(session, actor, prepared, placement, agreed_fen)
            if then is not None:
                then(session, job)
            return job

        booked = await self._give(actor, slot, work)
        self._waiting.wake()  # where it was before is free now
        return booked

    async def cancel(self, actor: Actor, reason: str, agreed_fen: int = 0) -> Job:
        """Cancel the job; whoever waits may have its place."""
        job = await self._db.write(service.cancel, actor, reason, agreed_fen)
        self._waiting.wake()
        return job

    async def fill_from_waiting(self) -> int:
        """Book everybody who waits and now finds a place, longest waiting first; returns how many."""
        if await self._db.read(repository.waiting_in_vain):
            await self._db.write(service.end_waiting_in_vain)
        count = 0
        for entry in await self._next_waiting():
            actor = Actor(role=Role.CUSTOMER, org_id=entry.org_id, name="waiting list", job_id=entry.job_id)
            with contextlib.suppress(DomainError):  # no longer bookable, or gone again: the next one's turn
                count += await self._fill(actor, entry)
        return count

    async def book_for_waiting(self, actor: Actor, slot: Slot, since: dt.datetime) -> Job:
        """Promise a slot to one who waits since an instant, unless they were promised another after it."""
        booked = await self._give(
            actor, slot, lambda s, p, placed: service.book(s, actor, p, placed, waiting_since=since)
        )
        self._waiting.wake()
        return booked

    async def _next_waiting(self) -> Sequence[WaitingEntry]:
        """A few of those who wait, longest first; the next look goes on behind them, so each has a turn."""
        found = await self._db.read(repository.waiting, self._looked_at, WAITING_AT_ONCE)
        self._looked_at = found[-1].id if len(found) == WAITING_AT_ONCE else None
        return found

    async def _fill(self, actor: Actor, entry: WaitingEntry) -> bool:
        choice = await self.choice(actor, is_all=True)
        zone = await self._db.read(repository.zone_of, entry.region_id)
        suiting = [
            one for one in choice.offers if not choice.is_far and windows.suits(one.slot, entry.part, zone)
        ]
        if not suiting:
            return False
        await self.book_for_waiting(actor, suiting[0].slot, entry.created_at)
        log.info("booked from the waiting list", job_id=str(entry.job_id))
        return True

    async def _look(self, actor: Actor, found: _Found, *, is_far: bool, is_all: bool) -> _Found | None:
        """Days are asked a few at a time, as most customers take one of the first; None without a place."""
        while found.asked < found.of and (is_all or found.days < DAYS_AT_ONCE):
            # One more at first: today has often nothing left.
            count = service.FAR_DAYS if is_all else DAYS_AT_ONCE - found.days + (found.asked == 0)
            prepared = await self._db.read(
                service.prepare, actor, self._resources, found.asked, count, is_far=is_far
            )
            if prepared is None:
                return None
            answer = await self._answered(prepared, AskOffers(prepared.wish, prepared.days))
            found = _Found(
                (*found.offers, *answer.offers),
                (*found.refusals, *answer.refusals),
                found.asked + len(prepared.days),
                found.days + len(prepared.days) - len(answer.refusals),
                prepared.of,
            )
        return found

    async def _answered(self, prepared: Prepared, question: AskOffers) -> Offers:
        if question not in self._answers:
            answer = await self._ask(prepared, question)
            if not isinstance(answer, Offers):
                raise _failure(answer)
            self._answers[question] = answer
            while len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        return self._answers[question]

    async def _give(
        self, actor: Actor, slot: Slot, work: Callable[[Session, Prepared, Placement], Done]
    ) -> Done:
        for _ in range(TRIES):
            turn = await self._db.read(service.turn_of, actor, slot)
            async with self._turns.setdefault(turn, asyncio.Lock()):
                prepared = await self._db.read(service.prepare_slot, actor, self._resources, slot)
                placement = await self._place(prepared)
                with contextlib.suppress(DayMovedError, IntegrityError, StaleDataError):
                    return await self._db.write(work, prepared, placement)
        raise SlotGoneError("Too many people want this day at once; choose again.", reason="crowded")

    async def _place(self, prepared: Prepared) -> Placement:
        answer = await self._ask(prepared, AskPlace(prepared.wish, prepared.days[0]))
        if isinstance(answer, NoOffer):
            raise SlotGoneError("This time has just been taken.", reason=answer.code)
        if not isinstance(answer, Placement):
            raise _failure(answer)
        return answer

    async def _ask(self, prepared: Prepared, question: Question) -> Answer:
        answer = await self._desk.ask(question)
        if not isinstance(answer, Unknown):
            return answer
        days = await self._db.read(service.load_days, prepared.region_id, answer.dates, prepared.wish.job_id)

        def brought(asked: DayAsked) -> DayAsked:
            return replace(asked, day=days.get(asked.date))

        if isinstance(question, AskOffers):
            return await self._desk.ask(replace(question, days=tuple(brought(one) for one in question.days)))
        return await self._desk.ask(replace(question, day=brought(question.day)))


def _failure(answer: Answer) -> DomainError:
    log.error("the booking desk failed", detail=answer.detail if isinstance(answer, Failed) else repr(answer))
    return DeskBusyError("Free times cannot be worked out right now.")


# What is most worth saying when each day has a reason of its own.
TELLING = (
    "reserved", "no_room", "vendor_full", "missing_part", "certificate_expired", "no_certificate", "no_skill",
    "nobody_allowed", "no_shift", "no_slot",
)  # fmt: skip


def _reason(refusals: tuple[NoOffer, ...]) -> str:
    codes = {refusal.code for refusal in refusals}
    return next((code for code in TELLING if code in codes), "no_room")
