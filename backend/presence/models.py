"""Table of who looks at which day."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow


class Presence(OrgRow, table=True):
    """One open window of a person's console, `window` is its own name for itself."""

    __tablename__ = "presence"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "window"),
        sa.Index(None, "region_id", "day", "seen_at"),
    )

    account_id: uuid.UUID = Field(foreign_key="account.id")
    window: str = Field(max_length=40)
    region_id: uuid.UUID = Field(foreign_key="region.id")
    day: dt.date
    job_id: uuid.UUID | None = Field(default=None, foreign_key="job.id")
    seen_at: dt.datetime
