"""A signature binds to an exact snapshot of what our own records say, and is stored once."""

import datetime as dt
import uuid
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from sqlmodel import Session, select

from backend.assets.models import Product
from backend.errors import ConflictError, RejectedError
from backend.evidence import acceptance, service
from backend.evidence.canonical import canonical_json, digest
from backend.evidence.models import Acceptance
from backend.evidence.snapshot import Snapshot, build_snapshot
from backend.jobs.models import Job
from backend.parts import service as parts
from backend.parts.models import Part
from backend.sync import conflicts
from backend.sync.sheets import build_sheets
from tests.factories.calls import Calls
from tests.factories.doorstep import NOON, Doorstep

STROKES = [[{"x": 0.1, "y": 0.2, "t": 0, "p": 0.5}, {"x": 0.6, "y": 0.25, "t": 240.5, "p": 0.7}]]


def work(session: Session, world: Doorstep) -> None:
    """Two answers and one part used twice."""
    parts.opening_stock(
        session, world.org.id, warehouse={}, vans={world.technician.id: {"VALVE-1": 5}}, moved_at=NOON
    )
    for step, value in (("power_off", True), ("pressure", 0.25)):
        service.answer_step(
            session, world.actor, world.job, world.visit, step=step, value=value, device_at=NOON
        )
    for qty in (1, 2):
        parts.use_part(
            session,
            world.actor,
            world.job,
            world.visit,
            use_id=uuid.uuid4(),
            sku="VALVE-1",
            qty=qty,
            serial=None,
            moved_at=NOON,
        )


@pytest.fixture
def prepared(db: Calls, world: Doorstep) -> Snapshot:
    """The snapshot a phone would show after the work."""
    db.write(work, world)
    return db.read(build_snapshot, world.job, world.visit, language="zh-CN", prepared_at=NOON)


def sign(db: Calls, world: Doorstep, snapshot: dict[str, Any], **changes: Any) -> Acceptance:
    what: dict[str, Any] = {
        "snapshot": snapshot,
        "sha256": digest(snapshot),
        "signer": "赵女士",
        "strokes": STROKES,
        "signed_at": NOON,
        **changes,
    }
    return db.write(acceptance.sign, world.actor, world.job, world.visit, **what)


def stored(db: Calls) -> list[Acceptance]:
    return db.read(lambda session: list(session.exec(select(Acceptance))))


def test_a_serial_number_both_sides_wrote_does_not_cost_the_signature(
    db: Calls, world: Doorstep, prepared: Snapshot
) -> None:
    """The customer is gone by the time anybody decides which of the two it is."""
    read = {**prepared, "serial": "SN60-0042"}
    with pytest.raises(RejectedError, match="not what was recorded"):
        sign(db, world, read)
    command = (uuid.uuid4(), world.account.id)
    db.write(
        conflicts.record,
        org_id=world.org.id,
        job_id=world.job.id,
        field="serial",
        command=command,
        standing={"value": "SN60-0001"},
        came={"value": "SN60-0042"},
    )
    assert sign(db, world, read).sha256 == digest(read)


def test_the_snapshot_says_work_parts_and_price(prepared: Snapshot, world: Doorstep) -> None:
    assert prepared["work"] == [
        {"key": "power_off", "title": "断电", "value": "是"},
        {"key": "pressure", "title": "水压", "value": "0.25 MPa"},
    ]
    assert [(line["sku"], line["qty"], line["amount_fen"]) for line in prepared["parts"]] == [
        ("VALVE-1", 1, 3_500),
        ("VALVE-1", 2, 7_000),
    ]
    assert (prepared["labour_fen"], prepared["parts_fen"], prepared["total_fen"]) == (12_000, 10_500, 22_500)
    assert (prepared["technician"], prepared["customer"], prepared["serial"]) == (
        "王建国",
        "赵女士",
        "SN60-0001",
    )
    assert prepared["prepared_at"] == "2026-11-23T04:00:00.000Z"


def test_names_are_in_the_language_of_the_page(db: Calls, world: Doorstep, prepared: Snapshot) -> None:
    english = db.read(build_snapshot, world.job, world.visit, language="en", prepared_at=NOON)
    assert english["product"] == "Water heater 60 L"
    assert english["parts"][0]["name"] == "Angle valve"
    assert english["work"][0] == {"key": "power_off", "title": "Power off", "value": "Yes"}
    sign(db, world, english)


def test_an_article_may_be_named_in_the_other_language(
    db: Calls, world: Doorstep, prepared: Snapshot
) -> None:
    english = db.read(build_snapshot, world.job, world.visit, language="en", prepared_at=NOON)
    sign(db, world, english | {"product": prepared["product"], "parts": prepared["parts"]})
    assert len(stored(db)) == 1


def test_a_signature_is_stored_once_with_the_exact_text(
    db: Calls, world: Doorstep, prepared: Snapshot
) -> None:
    first = sign(db, world, prepared)
    again = sign(db, world, prepared)
    assert again.id == first.id
    [row] = stored(db)
    assert row.snapshot == canonical_json(prepared)
    assert row.sha256 == digest(prepared)
    assert row.strokes == STROKES
    assert db.read(service.acceptances_of, [world.visit.id])[world.visit.id].signer == "赵女士"


def test_something_else_cannot_be_signed_later(db: Calls, world: Doorstep, prepared: Snapshot) -> None:
    sign(db, world, prepared)
    later = prepared | {"prepared_at": "2026-11-23T05:00:00Z"}
    with pytest.raises(ConflictError) as refused:
        sign(db, world, later)
    assert refused.value.code == "already_signed"
    assert len(stored(db)) == 1


