"""The customer's booking pages behind the signed link: plain forms that work in every browser."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from backend.booking import service, windows
from backend.booking.asked import Slot
from backend.booking.bookings import Bookings, Choice
from backend.booking.desk import DeskBusyError
from backend.booking.place_page import change_place, place_page
from backend.booking.policies import UNDER_WAY, ChargeChangedError, NotBookableError
from backend.booking.service import SlotGoneError
from backend.booking.view import Desired, book_view, desired
from backend.db.session import Database
from backend.jobs.lifecycle import JobStatus, TransitionRefusedError
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.framed_page import AnyRequest
from backend.tracking.linked_page import LinkedPage, linked_pages

More = Annotated[str, QueryParameter(name="more")]
REASONS = ("solved", "time", "elsewhere", "other")


@dataclass(frozen=True)
class Visit:
    """One customer's look at the booking pages: their link, and what is known."""

    at: LinkedPage
    known: Desired

    def show(
        self, template: str, choice: Choice | None = None, *, alert: str = "", status: int = 200, **data: Any
    ) -> Response[str]:
        """One of the booking templates."""
        view = book_view(self.known, self.at.language, choice, alert)
        return self.at.show(f"booking/{template}", status=status, view=view, **data)

    def refused(self, error: NotBookableError, status: int) -> Response[str]:
        """Why nothing can be chosen here, and the number to call."""
        return self.show(
            "refused.html", status=status, kind=f"refused_{error.code}", hours=self.known.change_until_h
        )


async def provide_visit(at: NamedDependency[LinkedPage], db: NamedDependency[Database]) -> Visit:
    """What a customer may do about their appointment."""
    return Visit(at, await db.read(desired, at.customer, at.facts))


async def _choose(
    visit: Visit, bookings: Bookings, *, is_all: bool = False, alert: str = "", status: int = 200
) -> Response[Any]:
    """The page to choose on; what stands in the way instead, where something does."""
    try:
        return visit.show(
            "choose.html", await bookings.choice(visit.at.customer, is_all=is_all), alert=alert, status=status
        )
    except NotBookableError as error:
        return visit.refused(error, status)
    except DeskBusyError:
        return visit.show("refused.html", status=503, kind="unavailable", hours=0)


def _refused_to_cancel(visit: Visit, code: str, status: int) -> Response[Any]:
    """Why it is not cancelled: who asks to cancel is not told of booking."""
    return visit.refused(NotBookableError(code="no_cancel" if code == "not_now" else code), status)


async def _or_told(visit: Visit, bookings: Bookings, deed: Awaitable[object], tail: str) -> Response[Any]:
    """Do it and go on, or say why not: with what can be chosen instead, where something can."""
    try:
        await deed
    except SlotGoneError:
        return await _choose(visit, bookings, alert="gone", status=409)
    except ChargeChangedError:
        # Shown again, with what it costs now: nobody pays what they were not told.
        return visit.at.go("/book")
    except NotBookableError as error:
        return visit.refused(error, 409)
    except TransitionRefusedError:
        return visit.refused(NotBookableError(code="not_now"), 409)
    except DeskBusyError:
        return visit.show("refused.html", status=503, kind="unavailable", hours=0)
    return visit.at.go(tail)


async def _slot_sent(request: AnyRequest) -> Slot:
    form = await request.form()
    slot = windows.slot_of_key(str(form.get("slot", "")))
    if slot is None:
        raise SlotGoneError("No such time.", reason="no_slot")
    return slot


async def _agreed_fen(request: AnyRequest) -> int:
    """What the form said it costs; a page without a price agrees to none."""
    sent = str((await request.form()).get("charge", "0"))
    return int(sent) if sent.isdecimal() and len(sent) <= 9 else 0


@get("/{token:str}/book")
async def choose_page(
    visit: NamedDependency[Visit],
    bookings: NamedDependency[Bookings],
    more: More = "",
) -> Response[Any]:
    """Times to choose from, or the one that is held and waits to be confirmed."""
    if visit.known.held is not None:
        return visit.show("confirm.html")
    return await _choose(visit, bookings, is_all=bool(more))


