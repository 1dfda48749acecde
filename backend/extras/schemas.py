"""Wire types of extra work: the price list, quotes and their answers."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

import msgspec

from backend.web.schemas import Body, Fen, Instant, Line, Reply, Sha256, Text

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
Qty = Annotated[int, msgspec.Meta(ge=1, le=99)]


class ExtraWorkPrice(Body):
    """A kind of work beyond the order and what it costs a customer; no category: for every product."""

    code: Code
    name: Name
    price_fen: Fen
    name_en: Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\x00]*$")] = ""
    category: Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[^\x00]*$")] = ""


class PriceList(Body):
    """Every kind of extra work; one that is left out is no longer offered."""

    items: Annotated[list[ExtraWorkPrice], msgspec.Meta(max_length=500)]


class ExtraWorkRead(Reply):
    """What a phone may offer for a product."""

    code: str
    name: str
    name_en: str
    category: str
    unit_price_fen: int


class ExtraLine(Reply):
    """One line of an answered quote; `kind` is work or part."""

    kind: str
    code: str
    name: str
    name_en: str
    qty: int
    unit_price_fen: int
    amount_fen: int


class ExtraRead(Reply):
    """A quote and the customer's answer."""

    id: uuid.UUID
    state: str
    sha256: str
    lines: list[ExtraLine]
    total_fen: int
    signer: str
    decided_at: dt.datetime
    note: str


class QuoteRecord(Reply):
    """For the office: the answer with the exact text it was given to, and the signature's strokes."""

    quote: ExtraRead
    snapshot: str
    is_intact: bool
    strokes: list[list[dict[str, float]]]


class QuotedLine(Body):
    """A line as shown to the customer, in the language of the quote."""

    kind: Literal["work", "part"]
    code: Code
    name: Line
    qty: Qty
    unit_price_fen: Fen
    amount_fen: Annotated[int, msgspec.Meta(ge=0)]


class QuoteSnapshot(Body):
    """Exactly what the customer saw; the hash of its canonical JSON is what they answered."""

    v: Literal[1]
    kind: Literal["extra_work"]
    quote_id: uuid.UUID
    job_id: uuid.UUID
    job_number: str
    visit_id: uuid.UUID
    technician: str
    customer: str
    address: str
    lines: Annotated[list[QuotedLine], msgspec.Meta(min_length=1, max_length=40)]
    total_fen: int
    currency: str
    language: Literal["zh-CN", "en"]
    prepared_at: Instant


class AgreeExtra(Body):
    """The customer signed the quote."""

    quote_id: uuid.UUID
    snapshot: dict[str, Any]
    sha256: Sha256
    signer: Annotated[Line, msgspec.Meta(min_length=1)]
    strokes: Annotated[list[list[dict[str, float]]], msgspec.Meta(min_length=1, max_length=500)]
    signed_at: Instant


class DeclineExtra(Body):
    """The customer did not want it."""

    quote_id: uuid.UUID
    snapshot: dict[str, Any]
    sha256: Sha256
    text: Text = ""


class WithdrawExtra(Body):
    """What was agreed could not be done after all, and is not charged."""

    quote_id: uuid.UUID
    text: Text = ""


class Complete(Body):
    """The work is done; `extras` are the quotes whose extra work it charges."""

    extras: Annotated[list[uuid.UUID], msgspec.Meta(max_length=100)] = msgspec.field(default_factory=list)