def test_lines_of_one_part_may_be_grouped(db: Calls, world: Doorstep, prepared: Snapshot) -> None:
    line = prepared["parts"][0] | {"qty": 3, "amount_fen": 10_500}
    sign(db, world, prepared | {"parts": [line], "serial": prepared["serial"]})
    assert len(stored(db)) == 1


def change_qty(snapshot: Snapshot) -> None:
    snapshot["parts"][0] |= {"qty": 2, "amount_fen": 7_000}


def change_arithmetic(snapshot: Snapshot) -> None:
    snapshot["parts"][0]["amount_fen"] = 1


def change_price(snapshot: Snapshot) -> None:
    snapshot["parts"][1] |= {"unit_price_fen": 1, "amount_fen": 2}


def change_reading(snapshot: Snapshot) -> None:
    snapshot["work"][1]["value"] = "0.75 MPa"


def change_name(snapshot: Snapshot) -> None:
    snapshot["parts"][0]["name"] = "赠品"


def drop_work(snapshot: Snapshot) -> None:
    snapshot["work"].pop()


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("total_fen", lambda s: s.update(total_fen=1)),
        ("labour_fen", lambda s: s.update(labour_fen=True)),
        ("job_id", lambda s: s.update(job_id=str(uuid.uuid4()))),  # a signature that lands on the wrong job
        ("technician", lambda s: s.update(technician="李明")),
        ("customer", lambda s: s.pop("customer")),
        ("extra", lambda s: s.update(extra="a promise")),
        ("parts.VALVE-1", change_qty),
        ("parts.VALVE-1", change_price),
        ("parts.VALVE-1", change_name),
        ("product", lambda s: s.update(product="冰箱")),
        ("parts", change_arithmetic),
        ("parts", lambda s: s.update(parts="none")),
        ("work.pressure", change_reading),
        ("work.pressure", drop_work),
        ("work.ghost", lambda s: s["work"].append({"key": "ghost", "title": "", "value": "是"})),
        ("work", lambda s: s["work"].append(s["work"][0])),
        ("language", lambda s: s.update(language="fr")),
        ("prepared_at", lambda s: s.update(prepared_at="yesterday")),
    ],
)
def test_a_snapshot_that_differs_is_refused_by_name(
    db: Calls, world: Doorstep, prepared: Snapshot, field: str, change: Callable[[Snapshot], object]
) -> None:
    forged = deepcopy(prepared)
    change(forged)
    with pytest.raises(RejectedError) as refused:
        sign(db, world, forged)
    assert refused.value.code == "snapshot_differs"
    assert field in [difference["field"] for difference in refused.value.extra["differences"]]
    assert stored(db) == []


def test_a_hash_of_something_else_is_refused(db: Calls, world: Doorstep, prepared: Snapshot) -> None:
    with pytest.raises(RejectedError) as refused:
        sign(db, world, prepared, sha256=digest(prepared | {"total_fen": 1}))
    assert refused.value.code == "hash_mismatch"


@pytest.mark.parametrize(
    "strokes",
    [
        [],
        [[]],
        [[{"x": 0.5, "y": 0.5, "t": 0, "p": 1}]],  # a dot is no signature
        [[{"x": 0.5, "y": 0.5, "t": 0, "p": 1}] * 3],  # nor are three on the same spot
        [[{"x": 1.5, "y": 0.5, "t": 0, "p": 1}, {"x": 0, "y": 0, "t": 1, "p": 1}]],
        [[{"x": 0.5, "y": 0.5, "t": 0, "p": 1, "z": 1}, {"x": 0, "y": 0, "t": 1, "p": 1}]],
        "strokes",
        [[{"x": index / 20_000, "y": 0, "t": index, "p": 1} for index in range(10_001)]],
        [[{"x": index / 20_000, "y": 0, "t": index, "p": 1} for index in range(5_001)]] * 2,
    ],
)
def test_a_malformed_signature_is_refused(
    db: Calls, world: Doorstep, prepared: Snapshot, strokes: object
) -> None:
    with pytest.raises(RejectedError) as refused:
        sign(db, world, prepared, strokes=strokes)
    assert refused.value.code == "bad_signature"


@pytest.mark.parametrize("signer", ["", "  ", "名" * 121, "a\x00"])
def test_a_signature_needs_a_name(db: Calls, world: Doorstep, prepared: Snapshot, signer: str) -> None:
    with pytest.raises(RejectedError) as refused:
        sign(db, world, prepared, signer=signer)
    assert refused.value.code == "bad_signer"


def test_another_timezone_prints_the_same_instant(db: Calls, world: Doorstep) -> None:
    beijing = NOON.astimezone(dt.timezone(dt.timedelta(hours=8)))
    built = db.read(build_snapshot, world.job, world.visit, language="zh-CN", prepared_at=beijing)
    assert built["prepared_at"] == "2026-11-23T04:00:00.000Z"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_has_no_english_name_is_signed_under_its_own(db: Calls, world: Doorstep, language: str) -> None:
    def unname(session: Session) -> None:
        session.get_one(Product, world.product.id).name_en = ""
        for part in world.parts:
            session.get_one(Part, part.id).name_en = ""

    db.write(unname)
    db.write(work, world)
    sheet = db.read(
        lambda session: build_sheets(session, [session.get_one(Job, world.job.id)], world.actor)[0]
    )
    assert sheet.product.name_en == world.product.name
    snapshot = db.read(build_snapshot, world.job, world.visit, language=language, prepared_at=NOON)
    assert snapshot["product"] == sheet.product.name_en
    assert sign(db, world, snapshot).sha256 == digest(snapshot)
