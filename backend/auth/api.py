"""Sign-in over HTTP."""

import asyncio
import datetime as dt
from typing import Any

from litestar import Request, Response, Router, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backend.auth import pairing, passwords, service
from backend.auth.schemas import Pair, SessionRead, SignIn, session_read
from backend.db.session import Database
from backend.errors import SignInRequiredError
from backend.settings import Settings
from backend.web.dependencies import SESSION_COOKIE, check_csrf, current_session
from backend.web.middleware import request_id_of

AnyRequest = Request[Any, Any, Any]


def sign_in_rules(settings: Settings) -> service.SignInRules:
    return service.SignInRules(
        session_life=dt.timedelta(hours=settings.session_hours),
        attempts=settings.sign_in_attempts,
        window=dt.timedelta(seconds=settings.sign_in_window_s),
    )


def _with_cookie(signed_in: service.SignedIn, settings: Settings) -> Response[SessionRead]:
    cookie = Cookie(
        key=SESSION_COOKIE,
        value=signed_in.token,
        max_age=settings.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
        path="/",
    )
    return Response(
        session_read(signed_in), status_code=201, cookies=[cookie], headers={"Cache-Control": "no-store"}
    )


def _client(request: AnyRequest) -> str:
    return request.client.host if request.client else ""


@post("/", operation_id="signIn", status_code=201)
async def sign_in(
    request: AnyRequest,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    data: JSONBody[SignIn],
) -> Response[SessionRead]:
    """Sign in with login and password. Wrong ones are counted and slowed down."""
    rules, client = sign_in_rules(settings), _client(request)
    account = await db.write(service.begin_attempt, data.login, client, rules)
    known_hash = account.password_hash if account else None
    fits = await asyncio.to_thread(passwords.verify_password, data.password, known_hash)
    if account is None or not fits:
        await db.write(service.note_failure, client)
        raise SignInRequiredError("Login or password is wrong.", code="wrong_password")
    signed_in = await db.write(service.open_session, account, rules, request_id_of(request.scope), "password")
    return _with_cookie(signed_in, settings)


@post("/pair", operation_id="pairPhone", status_code=201)
async def pair(
    request: AnyRequest,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    secret: NamedDependency[bytes],
    data: JSONBody[Pair],
) -> Response[SessionRead]:
    """Sign a technician's phone in with one of its single-use codes: of the QR picture, or typed."""
    rules, request_id = sign_in_rules(settings), request_id_of(request.scope)
    signed_in = await db.write(pairing.redeem, secret, data.code, _client(request), rules, request_id)
    if signed_in is None:
        raise SignInRequiredError(
            "This code is wrong, has been used or has expired; ask for a new one.", code="code_spent"
        )
    return _with_cookie(signed_in, settings)


@get("/", operation_id="getSession")
async def get_session(request: AnyRequest) -> Response[SessionRead]:
    """Who is signed in."""
    return Response(session_read(await current_session(request)), headers={"Cache-Control": "no-store"})


@delete("/", operation_id="signOut")
async def sign_out(request: AnyRequest, db: NamedDependency[Database]) -> Response[None]:
    """End the session."""
    signed_in = await current_session(request)
    check_csrf(request, signed_in.csrf_token)
    await db.write(service.close_session, request.cookies[SESSION_COOKIE])
    response = Response(None, status_code=204)
    response.delete_cookie(SESSION_COOKIE)
    return response


router = Router(
    "/api/session",
    route_handlers=[sign_in, pair, get_session, sign_out],
    tags=["session"],
)
