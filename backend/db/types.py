"""Column types and identifiers shared by every table."""

import datetime as dt
import enum
import os
import threading
import time
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

_lock = threading.Lock()
_last_tick = 0


def uuid7() -> uuid.UUID:
    """Time-ordered identifier (RFC 9562 version 7, sub-millisecond method), increasing inside one process."""
    global _last_tick
    with _lock:
        milliseconds, rest_ns = divmod(time.time_ns(), 1_000_000)
        tick = (milliseconds << 12) | (rest_ns * 4096 // 1_000_000)
        _last_tick = tick = max(tick, _last_tick + 1)
    random_bits = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value = ((tick >> 12) << 80) | (0x7 << 76) | ((tick & 0xFFF) << 64) | (0b10 << 62) | random_bits
    return uuid.UUID(int=value)


def utc_now() -> dt.datetime:
    """The current instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def enum_column(kind: type[enum.Enum], length: int = 24) -> sa.Enum:
    """A VARCHAR of the enum's values: readable in both databases, unknown words refused."""
    return sa.Enum(
        kind,
        native_enum=False,
        length=length,
        create_constraint=False,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


def json_object() -> TypeEngine[Any]:
    """A JSON object column; JSONB on PostgreSQL. Reassign nested values, only the top level is tracked.

    None is SQL's NULL, never the JSON word null.
    """
    return MutableDict.as_mutable(_json())


def json_list() -> TypeEngine[Any]:
    """A JSON array column; JSONB on PostgreSQL."""
    return MutableList.as_mutable(_json())


def _json() -> TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
