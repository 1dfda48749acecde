"""Addresses among the customers' pages that are none: a page all the same, and the way back from a form's."""

from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from backend.tracking.framed_page import AnyRequest, notice
from backend.tracking.render import PRIVATE
from backend.web.problems import on_http_exception

AREAS = ("/c/", "/report/", "/sign/", "/verify/")
NOT_FOUND, NOT_ALLOWED = 404, 405


def on_lost(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """A problem document outside of the customers' pages.

    An address that only takes a form is looked at when a page that answered the form is opened again, or in
    the other language: what it belongs to lies one level up.
    """
    if error.status_code not in (NOT_FOUND, NOT_ALLOWED) or not request.url.path.startswith(AREAS):
        return on_http_exception(request, error)
    if error.status_code == NOT_ALLOWED and request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return Redirect(request.url.path.rpartition("/")[0] + query, status_code=303, headers=PRIVATE)
    return notice(request, "closed", error.status_code)
