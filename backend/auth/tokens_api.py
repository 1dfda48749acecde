"""API tokens over HTTP, for administrators."""

import datetime as dt
import uuid
from typing import Annotated

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.auth import tokens
from backend.auth.actor import Actor
from backend.auth.models import ApiToken
from backend.db.session import Database
from backend.web.schemas import Body, Instant, Page, Reply

NO_STORE = {"Cache-Control": "no-store"}


class TokenCreate(Body):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=tokens.NAME_LENGTH, pattern=r"^[^\x00]*$")]
    expires_at: Instant | None = None


class TokenRead(Reply):
    """What is known of a token; the token itself is not."""

    id: uuid.UUID
    name: str
    role: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    last_used_at: dt.datetime | None


class TokenCreated(TokenRead):
    """`token` is shown here and never again."""

    token: str


def token_read(row: ApiToken) -> TokenRead:
    return TokenRead(
        row.id, row.name, row.role, row.created_at, row.expires_at, row.revoked_at, row.last_used_at
    )


@get("/", operation_id="listTokens")
async def list_tokens(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> Page[TokenRead]:
    """The organisation's tokens, newest first."""
    return Page([token_read(row) for row in await db.read(tokens.list_all, actor)], next=None)


@post("/", operation_id="createToken", status_code=201)
async def create_token(
    db: NamedDependency[Database], actor: NamedDependency[Actor], data: JSONBody[TokenCreate]
) -> Response[TokenCreated]:
    """A new token for an integration, shown this once."""
    made = await db.write(tokens.create, actor, data.name, data.expires_at)
    read = TokenCreated(**msgspec.structs.asdict(token_read(made.row)), token=made.secret)
    return Response(read, status_code=201, headers=NO_STORE)


@delete("/{token_id:uuid}", operation_id="revokeToken", status_code=200)
async def revoke_token(
    db: NamedDependency[Database], actor: NamedDependency[Actor], token_id: FromPath[uuid.UUID]
) -> TokenRead:
    """End a token at once."""
    return token_read(await db.write(tokens.revoke, actor, token_id))


router = Router("/api/tokens", route_handlers=[list_tokens, create_token, revoke_token], tags=["tokens"])
