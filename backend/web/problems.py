"""Every error becomes a problem document; only what nobody foresaw is a 500, and that is logged."""

import errno
import sqlite3
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.orm.exc import StaleDataError

from backend.db.session import DatabaseAwayError
from backend.errors import BadInputError, ConflictError, DomainError, StaleError
from backend.web.schemas import Problem

MEDIA_TYPE = "application/problem+json"
BUSY_STATES = frozenset({"40001", "40P01", "55P03"})
DISK_FULL_STATE = "53100"
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
HTTP_CODES = {
    400: "bad_input",
    401: "sign_in_required",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_attempts",
}
PROBLEM_RESPONSES = (400, 401, 403, 404, 409, 422)
log = structlog.get_logger("backend.errors")
AnyRequest = Request[Any, Any, Any]


def problem(status: int, code: str, detail: str = "", **extra: Any) -> Response[dict[str, Any]]:
    """A problem document; `extra` members are added to it."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    return Response({**body, **extra}, status_code=status, media_type=MEDIA_TYPE)


def on_domain_error(_request: AnyRequest, error: DomainError) -> Response[dict[str, Any]]:
    response = problem(error.status, error.code, error.detail, **error.extra)
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = str(error.extra.get("retry_after_s", 60))
    return response


def on_http_exception(_request: AnyRequest, error: HTTPException) -> Response[dict[str, Any]]:
    status = error.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request failed", status=status, exc_info=error)
        return problem(status, "internal_error")
    extra = error.extra if isinstance(error.extra, list) else []
    fields = [{"field": str(e.get("key", "")), "message": str(e.get("message", ""))} for e in extra]
    response = problem(status, HTTP_CODES.get(status, "bad_input"), error.detail[:300], fields=fields)
    response.headers.update(error.headers or {})
    return response


def on_database_error(request: AnyRequest, error: StatementError) -> Response[dict[str, Any]]:
    """Constraints are the last line of every rule: breaking one is the caller's conflict, not our failure."""
    if isinstance(error, IntegrityError):
        return on_domain_error(request, conflict_of(error))
    state = str(getattr(getattr(error, "orig", None), "sqlstate", "") or "")
    if state in BUSY_STATES or "database is locked" in str(error):
        return on_busy(request, error)
    if state == DISK_FULL_STATE or _is_full(error.orig):
        return on_disk_full(request, error)
    if state.startswith("22") or not isinstance(error, DBAPIError):
        return problem(400, "bad_input", "A value is out of range.")
    return on_unforeseen(request, error)


def _is_full(error: object) -> bool:
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode == sqlite3.SQLITE_FULL


def on_busy(_request: AnyRequest, _error: Exception) -> Response[dict[str, Any]]:
    return _later(503, "busy", "The database is busy; try again.", after_s=1)


def on_away(_request: AnyRequest, error: DatabaseAwayError) -> Response[dict[str, Any]]:
    """Whether a write that was under way has happened is not known here; whoever repeats it finds out."""
    log.error("database away", error=str(error))
    return _later(503, "unavailable", "The database does not answer; try again.", after_s=2)


def on_disk_full(_request: AnyRequest, error: Exception) -> Response[dict[str, Any]]:
    """Nothing was changed, and phones keep what they could not send: they try again until there is room."""
    log.error("disk full", error=type(error).__name__)
    return _later(507, "storage_full", "The server has no room left; nothing was changed.", after_s=60)


def on_system_error(request: AnyRequest, error: OSError) -> Response[dict[str, Any]]:
    return on_disk_full(request, error) if error.errno in NO_SPACE else on_unforeseen(request, error)


def _later(status: int, code: str, detail: str, *, after_s: int) -> Response[dict[str, Any]]:
    response = problem(status, code, detail)
    response.headers["Retry-After"] = str(after_s)
    return response


def conflict_of(error: IntegrityError) -> DomainError:
    text = str(error.orig)
    if "visit_no_overlap" in text:
        return ConflictError("The technician already has a visit at that time.", code="double_booked")
    if "UNIQUE" in text.upper():
        return ConflictError("It exists already.", code="already_exists")
    return BadInputError("It refers to something that is not there, or breaks a rule of the data.")


def on_stale(request: AnyRequest, _error: StaleDataError) -> Response[dict[str, Any]]:
    return on_domain_error(request, StaleError("Somebody else changed it in the meantime."))


def on_bad_value(_request: AnyRequest, _error: Exception) -> Response[dict[str, Any]]:
    return problem(400, "bad_input", "A value is out of range.")


def on_unforeseen(_request: AnyRequest, error: Exception) -> Response[dict[str, Any]]:
    log.error("request failed", error=type(error).__name__, exc_info=error)
    return problem(500, "internal_error", "Something went wrong on our side; nothing was changed.")


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    DomainError: on_domain_error,
    HTTPException: on_http_exception,
    StaleDataError: on_stale,
    StatementError: on_database_error,
    NoConnectionFreeError: on_busy,
    DatabaseAwayError: on_away,
    OSError: on_system_error,
    OverflowError: on_bad_value,
    RecursionError: on_bad_value,
    Exception: on_unforeseen,
}


def problem_docs() -> dict[int, Any]:
    """The declared error replies of a route, for the OpenAPI document."""
    from litestar.openapi.datastructures import ResponseSpec

    return {
        status: ResponseSpec(
            Problem, description=HTTPStatus(status).phrase, generate_examples=False, media_type=MEDIA_TYPE
        )
        for status in PROBLEM_RESPONSES
    }
