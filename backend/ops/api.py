"""What operators and load balancers ask."""

import sqlalchemy as sa
from litestar import MediaType, Response, Router, get
from litestar.di import NamedDependency
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backend.db.migrate import head_revision
from backend.db.session import Database
from backend.web.schemas import Reply


class Health(Reply):
    status: str


class Readiness(Reply):
    """`ready` is false, with the reason, while the server should get no traffic."""

    ready: bool
    reason: str = ""


def _revision(session: Session) -> str | None:
    return session.execute(sa.text("select version_num from alembic_version")).scalar_one_or_none()


@get("/health", operation_id="health", sync_to_thread=False)
def health() -> Health:
    """The process is alive."""
    return Health("ok")


@get("/ready", operation_id="ready")
async def ready(db: NamedDependency[Database]) -> Response[Readiness]:
    """The database answers and has this version's schema."""
    try:
        revision = await db.read(_revision)
    except (SQLAlchemyError, OSError):
        return Response(Readiness(False, "the database does not answer"), status_code=503)
    if revision != head_revision():
        return Response(Readiness(False, "the database needs `shangmen migrate`"), status_code=503)
    return Response(Readiness(True))


@get("/metrics", include_in_schema=False, sync_to_thread=False)
def metrics() -> Response[bytes]:
    """Prometheus figures of this process."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST or MediaType.TEXT)


router = Router("/", route_handlers=[health, ready, metrics], tags=["operations"])
