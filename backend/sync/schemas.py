"""Wire types of the phone: the job sheet, commands and their replies."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

import msgspec

from backend.extras.schemas import ExtraRead, ExtraWorkRead
from backend.web.schemas import (
    Body,
    Instant,
    Latitude,
    Line,
    Longitude,
    Point,
    Reply,
    Sha256,
    Text,
    Version,
    Word,
)

KINDS = (
    "accept", "decline", "depart", "arrive", "answer", "use_part", "return_part", "photo", "note", "serial",
    "diagnose", "complete", "sign", "report_absent", "reject_work", "need_part", "take_to_workshop",
    "agree_extra", "decline_extra", "withdraw_extra",
)  # fmt: skip


Serial = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
FaultCode = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]+$")]
# A year either way: more is no clock but a mistake.
SkewMs = Annotated[int, msgspec.Meta(ge=-31_622_400_000, le=31_622_400_000)]


class Span(Reply):
    start: dt.datetime
    end: dt.datetime


class PlannedRead(Reply):
    """When the visit is planned (UTC) and the way there, in seconds and metres."""

    arrive: dt.datetime
    start: dt.datetime
    end: dt.datetime
    travel_s: int
    travel_m: int


class CustomerRead(Reply):
    """Outside the visit's time `is_masked`: the phone's last digits, the address without its numbers."""

    name: str
    phone: str
    is_masked: bool = False


class PlaceRead(Reply):
    address: str
    community: str
    lat: float | None
    lng: float | None


class MapPoints(Reply):
    """The same place as maps in the two Chinese datums show it; AMap and Google draw GCJ-02, Baidu BD-09."""

    gcj02: Point
    bd09: Point


class ProductRead(Reply):
    sku: str
    name: str
    name_en: str
    category: str


class AssetRead(Reply):
    id: uuid.UUID
    serial: str | None


class PartExpected(Reply):
    sku: str
    qty: int


class PartUsed(Reply):
    id: uuid.UUID
    sku: str
    name: str
    qty: int
    unit_price_fen: int


class PhotoRead(Reply):
    sha256: str
    step: str | None
    taken_at: dt.datetime


class PriceRead(Reply):
    labour_fen: int
    currency: str


class AcceptanceRead(Reply):
    sha256: str
    signed_at: dt.datetime
    signer: str


class JobSheet(Reply):
    """Everything a technician needs at the door; `call_number` is what to dial to reach the customer."""

    id: uuid.UUID
    number: str
    type: str
    status: str
    version: int
    visit_id: uuid.UUID | None
    attempt: int
    day: dt.date | None
    window: Span | None
    planned: PlannedRead | None
    offer_expires_at: dt.datetime | None
    customer: CustomerRead
    place: PlaceRead
    product: ProductRead
    asset: AssetRead | None
    description: str
    note: str
    checklist: list[dict[str, Any]]
    answers: dict[str, Any]
    parts_expected: list[PartExpected]
    parts_used: list[PartUsed]
    photos: list[PhotoRead]
    price: PriceRead
    pays_fen: int | None
    acceptance: AcceptanceRead | None
    call_number: str = ""
    map_points: MapPoints | None = None
    fault_tree: dict[str, Any] | None = None
    fault_code: str | None = None
    extras: list[ExtraRead] = msgspec.field(default_factory=list)


class VanPart(Reply):
    sku: str
    name: str
    name_en: str
    barcode: str
    qty: int
    unit_price_fen: int


class Me(Reply):
    technician_id: uuid.UUID
    name: str
    vendor_name: str | None
    shift: Span | None
    home: Point


class Pull(Reply):
    """What changed since the phone's cursor. `ids` are all jobs it should have: others are to be dropped.

    In a replay `server_time` is the replayed day's, and says nothing of the phone's clock.
    """

    cursor: str
    reset: bool
    server_time: dt.datetime
    me: Me
    jobs: list[JobSheet]
    ids: list[uuid.UUID]
    van: list[VanPart]
    is_replay: bool = False
    extra_work: list[ExtraWorkRead] = msgspec.field(default_factory=list)


class EarnedDay(Reply):
    """A day's signed jobs and what the tariff pays for them."""

    day: dt.date
    jobs: int
    pays_fen: int


class Earnings(Reply):
    """By day, oldest first, up to and with `through`; days without any are left out."""

    through: dt.date
    days: list[EarnedDay]


class Command(Body):
    """One thing a technician did. `id` makes it count once.

    `device_at` is when it happened by the phone's own clock; `skew_ms` is what the phone knew then to be
    missing for the server's clock, so that the two together are when it happened.
    """

    id: uuid.UUID
    kind: Literal[KINDS]  # type: ignore[valid-type]  # the tuple is the one list of them
    job_id: uuid.UUID
    device_at: Instant
    base_version: Version
    payload: dict[str, Any]
    # Left out of the encoding when not sent: the bodies of older phones keep their hash.
    skew_ms: SkewMs | msgspec.UnsetType = msgspec.UNSET


class CommandBatch(Body):
    """Several commands of one phone, in the order of the taps; each counts for itself."""

    commands: Annotated[list[Command], msgspec.Meta(min_length=1, max_length=50)]


class CommandReply(Reply):
    """`status`: accepted, duplicate (same reply as the first time), conflict or rejected, with a `code`."""

    status: Literal["accepted", "duplicate", "conflict", "rejected"]
    code: str = ""
    message: str = ""
    job: JobSheet | None = None
    theirs: dict[str, Any] = msgspec.field(default_factory=dict)


class BatchedReply(Reply):
    """What one command of a batch was answered: the status and body it would have had alone."""

    id: uuid.UUID
    http_status: int
    reply: CommandReply


class BatchReply(Reply):
    """In the order of the commands."""

    replies: list[BatchedReply]


class PositionIn(Body):
    lat: Latitude
    lng: Longitude
    accuracy_m: Annotated[float, msgspec.Meta(ge=0, le=100_000)]


class Nothing(Body):
    pass


class Going(Body):
    position: PositionIn | None = None


class Decline(Body):
    reason: Literal["too_far", "no_skill", "no_part", "ill", "other"]
    text: Text = ""


class Answer(Body):
    step: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    value: bool | int | float | Text


class UsePart(Body):
    use_id: uuid.UUID
    sku: Word
    qty: Annotated[int, msgspec.Meta(ge=1, le=100)]
    serial: Annotated[str, msgspec.Meta(max_length=60)] = ""


class ReturnPart(Body):
    use_id: uuid.UUID


class PhotoIn(Body):
    sha256: Sha256
    kind: Literal["before", "after", "evidence"]
    taken_at: Instant
    step: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    width: Annotated[int, msgspec.Meta(ge=1, le=20_000)] | None = None
    height: Annotated[int, msgspec.Meta(ge=1, le=20_000)] | None = None


class Said(Body):
    text: Text


class SerialRead(Body):
    """The appliance's number, as its plate says."""

    serial: Serial


class Diagnosis(Body):
    fault_code: FaultCode
    text: Text = ""


class Signature(Body):
    """The customer's signature: strokes of points {x, y, t, p} over the snapshot they saw, and its hash."""

    snapshot: dict[str, Any]
    sha256: Sha256
    signer: Annotated[Line, msgspec.Meta(min_length=1)]
    strokes: Annotated[list[list[dict[str, float]]], msgspec.Meta(min_length=1, max_length=500)]
    signed_at: Instant


class Absent(Body):
    text: Text = ""
    sha256: Sha256 | None = None


class MissingPart(Body):
    sku: Word
    qty: Annotated[int, msgspec.Meta(ge=1, le=100)]
    text: Text = ""
