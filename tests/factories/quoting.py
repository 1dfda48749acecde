"""A quote as a phone writes it down, from a job sheet."""

import uuid
from typing import Any

from backend.db.types import utc_now
from backend.evidence.canonical import digest

STROKES = [[{"x": 0.1, "y": 0.2, "t": 0, "p": 0.5}, {"x": 0.6, "y": 0.25, "t": 240.5, "p": 0.7}]]
DRILL = {"code": "WK-DRILL", "name": "墙体打孔", "name_en": "Drilling", "price_fen": 6_000}
HEATER_ONLY = {"code": "WK-WATER", "name": "水路改造", "category": "heater", "price_fen": 8_000}
LOCK_ONLY = {"code": "WK-DOOR", "name": "门体改造", "category": "lock", "price_fen": 15_000}
PRICES = {"items": [DRILL, HEATER_ONLY, LOCK_ONLY]}


def line(kind: str, code: str, name: str, qty: int, price_fen: int) -> dict[str, Any]:
    return {
        "kind": kind, "code": code, "name": name, "qty": qty, "unit_price_fen": price_fen,
        "amount_fen": qty * price_fen,
    }  # fmt: skip


def quote(sheet: dict[str, Any], technician: str, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The snapshot for these lines; `changes` falsify it."""
    return {
        "v": 1,
        "kind": "extra_work",
        "quote_id": str(uuid.uuid4()),
        "job_id": sheet["id"],
        "job_number": sheet["number"],
        "visit_id": sheet["visit_id"],
        "technician": technician,
        "customer": sheet["customer"]["name"],
        "address": sheet["place"]["address"],
        "lines": list(lines),
        "total_fen": sum(one["amount_fen"] for one in lines),
        "currency": sheet["price"]["currency"],
        "language": "zh-CN",
        "prepared_at": utc_now().isoformat(),
        **changes,
    }


def agreement(snapshot: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The customer's signature on it, as a command's payload."""
    return {
        "quote_id": snapshot["quote_id"],
        "snapshot": snapshot,
        "sha256": digest(snapshot),
        "signer": "赵女士",
        "strokes": STROKES,
        "signed_at": utc_now().isoformat(),
        **changes,
    }


def refusal(snapshot: dict[str, Any], text: str = "") -> dict[str, Any]:
    return {
        "quote_id": snapshot["quote_id"], "snapshot": snapshot, "sha256": digest(snapshot), "text": text
    }  # fmt: skip
