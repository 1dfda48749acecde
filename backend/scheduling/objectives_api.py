"""Objectives of plans over HTTP: to choose from and, for administrators, to keep."""

import uuid
from dataclasses import asdict
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.scheduling import objectives
from backend.scheduling.objectives import Objective
from backend.scheduling.prices import Prices
from backend.web.schemas import Body, Reply

Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Price = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"\S")]


class PricesRead(Reply):
    """Prices in fen; see PricesWanted."""

    late_fen_per_minute: int
    margin_fen_per_minute: int
    moved_fen: int
    swapped_fen: int
    fairness_fen: int
    vendor_extra_fen: int
    unserved_percent: int
    most_moved: int | None


class ObjectiveRead(Reply):
    """What a plan weighs. `code` is usual, promises, cheapest, fair, vendors_last, everyone, or own.

    An organisation's own one has an `id`, by which it is chosen, and a `name`.
    """

    code: str
    name: str
    prices: PricesRead
    id: uuid.UUID | None = None


class PricesWanted(Body):
    """Fen per minute late and per minute of a window's last quarter of an hour, per announced visit that
    comes at another time (twice once accepted) or with somebody else (three times once accepted), per squared
    hour of an own technician's day, per vendor's visit on top of its tariff; the percentage of a job's own
    price for being left out; and how many promises a plan may move (null: any number).
    """

    late_fen_per_minute: Price
    margin_fen_per_minute: Price
    moved_fen: Price
    swapped_fen: Price
    fairness_fen: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    vendor_extra_fen: Price
    unserved_percent: Annotated[int, msgspec.Meta(ge=10, le=10_000)]
    most_moved: Annotated[int, msgspec.Meta(ge=0, le=10_000)] | None

    def prices(self) -> Prices:
        return Prices(**msgspec.structs.asdict(self))


class ObjectiveWanted(Body):
    name: Name
    prices: PricesWanted


def objective_read(objective: Objective) -> ObjectiveRead:
    prices = PricesRead(**asdict(objective.prices))
    return ObjectiveRead(objective.code, objective.name, prices, objective.id)


@get("/plan-objectives", operation_id="listPlanObjectives")
async def list_objectives(db: Db, actor: Who) -> list[ObjectiveRead]:
    """What a plan may be told to weigh: the usual objectives, then the organisation's own."""
    return [objective_read(each) for each in await db.read(objectives.listed, actor)]


@post("/plan-objectives", operation_id="createPlanObjective")
async def create_objective(db: Db, actor: Who, data: JSONBody[ObjectiveWanted]) -> ObjectiveRead:
    """Keep prices under a name, as an objective of the organisation; 409 `name_taken`."""
    return objective_read(await db.write(objectives.create, actor, data.name.strip(), data.prices.prices()))


@put("/plan-objectives/{objective_id:uuid}", operation_id="changePlanObjective")
async def change_objective(
    db: Db, actor: Who, objective_id: FromPath[uuid.UUID], data: JSONBody[ObjectiveWanted]
) -> ObjectiveRead:
    """Change one of the organisation's objectives; plans made with it keep the prices they were made with."""
    wanted = (objective_id, data.name.strip(), data.prices.prices())
    return objective_read(await db.write(objectives.change, actor, *wanted))


@delete("/plan-objectives/{objective_id:uuid}", operation_id="deletePlanObjective")
async def delete_objective(db: Db, actor: Who, objective_id: FromPath[uuid.UUID]) -> None:
    """Forget one of the organisation's objectives."""
    await db.write(objectives.delete, actor, objective_id)


ROUTES = (list_objectives, create_objective, change_objective, delete_objective)
