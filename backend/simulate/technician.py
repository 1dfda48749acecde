"""A technician on the played day: accept, drive, work, have it signed, and now and then no signal."""

import datetime as dt
import uuid
from typing import Any

from backend.geocoding.datum import Point, distance_m
from backend.simulate.acceptance import sha256_of, snapshot, strokes, utc_text
from backend.simulate.phone import Phone, Sheet
from backend.simulate.story import Mishap, Story, Value

OPEN = ("assigned", "accepted")
UNDER_WAY = ("en_route", "on_site", "diagnosed", "done")
PING_EVERY = dt.timedelta(minutes=2)
PINGS_A_BATCH = 5
LOOK_AGAIN = dt.timedelta(minutes=15)
PATIENCE_AT_THE_DOOR = dt.timedelta(minutes=15)
AFTER_WORK = dt.timedelta(minutes=45)
DETOUR = 1.3
CITY_SPEED_M_S = 7.0


def instant(text: str) -> dt.datetime:
    """An instant as the API writes it."""
    return dt.datetime.fromisoformat(text)


class Technician:
    """One person with a phone; `day` plays the whole shift."""

    def __init__(self, technician: dict[str, Any], phone: Phone, story: Story) -> None:
        self.technician, self.phone, self.story = technician, phone, story
        self.clock, self.habits = phone.clock, phone.habits
        self.skipped: set[str] = set()
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
        await self.phone.pull()
        await self._answer_offers(day)
        while self.clock.now() < instant(shift["end"]) + AFTER_WORK:
            sheet = self._next(day)
            if sheet is None:
                if self.clock.now() >= instant(shift["end"]):
                    break
                await self._later(self.clock.now() + LOOK_AGAIN)
                await self.phone.pull()
            else:
                await self._visit(sheet)

    async def _answer_offers(self, day: dt.date) -> None:
        for sheet in self._todays(day):
            if sheet["status"] != "assigned":
                continue
            await self._later(self.clock.now() + self._minutes(0.2, 1.5))
            if self._mishap(sheet) in self.story.declined:
                reason = self.habits.decline_reason()
                await self.phone.do("decline", sheet, {"reason": reason, "text": "今天做不了"})
                self.skipped.add(sheet["id"])
                self._tell("declined", f"{sheet['number']} ({reason})")
            else:
                await self.phone.do("accept", sheet, {})
                self._tell("accepted", sheet["number"])

    def _todays(self, day: dt.date) -> list[Sheet]:
        mine = [
            each
            for each in self.phone.sheets.values()
            if each["day"] == day.isoformat() and each["planned"] and each["id"] not in self.skipped
        ]
        return sorted(mine, key=lambda each: each["planned"]["start"])

    def _next(self, day: dt.date) -> Sheet | None:
        todays = self._todays(day)
        begun = [each for each in todays if each["status"] in UNDER_WAY]
        return next((each for each in (*begun, *todays) if each["status"] in (*UNDER_WAY, *OPEN)), None)

    async def _visit(self, sheet: Sheet) -> None:
        if sheet["status"] in UNDER_WAY:
            self.skipped.add(sheet["id"])
            await self._go_on(sheet)
        else:
            await self._begin(sheet)
        await self._regain_signal(sheet)

    async def _go_on(self, sheet: Sheet) -> None:
        """Finish a visit that an earlier play left half way."""
        if sheet["status"] == "en_route":
            await self._drive(sheet)
            await self._at_the_door(sheet)
        elif sheet["status"] == "done":
            await self._have_signed(sheet, sheet["answers"], sheet["parts_used"])
        else:
            await self._work(sheet)

    async def _begin(self, sheet: Sheet) -> None:
        planned, job_id = sheet["planned"], sheet["id"]
        depart_at = instant(planned["arrive"]) - dt.timedelta(seconds=self._travel_s(sheet))
        await self._later(depart_at + self._minutes(-4, 10))
        await self.phone.pull()
        current = self.phone.sheets.get(job_id)
        if current is None or current["status"] not in OPEN or current["planned"] != planned:
            return
        self.skipped.add(job_id)
        if self._mishap(sheet) in self.story.no_shows:
            self._tell("did not show up", sheet["number"])
            await self._later(instant(planned["end"]))
            return
        if current["status"] == "assigned" and not await self.phone.do("accept", sheet, {}):
            return
        if await self.phone.do("depart", sheet, {"position": self._position()}):
            await self._drive(sheet)
            await self._at_the_door(sheet)

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
                await self.phone.report(pings)
                pings = []

    def _travel_s(self, sheet: Sheet) -> float:
        """As planned; a visit given out by hand has no planned way, so it is estimated."""
        goal = sheet["place"]
        if sheet["planned"]["travel_s"] or goal["lat"] is None:
            return float(sheet["planned"]["travel_s"])
        way_m = distance_m(Point(self._at["lat"], self._at["lng"]), Point(goal["lat"], goal["lng"]))
        return way_m * DETOUR / CITY_SPEED_M_S

    async def _at_the_door(self, sheet: Sheet) -> None:
        if self._mishap(sheet) in self.story.offline:
            self.phone.outbox.is_offline = True
            self._tell("lost signal", sheet["number"])
        await self.phone.do("arrive", sheet, {"position": self._position()})
        self._tell("arrived", sheet["number"])
        if self._mishap(sheet) in self.story.absent:
            await self._later(self.clock.now() + PATIENCE_AT_THE_DOOR)
            await self.phone.do("report_absent", sheet, {"text": "按门铃、打电话都没人"})
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
        if sheet["type"] == "repair" and sheet["status"] != "diagnosed":
            await self.phone.do("diagnose", sheet, {"fault_code": self.habits.fault(), "text": "已检测"})
        answers: dict[str, Any] = {}
        for step in steps:
            await self._later(self.clock.now() + length / (len(steps) + 1))
            answers[step["key"]] = await self._answer(sheet, step)
        parts = sheet["parts_used"] or await self._use_parts(sheet)
        if await self.phone.do("complete", sheet, {}):
            await self._have_signed(sheet, answers, parts)

    async def _have_signed(self, sheet: Sheet, answers: dict[str, Any], parts: list[dict[str, Any]]) -> None:
        await self._later(self.clock.now() + self._minutes(1, 5))
        shown = snapshot(sheet, answers, parts, self.name, self.clock.now())
        signature = {
            "snapshot": shown,
            "sha256": sha256_of(shown),
            "signer": sheet["customer"]["name"],
            "strokes": strokes(self.habits.chance),
            "signed_at": utc_text(self.clock.now()),
        }
        if await self.phone.do("sign", sheet, signature):
            self._tell("signed", sheet["number"])

    async def _answer(self, sheet: Sheet, step: dict[str, Any]) -> Value:
        if step["kind"] != "photo":
            value = self.habits.answer(step)
            await self.phone.do("answer", sheet, {"step": step["key"], "value": value})
            return value
        sha256 = self.phone.take_photo()
        taken = {"sha256": sha256, "step": step["key"], "taken_at": utc_text(self.clock.now())}
        kind = "before" if step["key"].endswith("before") else "after"
        await self.phone.do("photo", sheet, {**taken, "kind": kind, "width": 320, "height": 240})
        return sha256

    async def _use_parts(self, sheet: Sheet) -> list[dict[str, Any]]:
        used = []
        for part in sheet["parts_expected"]:
            held = self.phone.van.get(part["sku"])
            if held is None or held["qty"] < part["qty"]:
                continue
            use = {"use_id": str(uuid.uuid4()), "sku": part["sku"], "qty": part["qty"]}
            if await self.phone.do("use_part", sheet, use):
                held["qty"] -= part["qty"]
                used.append({**held, "qty": part["qty"]})
        return used

    async def _regain_signal(self, sheet: Sheet) -> None:
        if not self.phone.outbox.is_offline:
            return
        await self._later(self.clock.now() + self._minutes(3, 12))
        late = await self.phone.regain_signal()
        self._tell("has signal again", f"{sheet['number']}, {late} commands delivered")
        await self.phone.pull()

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
        self.phone.tally.tell(self.clock.now(), what, self.name, about)
