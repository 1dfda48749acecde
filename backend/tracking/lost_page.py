"""Addresses that are none: a page for whoever opens one in a browser, and the way back from a form's."""

from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from backend.errors import DomainError
from backend.tracking.framed_page import AnyRequest, notice
from backend.tracking.render import PRIVATE
from backend.web.problems import on_domain_error, on_http_exception

AREAS = ("/c/", "/report/", "/sign/", "/verify/")
API = "/api/"
NOT_FOUND, NOT_ALLOWED = 404, 405


def on_lost(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """A problem document for programs, a page for people.

    An address that only takes a form is looked at when a page that answered the form is opened again, or in
    the other language: what it belongs to lies one level up.
    """
    if error.status_code not in (NOT_FOUND, NOT_ALLOWED):
        return on_http_exception(request, error)
    if not request.url.path.startswith(AREAS):
        return _nowhere(request) if _is_person(request) else on_http_exception(request, error)
    if error.status_code == NOT_ALLOWED and request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return Redirect(request.url.path.rpartition("/")[0] + query, status_code=303, headers=PRIVATE)
    return notice(request, "closed", error.status_code)


def on_no_file(request: AnyRequest, error: DomainError) -> Response[Any]:
    """There is no such file below the console, the technician's app or what they are built of."""
    return _nowhere(request) if _is_person(request) else on_domain_error(request, error)


def _nowhere(request: AnyRequest) -> Response[str]:
    return notice(request, "nowhere", NOT_FOUND)


def _is_person(request: AnyRequest) -> bool:
    """Browsers that open an address ask for a page; programs, and scripts of pages, do not."""
    asked = request.headers.get("accept", "")
    return "text/html" in asked and not request.url.path.startswith(API)
