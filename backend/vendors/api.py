"""Monthly statements over HTTP: the sums, the visits they are made of, and a file of them."""

import uuid
from collections.abc import AsyncIterator
from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.tracking.words import Language
from backend.vendors import statement_csv, statements
from backend.vendors.schemas import Statement, StatementSummary
from backend.web.spreadsheet import BYTE_ORDER_MARK

CSV = "text/csv"
LINES_AT_A_TIME = 500


@get("/{month:str}", operation_id="listStatements")
async def list_statements(
    db: NamedDependency[Database], actor: NamedDependency[Actor], month: FromPath[str]
) -> list[StatementSummary]:
    """What each vendor is paid for a month; a vendor sees its own."""
    return await db.read(statements.summaries, actor, month)


@get("/{month:str}/{vendor_id:uuid}", operation_id="getStatement")
async def get_statement(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    month: FromPath[str],
    vendor_id: FromPath[uuid.UUID],
    after: Annotated[uuid.UUID | None, QueryParameter()] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=LINES_AT_A_TIME)] = 100,
) -> Statement:
    """A vendor's month and the signed visits it is made of, in the order of signing."""
    return await db.read(statements.statement, actor, month, vendor_id, after, limit)


@get(
    "/{month:str}/{vendor_id:uuid}/statement.csv",
    operation_id="getStatementFile",
    media_type=CSV,
    responses={200: ResponseSpec(str, generate_examples=False, media_type=CSV, description="A CSV file")},
)
async def get_statement_file(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    month: FromPath[str],
    vendor_id: FromPath[uuid.UUID],
    lang: Annotated[Language, QueryParameter()] = Language.CHINESE,
) -> Stream:
    """The same as a file for a spreadsheet: all visits of the month, and their sum last."""
    first = await db.read(statements.statement, actor, month, vendor_id, None, LINES_AT_A_TIME)

    async def text() -> AsyncIterator[str]:
        part, paid = first, statement_csv.Paid()
        yield BYTE_ORDER_MARK + statement_csv.header(lang)
        while True:
            paid.add(part.lines.items)
            yield statement_csv.lines(part.lines.items, part.summary.currency, lang)
            if part.lines.next is None:
                break
            after = uuid.UUID(part.lines.next)
            part = await db.read(statements.statement, actor, month, vendor_id, after, LINES_AT_A_TIME)
        # Of what the file has, not of the sum asked before: somebody may have signed in between.
        yield statement_csv.total(paid, part.summary.currency, lang)

    name = f"statement-{month}-{vendor_id.hex[-8:]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Stream(text(), media_type=CSV, headers=headers)


router = Router(
    "/api/statements",
    route_handlers=[list_statements, get_statement, get_statement_file],
    tags=["statements"],
)
