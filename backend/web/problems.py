"""Every error becomes a problem document; only what nobody foresaw is a 500, and that is logged."""

from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from backend.errors import BadInputError, ConflictError, DomainError, StaleError
from backend.web.schemas import Problem

MEDIA_TYPE = "application/problem+json"
BUSY_STATES = frozenset({"40001", "40P01", "55P03"})
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
        response = problem(503, "busy", "The database is busy; try again.")
        response.headers["Retry-After"] = "1"
        return response
    if state.startswith("22") or not isinstance(error, DBAPIError):
        return problem(400, "bad_input", "A value is out of range.")
    return on_unforeseen(request, error)


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
