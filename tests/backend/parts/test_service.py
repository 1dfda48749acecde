"""The ledger: uses count once, vans never go below zero, and stock is the sum of movements."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from backend.errors import BadInputError, RejectedError
from backend.evidence.snapshot import build_snapshot
from backend.jobs.lifecycle import JobStatus, TransitionRefusedError
from backend.jobs.models import Job, Visit, VisitOutcome
from backend.parts import service
from backend.parts.models import LocationKind, StockLocation, StockMove
from backend.technicians.models import Technician
from tests.factories.calls import Calls
from tests.factories.doorstep import NOON, Doorstep, doorstep, save, second_visit


def load(db: Calls, world: Doorstep, **pieces: int) -> None:
    skus = {name.replace("_", "-"): qty for name, qty in pieces.items()}
    vans = {world.technician.id: skus, world.other_technician.id: {"VALVE-1": 2}}
    db.write(service.opening_stock, world.org.id, warehouse={"VALVE-1": 40}, vans=vans, moved_at=NOON)


def use(db: Calls, world: Doorstep, sku: str = "VALVE-1", qty: int = 1, **changes: Any) -> StockMove:
    what = {"use_id": uuid.uuid4(), "sku": sku, "qty": qty, "serial": None, "moved_at": NOON, **changes}
    return db.write(service.use_part, world.actor, world.job, world.visit, **what)


def take_back(db: Calls, world: Doorstep, use_id: uuid.UUID | None, on: Visit | None = None) -> StockMove:
    assert use_id is not None
    visit = on or world.visit
    return db.write(service.return_part, world.actor, world.job, visit, use_id=use_id, moved_at=NOON)


def van(db: Calls, world: Doorstep) -> dict[str, int]:
    return van_of(db, world.technician)


def van_of(db: Calls, technician: Technician) -> dict[str, int]:
    return {part.sku: part.qty for part in db.read(service.van_stock, technician.id)}


def moves(db: Calls) -> list[StockMove]:
    return db.read(lambda session: list(session.exec(select(StockMove))))


def totals(session: Session) -> dict[str, int]:
    """Pieces per kind of location, straight from the ledger."""
    ledger = sa.union_all(
        sa.select(StockMove.to_id.label("place"), StockMove.qty.label("qty")),  # type: ignore[attr-defined]  # columns
        sa.select(StockMove.from_id, -StockMove.qty),  # type: ignore[call-overload]  # columns
    ).subquery()
    query = (
        sa.select(StockLocation.kind, sa.func.sum(ledger.c.qty))  # type: ignore[call-overload]  # columns
        .join(ledger, ledger.c.place == StockLocation.id)
        .group_by(StockLocation.kind)
    )
    return {kind.value: int(qty) for kind, qty in session.execute(query)}


def test_opening_stock_leaves_the_warehouse_what_it_should_keep(db: Calls, world: Doorstep) -> None:
    load(db, world, VALVE_1=3, HOSE_2=1)
    assert db.read(totals) == {"supplier": -46, "warehouse": 40, "van": 6}
    assert van(db, world) == {"VALVE-1": 3, "HOSE-2": 1}
    assert van_of(db, world.other_technician) == {"VALVE-1": 2}


def test_opening_stock_of_an_unknown_part_changes_nothing(db: Calls, world: Doorstep) -> None:
    with pytest.raises(BadInputError):
        load(db, world, GHOST_9=1)
    assert moves(db) == []


def test_a_part_moves_from_the_van_to_the_customer_at_its_price(db: Calls, world: Doorstep) -> None:
    load(db, world, VALVE_1=3)
    move = use(db, world, qty=2, serial="V-77")
    assert van(db, world) == {"VALVE-1": 1}
    assert db.read(totals)["customer"] == 2
    [used] = db.read(service.parts_used, [world.job.id])[world.job.id]
    assert (used.id, used.qty, used.unit_price_fen, used.amount_fen, used.serial) == (
        move.use_id,
        2,
        3500,
        7000,
        "V-77",
    )


def test_the_same_use_sent_again_counts_once(db: Calls, world: Doorstep) -> None:
    load(db, world, VALVE_1=3)
    use_id = uuid.uuid4()
    assert use(db, world, use_id=use_id).id == use(db, world, use_id=use_id).id
    assert van(db, world) == {"VALVE-1": 2}


def test_a_use_id_cannot_mean_two_things(db: Calls, world: Doorstep) -> None:
    load(db, world, VALVE_1=3)
    use_id = uuid.uuid4()
    use(db, world, use_id=use_id)
    with pytest.raises(RejectedError) as refused:
        use(db, world, use_id=use_id, qty=2)
    assert refused.value.code == "use_id_reused"
    assert van(db, world) == {"VALVE-1": 2}


def test_more_than_the_van_holds_is_refused_with_what_is_there(db: Calls, world: Doorstep) -> None:
    load(db, world, VALVE_1=3)
    with pytest.raises(RejectedError) as refused:
        use(db, world, qty=4)
    assert (refused.value.code, refused.value.extra["available"]) == ("not_in_van", 3)
    with pytest.raises(RejectedError) as refused:
        use(db, world, sku="HOSE-2")
    assert refused.value.extra["available"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sku": "GHOST"}, "unknown_part"),
        ({"qty": 0}, "bad_qty"),
        ({"qty": -1}, "bad_qty"),
        ({"qty": 100}, "bad_qty"),
        ({"serial": "9" * 61}, "bad_serial"),
        ({"serial": "\x00"}, "bad_serial"),
    ],
)
def test_a_use_that_makes_no_sense_is_refused(
    db: Calls, world: Doorstep, changes: dict[str, Any], code: str
) -> None:
    load(db, world, VALVE_1=3)
    with pytest.raises(RejectedError) as refused:
        use(db, world, **changes)
    assert refused.value.code == code


def test_a_part_taken_back_is_in_the_van_again_once(db: Calls, world: Doorstep) -> None:
    load(db, world, VALVE_1=3)
    move = use(db, world, qty=2)
    assert take_back(db, world, move.use_id).id == take_back(db, world, move.use_id).id
    assert van(db, world) == {"VALVE-1": 3}
    assert db.read(service.parts_used, [world.job.id]) == {}


def test_only_a_use_of_this_job_can_be_taken_back(db: Calls, world: Doorstep) -> None:
    load(db, world, VALVE_1=3)
    move = use(db, world)

    def from_another_visit(session: Session) -> None:
        job, visit = second_visit(world, session)
        assert move.use_id is not None
        service.return_part(session, world.actor, job, visit, use_id=move.use_id, moved_at=NOON)

    with pytest.raises(RejectedError) as refused:
        db.write(from_another_visit)
    assert refused.value.code == "unknown_use"


def another_day(session: Session, world: Doorstep) -> Visit:
    """The first visit lacked a part; the other technician comes again."""
    job, first = session.get_one(Job, world.job.id), session.get_one(Visit, world.visit.id)
    first.outcome = VisitOutcome.NEEDS_PART
    session.flush()
    begins = first.busy_until + dt.timedelta(days=1)
    visit = Visit(
        org_id=job.org_id, job_id=job.id, attempt=2, technician_id=world.other_technician.id,
        arrive_at=begins, busy_from=begins, busy_until=begins + dt.timedelta(hours=1),
    )  # fmt: skip
    session.add(visit)
    session.flush()
    return visit


def test_what_an_earlier_visit_built_in_is_paid_for_at_the_last(db: Calls, world: Doorstep) -> None:
    """Or taken out again by who is there, into their own van."""
    load(db, world, VALVE_1=3)
    use(db, world)
    out = use(db, world)
    visit = db.write(another_day, world)
    paid = db.read(build_snapshot, world.job, visit, language="en", prepared_at=NOON)
    assert (paid["parts_fen"], paid["total_fen"]) == (7_000, 19_000)
    for _ in range(2):
        take_back(db, world, out.use_id, visit)
    assert (van(db, world), van_of(db, world.other_technician)) == ({"VALVE-1": 1}, {"VALVE-1": 3})
    paid = db.read(build_snapshot, world.job, visit, language="en", prepared_at=NOON)
    assert (paid["parts_fen"], paid["total_fen"]) == (3_500, 15_500)


def test_nothing_moves_after_the_signature(db: Calls) -> None:
    world = doorstep(JobStatus.SIGNED)
    db.write(save, world)
    load(db, world, VALVE_1=3)
    with pytest.raises(TransitionRefusedError):
        use(db, world)


def test_a_van_never_goes_below_zero_however_many_take_at_once(db: Calls, world: Doorstep) -> None:
    """Twenty phones' requests for one piece each, of a van that holds seven."""
    load(db, world, VALVE_1=7)

    def take(_: int) -> bool:
        try:
            use(db, world)
        except service.NotInVanError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        taken = list(pool.map(take, range(20)))
    assert sum(taken) == 7
    assert van(db, world) == {}


