"""The price list and answered quotes over HTTP, for the office."""

import uuid

from litestar import Response, Router, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database
from backend.extras import service
from backend.extras.schemas import ExtraWorkRead, PriceList, QuoteRecord
from backend.jobs import service as jobs
from backend.web.if_match import IfMatch, replace, tagged


@get("/extra-work", operation_id="listExtraWork")
async def list_prices(
    db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[list[ExtraWorkRead]]:
    """Work beyond an order that technicians may quote, and what it costs."""
    return tagged(await db.read(_prices, actor))


@put("/extra-work", operation_id="setExtraWork")
async def set_prices(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    data: JSONBody[PriceList],
    if_match: IfMatch = "",
) -> Response[list[ExtraWorkRead]]:
    """Put a whole price list in force; what is left out is no longer offered. 422 `code_twice`."""
    actor.require(Permission.RULES_MANAGE)
    return tagged(await db.write(replace, actor, if_match, data, _prices, service.set_prices))


def _prices(session: Session, actor: Actor) -> list[ExtraWorkRead]:
    actor.require(Permission.BOARD_READ)
    return service.price_list(session, actor.org_id)


@get("/jobs/{job_id:uuid}/extra-quotes", operation_id="listExtraQuotes")
async def list_quotes(
    db: NamedDependency[Database], actor: NamedDependency[Actor], job_id: FromPath[uuid.UUID]
) -> list[QuoteRecord]:
    """What the customer was quoted beyond the order, their answers and signatures."""
    actor.require(Permission.JOB_READ)
    return await db.read(_quotes_of, actor, job_id)


def _quotes_of(session: Session, actor: Actor, job_id: uuid.UUID) -> list[QuoteRecord]:
    return service.records(session, jobs.get(session, actor, job_id))


router = Router("/api", route_handlers=[list_prices, set_prices, list_quotes], tags=["extra work"])
