"""Edits of different fields merge; edits of one field are never lost, whatever order they arrive in."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from backend.assets.models import Asset
from backend.customers.models import Customer
from backend.db.types import uuid7
from backend.jobs.field_versions import SHARED, EditedByBothError, Side, write
from backend.jobs.models import Job
from tests.factories.cast import Stage, command


@dataclass
class Sheet:
    """The server's copy, without a database."""

    note: str = ""
    description: str = ""
    serial: str = ""
    fault_code: str = ""
    version: int = 1
    field_versions: dict[str, Any] = field(default_factory=dict)


@dataclass
class Edit:
    """What one side typed, and the version of the copy it looked at."""

    field: str
    value: str
    base_version: int


@dataclass
class Hand:
    """One side: what it last saw, what it has not sent, and what came back with both values."""

    side: Side
    seen: dict[str, str] = field(default_factory=lambda: dict.fromkeys(SHARED, ""))
    seen_version: int = 1
    queue: list[Edit] = field(default_factory=list)
    conflicts: list[tuple[Edit, str]] = field(default_factory=list)

    def look(self, sheet: Sheet) -> None:
        self.seen = {name: getattr(sheet, name) for name in SHARED}
        self.seen_version = sheet.version

    def send(self, sheet: Sheet) -> None:
        edit = self.queue.pop(0)
        try:
            sheet.version += write(sheet, edit.field, edit.value, self.side, edit.base_version)
        except EditedByBothError as error:
            self.conflicts.append((edit, error.extra["value"]))


MOVES = st.lists(
    st.tuples(
        st.sampled_from(list(Side)), st.sampled_from(["edit", "send", "look"]), st.sampled_from(SHARED)
    ),
    max_size=40,
)


@given(moves=MOVES)
@settings(max_examples=300, deadline=None)
def test_any_interleaving_converges_and_loses_nothing(moves: list[tuple[Side, str, str]]) -> None:
    sheet, hands = Sheet(), {side: Hand(side) for side in Side}
    written: list[tuple[Side, Edit]] = []
    stood: dict[str, list[tuple[Side, str, int]]] = {name: [] for name in SHARED}

    def send(hand: Hand) -> None:
        edit, refused = hand.queue[0], len(hand.conflicts)
        hand.send(sheet)
        if len(hand.conflicts) == refused:
            stood[edit.field].append((hand.side, edit.value, sheet.version))

    for number, (side, move, name) in enumerate(moves):
        hand = hands[side]
        if move == "edit":
            edit = Edit(name, f"{side}-{number}", hand.seen_version)
            hand.queue.append(edit)
            written.append((side, edit))
        elif move == "send" and hand.queue:
            send(hand)
        else:
            hand.look(sheet)
    for hand in hands.values():
        while hand.queue:
            send(hand)
    for hand in hands.values():
        hand.look(sheet)

    # Both sides see the same.
    assert hands[Side.FIELD].seen == hands[Side.OFFICE].seen
    # Every edit took effect or came back with the value it met.
    for side, edit in written:
        took = any(value == edit.value for _, value, _ in stood[edit.field])
        came_back = [theirs for other, theirs in hands[side].conflicts if other is edit]
        assert took != bool(came_back)
        assert all(theirs != edit.value for theirs in came_back)
    # Nobody overwrote what the other side had written without having seen it.
    for name, values in stood.items():
        bases = {edit.value: edit.base_version for _, edit in written if edit.field == name}
        for (before, _, version), (after, value, _) in pairwise(values):
            assert before is after or bases[value] >= version


def test_the_office_and_the_phone_change_different_things_of_one_job(on_stage: Stage) -> None:
    phone, office = on_stage.sign_in("technician"), on_stage.sign_in("dispatcher")
    job_id = on_stage.world.job.id
    seen = office.get(f"/api/jobs/{job_id}").json()["sheet"]["version"]
    phone.send("answer", job_id, step="power_off", value=True)
    phone.send("note", job_id, text="门铃坏了")
    edited = office.post(f"/api/jobs/{job_id}/edit", {"version": seen, "description": "六楼，没有电梯"})
    assert edited.status_code == 200
    locked = office.post(f"/api/jobs/{job_id}/lock", {"technician": True, "time": False, "version": seen})
    assert (locked.status_code, locked.json()["lock_technician"]) == (200, True)
    sheet = locked.json()["sheet"]
    assert (sheet["note"], sheet["description"], sheet["answers"]) == (
        "门铃坏了",
        "六楼，没有电梯",
        {"power_off": True},
    )
    again = office.post(f"/api/jobs/{job_id}/lock", {"technician": False, "time": False, "version": seen})
    assert (again.status_code, again.json()["code"], again.json()["changed"]) == (409, "stale", ["lock"])


