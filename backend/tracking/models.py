"""Tables of the customer's link, and of what an organisation has learned about arrivals.

A link's token is never stored; it is derived from its row and the server's secret.
"""

import datetime as dt
import uuid
from typing import Any

from sqlmodel import Field

from backend.db.base import OrgRow, Table
from backend.db.types import json_object


class CustomerLink(OrgRow, table=True):
    __tablename__ = "customer_link"

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    expires_at: dt.datetime
    revoked_at: dt.datetime | None = None


class ArrivalExperience(Table, table=True):
    """How far arrivals were off so far, out of `visits` of the last weeks; learned anew every night."""

    __tablename__ = "arrival_experience"

    org_id: uuid.UUID = Field(foreign_key="organisation.id", primary_key=True)
    learned_at: dt.datetime
    visits: int
    learned: dict[str, Any] = Field(sa_type=json_object())
