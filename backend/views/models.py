"""Table of saved views."""

import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow


class SavedView(OrgRow, table=True):
    """A name for what the address bar says; `query` holds filters only, never what was found."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("account_id", "name"),)

    account_id: uuid.UUID = Field(foreign_key="account.id")
    vendor_id: uuid.UUID | None = Field(default=None, foreign_key="vendor.id")
    name: str = Field(max_length=80)
    query: str = Field(max_length=600)
    is_shared: bool = False
