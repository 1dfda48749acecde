"""The table of erasures: that it was done, when and on whose word; nothing of what was erased."""

import uuid
from typing import Any

from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import json_object


class Erasure(OrgRow, table=True):
    """One person's data erased; `summary` counts rows by kind, and what was kept and why."""

    __tablename__ = "erasure"

    customer_id: uuid.UUID = Field(foreign_key="customer.id", index=True)
    asked_by: str = Field(default="", max_length=120)
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
