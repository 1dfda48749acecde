"""Who a request comes from. Unsafe methods with a cookie need the session's CSRF token."""

import datetime as dt
import secrets
from typing import Any

from litestar import Request

from backend.auth import service, tokens
from backend.auth.actor import Actor
from backend.db.session import Database
from backend.db.types import utc_now
from backend.errors import ForbiddenError, SignInRequiredError
from backend.web.middleware import request_id_of

SESSION_COOKIE = "shangmen_session"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "Bearer "
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
# When this process last noted the use of each valid token, by its digest.
_noted: dict[str, dt.datetime] = {}
AnyRequest = Request[Any, Any, Any]


async def provide_actor(request: AnyRequest) -> Actor:
    """The signed-in actor; raises SignInRequiredError or, without the CSRF token, ForbiddenError."""
    db: Database = request.app.state.services.db
    request_id = request_id_of(request.scope)
    authorization = request.headers.get("authorization", "")
    if authorization.startswith(BEARER):
        return await _token_actor(db, authorization.removeprefix(BEARER), request_id)
    signed_in = await current_session(request)
    if request.method not in SAFE_METHODS:
        check_csrf(request, signed_in.csrf_token)
    return service.actor_of(signed_in.account, request_id)


async def _token_actor(db: Database, token: str, request_id: str) -> Actor:
    """The integration behind a token, whose use is noted now and then."""
    actor = await db.read(service.token_actor, token, request_id)
    if actor is None:
        raise SignInRequiredError("The token is not valid.")
    now, known = utc_now(), service.digest(token)
    if _noted.get(known, NEVER) < now - tokens.USE_STEP:
        _noted[known] = now
        await db.write(tokens.note_use, token, now)
    return actor


async def current_session(request: AnyRequest) -> service.SignedIn:
    """The live session of the request's cookie; raises SignInRequiredError."""
    token = request.cookies.get(SESSION_COOKIE)
    db: Database = request.app.state.services.db
    signed_in = await db.read(service.current, token) if token else None
    if signed_in is None:
        raise SignInRequiredError("Sign in first.")
    return signed_in


def check_csrf(request: AnyRequest, expected: str) -> None:
    """Refuse a request whose CSRF token is not the session's."""
    if not secrets.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), expected.encode()):
        raise ForbiddenError("The request lacks its session's CSRF token.", code="csrf")