def test_one_use_sent_by_many_connections_at_once_counts_once(db: Calls, world: Doorstep) -> None:
    load(db, world, VALVE_1=7)
    use_id = uuid.uuid4()
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: use(db, world, use_id=use_id).id, range(16)))
    assert len(ids) == 1
    assert van(db, world) == {"VALVE-1": 6}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["use", "again", "return"]), st.sampled_from(["VALVE-1", "HOSE-2"]), st.integers(1, 4)
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stock_is_the_sum_of_the_ledger_and_never_negative(
    db: Calls, steps: list[tuple[str, str, int]]
) -> None:
    """Whatever is used, repeated and taken back, a plain count agrees with the ledger."""
    world = doorstep()
    db.write(save, world)
    load(db, world, VALVE_1=4, HOSE_2=2)
    expected = {"VALVE-1": 4, "HOSE-2": 2}
    out: dict[uuid.UUID, tuple[str, int]] = {}
    for kind, sku, qty in steps:
        last = next(reversed(out), None)
        if kind == "use" and qty <= expected[sku]:
            out[use_id := uuid.uuid4()] = (sku, qty)
            use(db, world, sku=sku, qty=qty, use_id=use_id)
            expected[sku] -= qty
        elif kind == "use":
            with pytest.raises(RejectedError):
                use(db, world, sku=sku, qty=qty)
        elif last is not None and kind == "again":
            use(db, world, sku=out[last][0], qty=out[last][1], use_id=last)
        elif last is not None:
            take_back(db, world, last)
            take_back(db, world, last)
            back_sku, back_qty = out.pop(last)
            expected[back_sku] += back_qty
        assert van(db, world) == {sku: qty for sku, qty in expected.items() if qty}
    used = db.read(service.parts_used, [world.job.id]).get(world.job.id, [])
    assert {part.id for part in used} == set(out)


def test_there_is_one_customers_side_per_organisation(db: Calls, world: Doorstep) -> None:
    load(db, world, VALVE_1=3)
    use(db, world)
    use(db, world)
    kinds = db.read(lambda session: [place.kind for place in session.exec(select(StockLocation))])
    assert kinds.count(LocationKind.CUSTOMER) == 1