def test_one_field_changed_by_both_keeps_both_values_until_somebody_decides(on_stage: Stage) -> None:
    phone, office = on_stage.sign_in("technician"), on_stage.sign_in("dispatcher")
    job_id = on_stage.world.job.id
    address = f"/api/jobs/{job_id}"
    seen = office.get(address).json()["sheet"]["version"]
    office.post(f"{address}/edit", {"version": seen, "note": "先打电话"})
    reply = phone.send("note", job_id, text="走西门")
    assert (reply.status_code, reply.json()["code"]) == (409, "edited_by_both")
    assert reply.json()["theirs"] == {"field": "note", "value": "先打电话"}
    read = office.get(address).json()
    [conflict] = read["conflicts"]
    assert (conflict["standing"]["value"], conflict["came"]["value"]) == ("先打电话", "走西门")
    assert (read["sheet"]["note"], conflict["came"]["by"]) == ("先打电话", on_stage.world.technician.name)
    both = {"version": read["sheet"]["version"], "note": "先打电话，走西门"}
    settled = office.post(f"{address}/edit", both).json()
    assert (settled["sheet"]["note"], settled["conflicts"]) == ("先打电话，走西门", [])


@pytest.mark.parametrize(
    ("field", "kind", "standing", "came"),
    [
        ("serial", "serial", "SN60-0002", "SN60-0003"),
        ("fault_code", "diagnose", "E1", "E4"),
    ],
)
def test_serial_number_and_fault_code_keep_both_values_too(
    on_stage: Stage, field: str, kind: str, standing: str, came: str
) -> None:
    phone, office = on_stage.sign_in("technician"), on_stage.sign_in("dispatcher")
    job_id = on_stage.world.job.id
    address = f"/api/jobs/{job_id}"
    seen = office.get(address).json()["sheet"]["version"]
    assert office.post(f"{address}/edit", {"version": seen, field: standing}).status_code == 200
    reply = phone.send(kind, job_id, **{field: came})
    assert (reply.status_code, reply.json()["theirs"]) == (409, {"field": field, "value": standing})
    read = office.get(address).json()
    [conflict] = read["conflicts"]
    assert (conflict["field"], conflict["standing"]["value"], conflict["came"]["value"]) == (
        field,
        standing,
        came,
    )
    # Whoever has seen both decides, here the phone: what it sends now was decided on what stands.
    again = command(kind, job_id, **{field: came}) | {"base_version": read["sheet"]["version"]}
    sheet = phone.send_body(again).json()["job"]
    shown = sheet["asset"]["serial"] if field == "serial" else sheet[field]
    assert (shown, office.get(address).json()["conflicts"]) == (came, [])


def test_a_number_belongs_to_one_appliance(on_stage: Stage) -> None:
    world = on_stage.world
    mine, theirs = (
        Asset(org_id=world.org.id, customer_id=customer_id, product_id=world.product.id, serial=serial)
        for customer_id, serial in ((world.customer.id, "SN60-0008"), (uuid7(), "SN60-0009"))
    )
    other = Customer(id=theirs.customer_id, org_id=world.org.id, name="孙女士", phone="+8615400000008")
    on_stage.calls.write(lambda session: session.add(other))
    on_stage.calls.write(lambda session: session.add_all([mine, theirs]))
    phone = on_stage.sign_in("technician")
    taken = phone.send("serial", world.job.id, serial=theirs.serial)
    assert (taken.status_code, taken.json()["code"]) == (422, "serial_taken")
    meant = phone.send("serial", world.job.id, serial=mine.serial).json()["job"]["asset"]
    assert meant == {"id": str(mine.id), "serial": mine.serial}


def test_an_appliance_nobody_knew_gets_its_number_at_the_door(on_stage: Stage) -> None:
    job_id = on_stage.world.job.id

    def forget(session: Session) -> None:
        session.get_one(Job, job_id).asset_id = None

    on_stage.calls.write(forget)
    sheet = on_stage.sign_in("technician").send("serial", job_id, serial="SN60-0077").json()["job"]
    assert sheet["asset"]["serial"] == "SN60-0077"


def test_the_office_hears_of_a_note_the_phone_wrote_meanwhile(on_stage: Stage) -> None:
    phone, office = on_stage.sign_in("technician"), on_stage.sign_in("dispatcher")
    address = f"/api/jobs/{on_stage.world.job.id}"
    seen = office.get(address).json()["sheet"]["version"]
    for text in ("走西门", "走北门"):
        assert phone.send("note", on_stage.world.job.id, text=text).status_code == 200
    late = office.post(f"{address}/edit", {"version": seen, "note": "先打电话", "description": "急"})
    assert (late.status_code, late.json()["code"], late.json()["value"]) == (409, "edited_by_both", "走北门")
    assert office.get(address).json()["sheet"]["description"] != "急"


@pytest.mark.parametrize("login", ["technician", "clerk", "stranger"])
def test_only_the_office_edits(on_stage: Stage, login: str) -> None:
    body = {"version": 1, "note": "x"}
    reply = on_stage.sign_in(login).post(f"/api/jobs/{on_stage.world.job.id}/edit", body)
    assert reply.status_code == (404 if login == "stranger" else 403)
