"""Wire types of reports and of the hotline's intake."""

import datetime as dt
import uuid
from typing import Annotated, Literal

import msgspec

from backend.web.schemas import Body, Instant, Latitude, Line, Longitude, Reply, Text

Sku = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
Short = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^[^\x00]*$")]
Name = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\x00]*$")]
Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]
ReportType = Literal["repair", "install", "maintain", "inspect"]


class Title(Reply):
    """A text in both languages."""

    zh: str
    en: str


class ProductRead(Reply):
    """What the organisation serves, and how."""

    sku: str
    name: str
    name_en: str
    category: str
    types: list[str]


class CauseRead(Reply):
    """A cause behind a symptom: how a technician tells it apart, and the parts it takes."""

    code: str
    title: Title
    check: Title
    parts: list[str]


class FaultRead(Reply):
    """A symptom with what the caller may try and what may be behind it."""

    category: str
    key: str
    title: Title
    steps: list[Title]
    causes: list[CauseRead]


class AddressRead(Reply):
    """A known residential community; WGS-84."""

    community: str
    district: str
    address: str
    lat: float
    lng: float


class OpenJobRead(Reply):
    """Work under way for a caller."""

    job_id: uuid.UUID
    number: str
    status: str
    type: str
    sku: str
    product: str
    product_en: str
    window_start: dt.datetime | None
    window_end: dt.datetime | None


class ApplianceRead(Reply):
    sku: str
    name: str
    name_en: str
    serial: str


class CallerRead(Reply):
    """Somebody known; `phone` is whole only while work of theirs is under way."""

    customer_id: uuid.UUID
    name: str
    phone: str
    addresses: list[str]
    appliances: list[ApplianceRead]
    open_jobs: list[OpenJobRead]


class CallerList(Reply):
    items: list[CallerRead]


class Check(Body):
    """What is known of a call so far; the phone as it was typed."""

    sku: Sku
    type: ReportType
    phone: Short = ""
    customer_id: uuid.UUID | None = None
    serial: Short = ""
    address: Line = ""


class DuplicateRead(Reply):
    """The open job a report would join, and by what: `serial`, `phone` or `address`."""

    by: str
    job: OpenJobRead


class CheckRead(Reply):
    duplicate: DuplicateRead | None


class Intake(Body):
    """One call. `key` makes sending it twice harmless; a known customer's phone may be left out.

    `is_urgent` is an emergency: it may be booked from now on and use what a day keeps back for such.
    `letter_id` is the e-mail that is taken up by hand; its files go with the case.
    """

    key: uuid.UUID
    sku: Sku
    type: ReportType
    name: Name
    address: Annotated[str, msgspec.Meta(min_length=2, max_length=300, pattern=r"^[^\x00]*$")]
    phone: Short = ""
    customer_id: uuid.UUID | None = None
    symptom: Short = ""
    text: Text = ""
    serial: Short = ""
    helped: bool | None = None
    is_urgent: bool = False
    letter_id: uuid.UUID | None = None
    lat: Latitude | None = None
    lng: Longitude | None = None


class IntakeRead(Reply):
    """The case a call became or joined."""

    case_id: uuid.UUID
    job: OpenJobRead
    is_joined: bool
    is_located: bool
    answer_by: dt.datetime


class SlotRead(Reply):
    start: dt.datetime
    end: dt.datetime


class FreeSlot(Reply):
    start: dt.datetime
    end: dt.datetime
    price_fen: int


class FreeSlots(Reply):
    """Windows that can be kept; `reason` says why there are none, "" where there are.

    `rest_of_today` is when an emergency could be served today were anybody free: null for other work.
    """

    slots: list[FreeSlot]
    reason: str
    is_far: bool
    has_more: bool
    rest_of_today: SlotRead | None


class BookedRead(Reply):
    """A window promised on the phone, and the visit it became: who comes, and when the work should begin."""

    job: OpenJobRead
    technician: str | None
    planned_start: dt.datetime | None


class SlotWanted(Body):
    start: Instant
    end: Instant


class AttachmentRead(Reply):
    """A customer's file, at `/api/blobs/{sha256}`; `kind` is photo, video, proof or rating."""

    sha256: str
    kind: str


class ReportRead(Reply):
    """One report of a job's case."""

    id: uuid.UUID
    at: dt.datetime
    channel: str
    is_joined: bool
    symptom: str
    text: str
    serial: str
    helped: bool | None
    answer_by: dt.datetime


class ReportsRead(Reply):
    reports: list[ReportRead]
    attachments: list[AttachmentRead]


class LetterFileRead(Reply):
    """A picture or video an e-mail brought, at `/api/letters/{id}/files/{sha256}` while it waits."""

    kind: str
    sha256: str


class LetterRead(Reply):
    """An e-mail. While it is `waiting` its sender may finish the report, or somebody takes it up by hand;
    an `unreadable` one somebody has to read in the mailbox, as `why` is `too_large`, `bad_form` or `failed`.

    Otherwise it `joined` the open case of its sender, was `reported`, `refused` as a program's, `dismissed`
    by the office, or `forgotten` after two weeks; then only what is with its job is left. `why` is the reason
    of a dismissal, else what kept our answer from leaving.
    """

    id: uuid.UUID
    created_at: dt.datetime
    sender: str
    name: str
    subject: str
    text: str
    files: list[LetterFileRead]
    is_owed: bool
    why: str
    state: str
    job_id: uuid.UUID | None
    job_number: str | None


class LetterDismissal(Body):
    """Why nothing is made of a letter."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class RulesRead(Reply):
    """An organisation's public page; see `RulesWrite`."""

    slug: str
    url: str
    is_open: bool
    answer_h: int
    open_from_h: int
    open_until_h: int


class RulesWrite(Body):
    """`answer_h` working hours until a report is answered; work is from `open_from_h` to `open_until_h`."""

    slug: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]$")]
    is_open: bool
    answer_h: Annotated[int, msgspec.Meta(ge=1, le=72)]
    open_from_h: Hour
    open_until_h: Hour


class SelfHelpRead(Reply):
    """How often a symptom's steps were shown, and how often they were enough."""

    category: str
    symptom: str
    shown: int
    solved: int
