"""What is sent to the operations that programs call most, as the API's document shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar.openapi.spec import Example, Operation, RequestBody

JOB, OTHER_JOB = "0198c0de-7a00-7000-8000-000000000001", "0198c0de-7a00-7000-8000-000000000002"
REGION, TECHNICIAN = "0198c0de-7a00-7000-8000-000000000003", "0198c0de-7a00-7000-8000-000000000004"
KEY = "0198c0de-7a00-7000-8000-000000000005"
TEN, TWELVE = "2026-11-25T10:00:00+08:00", "2026-11-25T12:00:00+08:00"
WINDOW = {"window_start": TEN, "window_end": TWELVE}
ORDERS = """order_no,customer,phone,address,sku,qty,job_type,appointment,ordered_at
A-1001,韩女士,15490000041,朝阳区甜水园东里8号楼,SM-TV65,1,install,2026-11-25 14:00-16:00,2026-11-02
"""

# By operation: what each is for, and the body.
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "uploadOrders": {"a file of a shop's own orders": {"file": ORDERS, "channel": "own"}},
    "orderMoved": {
        "it has arrived": {"channel": "own", "order_no": "A-1001", "what": "arrived"},
    },
    "takeCall": {
        "a washing machine that does not drain": {
            "key": KEY, "sku": "WM-8", "type": "repair", "name": "孙小姐", "phone": "154 1234 5678",
            "address": "望京西园四区 411 号楼 1 单元 202", "symptom": "no_drain", "text": "昨天开始的",
        },
    },
    "actOnJob": {
        "promise a window": {"action": "book", "version": 1, "data": WINDOW},
        "give it to a technician": {
            "action": "assign", "version": 2, "data": {"technician_id": TECHNICIAN, "start": TEN},
        },
        "take it back": {"action": "unassign", "version": 3},
        "the customer needs nobody any more": {
            "action": "cancel", "version": 3, "data": {"reason": "sent back to the shop"},
        },
    },
    "actOnJobs": {
        "move two jobs to another day, tried only": {
            "jobs": [
                {"job_id": one, "version": 2, "steps": [{"action": "book", "data": WINDOW}]}
                for one in (JOB, OTHER_JOB)
            ],
            "is_rehearsal": True,
        },
    },
    "offerJob": {
        "ask the five best, one after the other": {"version": 1, "mode": "ranked", "minutes": 15},
        "ask one at a time of our choice": {
            "version": 1, "mode": "ranked", "candidates": [{"technician_id": TECHNICIAN, "start": TEN}],
        },
    },
    "bookFreeSlot": {"a time the customer chose on the phone": {"start": TEN, "end": TWELVE}},
    "startPlanRun": {
        "a day, for ten seconds": {"region_id": REGION, "day": "2026-11-25", "seconds": 10},
        "only what nobody has yet, at least cost": {
            "region_id": REGION, "day": "2026-11-25", "scope": {"only_unassigned": True},
            "objective": "cheapest",
        },
    },
    "sendCommand": {
        "the technician sets out": {
            "id": KEY, "kind": "depart", "job_id": JOB, "device_at": TEN, "base_version": 3, "payload": {},
        },
        "a part was used": {
            "id": KEY, "kind": "use_part", "job_id": JOB, "device_at": TWELVE, "base_version": 5,
            "payload": {"use_id": OTHER_JOB, "sku": "WH-VALVE", "qty": 1},
        },
    },
    "createToken": {
        "for a shop, good for a year": {"name": "web shop", "expires_at": "2027-11-25T00:00:00+08:00"},
    },
}  # fmt: skip


@dataclass
class Exemplified(Operation):
    """An operation with what is sent to it, where there is an example."""

    def __post_init__(self) -> None:
        known = EXAMPLES.get(self.operation_id or "")
        if known is None or not isinstance(self.request_body, RequestBody):
            return
        for media in self.request_body.content.values():
            media.examples = {
                f"example{number}": Example(summary=summary, value=value)
                for number, (summary, value) in enumerate(known.items(), 1)
            }
