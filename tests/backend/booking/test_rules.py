"""Who sets the rules of booking, and which are refused."""

from typing import Any

import pytest

from tests.factories.cast import Stage

RULES: dict[str, Any] = {
    "windows": [[13, 17], [8, 12]],
    "days": 5,
    "notice_h": 3,
    "change_until_h": 12,
    "reserve_percent": 20,
    "hotline": "400-800-1234",
    "late_change_fen": None,
    "late_cancel_fen": 3_000,
}


def test_rules_hold_once_they_are_set(on_stage: Stage) -> None:
    admin = on_stage.sign_in("admin")
    assert admin.get("/api/booking-rules").json()["reserve_percent"] == 10
    set_ = admin.request("PUT", "/api/booking-rules", json=RULES)
    assert set_.status_code == 200
    assert admin.get("/api/booking-rules").json() == {**RULES, "windows": [[8, 12], [13, 17]]}
    assert on_stage.sign_in("stranger").get("/api/booking-rules").json()["days"] == 7


@pytest.mark.parametrize(
    "wrong",
    [
        {"windows": []},
        {"windows": [[12, 12]]},
        {"windows": [[9, 25]]},
        {"days": 0},
        {"reserve_percent": 91},
        {"hotline": "javascript:alert(1)"},
        {"late_cancel_fen": 0},
        {"unknown": 1},
    ],
)
def test_rules_that_make_no_sense_are_refused(on_stage: Stage, wrong: dict[str, Any]) -> None:
    admin = on_stage.sign_in("admin")
    assert admin.request("PUT", "/api/booking-rules", json={**RULES, **wrong}).status_code == 400
    assert admin.get("/api/booking-rules").json()["days"] == 7


@pytest.mark.parametrize(
    ("who", "status"), [("dispatcher", 403), ("agent", 403), ("technician", 403), ("admin", 200)]
)
def test_rules_are_set_by_administrators(on_stage: Stage, who: str, status: int) -> None:
    assert on_stage.sign_in(who).request("PUT", "/api/booking-rules", json=RULES).status_code == status
