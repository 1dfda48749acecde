"""A real Chromium, a real server, and the people who use them: a phone in a hand, a screen on a desk."""

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from tests import servers
from tests.e2e.chromium import Chromium, find_chromium, locked_chromium
from tests.e2e.cut_proxy import CutProxy
from tests.forked import ForkedCommand
from tests.servers import READY_WITHIN_S, LiveServer, run_shangmen

ContextFactory = Callable[..., BrowserContext]

DUE_MESSAGES = (
    "SELECT count(*) FROM message WHERE state IN ('queued', 'sending') AND not_before <= datetime('now')"
)
LOOK_AGAIN_S = 0.05

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 800},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
# Two processors are shared with servers, solvers and another browser: what is seen counts here, not how
# soon (`tests/e2e/measure_*` tell that). Below the minute after which a page asks again by itself.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    return locked_chromium()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@contextmanager
def _launched(playwright: Playwright, chromium: Chromium) -> Iterator[Browser]:
    program = playwright.chromium.launch(
        executable_path=chromium.path, args=chromium.flags, env={**os.environ, **chromium.env}
    )
    yield program
    program.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: Chromium) -> Iterator[Browser]:
    """One Chromium for the whole run; each test opens contexts of its own in it."""
    with _launched(playwright, chromium) as program:
        yield program


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """One with windows, and so with notices, which the npm package's never shows."""
    chromium = find_chromium()
    if chromium.is_packaged:
        pytest.skip("no Chromium that shows notices on this machine")
    with _launched(playwright, chromium) as program:
        yield program


def _contexts(browser: Browser, defaults: dict[str, Any]) -> Iterator[ContextFactory]:
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(**{**defaults, **options})
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def phone_context(browser: Browser) -> Iterator[ContextFactory]:
    """Opens a technician's phone: `phone_context(locale="en-GB", permissions=["geolocation"])`."""
    # Without a graphics card every pixel costs processor time, and no test looks at them twice as closely.
    yield from _contexts(browser, {**PHONE, "device_scale_factor": 1})


@pytest.fixture
def told_phone_context(whole_browser: Browser) -> Iterator[ContextFactory]:
    """Opens a phone with a lock screen: `told_phone_context(permissions=["notifications"])`."""
    yield from _contexts(whole_browser, {**PHONE, "device_scale_factor": 1})


@pytest.fixture
def desktop_context(browser: Browser) -> Iterator[ContextFactory]:
    """Opens a dispatcher's screen."""
    yield from _contexts(browser, DESKTOP)


@pytest.fixture(scope="session")
def demo_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo day, made once in a run of several processes and copied for each server."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    made = shared / "demo"
    with (shared / "demo.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make_demo_day(tmp_path_factory.mktemp("demo")).rename(made)
    return made


def make_demo_day(folder: Path) -> Path:
    """The demo day, as it is once everybody has been told of it."""
    done = run_shangmen(folder, "demo", "--unplanned")
    assert done.returncode == 0, done.stderr
    send_first_messages(folder)
    return folder


def send_first_messages(folder: Path) -> None:
    """A server runs until the demo's customers are told what there is to tell: once, not by each copy."""
    server = LiveServer(folder).start()
    deadline = time.monotonic() + READY_WITHIN_S
    with closing(sqlite3.connect(folder / "shangmen.db")) as database:
        while database.execute(DUE_MESSAGES).fetchone() != (0,):
            assert time.monotonic() < deadline, server.tail()
            time.sleep(LOOK_AGAIN_S)
    server.stop()


@pytest.fixture
def live_server(demo_data_dir: Path, tmp_path: Path) -> Iterator[LiveServer]:
    """The server with the demo day on SQLite, for this test alone."""
    assert servers.starter is ForkedCommand  # from nothing each would take seconds more
    server = LiveServer(shutil.copytree(demo_data_dir, tmp_path / "data"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def cut_proxy(live_server: LiveServer) -> Iterator[CutProxy]:
    """A way to the live server that can be cut."""
    with CutProxy(live_server.port) as proxy:
        yield proxy
