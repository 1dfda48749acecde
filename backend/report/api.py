"""The hotline's intake, reports of a job and the rules of the report page over HTTP."""

import asyncio
import uuid
from typing import Annotated

import msgspec
from litestar import Response, Router, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.booking import service as booking
from backend.booking.asked import Slot
from backend.booking.bookings import Bookings
from backend.db.session import Database
from backend.evidence.serving import PARTS, BlobAddress, Wanted, served
from backend.evidence.store import LocalBlobStore
from backend.imports.intake import locator_for
from backend.report import intake, letter_files, letter_list, rules
from backend.report.guide import Symptom
from backend.report.schemas import (
    AddressRead,
    BookedRead,
    CallerList,
    CauseRead,
    Check,
    CheckRead,
    FaultRead,
    FreeSlot,
    FreeSlots,
    Intake,
    IntakeRead,
    LetterDismissal,
    LetterFileRead,
    LetterRead,
    ProductRead,
    ReportsRead,
    RulesRead,
    RulesWrite,
    SelfHelpRead,
    SlotRead,
    SlotWanted,
    Title,
)
from backend.settings import Settings
from backend.web.if_match import IfMatch, replace, tagged
from backend.web.schemas import Page

PLAIN = r"^[^\x00]*$"
Typed = Annotated[str, QueryParameter(name="q"), msgspec.Meta(max_length=80, pattern=PLAIN)]
Sku = Annotated[str, QueryParameter(name="sku"), msgspec.Meta(max_length=60, pattern=PLAIN)]
Serial = Annotated[str, QueryParameter(name="serial"), msgspec.Meta(max_length=60, pattern=PLAIN)]
More = Annotated[bool, QueryParameter(name="more")]
Settled = Annotated[bool, QueryParameter(name="settled")]
SVG = "image/svg+xml"


def _title(words: dict[str, str]) -> Title:
    return Title(words["zh"], words["en"])


def _fault(one: Symptom) -> FaultRead:
    causes = [
        CauseRead(cause["code"], _title(cause["title"]), _title(cause["check"]), list(cause["parts"]))
        for cause in one.causes
    ]
    return FaultRead(one.category, one.key, _title(one.title), [_title(step) for step in one.steps], causes)


@get("/intake/callers", operation_id="findCallers")
async def find_callers(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    q: Typed = "",
    customer_id: Annotated[uuid.UUID | None, QueryParameter(name="customer_id")] = None,
) -> CallerList:
    """Who is calling: by phone tail, serial or order number, name or address, from two characters on.

    `customer_id` instead: the one who was found elsewhere.
    """
    return CallerList(await db.read(intake.callers, actor, q, customer_id))