@post("/{token:str}/book")
async def hold_slot(
    visit: NamedDependency[Visit],
    request: AnyRequest,
    bookings: NamedDependency[Bookings],
) -> Response[Any]:
    """Keep a time for five minutes."""

    async def deed() -> None:
        await bookings.hold(visit.at.customer, await _slot_sent(request))

    return await _or_told(visit, bookings, deed(), "/book")


@post("/{token:str}/book/confirm")
async def confirm_slot(
    visit: NamedDependency[Visit],
    request: AnyRequest,
    bookings: NamedDependency[Bookings],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Promise the time. Sending it twice books once: the second finds the appointment it asks for."""

    async def deed() -> None:
        slot = await _slot_sent(request)
        if visit.known.has_appointment and visit.known.facts.window == (slot.start_at, slot.end_at):
            return
        await bookings.book(
            visit.at.customer,
            slot,
            lambda s, job: links.prolong(s, job, settings.customer_link_days),
            agreed_fen=await _agreed_fen(request),
        )

    return await _or_told(visit, bookings, deed(), "")


@post("/{token:str}/book/release")
async def release_slot(
    visit: NamedDependency[Visit],
    db: NamedDependency[Database],
) -> Response[Any]:
    """Give the held time back and choose another."""
    await db.write(service.release, visit.at.customer)
    return visit.at.go("/book")


@post("/{token:str}/book/wait")
async def join_waiting(
    visit: NamedDependency[Visit],
    request: AnyRequest,
    db: NamedDependency[Database],
    bookings: NamedDependency[Bookings],
) -> Response[Any]:
    """Wait for a time that comes free."""
    part = str((await request.form()).get("part", "any"))
    joined = db.write(service.wait, visit.at.customer, part if part in windows.PARTS else "any")
    return await _or_told(visit, bookings, joined, "")


@post("/{token:str}/book/leave")
async def leave_waiting(
    visit: NamedDependency[Visit],
    db: NamedDependency[Database],
) -> Response[Any]:
    """Wait no longer."""
    await db.write(service.leave_waiting, visit.at.customer)
    return visit.at.go("/book")


@get("/{token:str}/cancel")
async def cancel_page(
    visit: NamedDependency[Visit],
) -> Response[Any]:
    """Asks once more before a visit is cancelled."""
    state = visit.known.facts.standing.state
    if state in {"choose", "change"} and visit.known.facts.standing.cancel_fen is not None:
        return visit.show("cancel.html", reasons=REASONS)
    if visit.known.facts.status is JobStatus.CANCELLED:
        return visit.at.go()
    if visit.known.facts.status in UNDER_WAY:
        return _refused_to_cancel(visit, "under_way", 200)
    return _refused_to_cancel(visit, "too_late" if state in {"call", "change"} else "not_now", 200)


@post("/{token:str}/cancel")
async def cancel_visit(
    visit: NamedDependency[Visit],
    request: AnyRequest,
    bookings: NamedDependency[Bookings],
) -> Response[Any]:
    """Cancel, within the organisation's rules."""
    if visit.known.facts.status is JobStatus.CANCELLED:
        return visit.at.go()  # a second tap
    reason = str((await request.form()).get("reason", ""))
    agreed_fen = await _agreed_fen(request)
    try:
        await bookings.cancel(visit.at.customer, reason if reason in REASONS else "", agreed_fen)
    except ChargeChangedError:
        return visit.at.go("/cancel")
    except NotBookableError as error:
        return _refused_to_cancel(visit, error.code, 409)
    except TransitionRefusedError:
        return _refused_to_cancel(visit, "not_now", 409)
    return visit.at.go()


router = linked_pages(
    [
        choose_page,
        hold_slot,
        confirm_slot,
        release_slot,
        join_waiting,
        leave_waiting,
        cancel_page,
        cancel_visit,
        place_page,
        change_place,
    ],
    {"visit": Provide(provide_visit)},
)
