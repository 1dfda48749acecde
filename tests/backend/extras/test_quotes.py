"""Extra work counts once the customer has signed its exact lines, and nothing else is ever charged."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlmodel import Session, col, select

from backend.db.types import utc_now
from backend.evidence.canonical import digest
from backend.evidence.snapshot import build_snapshot
from backend.extras.models import ExtraWork
from backend.parts import service as parts
from tests.factories.cast import Person, Stage
from tests.factories.doorstep import NOON, second_visit
from tests.factories.quoting import PRICES, agreement, line, quote, refusal

DRILLED = line("work", "WK-DRILL", "墙体打孔", 2, 6_000)
VALVE = line("part", "VALVE-1", "角阀", 1, 3_500)


def signed(final: dict[str, Any]) -> dict[str, Any]:
    """The final acceptance's signature as a payload."""
    payload = agreement({**final, "quote_id": ""})
    del payload["quote_id"]
    return {**payload, "snapshot": final, "sha256": digest(final)}


class Door:
    """Our technician at the customer's door with a price list in force."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.job_id = stage.world.job.id
        self.admin = stage.sign_in("admin")
        assert self.admin.request("PUT", "/api/extra-work", json=PRICES).status_code == 200
        self.phone: Person = stage.sign_in("technician")
        self.sheet = self.pull()["jobs"][0]

    def pull(self) -> dict[str, Any]:
        pulled: dict[str, Any] = self.phone.get("/api/sync/pull").json()
        return pulled

    def quote(self, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return quote(self.sheet, self.stage.world.technician.name, *lines, **changes)

    def agree(self, snapshot: dict[str, Any], **changes: Any) -> httpx.Response:
        return self.phone.send("agree_extra", self.job_id, **agreement(snapshot, **changes))

    def do_the_work(self) -> None:
        self.phone.send("answer", self.job_id, step="power_off", value=True)
        self.phone.send("answer", self.job_id, step="pressure", value=0.25)


@pytest.fixture
def door(on_stage: Stage) -> Door:
    return Door(on_stage)


def test_whoever_sets_prices_at_once_leaves_one_list_in_force(door: Door) -> None:
    def put(price_fen: int) -> int:
        drill = {"code": "WK-DRILL", "name": "墙体打孔", "price_fen": price_fen}
        return door.admin.request("PUT", "/api/extra-work", json={"items": [drill]}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(put, range(6_001, 6_009))) == {200}
    [kept] = door.admin.get("/api/extra-work").json()
    assert kept["code"] == "WK-DRILL"


def test_agreed_work_is_charged_and_signed_at_the_end(door: Door) -> None:
    snapshot = door.quote(DRILLED, VALVE)
    reply = door.agree(snapshot).json()
    assert reply["status"] == "accepted"
    [extra] = reply["job"]["extras"]
    assert (extra["state"], extra["total_fen"], extra["signer"]) == ("agreed", 15_500, "赵女士")
    assert [(one["code"], one["name_en"]) for one in extra["lines"]] == [
        ("WK-DRILL", "Drilling"),
        ("VALVE-1", "Angle valve"),
    ]
    door.do_the_work()
    done = door.phone.send("complete", door.job_id, extras=[snapshot["quote_id"]])
    assert done.json()["job"]["status"] == "done"
    world = door.stage.world
    final = door.stage.calls.read(build_snapshot, world.job, world.visit, language="en", prepared_at=NOON)
    assert (final["v"], final["extras_fen"], final["total_fen"]) == (2, 12_000, 24_000)
    assert [(one["name"], one["quote"]) for one in final["extras"]] == [("Drilling", extra["sha256"])]
    cheaper = {**final, "extras": [], "extras_fen": 0, "total_fen": 12_000}
    renamed = {**final, "extras": [{**final["extras"][0], "name": "Cleaning"}]}
    for untrue in (cheaper, renamed):
        refused = door.phone.send("sign", door.job_id, **signed(untrue))
        assert refused.json()["code"] == "snapshot_differs"
    ahead = {**signed(final), "signed_at": "2031-01-01T00:00:00Z"}  # a clock that nobody has set
    reply = door.phone.send("sign", door.job_id, **ahead).json()
    assert reply["job"]["status"] == "signed"
    assert dt.datetime.fromisoformat(reply["job"]["acceptance"]["signed_at"]) <= utc_now()


def test_what_nobody_agreed_to_cannot_be_completed(door: Door) -> None:
    door.do_the_work()
    never = str(uuid.uuid4())
    declined = door.quote(DRILLED)
    kept = door.phone.send("decline_extra", door.job_id, **refusal(declined, "太贵")).json()
    assert (kept["job"]["extras"][0]["state"], kept["job"]["extras"][0]["note"]) == ("declined", "太贵")
    reply = door.phone.send("complete", door.job_id, extras=[never, declined["quote_id"]])
    assert (reply.status_code, reply.json()["code"]) == (422, "extra_not_agreed")
    assert reply.json()["theirs"]["quotes"] == sorted([never, declined["quote_id"]])
    assert door.phone.send("complete", door.job_id).json()["job"]["status"] == "done"


def test_agreed_work_that_was_not_done_is_taken_back_and_not_charged(door: Door) -> None:
    snapshot = door.quote(DRILLED)
    door.agree(snapshot)
    back = door.phone.send("withdraw_extra", door.job_id, quote_id=snapshot["quote_id"], text="墙内有管")
    assert back.json()["job"]["extras"][0]["state"] == "withdrawn"
    world = door.stage.world
    final = door.stage.calls.read(build_snapshot, world.job, world.visit, language="en", prepared_at=NOON)
    assert (final["v"], final["total_fen"]) == (1, 12_000)


def test_what_the_customer_declined_is_never_charged_nor_taken_back(door: Door) -> None:
    """Taken back, it would no longer count as declined, and its parts could be used and charged."""
    work, part = door.quote(DRILLED), door.quote(VALVE)
    for declined in (work, part):
        door.phone.send("decline_extra", door.job_id, **refusal(declined, "太贵"))
        back = door.phone.send("withdraw_extra", door.job_id, quote_id=declined["quote_id"], text="")
        assert (back.status_code, back.json()["code"]) == (409, "already_answered")
    assert {extra["state"] for extra in door.pull()["jobs"][0]["extras"]} == {"declined"}
    world = door.stage.world
    final = door.stage.calls.read(build_snapshot, world.job, world.visit, language="en", prepared_at=NOON)
    assert final["total_fen"] == 12_000


def test_an_answer_is_of_one_job(door: Door) -> None:
    snapshot, world = door.quote(DRILLED), door.stage.world
    assert door.agree(snapshot).json()["status"] == "accepted"
    other, _ = door.stage.calls.write(lambda session: second_visit(world, session))
    back = door.phone.send("withdraw_extra", other.id, quote_id=snapshot["quote_id"], text="")
    assert (back.status_code, back.json()["code"]) == (422, "unknown_quote")
    again = door.phone.send("agree_extra", other.id, **agreement(snapshot))
    assert (again.status_code, again.json()["code"]) == (409, "already_answered")
    states = {job["id"]: [extra["state"] for extra in job["extras"]] for job in door.pull()["jobs"]}
    assert states == {str(door.job_id): ["agreed"], str(other.id): []}


def test_an_answer_counts_once_and_stands(door: Door) -> None:
    snapshot = door.quote(DRILLED)
    assert door.agree(snapshot).json()["status"] == "accepted"
    other = [[{"x": 0.5, "y": 0.5, "t": 0.0, "p": 1.0}, {"x": 0.9, "y": 0.1, "t": 90.0, "p": 1.0}]]
    assert door.agree(snapshot, signer="别人", strokes=other).json()["status"] == "accepted"
    reply = door.phone.send("decline_extra", door.job_id, **refusal(snapshot))
    assert (reply.status_code, reply.json()["code"]) == (409, "already_answered")
    [record] = door.admin.get(f"/api/jobs/{door.job_id}/extra-quotes").json()
    assert (record["quote"]["state"], record["is_intact"]) == ("agreed", True)
    assert (record["quote"]["signer"], record["strokes"]) == ("赵女士", agreement(snapshot)["strokes"])


@pytest.mark.parametrize(
    ("lines", "changes", "fields"),
    [
        (
            [line("work", "WK-DRILL", "墙体打孔", 1, 1)],
            {},
            ["lines.1.unit_price_fen"],
        ),  # a price of their own
        ([line("work", "WK-DOOR", "门体改造", 1, 15_000)], {}, ["lines.1.code"]),  # for other products
        ([line("work", "NONE", "没有", 1, 1)], {}, ["lines.1.code"]),
        ([{**DRILLED, "amount_fen": 1}], {"total_fen": 1}, ["lines.1.amount_fen"]),
        ([DRILLED], {"total_fen": 1}, ["total_fen"]),
        ([DRILLED], {"customer": "别人"}, ["customer"]),
        ([{**DRILLED, "name": "另一件事"}], {}, ["lines.1.name"]),
    ],
)
def test_a_quote_that_is_not_ours_is_refused(
    door: Door, lines: list[dict[str, Any]], changes: dict[str, Any], fields: list[str]
) -> None:
    reply = door.agree(door.quote(*lines, **changes))
    assert (reply.status_code, reply.json()["code"]) == (422, "snapshot_differs")
    assert [one["field"] for one in reply.json()["theirs"]["differences"]] == fields


def test_a_price_that_has_changed_counts_for_another_day_on_phones_without_signal(door: Door) -> None:
    dearer = [{**item, "price_fen": 2 * int(str(item["price_fen"]))} for item in PRICES["items"]]
    changed = door.admin.request("PUT", "/api/extra-work", json={"items": dearer})
    assert changed.status_code == 200
    assert {row["code"]: row["unit_price_fen"] for row in door.pull()["extra_work"]}["WK-DRILL"] == 12_000
    assert door.agree(door.quote(DRILLED)).json()["status"] == "accepted"

    def long_ago(session: Session) -> None:
        query = select(ExtraWork).where(col(ExtraWork.valid_until).is_not(None))
        for old in session.exec(query):
            old.valid_until = utc_now() - dt.timedelta(hours=25)

    door.stage.calls.write(long_ago)
    refused = door.agree(door.quote(DRILLED)).json()["theirs"]["differences"]
    assert [one["field"] for one in refused] == ["lines.1.unit_price_fen"]


def test_a_declined_part_may_not_be_used_all_the_same(door: Door) -> None:
    world = door.stage.world
    door.stage.calls.write(
        parts.opening_stock,
        world.org.id,
        warehouse={},
        vans={world.technician.id: {"VALVE-1": 5}},
        moved_at=NOON,
    )
    door.do_the_work()
    door.phone.send("decline_extra", door.job_id, **refusal(door.quote(VALVE)))
    door.phone.send("use_part", door.job_id, use_id=str(uuid.uuid4()), sku="VALVE-1", qty=1)
    reply = door.phone.send("complete", door.job_id)
    assert (reply.json()["code"], reply.json()["theirs"]["parts"]) == ("extra_not_agreed", ["VALVE-1"])
    door.agree(door.quote(VALVE))
    assert door.phone.send("complete", door.job_id).json()["job"]["status"] == "done"


def test_only_the_admin_sets_prices_and_a_code_is_there_once(door: Door) -> None:
    assert door.stage.sign_in("dispatcher").request("PUT", "/api/extra-work", json=PRICES).status_code == 403
    twice = {"items": [PRICES["items"][0], PRICES["items"][0]]}
    assert door.admin.request("PUT", "/api/extra-work", json=twice).json()["code"] == "code_twice"
