"""Applying a dry run order by order, each once, so that a crash in the middle loses and doubles nothing."""

import datetime as dt
import uuid
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.audit import service as audit
from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.cases import service as cases
from backend.cases.models import Case, CaseStatus, Channel, OrderLine, SalesOrder
from backend.customers.models import Customer, LocationSource
from backend.errors import BadInputError
from backend.imports import repository
from backend.imports.models import ImportRow, ImportRun, ImportState
from backend.imports.outcomes import Outcome
from backend.imports.parsed import Article, ParsedOrder, from_json, to_json
from backend.imports.reasons import Reason
from backend.imports.service import APPLIED, counts, get_run, summary_of
from backend.organisations.models import Region
from backend.organisations.service import get_region


def positions_to_apply(session: Session, actor: Actor, run_id: uuid.UUID) -> list[int]:
    """Positions of rows that are still to be applied, in file order."""
    run = get_run(session, actor, run_id)
    rows = repository.rows(session, run.id)
    return [row.position for row in rows if row.outcome in APPLIED and row.parsed.get("jobs") is None]


def apply_row(session: Session, actor: Actor, run_id: uuid.UUID, position: int) -> None:
    """Create one order's case and jobs, once.

    What another import has brought in since the dry run is left as it is.
    """
    run = get_run(session, actor, run_id)
    row = repository.row_for_update(session, run.id, position)
    parsed = from_json(row.parsed)
    if parsed.jobs is not None or row.outcome not in APPLIED:
        return
    order = repository.sales_order(session, actor.org_id, parsed.channel, row.order_no)
    known = repository.line_keys(session, order.id) if order else set()
    articles = [article for article in parsed.articles if article.key not in known]
    row.outcome = Outcome.CREATE if order is None else Outcome.JOIN if articles else Outcome.UNCHANGED
    made = _make(session, actor, run, row, parsed, order, articles) if articles else []
    row.parsed = to_json(parsed) | {"jobs": [str(job_id) for job_id in made]}
    session.flush()


def refuse_row(session: Session, actor: Actor, run_id: uuid.UUID, position: int, detail: str) -> None:
    """Turn a row that could no longer be applied into a refused one; the others go on."""
    run = get_run(session, actor, run_id)
    row = repository.row_for_update(session, run.id, position)
    reason = Reason("not_applied", "", {"value": detail})
    row.outcome = Outcome.REFUSE
    row.reasons = [*row.reasons, reason.to_json()]
    row.raw = [dict(each) | {"reasons": [reason.message()]} for each in row.raw]
    session.flush()


def _make(
    session: Session,
    actor: Actor,
    run: ImportRun,
    row: ImportRow,
    parsed: ParsedOrder,
    order: SalesOrder | None,
    articles: Sequence[Article],
) -> list[uuid.UUID]:
    region = get_region(session, actor, run.region_id)
    if order is None:
        order = _open_order(session, actor, region, row, parsed)
    case, customer = cases.held(session, order.case_id), session.get_one(Customer, order.customer_id)
    _reopen(session, actor, case)
    place = cases.find_or_add_place(session, actor, customer, region, _place_input(parsed))
    products = repository.products_by_sku(session, actor.org_id, (article.sku for article in articles))
    jobs: list[uuid.UUID] = []
    for article in articles:
        product = products.get(article.sku)
        if product is None:
            raise BadInputError(f"The product {article.sku} is no longer sold.", code="unknown_product")
        line = OrderLine(
            org_id=actor.org_id,
            order_id=order.id,
            line_key=article.key,
            product_id=product.id,
            qty=article.qty,
        )
        session.add(line)
        for piece in range(article.qty):
            wanted = cases.JobInput(
                product=product,
                type=article.type,
                window=_window(article),
                serial=article.serial if article.serial and piece == 0 else None,
                note=article.note,
                purchased_on=_day(parsed.ordered_at, region),
                order_no=row.order_no,
            )
            jobs.append(cases.add_job(session, actor, case, place, wanted).id)
    return jobs


def _open_order(
    session: Session, actor: Actor, region: Region, row: ImportRow, parsed: ParsedOrder
) -> SalesOrder:
    customer = cases.find_or_add_customer(session, actor, parsed.customer, parsed.phone)
    case = cases.open_case(session, actor, customer, Channel.ORDER, region.zone)
    order = SalesOrder(
        org_id=actor.org_id,
        channel=parsed.channel,
        order_no=row.order_no,
        case_id=case.id,
        customer_id=customer.id,
        ordered_at=parsed.ordered_at,
        raw={"lines": [{"line": each["line"], "cells": each["cells"]} for each in row.raw]},
    )
    session.add(order)
    session.flush()
    return order


def _reopen(session: Session, actor: Actor, case: Case) -> None:
    if case.status is CaseStatus.CLOSED:
        case.status, case.closed_at = CaseStatus.OPEN, None
        audit.record(session, actor, "reopen", "case", case.id)


def _place_input(parsed: ParsedOrder) -> cases.PlaceInput:
    return cases.PlaceInput(
        address=parsed.address,
        community=parsed.community,
        district=parsed.district,
        lat=parsed.lat,
        lng=parsed.lng,
        source=LocationSource(parsed.location),
    )


def _day(ordered_at: dt.datetime | None, region: Region) -> dt.date | None:
    return ordered_at.astimezone(ZoneInfo(region.zone)).date() if ordered_at else None


def _window(article: Article) -> tuple[dt.datetime, dt.datetime] | None:
    if article.window_start is None or article.window_end is None:
        return None
    return article.window_start, article.window_end


def finish(session: Session, actor: Actor, run_id: uuid.UUID) -> ImportRun:
    """Close an import all of whose orders were applied, with what really happened."""
    run = get_run(session, actor, run_id)
    rows = repository.rows(session, run.id)
    if run.state is not ImportState.APPLIED:
        run.summary = dict(run.summary) | summary_of(rows)
        run.state = ImportState.APPLIED
        audit.record(session, actor, "import.apply", "import", run.id, **counts(run.summary))
        append_change(session, actor.org_id, "import", run.id, region_id=run.region_id)
        session.flush()
    return run
