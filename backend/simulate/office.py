"""The dispatcher of the played day: plans in the morning, and puts right what goes wrong."""

import asyncio
import datetime as dt
from collections import Counter
from typing import Any

from backend.simulate.acceptance import utc_text
from backend.simulate.clock import Clock
from backend.simulate.connection import Connection, RefusedError
from backend.simulate.story import Story
from backend.simulate.tally import Tally
from backend.simulate.technician import instant

LOOK_EVERY = dt.timedelta(minutes=6)
WAIT_FOR_NO_SHOW = dt.timedelta(minutes=30)
NOTICE = dt.timedelta(minutes=25)
GAP = dt.timedelta(minutes=30)
NEW_WINDOW = dt.timedelta(hours=2)
POLL_S = 0.2
MAX_CANDIDATES = 6
MAX_LOOKS = 8
OVER = ("done", "failed")
LOST = ("declined", "no_show")


class PlanFailedError(Exception):
    """The server could not plan the day."""


class Office:
    """One signed-in dispatcher and the region and day in front of them."""

    def __init__(self, connection: Connection, clock: Clock, tally: Tally, name: str = "dispatcher") -> None:
        self.connection, self.clock, self.tally, self.name = connection, clock, tally, name
        self.is_closing = False
        self._had: dict[str, str] = {}  # job: the technician it was with when last seen
        self._lost: Counter[str] = Counter()  # job: how often somebody was looked for

    async def board(self, region_id: str, day: dt.date) -> dict[str, Any]:
        board: dict[str, Any] = await self.connection.get(
            "board", "/api/board", region_id=region_id, day=day.isoformat()
        )
        return board

    async def plan(
        self, region_id: str, day: dt.date, seconds: float, seed: int, engine: str = "auto"
    ) -> None:
        """Optimise the day and publish the plan. The solver takes real time, whatever the clock says."""
        wanted = {
            "region_id": region_id,
            "day": day.isoformat(),
            "seconds": seconds,
            "seed": seed,
            "engine": engine,
        }
        run = await self.connection.post("plan", "/api/plan-runs", wanted)
        while run["state"] not in OVER:
            await asyncio.sleep(POLL_S)
            run = await self.connection.get("plan", f"/api/plan-runs/{run['id']}")
        if run["state"] == "failed" or run["plan_id"] is None:
            raise PlanFailedError(str(run["error"]))
        plan = await self.connection.post("plan", f"/api/plans/{run['plan_id']}/publish")
        left_out = len(plan["unserved"])
        self.tally.tell(
            self.clock.now(),
            "published a plan",
            self.name,
            f"{len(plan['visits'])} visits, {left_out} left out",
        )

    async def assign_by_hand(self, board: dict[str, Any], technicians: int = 0) -> None:
        """Give out the day one job at a time, as a dispatcher without an optimiser would.

        Only to the first `technicians` of the board, or to all; `board` gets what was given out.
        """
        if technicians:
            board = board | {"technicians": board["technicians"][:technicians]}
        waiting = [visit for visit in board["unassigned"] if visit["window"] and visit["lat"] is not None]
        given = 0
        for visit in sorted(waiting, key=lambda each: (each["window"]["start"], each["number"])):
            for technician, start in self._candidates(board, visit)[:MAX_CANDIDATES]:
                choice = {"technician_id": technician["id"], "start": utc_text(start)}
                if await self._act(visit, "assign", choice):
                    end = start + dt.timedelta(seconds=visit["service_s"])
                    planned = {"arrive": utc_text(start), "end": utc_text(end)}
                    board["visits"].append(visit | {"technician_id": technician["id"], "planned": planned})
                    given += 1
                    break
        self._tell("gave out the day by hand", f"{given} of {len(board['unassigned'])} jobs")

    async def pairing_code(self, technician_id: str) -> str:
        """The code behind a technician's QR picture."""
        told = await self.connection.post("pair", f"/api/technicians/{technician_id}/pairing-code")
        return str(told["url"]).partition("#pair=")[2]

    async def watch(self, region_id: str, day: dt.date, story: Story) -> None:
        """Look at the board every few minutes until the office closes."""
        while not self.is_closing:
            await self.clock.sleep_until(self.clock.now() + LOOK_EVERY)
            board = await self.board(region_id, day)
            for visit in board["visits"]:
                self._had[visit["job_id"]] = visit["technician_id"]
                if (visit["technician_id"], visit["job_id"]) in story.no_shows and self._has_not_come(visit):
                    await self._report_no_show(visit)
            for visit in board["unassigned"]:
                if visit["status"] in LOST or 0 < self._lost[visit["job_id"]] < MAX_LOOKS:
                    await self._find_somebody(board, visit)

    def _has_not_come(self, visit: dict[str, Any]) -> bool:
        is_waiting = visit["status"] in ("assigned", "accepted") and visit["planned"]
        return bool(is_waiting) and self.clock.now() > instant(visit["planned"]["start"]) + WAIT_FOR_NO_SHOW

    async def _report_no_show(self, visit: dict[str, Any]) -> None:
        if await self._act(visit, "report_no_show", {"text": "客户来电：没有人来"}):
            self._tell("reported a no-show", visit["number"])

    async def _find_somebody(self, board: dict[str, Any], visit: dict[str, Any]) -> None:
        """Give a lost job to somebody able with time for it, in its window or a new one."""
        self._lost[visit["job_id"]] += 1
        if visit["status"] == "no_show":
            start = self._rounded(self.clock.now() + NOTICE)
            window = {"window_start": utc_text(start), "window_end": utc_text(start + NEW_WINDOW)}
            booked = await self._act(visit, "book", window)
            if booked is None:
                return
            visit = visit | {
                "version": booked["sheet"]["version"],
                "window": {"start": window["window_start"], "end": window["window_end"]},
            }
            self._tell("booked again", visit["number"])
        if visit["window"] is None:
            return
        for technician, start in self._candidates(board, visit)[:MAX_CANDIDATES]:
            choice = {"technician_id": technician["id"], "start": utc_text(start)}
            if await self._act(visit, "assign", choice):
                self._tell("reassigned", f"{visit['number']} to {technician['name']}")
                del self._lost[visit["job_id"]]
                return
        if self._lost[visit["job_id"]] == MAX_LOOKS:
            self._tell("found nobody for", visit["number"])

    def _candidates(
        self, board: dict[str, Any], visit: dict[str, Any]
    ) -> list[tuple[dict[str, Any], dt.datetime]]:
        """Technicians with the skill and a gap, earliest first."""
        found = []
        for technician in board["technicians"]:
            levels = {each["skill"]: each["level"] for each in technician["skills"]}
            is_able = levels.get(visit["skill"], 0) >= visit["level"]
            if (
                technician["shift"] is None
                or not is_able
                or technician["id"] == self._had.get(visit["job_id"])
            ):
                continue
            start = self._gap(board, technician, visit)
            if start is not None:
                found.append((technician, start))
        return sorted(found, key=lambda each: (each[1], each[0]["id"]))

    def _gap(
        self, board: dict[str, Any], technician: dict[str, Any], visit: dict[str, Any]
    ) -> dt.datetime | None:
        """The first start inside the window that leaves half an hour on either side of other visits."""
        length = dt.timedelta(seconds=visit["service_s"])
        busy = sorted(
            (instant(each["planned"]["arrive"]), instant(each["planned"]["end"]))
            for each in board["visits"]
            if each["technician_id"] == technician["id"] and each["planned"]
        )
        shift = technician["shift"]
        start = max(
            self.clock.now() + NOTICE, instant(visit["window"]["start"]), instant(shift["start"]) + GAP
        )
        for begins, ends in busy:
            if start + length + GAP > begins and start < ends + GAP:
                start = max(start, ends + GAP)
        fits = start <= instant(visit["window"]["end"]) and start + length <= instant(shift["end"])
        return self._rounded(start) if fits else None

    @staticmethod
    def _rounded(moment: dt.datetime) -> dt.datetime:
        """Up to the next five minutes."""
        past = dt.timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
        return moment if not past else moment - past + dt.timedelta(minutes=5)

    async def _act(self, visit: dict[str, Any], action: str, data: dict[str, Any]) -> dict[str, Any] | None:
        """Take an action on a job; nothing when the server refuses it, which is counted."""
        body = {"action": action, "version": visit["version"], "data": data}
        try:
            job: dict[str, Any] = await self.connection.post(
                "action", f"/api/jobs/{visit['job_id']}/actions", body
            )
        except RefusedError as error:
            self.tally.refusals[f"{action}: {error.code}"] += 1
            return None
        return job

    def _tell(self, what: str, about: str) -> None:
        self.tally.tell(self.clock.now(), what, self.name, about)
