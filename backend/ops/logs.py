"""Structured logs. What could be personal or secret never gets in: see `REDACTED`."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, cast

import structlog

from backend.settings import Settings

REDACTED = frozenset(
    {
        "password",
        "token",
        "code",
        "cookie",
        "authorization",
        "phone",
        "address",
        "customer",
        "signer",
        "secret",
    }
)
Event = MutableMapping[str, Any]


def redact(_logger: Any, _method: str, event: Event) -> Event:  # noqa: ANN401 - structlog's processor signature
    """Blank values under names that may carry personal data or secrets."""
    for key in event:
        if key in REDACTED:
            event[key] = "…"
    return event


def configure_logs(settings: Settings) -> None:
    """Send structlog and the standard library's loggers to standard error in one shape."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if settings.log_format == "console":
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # A richer traceback prints local variables, and those hold customers' data.
            exception_formatter=structlog.dev.plain_traceback,
        )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer]
        if settings.log_format == "json"
        else [*shared, renderer],
        wrapper_class=cast("type[Any]", structlog.make_filtering_bound_logger(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
