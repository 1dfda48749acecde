"""The application: every router listed here, nothing discovered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from typing import Any, Self

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException

from backend.auth.api import router as auth_router
from backend.auth.secret import load_secret
from backend.auth.tokens_api import router as tokens_router
from backend.background.ports import BackgroundPort, make_background
from backend.board.api import router as board_router
from backend.booking.api import router as booking_router
from backend.booking.bookings import Bookings
from backend.booking.desk import DeskProcess
from backend.booking.page import router as booking_pages_router
from backend.customers.api import router as places_router
from backend.db.session import Database
from backend.documents.page import router as documents_router
from backend.documents.sign_page import router as signing_router
from backend.evidence.api import router as evidence_router
from backend.evidence.upload_timer import UploadTimer
from backend.evidence.uploads import HalfUploads
from backend.evidence.uploads_api import router as uploads_router
from backend.extras.api import router as extras_router
from backend.imports.api import router as imports_router
from backend.jobs.api import router as jobs_router
from backend.live.api import router as live_router
from backend.live.desk import RemedyDesk
from backend.live.replanning import Replanner
from backend.live.rules_api import router as live_rules_router
from backend.messages.alerts_page import router as alert_pages_router
from backend.messages.api import router as messages_router
from backend.messages.channels_api import router as channels_router
from backend.messages.hooks import router as hooks_router
from backend.messages.page import router as message_pages_router
from backend.messages.sender import Sender, make_sender
from backend.messages.wechat_page import router as wechat_pages_router
from backend.offers.api import router as offers_router
from backend.ops.api import router as ops_router
from backend.ops.front_end import router as front_end_router
from backend.organisations.api import router as regions_router
from backend.presence.api import router as presence_router
from backend.privacy.api import router as privacy_router
from backend.push.api import router as push_router
from backend.push.sender import PushSender, make_push_sender
from backend.ratings.api import router as ratings_router
from backend.ratings.page import router as rating_pages_router
from backend.report.api import router as reports_router
from backend.report.letter_hooks_api import router as letter_hooks_router
from backend.report.letters_api import router as letters_router
from backend.report.map_page import router as report_map_router
from backend.report.page import router as report_pages_router
from backend.report.postbox import Postbox
from backend.report.start_page import router as report_start_router
from backend.report.video_parts import router as report_video_router
from backend.scheduling.api import router as scheduling_router
from backend.scheduling.ports import SolverPort, make_solver
from backend.search.api import router as search_router
from backend.settings import Settings
from backend.sync.api import router as sync_router
from backend.sync.hub import FeedHub
from backend.technicians.api import router as technicians_router
from backend.tracking.api import router as tracking_router
from backend.tracking.lost_page import on_lost
from backend.vendors.api import router as statements_router
from backend.views.api import router as views_router
from backend.web.dependencies import provide_actor
from backend.web.middleware import RequestMiddleware
from backend.web.openapi import DescribedStructs, describe, openapi_config
from backend.web.problems import EXCEPTION_HANDLERS
from backend.weeks.api import router as weeks_router

VERSION = "0.1.0"
MAX_BODY_BYTES = 12_000_000
API_ROUTERS = (
    auth_router,
    tokens_router,
    sync_router,
    evidence_router,
    uploads_router,
    extras_router,
    jobs_router,
    offers_router,
    live_router,
    live_rules_router,
    board_router,
    presence_router,
    search_router,
    views_router,
    weeks_router,
    regions_router,
    technicians_router,
    statements_router,
    places_router,
    scheduling_router,
    imports_router,
    tracking_router,
    booking_pages_router,
    booking_router,
    messages_router,
    channels_router,
    hooks_router,
    message_pages_router,
    wechat_pages_router,
    alert_pages_router,
    push_router,
    rating_pages_router,
    ratings_router,
    documents_router,
    signing_router,
    reports_router,
    letters_router,
    letter_hooks_router,
    privacy_router,
    report_pages_router,
    report_map_router,
    report_video_router,
    report_start_router,
    ops_router,
)


@dataclass(frozen=True)
class Services:
    """What the handlers work with; `settings` decides all of it."""

    settings: Settings
    db: Database
    hub: FeedHub
    solver: SolverPort
    bookings: Bookings
    remedies: RemedyDesk
    replanner: Replanner
    sender: Sender
    postbox: Postbox
    push: PushSender
    uploads: UploadTimer
    background: BackgroundPort
    secret: bytes

    @classmethod
    def of(cls, settings: Settings) -> Self:
        db = Database(settings.resolved_database_url, pool_size=settings.database_pool)
        secret = load_secret(settings)
        remedies, sender = RemedyDesk(settings.osrm_url), make_sender(settings, db, secret)
        return cls(
            settings,
            db,
            FeedHub(db),
            make_solver(settings, db),
            Bookings(db, DeskProcess(settings.osrm_url)),
            remedies,
            Replanner(db, remedies),
            sender,
            Postbox(settings, db, secret, sender),
            make_push_sender(settings, db),
            UploadTimer(HalfUploads(settings.upload_dir)),
            make_background(settings, db),
            secret,
        )

    async def start(self) -> None:
        await self.hub.start()
        await self.solver.start()
        await self.bookings.start(is_warm=self.settings.solver_warm_up)
        if self.settings.solver_warm_up:
            await self.remedies.start()
        await self.sender.start()
        await self.postbox.start()
        await self.push.start()
        await self.uploads.start()
        await self.background.start()
        await self.replanner.start()

    async def stop(self) -> None:
        await self.replanner.close()
        await asyncio.gather(
            self.hub.stop(),
            self.bookings.close(),
            self.remedies.close(),
            self.sender.close(),
            self.postbox.close(),
            self.push.close(),
            self.uploads.close(),
            self.background.close(),
            self.solver.close(),
        )
        await self.db.close()


def equip(app: Litestar, services: Services) -> None:
    """Give an application that is not running the services of its next run."""
    app.state.services = services


@asynccontextmanager
async def _life(app: Litestar) -> AsyncIterator[None]:
    services: Services = app.state.services
    await services.start()
    try:
        yield
    finally:
        await services.stop()


def _service(name: str) -> Provide:
    def provide(state: State) -> Any:  # noqa: ANN401 - each handler names the type it asks for
        return getattr(state.services, name)

    return Provide(provide, sync_to_thread=False)


def create_app(settings: Settings | None = None) -> Litestar:
    """The whole server for the given settings (read from the environment when none are given)."""
    app = build_app()
    equip(app, Services.of(settings or Settings()))
    return app


def build_app() -> Litestar:
    """What is the same under all settings: every handler in its place, still without services."""
    describe(API_ROUTERS)
    return Litestar(
        [*API_ROUTERS, front_end_router],
        dependencies={
            **{field.name: _service(field.name) for field in fields(Services)},
            "actor": Provide(provide_actor),
        },
        lifespan=[_life],
        middleware=[RequestMiddleware()],
        exception_handlers={**EXCEPTION_HANDLERS, HTTPException: on_lost},
        compression_config=CompressionConfig(
            backend="gzip",
            gzip_compress_level=4,
            minimum_size=700,
            exclude=["/api/feed", "/live$", "/api/blobs"],
        ),
        openapi_config=openapi_config(VERSION),
        plugins=[DescribedStructs()],
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )
