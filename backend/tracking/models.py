"""The customer's link. The token is never stored; it is derived from this row and the server's secret."""

import datetime as dt
import uuid

from sqlmodel import Field

from backend.db.base import OrgRow


class CustomerLink(OrgRow, table=True):
    __tablename__ = "customer_link"

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    expires_at: dt.datetime
    revoked_at: dt.datetime | None = None
