"""A technician's phone on the played day: pull, accept, drive, work, sign, and now and then no signal."""

import datetime as dt
import hashlib
import io
from typing import Any

from PIL import Image

from backend.geocoding.datum import Point, distance_m
from backend.simulate.acceptance import sha256_of, snapshot, strokes, utc_text
from backend.simulate.clock import Clock
from backend.simulate.connection import Connection, NoAnswerError, RefusedError
from backend.simulate.outbox import Outbox, Picture
from backend.simulate.story import Habits, Mishap, Story, Value
from backend.simulate.tally import Tally

OPEN = ("assigned", "accepted")
PING_EVERY = dt.timedelta(minutes=2)
PINGS_A_BATCH = 5
LOOK_AGAIN = dt.timedelta(minutes=15)
PATIENCE_AT_THE_DOOR = dt.timedelta(minutes=15)
AFTER_WORK = dt.timedelta(minutes=45)
DETOUR = 1.3
CITY_SPEED_M_S = 7.0

Sheet = dict[str, Any]


def instant(text: str) -> dt.datetime:
    """An instant as the API writes it."""
    return dt.datetime.fromisoformat(text)


class Phone:
    """One technician with a phone; `day` plays the whole shift."""

    def __init__(
        self,
        technician: dict[str, Any],
        connection: Connection,
        clock: Clock,
        tally: Tally,
        story: Story,
        habits: Habits,
    ) -> None:
        self.technician, self.clock, self.tally, self.story, self.habits = (
            technician,
            clock,
            tally,
            story,
            habits,
        )
        self.connection = connection
        self.outbox = Outbox(connection, clock, tally, habits)
        self.sheets: dict[str, Sheet] = {}
        self.skipped: set[str] = set()
        self._cursor = ""
        self._van: dict[str, dict[str, Any]] = {}
        self._at: dict[str, float] = dict(technician["home"])

    @property
    def name(self) -> str:
        return str(self.technician["name"])

    async def day(self, day: dt.date) -> None:
        """From accepting in the morning until nothing is left or the shift is over."""
        shift = self.technician["shift"]
        if shift is None:
            return
        await self._later(instant(shift["start"]) - self._minutes(10, 30))
        await self._pull()
        await self._answer_offers(day)
        while self.clock.now() < instant(shift["end"]) + AFTER_WORK:
            sheet = self._next(day)
            if sheet is None:
                if self.clock.now() >= instant(shift["end"]):
                    break
                await self._later(self.clock.now() + LOOK_AGAIN)
                await self._pull()
            else:
                await self._visit(sheet)

    async def _answer_offers(self, day: dt.date) -> None:
        for sheet in self._todays(day):
            if sheet["status"] != "assigned":
                continue
            await self._later(self.clock.now() + self._minutes(0.2, 1.5))
            if self._mishap(sheet) in self.story.declined:
                reason = self.habits.decline_reason()
                await self._do("decline", sheet, {"reason": reason, "text": "今天做不了"})
                self.skipped.add(sheet["id"])
                self._tell("declined", f"{sheet['number']} ({reason})")
            else:
                await self._do("accept", sheet, {})
                self._tell("accepted", sheet["number"])

    def _todays(self, day: dt.date) -> list[Sheet]:
        mine = [
            each
            for each in self.sheets.values()
            if each["day"] == day.isoformat() and each["planned"] and each["id"] not in self.skipped
        ]
        return sorted(mine, key=lambda each: each["planned"]["start"])

    def _next(self, day: dt.date) -> Sheet | None:
        return next((each for each in self._todays(day) if each["status"] in OPEN), None)

    async def _visit(self, sheet: Sheet) -> None:
        planned, job_id = sheet["planned"], sheet["id"]
        depart_at = instant(planned["arrive"]) - dt.timedelta(seconds=self._travel_s(sheet))
        await self._later(depart_at + self._minutes(-4, 10))
        await self._pull()
        current = self.sheets.get(job_id)
        if current is None or current["status"] not in OPEN or current["planned"] != planned:
            return
        self.skipped.add(job_id)
        if self._mishap(sheet) in self.story.no_shows:
            self._tell("did not show up", sheet["number"])
            await self._later(instant(planned["end"]))
            return
        if current["status"] == "assigned" and not await self._do("accept", sheet, {}):
            return
        if await self._do("depart", sheet, {"position": self._position()}):
            await self._drive(sheet)
            await self._at_the_door(sheet)
        await self._regain_signal(sheet)

    async def _drive(self, sheet: Sheet) -> None:
        """Move towards the place, reporting positions in batches as a phone does."""
        seconds = self._travel_s(sheet) * self.habits.stretch()
        arrive_at = self.clock.now() + dt.timedelta(seconds=seconds)
        start, goal = dict(self._at), sheet["place"]
        began, pings = self.clock.now(), []
        while (left := arrive_at - self.clock.now()) > dt.timedelta(0):
            await self._later(self.clock.now() + min(PING_EVERY, left))
            if goal["lat"] is not None:
                share = min(1.0, (self.clock.now() - began).total_seconds() / max(1.0, seconds))
                self._at = {axis: start[axis] + (goal[axis] - start[axis]) * share for axis in ("lat", "lng")}
            pings.append({"at": utc_text(self.clock.now()), **self._position()})
            if len(pings) == PINGS_A_BATCH or self.clock.now() >= arrive_at:
                await self._report(pings)
                pings = []

    def _travel_s(self, sheet: Sheet) -> float:
        """As planned; a visit given out by hand has no planned way, so it is estimated."""
        goal = sheet["place"]
        if sheet["planned"]["travel_s"] or goal["lat"] is None:
            return float(sheet["planned"]["travel_s"])
        way_m = distance_m(Point(self._at["lat"], self._at["lng"]), Point(goal["lat"], goal["lng"]))
        return way_m * DETOUR / CITY_SPEED_M_S

    async def _report(self, pings: list[dict[str, Any]]) -> None:
        try:
            kept = await self.connection.post("positions", "/api/sync/positions", {"positions": pings})
        except (RefusedError, NoAnswerError):
            self.tally.positions["lost"] += len(pings)
            return
        self.tally.positions.update({"stored": kept["stored"], "ignored": kept["ignored"]})

    async def _at_the_door(self, sheet: Sheet) -> None:
        if self._mishap(sheet) in self.story.offline:
            self.outbox.is_offline = True
            self._tell("lost signal", sheet["number"])
        await self._do("arrive", sheet, {"position": self._position()})
        self._tell("arrived", sheet["number"])
        if self._mishap(sheet) in self.story.absent:
            await self._later(self.clock.now() + PATIENCE_AT_THE_DOOR)
            await self._do("report_absent", sheet, {"text": "按门铃、打电话都没人"})
            self._tell("found nobody at home", sheet["number"])
            return
        if sheet["window"]:
            await self._later(instant(sheet["window"]["start"]))
        await self._work(sheet)

    async def _work(self, sheet: Sheet) -> None:
        """Diagnose, answer every step, use parts, take photos, complete, have it signed."""
        planned = sheet["planned"]
        steps = sheet["checklist"]
        length = (instant(planned["end"]) - instant(planned["start"])) * self.habits.stretch()
        if sheet["type"] == "repair":
            await self._do("diagnose", sheet, {"fault_code": self.habits.fault(), "text": "已检测"})
        answers: dict[str, Any] = {}
        for step in steps:
            await self._later(self.clock.now() + length / (len(steps) + 1))
            answers[step["key"]] = await self._answer(sheet, step)
        parts = await self._use_parts(sheet)
        if not await self._do("complete", sheet, {}):
            return
        await self._later(self.clock.now() + self._minutes(1, 5))
        shown = snapshot(sheet, answers, parts, self.name, self.clock.now())
        signature = {
            "snapshot": shown,
            "sha256": sha256_of(shown),
            "signer": sheet["customer"]["name"],
            "strokes": strokes(self.habits.chance),
            "signed_at": utc_text(self.clock.now()),
        }
        if await self._do("sign", sheet, signature):
            self._tell("signed", sheet["number"])

    async def _answer(self, sheet: Sheet, step: dict[str, Any]) -> Value:
        if step["kind"] != "photo":
            value = self.habits.answer(step)
            await self._do("answer", sheet, {"step": step["key"], "value": value})
            return value
        picture = _photo(self.habits)
        self.outbox.put(picture)
        taken = {"sha256": picture.sha256, "step": step["key"], "taken_at": utc_text(self.clock.now())}
        kind = "before" if step["key"].endswith("before") else "after"
        await self._do("photo", sheet, {**taken, "kind": kind, "width": 320, "height": 240})
        return picture.sha256

    async def _use_parts(self, sheet: Sheet) -> list[dict[str, Any]]:
        used = []
        for part in sheet["parts_expected"]:
            held = self._van.get(part["sku"])
            if held is None or held["qty"] < part["qty"]:
                continue
            use = {"use_id": self.habits.uuid(), "sku": part["sku"], "qty": part["qty"]}
            if await self._do("use_part", sheet, use):
                held["qty"] -= part["qty"]
                used.append({**held, "qty": part["qty"]})
        return used

    async def _regain_signal(self, sheet: Sheet) -> None:
        if not self.outbox.is_offline:
            return
        await self._later(self.clock.now() + self._minutes(3, 12))
        self.outbox.is_offline = False
        late = sum(isinstance(item, dict) for item in self.outbox.waiting)
        replies = await self.outbox.flush()
        self.tally.delivered_late += len(replies)
        self._tell("has signal again", f"{sheet['number']}, {late} commands delivered")
        await self._pull()

    async def _do(self, kind: str, sheet: Sheet, payload: dict[str, Any]) -> bool:
        """Take one action, now or when there is signal; whether it holds as far as the phone knows."""
        self.outbox.put(
            {
                "id": self.habits.uuid(),
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

    async def _pull(self) -> None:
        query = {"cursor": self._cursor} if self._cursor else {}
        try:
            told = await self.connection.get("pull", "/api/sync/pull", **query)
        except NoAnswerError:
            return  # no signal: work goes on from what the phone holds
        self._cursor = told["cursor"]
        known = {} if told["reset"] else self.sheets
        known = known | {sheet["id"]: sheet for sheet in told["jobs"]}
        self.sheets = {job_id: known[job_id] for job_id in told["ids"] if job_id in known}
        self._van = {part["sku"]: dict(part) for part in told["van"]}

    async def _later(self, moment: dt.datetime) -> None:
        if moment > self.clock.now():
            await self.clock.sleep_until(moment)

    def _minutes(self, least: float, most: float) -> dt.timedelta:
        return dt.timedelta(minutes=self.habits.minutes(least, most))

    def _mishap(self, sheet: Sheet) -> Mishap:
        return str(self.technician["id"]), sheet["id"]

    def _position(self) -> dict[str, float]:
        return {"lat": round(self._at["lat"], 6), "lng": round(self._at["lng"], 6), "accuracy_m": 12.0}

    def _tell(self, what: str, about: str) -> None:
        self.tally.tell(self.clock.now(), what, self.name, about)


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
