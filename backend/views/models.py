"""Tables of saved views, and of the one each person begins with."""

import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Table


class DefaultView(Table, table=True):
    """The view somebody's console opens with: one of their own, or one that is shared with them."""

    __tablename__ = "default_view"

    account_id: uuid.UUID = Field(primary_key=True, foreign_key="account.id")
    view_id: uuid.UUID = Field(foreign_key="saved_view.id", index=True)


class SavedView(OrgRow, table=True):
    """A name for what the address bar says; `query` holds filters only, never what was found."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("account_id", "name"),)

    account_id: uuid.UUID = Field(foreign_key="account.id")
    vendor_id: uuid.UUID | None = Field(default=None, foreign_key="vendor.id")
    name: str = Field(max_length=80)
    query: str = Field(max_length=600)
    is_shared: bool = False
