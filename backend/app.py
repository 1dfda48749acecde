"""The application: every router listed here, nothing discovered."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.router import Router

from backend.auth.api import router as auth_router
from backend.auth.secret import load_secret
from backend.board.api import router as board_router
from backend.customers.api import router as places_router
from backend.db.session import Database
from backend.evidence.api import router as evidence_router
from backend.imports.api import router as imports_router
from backend.jobs.api import router as jobs_router
from backend.ops.api import router as ops_router
from backend.ops.front_end import router as front_end_router
from backend.organisations.api import router as regions_router
from backend.scheduling.api import router as scheduling_router
from backend.scheduling.ports import make_solver
from backend.settings import Settings
from backend.sync.api import router as sync_router
from backend.sync.hub import FeedHub
from backend.technicians.api import router as technicians_router
from backend.tracking.api import router as tracking_router
from backend.web.dependencies import provide_actor
from backend.web.middleware import RequestMiddleware
from backend.web.problems import EXCEPTION_HANDLERS, problem_docs

VERSION = "0.1.0"
MAX_BODY_BYTES = 12_000_000
API_ROUTERS = (
    auth_router,
    sync_router,
    evidence_router,
    jobs_router,
    board_router,
    regions_router,
    technicians_router,
    places_router,
    scheduling_router,
    imports_router,
    tracking_router,
    ops_router,
)


def create_app(settings: Settings | None = None) -> Litestar:
    """The whole server for the given settings (read from the environment when none are given)."""
    settings = settings or Settings()
    db = Database(settings.resolved_database_url, pool_size=settings.database_pool)
    hub = FeedHub(db)
    solver = make_solver(settings, db)
    secret = load_secret(settings)

    @asynccontextmanager
    async def life(_app: Litestar) -> AsyncIterator[None]:
        await hub.start()
        await solver.start()
        try:
            yield
        finally:
            await hub.stop()
            await solver.close()
            await db.close()

    _declare_problems(API_ROUTERS)
    app = Litestar(
        [*API_ROUTERS, front_end_router],
        dependencies={
            "db": Provide(lambda: db, sync_to_thread=False),
            "hub": Provide(lambda: hub, sync_to_thread=False),
            "solver": Provide(lambda: solver, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "secret": Provide(lambda: secret, sync_to_thread=False),
            "actor": Provide(provide_actor),
            "request_path": Provide(_request_path, sync_to_thread=False),
        },
        lifespan=[life],
        middleware=[RequestMiddleware()],
        exception_handlers=EXCEPTION_HANDLERS,
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=700, exclude=["/api/feed", "/live$"]
        ),
        openapi_config=OpenAPIConfig(
            title="Shangmen",
            version=VERSION,
            path="/api",
            render_plugins=[JsonRenderPlugin()],
            description="Field service: jobs, plans, phones and customers.",
        ),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )
    app.state.db, app.state.hub, app.state.settings = db, hub, settings
    return app


def _request_path(request: Request[Any, Any, Any]) -> str:
    return request.url.path


def _declare_problems(routers: Sequence[Router]) -> None:
    """Every documented operation may answer with a problem document; say so once, here."""
    docs = problem_docs()
    for router in routers:
        for route in router.routes:
            for handler in _handlers(route):
                handler.responses = {**docs, **(handler.responses or {})}


def _handlers(route: Any) -> list[Any]:  # noqa: ANN401 - Litestar's route types share no public base
    found = getattr(route, "route_handlers", None) or [getattr(route, "route_handler", None)]
    return [handler for handler in found if isinstance(handler, BaseRouteHandler)]


def app_factory() -> Litestar:
    """What uvicorn calls in each worker process."""
    return create_app()
