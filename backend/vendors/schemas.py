"""What a month's statement says on the wire."""

import datetime as dt
import uuid

from backend.jobs.lifecycle import JobType
from backend.web.schemas import Page, Reply


class VendorRead(Reply):
    id: uuid.UUID
    name: str


class StatementSummary(Reply):
    """What a vendor is paid for a month: signed visits, and the sum of those that have a price.

    `unpriced` visits were given when no tariff said what they pay: they are in no sum until somebody decides.
    """

    vendor: VendorRead
    month: str
    visits: int
    unpriced: int
    total_fen: int
    currency: str


class StatementLine(Reply):
    """One signed visit. `pays_fen` is the tariff in force when it was given; null when there was none.

    `day` is the technician's region's; `sha256` is the hash of what the customer signed.
    """

    id: uuid.UUID
    day: dt.date
    signed_at: dt.datetime
    job_id: uuid.UUID
    number: str
    attempt: int
    technician: str
    type: JobType
    category: str
    product: str
    product_en: str
    pays_fen: int | None
    sha256: str


class Statement(Reply):
    """A month's sum with part of the visits it is made of."""

    summary: StatementSummary
    lines: Page[StatementLine]
