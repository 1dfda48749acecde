"""A big region in a browser, and what every measurement of it does."""

import gzip
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from sqlmodel import Session, create_engine

from backend.auth.actor import system_actor
from backend.board.service import columns
from tests.e2e.conftest import DESKTOP
from tests.e2e.measure_board_figures import Figures
from tests.factories.big_region import BigRegion
from tests.servers import LiveServer

CPU_SLOWDOWN = 4
COLUMNS = "/api/board/columns"
# As many rows as the board keeps.
MOST_ROWS = 320
WAIT_MS = 90_000
BEGINNING = (Path(__file__).parent / "measure_board.js").read_text(encoding="utf-8")


@dataclass
class Bench:
    """One generated region, its server, and a browser to look at it with."""

    browser: Browser
    server: LiveServer
    region: BigRegion
    client: httpx.Client
    figures: Figures
    technicians: int
    bars_each: int
    places: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def where(self) -> dict[str, str]:
        return {"region_id": str(self.region.id), "day": self.region.day.isoformat()}

    @property
    def url(self) -> str:
        where = f"region={self.region.id}&day={self.region.day}"
        return f"{self.server.url}/console/#/day?{where}"

    def context(self) -> BrowserContext:
        """A browser of its own in which the dispatcher is signed in."""
        context = self.browser.new_context(**DESKTOP)
        context.set_default_timeout(WAIT_MS)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": self.server.url}
                for name, value in self.client.cookies.items()
            ]
        )
        context.add_init_script(BEGINNING)
        return context

    def open(self, page: Page) -> None:
        page.goto(self.url)
        page.evaluate("() => window.boardDrawn")
        page.evaluate("() => window.mapDrawn")

    def request(self) -> None:
        """The day's request: how long the server takes, how much it sends, how many statements it needs."""
        took, reply = [], None
        for _ in range(5):
            began = time.perf_counter()
            reply = self.client.get(COLUMNS, params=self.where).raise_for_status()
            took.append((time.perf_counter() - began) * 1000)
        assert reply is not None
        visits = reply.json()["visits"]
        self.places = dict(zip(visits["job_id"], zip(visits["lat"], visits["lng"], strict=True), strict=True))
        self.figures.say("the day's request", statistics.median(took), "ms")
        self.figures.say("the day's request, JSON", len(reply.content) / 1000, "kB")
        self.figures.say("the day's request, sent", self._sent_bytes() / 1000, "kB")
        self.figures.say("the day's request, gzip", len(gzip.compress(reply.content, 6)) / 1000, "kB")
        self.figures.say("the day's request, SQL statements", self._statements(), "", 16)

    def _sent_bytes(self) -> int:
        with self.client.stream("GET", COLUMNS, params=self.where) as reply:
            return sum(len(chunk) for chunk in reply.iter_raw())

    def _statements(self) -> int:
        engine = create_engine(f"sqlite:///{self.server.data_dir / 'shangmen.db'}")
        said: list[str] = []
        sa.event.listen(engine, "before_cursor_execute", lambda *call: said.append(call[2]))
        with Session(engine) as session:
            columns(session, system_actor(self.region.org_id, "measure"), self.region.id, self.region.day)
        engine.dispose()
        return len(said)

    def all_rows(self, page: Page) -> None:
        """Waits until the rows beyond the view are there and nothing more is drawn."""
        rows = min(self.technicians, MOST_ROWS)
        page.locator("[role=grid] [role=row]").nth(rows - 1).wait_for(state="attached")
        page.evaluate("() => new Promise(done => setTimeout(done, 500))")

    def drag(self, page: Page) -> None:
        """A bar over the whole board, a place further with each frame; it is not let go."""
        page.evaluate("() => document.querySelector('[role=grid]').scrollTo(0, 0)")
        bars = page.locator("[role=gridcell].assigned")
        box = bars.first.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 8, box["y"] + 8)
        page.mouse.down()
        for step in range(120):
            page.mouse.move(box["x"] + 8 + step * 3, box["y"] + 8 + (step % 40) * 7)

    def choose(self, page: Page, bar: Locator) -> float | None:
        bar.click(position={"x": 6, "y": 10})
        shown: float | None = page.evaluate("() => selectionShown()")
        return shown
