"""A day of a big city as the board's wire shape: 120 technicians, 1,200 visits, all under way."""

import datetime as dt
import random
import uuid
from typing import Any

import msgspec

from backend.board.columns import board_columns
from backend.board.schemas import Board

TECHNICIANS = 120
VISITS_EACH = 10
STATES = ("assigned", "accepted", "en_route", "on_site", "done", "closed", "declined")
LONG_NAME = "北京市朝阳区望京街道阜通东大街国际商务中心物业管理有限公司第三分部（值班室）"


def named(kind: str, number: int) -> str:
    """The id of a job, a technician and so on of this day."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {number}"))


def columns(board: dict[str, Any]) -> bytes:
    """The day as the console asks for it, the reply of `GET /api/board/columns`."""
    return msgspec.json.encode(board_columns(msgspec.convert(board, Board)))


def instant(day: dt.date, minutes: float) -> str:
    """UTC instant of a Beijing wall clock, minutes after midnight."""
    midnight = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(hours=8)
    return (midnight + dt.timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def crowded_board(region: dict[str, Any], day: dt.date, seed: int = 7) -> dict[str, Any]:
    """The reply of `GET /api/board` for such a day; the same for the same seed."""
    chance = random.Random(seed)
    technicians = [_technician(number, day, chance) for number in range(TECHNICIANS)]
    visits = [
        _visit(number, place, technicians[number], day, chance)
        for number in range(TECHNICIANS)
        for place in range(VISITS_EACH)
    ]
    return {
        "region": region,
        "day": day.isoformat(),
        "zone": "Asia/Shanghai",
        "now": instant(day, 11 * 60),
        "cursor": "0.1",
        "published_plan": None,
        "technicians": technicians,
        "visits": visits,
        "unassigned": [],
        "needs_location": 0,
        "conflicts": 0,
        "counts": {},
    }


def _technician(number: int, day: dt.date, chance: random.Random) -> dict[str, Any]:
    return {
        "id": named("technician", number),
        "name": f"师傅 {number}",
        "vendor": {"id": named("vendor", 1), "name": "迅达家电服务"} if number % 3 == 0 else None,
        "color": "#0072b2",
        "home": {"lat": 39.8 + chance.random() / 4, "lng": 116.2 + chance.random() / 3},
        "skills": [{"skill": "hvac", "level": 2}],
        "certificates": [],
        "shift": {"start": instant(day, 8 * 60), "end": instant(day, 20 * 60)},
        "lunch": None,
        "position": {
            "lat": 39.9,
            "lng": 116.3 + chance.random() / 5,
            "at": instant(day, 659),
            "accuracy_m": 20,
        },
    }


def _visit(
    number: int, place: int, technician: dict[str, Any], day: dt.date, chance: random.Random
) -> dict[str, Any]:
    start = 8 * 60 + place * 70 + chance.randrange(10)
    job = number * VISITS_EACH + place
    return {
        "job_id": named("job", job),
        "visit_id": named("visit", job),
        "number": f"J{job:07d}",
        "technician_id": technician["id"],
        "planned": {
            "arrive": instant(day, start),
            "start": instant(day, start),
            "end": instant(day, start + 45),
            "travel_s": 900,
            "travel_m": 5200,
        },
        "status": STATES[chance.randrange(len(STATES))],
        "type": "install",
        "window": {"start": instant(day, start - 30), "end": instant(day, start + 90)},
        "customer_name": LONG_NAME if job % 9 == 0 else f"客户 {job}",
        "address": f"北京市朝阳区某小区 {job} 号楼",
        "community": f"小区 {number}",
        "lat": technician["home"]["lat"] + chance.random() / 20,
        "lng": technician["home"]["lng"] + chance.random() / 20,
        "product_name": "空调挂机 1.5匹",
        "product_name_en": "Air conditioner 1.5 hp",
        "skill": "hvac",
        "level": 1,
        "service_s": 2700,
        "priority": 0,
        "lock": {"technician": False, "time": False},
        "version": 1,
        "late": None,
        "reason": None,
        "refused_by": [],
    }
