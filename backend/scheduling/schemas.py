"""Wire types of plan runs and plans."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from backend.scheduling.comparison import Comparison, Gained, Placed
from backend.scheduling.models import Plan, PlanRun, PlanState, RunState
from backend.scheduling.objectives import Objective
from backend.scheduling.objectives_api import ObjectiveRead, objective_read
from backend.scheduling.prices import USUAL, Prices
from backend.scheduling.scope import Scope
from backend.scheduling.service import PlanView
from backend.web.schemas import Body, Reply, Word

Engine = Literal["auto", "hybrid", "ortools"]


class ScopeWanted(Body):
    """What may change; nothing said: everything.

    `only_unassigned`: jobs that nobody has are put in, the others stay. `technician_ids`: only their days.
    `communities`: only jobs there. `earlier_plan_id`: the draft is that plan again, as far as it still fits.
    """

    only_unassigned: bool = False
    technician_ids: Annotated[list[uuid.UUID], msgspec.Meta(max_length=500)] = msgspec.field(
        default_factory=list
    )
    communities: Annotated[list[Word], msgspec.Meta(max_length=200)] = msgspec.field(default_factory=list)
    earlier_plan_id: uuid.UUID | None = None

    def scope(self) -> Scope:
        return Scope(
            self.only_unassigned,
            frozenset(self.technician_ids),
            frozenset(self.communities),
            self.earlier_plan_id,
        )


class PlanRunCreate(Body):
    """Which day to plan, for how long and by what objective: the code of a usual one or the id of an own one.

    The same seed and engine look the same way again.
    """

    region_id: uuid.UUID
    day: dt.date
    seconds: Annotated[float, msgspec.Meta(ge=0.2, le=600)] = 10.0
    seed: Annotated[int, msgspec.Meta(ge=0, le=2_000_000_000)] = 1
    engine: Engine = "auto"
    scope: ScopeWanted = msgspec.field(default_factory=ScopeWanted)
    objective: Word = USUAL


class ProgressRead(Reply):
    """The best plan so far; `curve` holds [seconds, fen] at each improvement."""

    elapsed_s: float
    best_cost_fen: int | None
    served: int | None
    unserved: int | None
    curve: list[tuple[float, int]]


class PlanRunRead(Reply):
    id: uuid.UUID
    region_id: uuid.UUID
    day: dt.date
    state: RunState
    progress: ProgressRead
    plan_id: uuid.UUID | None
    error: str | None
    requested_by: str
    created_at: dt.datetime
    objective: ObjectiveRead


class PlanSummary(Reply):
    id: uuid.UUID
    region_id: uuid.UUID
    day: dt.date
    state: PlanState
    cost: dict[str, int]
    run_id: uuid.UUID | None
    scope: dict[str, Any] | None
    objective: ObjectiveRead
    created_by: str
    created_at: dt.datetime
    published_by: str
    published_at: dt.datetime | None


class PlanVisitRead(Reply):
    """`is_fixed` visits are under way or held by hand; publishing leaves them as they are."""

    job_id: uuid.UUID
    technician_id: uuid.UUID
    arrive: dt.datetime
    start: dt.datetime
    end: dt.datetime
    travel_s: int
    travel_m: int
    seq: int
    is_fixed: bool
    why: dict[str, Any]


class ReasonRead(Reply):
    code: str
    data: dict[str, Any]


class UnservedRead(Reply):
    job_id: uuid.UUID
    reason: ReasonRead


class CostChange(Reply):
    before: int
    after: int


class PlacedRead(Reply):
    technician_id: uuid.UUID
    start: dt.datetime


class MovedRead(Reply, rename={"before": "from", "after": "to"}):
    job_id: uuid.UUID
    number: str
    before: PlacedRead
    after: PlacedRead
    promise_moved: bool


class GainedRead(Reply):
    job_id: uuid.UUID
    number: str
    technician_id: uuid.UUID
    start: dt.datetime


class ComparisonRead(Reply):
    """What publishing would change now; cost in fen, `before` as of the plan's making."""

    cost: dict[str, CostChange]
    moved: list[MovedRead]
    added: list[GainedRead]
    removed: list[GainedRead]


