"""What a process does once so that those forked from it need not: a first start, a sign-in, a look.

The first time takes a server many times what the second does: modules are imported, tables mapped,
statements compiled, templates read. What was done here stays in memory and is shared with the children.
"""

import functools
import gc
import tempfile
import threading
from importlib import import_module
from pathlib import Path

from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from sqlalchemy.orm import configure_mappers

from tests.dialects import share_compiled_statements
from tests.light_passwords import make_passwords_light

IMPORTED_LATE = (
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvloop",
    "anyio._backends._asyncio",
    "backend.demo.service",
    "backend.demo.welcome",
    "backend.ops.logs",
    "backend.ops.server",
)
LEAVE_WITHIN_S = 30
LOOKERS = ("dispatcher", "tech01", "xunda")
# Streams have no end, remedies are a process of their own, and nobody reads the API's description.
NOT_LOOKED_AT = ("/feed", "/live", "/api/remedies", "/openapi.json", "/api")


def rehearse() -> None:
    """Make a server that nobody will use, with a day in it, and look at all it shows."""
    share_compiled_statements()
    make_passwords_light()
    for name in IMPORTED_LATE:
        import_module(name)
    from backend import app
    from backend.cli import build_parser
    from backend.ops.logs import configure_logs
    from backend.settings import Settings

    build_parser()
    configure_mappers()
    configure_logs(Settings(log_level="WARNING"))  # what is said aloud here would be taken for an answer
    app.build_app = functools.cache(app.build_app)  # each child equips the one that is made here
    with tempfile.TemporaryDirectory() as folder:
        _look_around(Path(folder))
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    for thread in others:
        thread.join(LEAVE_WITHIN_S)  # an event loop's workers were told to end, and may not have yet
    if any(thread.is_alive() for thread in others):
        raise RuntimeError(f"a fork would lose {others}")
    gc.collect()
    gc.freeze()  # what is shared with the children stays shared


def _look_around(folder: Path) -> None:
    import asyncio

    from backend.app import create_app
    from backend.db.migrate import upgrade
    from backend.demo.cli import load
    from backend.demo.people import PASSWORD
    from backend.demo.service import today
    from backend.settings import Settings

    settings = Settings(data_dir=folder, solver_warm_up=False)
    upgrade(settings.resolved_database_url)
    asyncio.run(load(settings, today(), is_planned=False))
    application = create_app(settings)
    with TestClient(application) as client:
        for login in LOOKERS:
            client.post("/api/session", json={"login": login, "password": PASSWORD}).raise_for_status()
            regions = client.get("/api/regions")
            place = {"region_id": regions.json()[0]["id"]} if regions.is_success else {}
            for path in _lists(application):
                client.get(path, params={**place, "day": today().isoformat(), "q": "1001"})


def _lists(application: Litestar) -> list[str]:
    """Whatever is shown at an address without an id."""
    routes = [route for route in application.routes if isinstance(route, HTTPRoute)]
    shown = [route for route in routes if "GET" in route.methods and not route.path_parameters]
    return [route.path for route in shown if not route.path.endswith(NOT_LOOKED_AT)]
