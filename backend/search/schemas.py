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


class TechnicianHitRead(Reply):
    """A technician who works, by name or login."""

    technician_id: uuid.UUID
    name: str
    login: str | None
    region_id: uuid.UUID
    region_name: str
    vendor_name: str | None


class CustomerHitRead(Reply):
    """A customer without work under way. `found_by`: serial, phone or name; `serial` of what it found."""

    customer_id: uuid.UUID
    name: str
    phone_tail: str
    found_by: str
    serial: str | None
    product_name: str | None
    product_name_en: str | None


class FoundRead(Reply):
    """Everything that fits, of what the caller may see."""

    jobs: list[HitRead]
    technicians: list[TechnicianHitRead]
    customers: list[CustomerHitRead]
