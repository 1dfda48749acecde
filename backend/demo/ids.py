"""Identifiers and phone numbers of the demo: the same on every load, and of nobody."""

import hashlib
import uuid

EPOCH_MS = 1_767_225_600_000  # 2026-01-01; demo ids sort before anything made later
PHONE_PREFIX = "+86154"
_KINDS = {"customer": 0, "technician": 1, "office": 2}


def demo_id(kind: str, key: str) -> uuid.UUID:
    """A UUID of version 7's shape that depends on `kind` and `key` alone."""
    digest = int.from_bytes(hashlib.sha256(f"{kind}:{key}".encode()).digest()[:16], "big")
    random_bits = digest & ((1 << 80) - 1)
    value = (EPOCH_MS << 80) | random_bits
    value = value & ~(0xF << 76) | (0x7 << 76)
    return uuid.UUID(int=value & ~(0b11 << 62) | (0b10 << 62))


def demo_phone(kind: str, number: int) -> str:
    """A number nobody can be called on.

    Mainland mobile numbers are 11 digits, and 154 is a prefix that no operator was ever given: networks
    answer that the number does not exist, and libphonenumber calls it invalid. Prefixes 10, 11 and 12 would
    not do: a landline that dials digit by digit reaches 110, 119 or 120 with them.
    """
    return f"{PHONE_PREFIX}{_KINDS[kind]:04d}{number:04d}"