@get("/intake/products", operation_id="listServedProducts")
async def list_products(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> list[ProductRead]:
    """The products that are served, each with the services there are."""
    return await db.read(intake.products, actor)


@get("/intake/faults", operation_id="findFaults")
async def find_faults(
    db: NamedDependency[Database], actor: NamedDependency[Actor], q: Typed = "", sku: Sku = ""
) -> list[FaultRead]:
    """Symptoms of the fault trees that hold every word typed, with self-help steps and causes."""
    return [_fault(one) for one in await db.read(intake.faults, actor, q, sku)]


@get("/intake/addresses", operation_id="suggestAddresses")
async def suggest_addresses(actor: NamedDependency[Actor], q: Typed = "") -> list[AddressRead]:
    """Known communities that fit what was typed so far."""
    actor.require(Permission.JOB_INTAKE)
    return intake.addresses(q)


@post("/intake/check", operation_id="checkDuplicate", status_code=200)
async def check_duplicate(
    db: NamedDependency[Database], actor: NamedDependency[Actor], data: JSONBody[Check]
) -> CheckRead:
    """Whether an open job is about the same: by appliance, caller and address."""
    return await db.read(intake.check, actor, data)


@post("/intake/reports", operation_id="takeCall", status_code=201)
async def take_call(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    data: JSONBody[Intake],
) -> IntakeRead:
    """Make a case of a call, or join the open one; the same `key` again gives the first answer."""
    locator = locator_for(settings)
    location = await asyncio.to_thread(locator.locate, data.address)
    return await db.write(intake.take_call, actor, data, location)


@get("/jobs/{job_id:uuid}/free-slots", operation_id="listFreeSlots")
async def free_slots(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    bookings: NamedDependency[Bookings],
    job_id: FromPath[uuid.UUID],
    more: More = False,
) -> FreeSlots:
    """The windows that can be kept for a job, as its customer would see them."""
    there = await db.read(intake.customers_place, actor, job_id)
    choice = await bookings.choice(there, is_all=more)
    slots = [FreeSlot(one.slot.start_at, one.slot.end_at, one.price_fen) for one in choice.offers]
    today = await db.read(booking.rest_of_today, there)
    rest = SlotRead(today.start_at, today.end_at) if today else None
    return FreeSlots(slots, choice.reason, choice.is_far, choice.has_more, rest)


@post("/jobs/{job_id:uuid}/free-slots", operation_id="bookFreeSlot", status_code=200)
async def book_slot(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    bookings: NamedDependency[Bookings],
    job_id: FromPath[uuid.UUID],
    data: JSONBody[SlotWanted],
) -> BookedRead:
    """Promise a window on the phone, the visit included; 409 `slot_gone` when somebody else has it now."""
    there = await db.read(intake.customers_place, actor, job_id)
    job = await bookings.book(there, Slot(data.start, data.end))
    return await db.read(intake.booked, job)


@get("/jobs/{job_id:uuid}/reports", operation_id="listReports")
async def list_reports(
    db: NamedDependency[Database], actor: NamedDependency[Actor], job_id: FromPath[uuid.UUID]
) -> ReportsRead:
    """What customers reported of a job's case, and their pictures."""
    return await db.read(intake.reports_of, actor, job_id)


@get("/report-rules", operation_id="readReportRules")
async def get_rules(
    db: NamedDependency[Database], actor: NamedDependency[Actor], settings: NamedDependency[Settings]
) -> Response[RulesRead]:
    """The address of the public report page, and by when a report is answered."""
    return tagged(await db.read(rules.read, actor, settings.base_url))


@put("/report-rules", operation_id="setReportRules")
async def put_rules(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    data: JSONBody[RulesWrite],
    if_match: IfMatch = "",
) -> Response[RulesRead]:
    """Set the rules of the report page."""
    written = db.write(replace, actor, if_match, data, rules.read, rules.write, settings.base_url)
    return tagged(await written)


@get(
    "/report-qr",
    operation_id="getReportQr",
    media_type=SVG,
    responses={200: ResponseSpec(bytes, generate_examples=False, media_type=SVG, description="The code")},
)
async def report_qr(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    sku: Sku = "",
    serial: Serial = "",
) -> Response[bytes]:
    """The QR code of a model, or of one appliance: it opens the report page with both filled in."""
    url = await db.read(rules.appliance_url, actor, settings.base_url, sku, serial)
    return Response(rules.qr_svg(url), media_type=SVG)


def _letter(one: letter_list.Seen) -> LetterRead:
    return LetterRead(
        one.row.id, one.row.created_at, one.row.sender, one.row.name, one.row.subject, one.text,
        [LetterFileRead(file["kind"], file["sha256"]) for file in one.row.files],
        one.row.is_owed, one.row.why, one.state, one.row.job_id, one.job_number,
    )  # fmt: skip


def _letters(session: Session, actor: Actor, asked: letter_list.Asked) -> list[LetterRead]:
    return [_letter(one) for one in letter_list.listed(session, actor, asked)]


@get("/letters", operation_id="listLetters")
async def list_letters(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settled: Settled = False,
    q: Typed = "",
    after: Annotated[uuid.UUID | None, QueryParameter(name="after")] = None,
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=200)] = 50,
) -> Page[LetterRead]:
    """E-mails of people who have not finished their report, or those done with; newest first."""
    rows = await db.read(_letters, actor, letter_list.Asked(settled, q.strip(), after, limit))
    return Page(rows, str(rows[-1].id) if len(rows) == limit else None)


def _waiting_letter(session: Session, actor: Actor, letter_id: uuid.UUID) -> LetterRead:
    return _letter(letter_list.one_waiting(session, actor, letter_id))


@get("/letters/{letter_id:uuid}", operation_id="getLetter")
async def get_letter(
    db: NamedDependency[Database], actor: NamedDependency[Actor], letter_id: FromPath[uuid.UUID]
) -> LetterRead:
    """An e-mail that waits for somebody; 409 `letter_settled` when it has been dealt with."""
    return await db.read(_waiting_letter, actor, letter_id)


@get(
    "/letters/{letter_id:uuid}/files/{sha256:str}",
    operation_id="getLetterFile",
    media_type="image/*",
    responses=PARTS,
)
async def get_letter_file(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    letter_id: FromPath[uuid.UUID],
    sha256: BlobAddress,
    wanted: Wanted = "",
) -> Response[bytes]:
    """A picture or video of an e-mail that waits; afterwards it is with the case, or gone."""
    blob = await db.read(letter_files.enclosed, actor, letter_id, sha256)
    return await served(LocalBlobStore(settings.blob_dir), blob, wanted)


@post("/letters/{letter_id:uuid}/dismiss", operation_id="dismissLetter", status_code=204)
async def dismiss_letter(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    letter_id: FromPath[uuid.UUID],
    data: JSONBody[LetterDismissal],
) -> None:
    """Set a letter aside; 409 `letter_settled` when somebody has dealt with it."""
    files = await db.write(letter_list.dismiss, actor, letter_id, data.reason)
    await asyncio.to_thread(LocalBlobStore(settings.blob_dir).drop_all, files)


@get("/self-help", operation_id="listSelfHelp")
async def list_self_help(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> list[SelfHelpRead]:
    """How often self-help steps were shown and enough, per symptom."""
    return await db.read(rules.self_help, actor)


router = Router(
    "/api",
    route_handlers=[
        find_callers,
        list_products,
        find_faults,
        suggest_addresses,
        check_duplicate,
        take_call,
        free_slots,
        book_slot,
        list_reports,
        get_rules,
        put_rules,
        report_qr,
        list_letters,
        get_letter,
        get_letter_file,
        dismiss_letter,
        list_self_help,
    ],
    tags=["reports"],
)
