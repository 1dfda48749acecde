"""What stands ready before a technician's journey: jobs of their own, given to them, and their phone."""

import datetime as dt
import itertools
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.e2e.conftest import ContextFactory
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.phone import Phone
from tests.e2e.pages.console import Office
from tests.e2e.phone_signal import PhoneSignal
from tests.servers import LiveServer

HEADER = "order_no,customer,phone,address,sku,qty,job_type,appointment\n"
LOCK = "SM-LK07"
PAID_BY_TARIFF = "安居智能服务"  # a vendor whose people know locks
BEIJING = dt.timezone(dt.timedelta(hours=8))
_orders = itertools.count(1)


@dataclass
class Scene:
    """A server with an office; every journey brings in jobs and takes a technician nobody else has."""

    server: LiveServer
    office: Office
    taken: Counter[str] = field(default_factory=Counter)

    @property
    def client(self) -> httpx.Client:
        return self.office.client

    @property
    def day(self) -> dt.date:
        """Tomorrow: an appointment may not lie in the past, whatever the time of the day this runs."""
        return dt.date.fromisoformat(self.office.day) + dt.timedelta(days=1)

    def technician(self, skill: str, vendor: str = "") -> str:
        """Of the technicians with the skill who work that day, of a vendor where one is named, the one with
        the fewest journeys.
        """
        where = {"region_id": self.office.region["id"], "day": self.day.isoformat()}
        board = self.client.get("/api/board", params=where).json()
        able = [
            str(row["id"])
            for row in board["technicians"]
            if row["shift"]
            and any(one["skill"] == skill for one in row["skills"])
            and (not vendor or (row["vendor"] or {}).get("name") == vendor)
        ]
        chosen = min(able, key=lambda one: self.taken[one])
        self.taken[chosen] += 1
        return chosen

    def order(self, kind: str = "maintain", hour: int = 9, sku: str = LOCK) -> str:
        """A new job at an hour of the day; its id."""
        name = f"客户{next(_orders)}"
        phone = f"154900{next(_orders):05d}"
        start = dt.datetime.combine(self.day, dt.time(hour))
        window = f"{start:%Y-%m-%d %H:%M}-{start + dt.timedelta(hours=2):%H:%M}"
        line = f"T{uuid.uuid4().hex[:12]},{name},{phone},朝阳区甜水园东里8号楼,{sku},1,{kind},{window}\n"
        self.office.import_orders(HEADER + line)
        items = self.client.get("/api/jobs", params={"q": name}).json()["items"]
        return next(str(item["id"]) for item in items if item["customer_name"] == name)

    def read(self, job_id: str) -> dict[str, Any]:
        """The job as the office sees it."""
        job: dict[str, Any] = self.client.get(f"/api/jobs/{job_id}").json()
        return job

    def act(self, job_id: str, action: str, **data: Any) -> None:
        """An action of the office."""
        body = {"action": action, "version": self.read(job_id)["sheet"]["version"], "data": data}
        reply = self.client.post(f"/api/jobs/{job_id}/actions", json=body)
        assert reply.status_code in (200, 201), reply.text

    def assign(self, job_id: str, technician_id: str, hour: int = 9) -> None:
        start = dt.datetime.combine(self.day, dt.time(hour), BEIJING).astimezone(dt.UTC)
        self.act(
            job_id, "assign", technician_id=technician_id, start=start.isoformat().replace("+00:00", "Z")
        )

    def given(
        self, kind: str = "maintain", sku: str = LOCK, skill: str = "lock", vendor: str = ""
    ) -> tuple[str, str]:
        """A job and the technician it was given to."""
        technician_id = self.technician(skill, vendor)
        hour = 7 + 2 * self.taken[technician_id]
        job_id = self.order(kind, hour, sku)
        self.assign(job_id, technician_id, hour)
        return job_id, technician_id

    def pair(self, phone: Phone, technician_id: str) -> None:
        code = self.client.post(f"/api/technicians/{technician_id}/pairing-code").json()["url"]
        phone.pair(code)

    def actions(self, job_id: str) -> list[str]:
        """What happened to the job, in order."""
        return [str(event["action"]) for event in self.client.get(f"/api/jobs/{job_id}/history").json()]


@dataclass
class Hand:
    """A phone in a hand whose signal can be lost."""

    phone: Phone
    signal: PhoneSignal
    technician_id: str
    job_id: str = ""


def pick_up(
    scene: Scene, contexts: ContextFactory, proxy: CutProxy, technician_id: str, **options: Any
) -> Hand:
    """The technician's phone, paired, behind a line that can be cut."""
    context = contexts(**options)
    phone = Phone(context.new_page(), proxy.url)
    scene.pair(phone, technician_id)
    return Hand(phone, PhoneSignal(context, proxy), technician_id)
