"""The dispatcher's console as a test sees it: words and roles, never its insides."""

import math
import time
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.browsing import LiveStream

PASSWORD = "shangmen-demo"
SOLVED_WITHIN_S = 180  # the first search of a server waits until the solver is loaded
SOLVED_WITHIN_MS = SOLVED_WITHIN_S * 1000
APPLIED_WITHIN_S = 60


def web_mercator(lat: float, lng: float, zoom: float) -> tuple[float, float]:
    """The place in pixels of a world map of 256 × 2^zoom pixels (EPSG:3857)."""
    size = 256 * 2**zoom
    return (lng + 180) / 360 * size, (0.5 - math.asinh(math.tan(math.radians(lat))) / math.tau) * size


class Console:
    """One open console; the texts are those of its language."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def sign_in(self, login: str = "dispatcher", password: str = PASSWORD) -> None:
        """Opens the console and signs in; the caller waits for what comes next."""
        self.page.goto(f"{self.url}/console/")
        self.page.locator("input[name=login]").fill(login)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("form button[type=submit]").click()

    def open_day(self, login: str = "dispatcher") -> None:
        """Signs in and waits for the board."""
        self.sign_in(login)
        expect(self.rows.first).to_be_visible()

    def go(self, screen: str) -> None:
        """Follows an address within the console, such as `#/places`."""
        self.page.evaluate("hash => { location.hash = hash }", screen)

    @property
    def board(self) -> Locator:
        return self.page.get_by_role("grid")

    @property
    def rows(self) -> Locator:
        return self.board.get_by_role("row")

    @property
    def bars(self) -> Locator:
        return self.board.get_by_role("gridcell")

    @property
    def selected_bar(self) -> Locator:
        return self.board.locator("[role=gridcell][aria-selected=true]")

    @property
    def map(self) -> Locator:
        return self.page.locator("section[data-ready]")

    def point_on_map(self, lat: float, lng: float) -> tuple[float, float]:
        """Where a place lies on the screen, in pixels of the page, on the map as it is shown now."""
        view = self.map.locator("[data-view]")
        box = view.bounding_box()
        told = view.get_attribute("data-view")
        assert box is not None
        assert told is not None
        center_lat, center_lng, zoom = (float(part) for part in told.split(","))
        (x, y), (center_x, center_y) = (
            web_mercator(lat, lng, zoom),
            web_mercator(center_lat, center_lng, zoom),
        )
        return box["x"] + box["width"] / 2 + x - center_x, box["y"] + box["height"] / 2 + y - center_y

    @property
    def cards(self) -> Locator:
        return self.page.locator("aside ul li button.side-card")

    def bar(self, job_id: str) -> Locator:
        return self.page.locator(f"#bar-{job_id}")

    def find(self, number: str) -> None:
        """Selects a job by its number, which also brings its bar into view."""
        self.page.get_by_role("searchbox").fill(number)
        expect(self.cards).to_have_count(1)
        self.page.keyboard.press("Enter")
        expect(self.panel(number)).to_be_visible()

    def panel(self, title: str) -> Locator:
        return self.page.locator(f"aside[aria-label='{title}']")


class Office:
    """The same work through the API: what a second person does meanwhile, and what really happened."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.region: dict[str, Any] = client.get("/api/regions").json()[0]

    @property
    def day(self) -> str:
        return str(self.region["open_day"])

    def board(self) -> dict[str, Any]:
        reply = self.client.get("/api/board", params={"region_id": self.region["id"], "day": self.day})
        reply.raise_for_status()
        board: dict[str, Any] = reply.json()
        return board

    def job(self, job_id: str) -> dict[str, Any]:
        """The board's row of a job, wherever it lies."""
        board = self.board()
        return next(row for row in [*board["visits"], *board["unassigned"]] if row["job_id"] == job_id)

    def act(self, job_id: str, action: str, data: dict[str, Any]) -> None:
        version = self.job(job_id)["version"]
        body = {"action": action, "version": version, "data": data}
        reply = self.client.post(f"/api/jobs/{job_id}/actions", json=body)
        assert reply.status_code in (200, 201), reply.text

    def free_slot(self, vendor: str | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """An unassigned job and a technician, of that vendor if named, free all day, with its skill and on
        shift in its window."""
        board = self.board()
        busy = {visit["technician_id"] for visit in board["visits"]}
        people = board["technicians"]
        for technician in people if vendor is None else _of(vendor, people):
            skills = {skill["skill"]: skill["level"] for skill in technician["skills"]}
            for job in board["unassigned"]:
                able = skills.get(job["skill"], 0) >= job["level"]
                if technician["id"] not in busy and able and fits(job["window"], technician["shift"]):
                    return job, technician
        raise AssertionError("the demo day has no job that fits anybody")

    def import_orders(self, text: str) -> None:
        """Brings orders in as a shop's file, read and applied at once."""
        files = {"file": ("orders.csv", text.encode(), "text/csv")}
        read = self.client.post("/api/imports", files=files)
        assert read.status_code == 201, read.text
        deadline = time.monotonic() + APPLIED_WITHIN_S
        # Asked again, it answers once it is applied, or as patiently as before that it is not.
        while (applied := self.client.post(f"/api/imports/{read.json()['id']}/apply")).status_code == 202:
            assert time.monotonic() < deadline, applied.text
        assert applied.status_code == 200, applied.text

    def places_waiting(self) -> list[dict[str, Any]]:
        """The addresses that need a location."""
        places: list[dict[str, Any]] = self.client.get("/api/places/needs-location").json()
        return places

    def draft(self, seconds: int = 1) -> str:
        """Optimises the day and gives back the id of the draft; the live stream says when to look."""
        wanted = {"region_id": self.region["id"], "day": self.day, "seconds": seconds}
        with LiveStream(self.client) as stream:
            run = self.client.post("/api/plan-runs", json=wanted).json()
            deadline = time.monotonic() + SOLVED_WITHIN_S
            while run["state"] not in ("done", "failed"):
                assert time.monotonic() < deadline, run
                if stream.next_change()["entity"] == "plan_run":
                    run = self.client.get(f"/api/plan-runs/{run['id']}").json()
        assert run["state"] == "done", run
        return str(run["plan_id"])

    def assign_one(self, vendor: str | None = None) -> dict[str, Any]:
        """Gives one job to one able technician, of that vendor if named, at the start of its window."""
        job, technician = self.free_slot(vendor)
        where = {"technician_id": technician["id"], "start": job["window"]["start"]}
        self.act(job["job_id"], "assign", where)
        return self.job(job["job_id"])


def _of(vendor: str, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in people if one["vendor"] is not None and one["vendor"]["name"] == vendor]


def fits(window: dict[str, str] | None, shift: dict[str, str] | None) -> bool:
    """Whether the whole window lies in the shift; both are ISO instants in UTC, which sort as text."""
    if window is None or shift is None:
        return False
    return shift["start"] <= window["start"] and window["end"] <= shift["end"]
