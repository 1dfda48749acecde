"""A big region on a server of its own, and another dispatcher who changes it."""

import contextlib
import datetime as dt
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import Session, create_engine

from tests.factories.big_region import BigRegion, RegionMaker
from tests.servers import LiveServer, run_shangmen

UPDATES_PER_S = 20
UPDATES_FOR_S = 15


@contextlib.contextmanager
def big_server(technicians: int, visits: int) -> Iterator[tuple[LiveServer, BigRegion]]:
    """A server with such a region beside the demo's."""
    with tempfile.TemporaryDirectory(prefix="shangmen-board-") as folder:
        data = Path(folder)
        done = run_shangmen(data, "demo", "--unplanned")
        if done.returncode:
            raise SystemExit(done.stderr)
        engine = create_engine(f"sqlite:///{data / 'shangmen.db'}")
        with Session(engine, expire_on_commit=False) as session, session.begin():
            region = RegionMaker(session, dt.datetime.now(dt.UTC).date()).make(technicians, visits)
        engine.dispose()
        server = LiveServer(data)
        server.start()
        try:
            yield server, region
        finally:
            server.stop()


class Writer:
    """Another dispatcher who locks visits, many a second: each is a change everybody's board has to show."""

    def __init__(self, client: httpx.Client, rows: list[dict[str, Any]]) -> None:
        self.client = client
        half = UPDATES_PER_S * UPDATES_FOR_S // 2
        near, far = rows[:half], rows[half:]
        self.rows = [row for pair in zip(near, far[:half], strict=True) for row in pair]
        self.told: dict[str, float] = {}
        self.rate = 0.0

    def run(self) -> None:
        began = time.monotonic()
        workers = [threading.Thread(target=self._lock, args=(part, began)) for part in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.rate = len(self.told) / (time.monotonic() - began)

    def _lock(self, part: int, began: float) -> None:
        for number in range(part, len(self.rows), 4):
            time.sleep(max(0.0, began + number / UPDATES_PER_S - time.monotonic()))
            row = self.rows[number]
            wish = {"technician": True, "time": False, "version": row["version"]}
            self.client.post(f"/api/jobs/{row['job_id']}/lock", json=wish).raise_for_status()
            self.told[row["job_id"]] = time.time() * 1000
