"""Who sets the rules of booking, and which are refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
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


SETTINGS = (
    ("booking-rules", "days", 3),
    ("message-rules", "most_per_day", 3),
    ("report-rules", "answer_h", 3),
    ("complaint-rules", "answer_h", 3),
    ("live-rules", "warn_minutes", 30),
    ("organisation/rules", "offer_minutes", 5),
)


def test_settings_that_were_changed_meanwhile_are_not_overwritten(on_stage: Stage) -> None:
    admin = on_stage.sign_in("admin")
    for address, field, value in SETTINGS:
        path = f"/api/{address}"
        first = admin.get(path)
        # The report page's own address is told, and set by nobody.
        ours = {name: kept for name, kept in first.json().items() if name != "url"} | {field: value}

        def put(rules: dict[str, Any], if_match: str, path: str = path) -> httpx.Response:
            return admin.request("PUT", path, json=rules, headers={"If-Match": if_match})

        done = put(ours, first.headers["etag"])
        assert (done.status_code, done.json()[field]) == (200, value), done.text
        refused = put(ours | {field: value + 1}, first.headers["etag"])
        told = refused.json()
        assert (refused.status_code, told["code"], told["changed"]) == (409, "stale", [field])
        assert told["standing"] == admin.get(path).json() == done.json()
        assert put(ours, '"of another release"').status_code == 409
        assert put(ours | {field: value + 1}, done.headers["etag"]).status_code == 200
        assert put(ours, "*").json()[field] == value


def test_of_price_lists_made_of_the_same_one_at_once_the_first_stands(on_stage: Stage) -> None:
    admin = on_stage.sign_in("admin")
    same = {"If-Match": admin.get("/api/extra-work").headers["etag"]}

    def put(code: str) -> int:
        items = [{"code": code, "name": code, "price_fen": 100}]
        return admin.request("PUT", "/api/extra-work", json={"items": items}, headers=same).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(put, "ABCD")) == [200, 409, 409, 409]
