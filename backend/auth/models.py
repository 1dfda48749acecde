"""Tables of accounts, sessions and tokens. Secrets are stored as hashes only."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Row, Table
from backend.db.types import enum_column, utc_now


class Role(enum.StrEnum):
    ADMIN = "admin"
    DISPATCHER = "dispatcher"
    AGENT = "agent"
    CLERK = "clerk"
    VENDOR_DISPATCHER = "vendor_dispatcher"
    TECHNICIAN = "technician"
    INTEGRATION = "integration"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Account(OrgRow, table=True):
    __tablename__ = "account"
    __table_args__ = (
        sa.UniqueConstraint("login"),
        sa.CheckConstraint("(role = 'technician') = (technician_id IS NOT NULL)", name="technician"),
        sa.CheckConstraint("role <> 'vendor_dispatcher' OR vendor_id IS NOT NULL", name="vendor"),
    )

    login: str = Field(max_length=80)
    name: str = Field(max_length=120)
    role: Role = Field(sa_type=enum_column(Role))
    password_hash: str = Field(max_length=200)
    locale: str = Field(default="zh-CN", max_length=10)
    technician_id: uuid.UUID | None = Field(default=None, foreign_key="technician.id")
    vendor_id: uuid.UUID | None = Field(default=None, foreign_key="vendor.id")
    disabled_at: dt.datetime | None = None


class SignInSession(Row, table=True):
    """A signed-in browser. `token_hash` is the SHA-256 of the cookie's value."""

    __tablename__ = "sign_in_session"

    token_hash: str = Field(max_length=64, unique=True)
    csrf_token: str = Field(max_length=64)
    account_id: uuid.UUID = Field(foreign_key="account.id", index=True)
    expires_at: dt.datetime
    revoked_at: dt.datetime | None = None


class PairingCode(Row, table=True):
    """A single-use code that signs a technician's phone in, shown as a QR picture."""

    __tablename__ = "pairing_code"

    code_hash: str = Field(max_length=64, unique=True)
    account_id: uuid.UUID = Field(foreign_key="account.id", index=True)
    expires_at: dt.datetime
    used_at: dt.datetime | None = None


class ApiToken(OrgRow, table=True):
    __tablename__ = "api_token"

    name: str = Field(max_length=120)
    token_hash: str = Field(max_length=64, unique=True)
    role: Role = Field(default=Role.INTEGRATION, sa_type=enum_column(Role))
    expires_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    last_used_at: dt.datetime | None = None


class SignInFailure(Table, table=True):
    """One wrong password; counted per login and per address to slow guessing down."""

    __tablename__ = "sign_in_failure"

    id: int | None = Field(default=None, primary_key=True)
    key_hash: str = Field(max_length=64, index=True)
    at: dt.datetime = Field(default_factory=utc_now, index=True)
