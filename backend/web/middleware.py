"""Around every request: an id, security headers, one log line and the metrics. Nothing personal is logged:
the route's template stands for the path, query strings and bodies are left out."""

import time
import uuid
from typing import Any

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

REQUESTS = Counter("shangmen_requests_total", "Requests by route and status.", ["method", "route", "status"])
LATENCY = Histogram(
    "shangmen_request_seconds",
    "Time to the first byte by route.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self'; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=()",
    "content-security-policy": CONTENT_SECURITY_POLICY,
}
MAX_REQUEST_ID = 64
log = structlog.get_logger("backend.access")


def request_id_of(scope: Scope) -> str:
    """The id given to this request."""
    return str(scope.get("state", {}).get("request_id", ""))


def _incoming_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            if text and len(text) <= MAX_REQUEST_ID and all(c.isalnum() or c in "-_" for c in text):
                return text
    return uuid.uuid4().hex


class RequestMiddleware(ASGIMiddleware):
    """Request id, headers, log line, metrics."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["type"] != ScopeType.HTTP:
            await next_app(scope, receive, send)
            return
        request_id = _incoming_id(scope)
        scope["state"]["request_id"] = request_id
        started = time.perf_counter()
        seen: dict[str, Any] = {"status": 500}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.update(status=message["status"], seconds=time.perf_counter() - started)
                headers = MutableScopeHeaders.from_message(message)
                headers["x-request-id"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await next_app(scope, receive, send_with_headers)
            finally:
                _account(scope, seen, time.perf_counter() - started)


def _account(scope: Scope, seen: dict[str, Any], total_s: float) -> None:
    route = str(scope.get("path_template") or "unmatched")
    method, status = scope["method"], str(seen["status"])  # type: ignore[typeddict-item]  # http scopes have a method
    REQUESTS.labels(method, route, status).inc()
    LATENCY.labels(method, route).observe(seen.get("seconds", total_s))
    if route not in {"/health", "/ready", "/metrics"}:
        log.info("request", method=method, route=route, status=seen["status"], ms=round(total_s * 1000, 1))
