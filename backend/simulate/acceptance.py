"""What a phone puts before the customer: the snapshot of work, parts and price, its hash, a signature."""

import datetime as dt
import hashlib
import json
import random
from typing import Any

from backend.evidence.checklist import answer_text

LANGUAGE = "zh-CN"
WORDS = "zh"


def snapshot(
    sheet: dict[str, Any],
    answers: dict[str, Any],
    parts: list[dict[str, Any]],
    technician: str,
    prepared_at: dt.datetime,
) -> dict[str, Any]:
    """The acceptance snapshot of a job sheet with what the phone holds for it."""
    lines = [
        {
            "sku": part["sku"],
            "name": part["name"],
            "qty": part["qty"],
            "unit_price_fen": part["unit_price_fen"],
            "amount_fen": part["qty"] * part["unit_price_fen"],
        }
        for part in parts
    ]
    labour_fen = sheet["price"]["labour_fen"]
    parts_fen = sum(line["amount_fen"] for line in lines)
    return {
        "v": 1,
        "job_id": sheet["id"],
        "job_number": sheet["number"],
        "visit_id": sheet["visit_id"],
        "technician": technician,
        "customer": sheet["customer"]["name"],
        "address": sheet["place"]["address"],
        "product": sheet["product"]["name"],
        "serial": (sheet["asset"] or {}).get("serial"),
        "work": [
            {
                "key": step["key"],
                "title": step["title"][WORDS],
                "value": answer_text(step, answers[step["key"]], WORDS),
            }
            for step in sheet["checklist"]
            if step["key"] in answers
        ],
        "parts": lines,
        "labour_fen": labour_fen,
        "parts_fen": parts_fen,
        "total_fen": labour_fen + parts_fen,
        "currency": sheet["price"]["currency"],
        "language": LANGUAGE,
        "prepared_at": utc_text(prepared_at),
    }


def utc_text(moment: dt.datetime) -> str:
    """ISO 8601 with milliseconds and Z."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sha256_of(content: dict[str, Any]) -> str:
    """The hash of a snapshot's canonical JSON, computed as a phone does."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def strokes(chance: random.Random) -> list[list[dict[str, float]]]:
    """A signature: a few strokes that wander to the right."""
    drawn, at_ms = [], 0
    for start in (0.15, 0.4, 0.65):
        x, y = start, 0.3
        stroke = []
        for _ in range(chance.randint(8, 20)):
            x, y = min(1.0, x + chance.uniform(0, 0.02)), min(1.0, max(0.0, y + chance.uniform(-0.05, 0.05)))
            at_ms += chance.randint(8, 24)
            stroke.append(
                {"x": round(x, 4), "y": round(y, 4), "t": at_ms, "p": round(chance.uniform(0.3, 0.9), 2)}
            )
        drawn.append(stroke)
    return drawn
