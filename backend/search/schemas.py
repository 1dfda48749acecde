"""Wire types of the search."""

import datetime as dt
import uuid

from backend.sync.schemas import Span
from backend.web.schemas import Reply


class HitRead(Reply):
    """A job that fits. `found_by`: number, order, serial, phone, name or address."""

    job_id: uuid.UUID
    number: str
    type: str
    status: str
    day: dt.date | None
    region_id: uuid.UUID
    window: Span | None
    found_by: str
    customer_name: str
    phone_tail: str
    address: str
    product_name: str
    product_name_en: str
    serial: str | None
    order_no: str | None
    technician_name: str | None
