"""Tables of cases and the sales orders they come from."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, VersionedRow
from backend.db.types import enum_column, json_object


class Channel(enum.StrEnum):
    HOTLINE = "hotline"
    WEB = "web"
    QR = "qr"
    ORDER = "order"
    API = "api"
    EMAIL = "email"


class CaseStatus(enum.StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Case(VersionedRow, table=True):
    __tablename__ = "service_case"
    __table_args__ = (sa.UniqueConstraint("org_id", "number"),)

    number: str = Field(max_length=20)
    channel: Channel = Field(sa_type=enum_column(Channel))
    customer_id: uuid.UUID = Field(foreign_key="customer.id", index=True)
    description: str = Field(default="", max_length=2000)
    status: CaseStatus = Field(default=CaseStatus.OPEN, sa_type=enum_column(CaseStatus))
    closed_at: dt.datetime | None = None


class SalesOrder(OrgRow, table=True):
    """A shop's order; one record per channel and order number however often its file is imported."""

    __tablename__ = "sales_order"
    __table_args__ = (sa.UniqueConstraint("org_id", "channel", "order_no"),)

    channel: str = Field(max_length=20)
    order_no: str = Field(max_length=60)
    case_id: uuid.UUID = Field(foreign_key="service_case.id", index=True)
    customer_id: uuid.UUID = Field(foreign_key="customer.id")
    ordered_at: dt.datetime | None = None
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())


class OrderLine(OrgRow, table=True):
    """One article of an order and the jobs made for it; `line_key` tells the same line seen again."""

    __tablename__ = "order_line"
    __table_args__ = (sa.UniqueConstraint("order_id", "line_key"), sa.CheckConstraint("qty > 0", name="qty"))

    order_id: uuid.UUID = Field(foreign_key="sales_order.id", index=True)
    line_key: str = Field(max_length=64)
    product_id: uuid.UUID = Field(foreign_key="product.id")
    qty: int = 1
