"""A technician's phone: what it holds, what it sends, and what it keeps while there is no signal."""

import hashlib
import io
import uuid
from typing import Any

from PIL import Image

from backend.simulate.acceptance import utc_text
from backend.simulate.clock import Clock
from backend.simulate.connection import Connection, NoAnswerError, RefusedError
from backend.simulate.outbox import Outbox, Picture
from backend.simulate.story import Habits
from backend.simulate.tally import Tally

Sheet = dict[str, Any]


class Phone:
    """Job sheets and van stock as last pulled, and an outbox."""

    def __init__(self, connection: Connection, clock: Clock, tally: Tally, habits: Habits) -> None:
        self.connection, self.clock, self.tally, self.habits = connection, clock, tally, habits
        self.outbox = Outbox(connection, clock, tally, habits)
        self.sheets: dict[str, Sheet] = {}
        self.van: dict[str, dict[str, Any]] = {}
        self._cursor = ""

    async def do(self, kind: str, sheet: Sheet, payload: dict[str, Any]) -> bool:
        """Take one action, now or when there is signal; whether it holds as far as the phone knows."""
        self.outbox.put(
            {
                "id": str(uuid.uuid4()),
                "kind": kind,
                "job_id": sheet["id"],
                "device_at": utc_text(self.clock.now()),
                "base_version": self.sheets.get(sheet["id"], sheet)["version"],
                "payload": payload,
            }
        )
        replies = await self.outbox.flush()
        for reply in replies:
            if reply.get("job"):
                self.sheets[reply["job"]["id"]] = reply["job"]
        return not replies or replies[-1]["status"] in ("accepted", "duplicate")

    async def pull(self) -> None:
        query = {"cursor": self._cursor} if self._cursor else {}
        try:
            told = await self.connection.get("pull", "/api/sync/pull", **query)
        except NoAnswerError:
            return  # no signal: work goes on from what the phone holds
        self._cursor = told["cursor"]
        known = {} if told["reset"] else self.sheets
        known = known | {sheet["id"]: sheet for sheet in told["jobs"]}
        self.sheets = {job_id: known[job_id] for job_id in told["ids"] if job_id in known}
        self.van = {part["sku"]: dict(part) for part in told["van"]}

    async def report(self, pings: list[dict[str, Any]]) -> None:
        try:
            kept = await self.connection.post("positions", "/api/sync/positions", {"positions": pings})
        except (RefusedError, NoAnswerError):
            self.tally.positions["lost"] += len(pings)
            return
        self.tally.positions.update({"stored": kept["stored"], "ignored": kept["ignored"]})

    async def regain_signal(self) -> int:
        """Deliver what waits; how many commands that were."""
        self.outbox.is_offline = False
        late = len(await self.outbox.flush())
        self.tally.delivered_late += late
        return late

    def take_photo(self) -> str:
        """A photo like no other, queued for upload; its SHA-256."""
        picture = _photo(self.habits)
        self.outbox.put(picture)
        return picture.sha256


def _photo(habits: Habits) -> Picture:
    """A small photo like no other."""
    color = tuple(habits.chance.randrange(256) for _ in range(3))
    image = Image.new("RGB", (320, 240), color)
    for _ in range(40):
        spot = (habits.chance.randrange(320), habits.chance.randrange(240))
        image.putpixel(spot, tuple(habits.chance.randrange(256) for _ in range(3)))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return Picture(hashlib.sha256(out.getvalue()).hexdigest(), out.getvalue())