class ChangedSince(Reply):
    """Something that is no longer what the plan was made from: a person's change, which stands.

    `by` is whose it was, where that is known.
    """

    job_id: uuid.UUID | None
    number: str
    what: str
    technician_id: uuid.UUID | None
    by: str = ""


class PlanRead(PlanSummary, kw_only=True):
    """`changed_since` names what people changed while the search ran or since; publishing is then refused.

    `merged` names what they had changed and the draft has taken in.
    """

    visits: list[PlanVisitRead]
    unserved: list[UnservedRead]
    against_current: ComparisonRead | None
    changed_since: list[ChangedSince]
    merged: list[ChangedSince]


def run_read(run: PlanRun) -> PlanRunRead:
    progress = run.progress
    return PlanRunRead(
        id=run.id,
        region_id=run.region_id,
        day=run.day,
        state=run.state,
        progress=ProgressRead(
            elapsed_s=progress.get("elapsed_s", 0.0),
            best_cost_fen=progress.get("best_cost_fen"),
            served=progress.get("served"),
            unserved=progress.get("unserved"),
            curve=[(point[0], int(point[1])) for point in progress.get("curve", [])],
        ),
        plan_id=run.plan_id,
        error=run.error,
        requested_by=run.requested_by,
        created_at=run.created_at,
        objective=_objective(run.objective),
    )


def _objective(kept: Mapping[str, Any] | None) -> ObjectiveRead:
    """What was weighed; plans from before there was a choice weighed the usual."""
    said = kept or {"code": USUAL, "name": ""}
    return objective_read(Objective(said["code"], Prices.read(said.get("prices")), said["name"]))


def _summary(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "region_id": plan.region_id,
        "day": plan.day,
        "state": plan.state,
        "cost": dict(plan.cost),
        "run_id": plan.run_id,
        "scope": dict(plan.scope) if plan.scope else None,
        "objective": _objective(plan.objective),
        "created_by": plan.created_by,
        "created_at": plan.created_at,
        "published_by": plan.published_by,
        "published_at": plan.published_at,
    }


def summary_read(plan: Plan) -> PlanSummary:
    return PlanSummary(**_summary(plan))


def plan_read(view: PlanView) -> PlanRead:
    visits = [
        PlanVisitRead(
            job_id=visit.job_id,
            technician_id=visit.technician_id,
            arrive=visit.arrive_at,
            start=visit.start_at,
            end=visit.end_at,
            travel_s=visit.travel_s,
            travel_m=visit.travel_m,
            seq=visit.seq,
            is_fixed=visit.is_fixed,
            why=dict(visit.why),
        )
        for visit in view.visits
    ]
    unserved = [
        UnservedRead(item.job_id, ReasonRead(item.reason["code"], item.reason.get("data", {})))
        for item in view.unserved
    ]
    since = [
        ChangedSince(each.job_id, each.number, each.what, each.technician_id) for each in view.changed_since
    ]
    compared = _comparison(view.against_current) if view.against_current else None
    return PlanRead(
        **_summary(view.plan),
        visits=visits,
        unserved=unserved,
        against_current=compared,
        changed_since=since,
        merged=[msgspec.convert(dict(each), ChangedSince) for each in view.plan.merged],
    )


def _comparison(comparison: Comparison) -> ComparisonRead:
    return ComparisonRead(
        cost={name: CostChange(*pair) for name, pair in comparison.cost.items()},
        moved=[
            MovedRead(m.job_id, m.number, _placed(m.before), _placed(m.after), m.promise_moved)
            for m in comparison.moved
        ],
        added=[_gained(item) for item in comparison.added],
        removed=[_gained(item) for item in comparison.removed],
    )


def _placed(placed: Placed) -> PlacedRead:
    return PlacedRead(placed.technician_id, placed.start)


def _gained(item: Gained) -> GainedRead:
    return GainedRead(item.job_id, item.number, item.placed.technician_id, item.placed.start)
