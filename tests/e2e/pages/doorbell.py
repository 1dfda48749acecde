"""A customer's visit as it unfolds: assigned by the office, played by the technician's phone over HTTP."""

import datetime as dt
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import httpx
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.auth.actor import Actor
from backend.auth.models import Account, Role
from backend.evidence import acceptance
from backend.evidence.canonical import digest
from backend.evidence.snapshot import build_snapshot
from backend.jobs.models import Job, Visit
from tests.e2e.pages.console import Office, fits
from tests.factories.calls import Calls, calls_to
from tests.servers import LiveServer

EARLY = dt.timedelta(hours=3)
STROKES = [[{"x": 0.1 + n / 40, "y": 0.3 + (n % 4) / 20, "t": n * 10, "p": 0.5} for n in range(30)]]


class Doorbell:
    """One visit, its customer's link and its technician's phone; of the demo day where none is named."""

    def __init__(self, office: Office, server: LiveServer, visit: "Played | None" = None) -> None:
        self.server = server
        visit = visit or _afternoon_visit(office)
        self.job_id, self.technician_id, self.door = visit.job_id, visit.technician_id, visit.door
        # A replayed day never goes back: each visit of a shared server is played after the one before.
        self.clock = dt.datetime.fromisoformat(max(visit.begins_at, office.board()["now"]))
        self.link: str = office.client.post(f"/api/jobs/{self.job_id}/customer-link").json()["url"]
        self.phone = self._pair(office)

    def _pair(self, office: Office) -> httpx.Client:
        reply = office.client.post(f"/api/technicians/{self.technician_id}/pairing-code")
        code = reply.json()["url"].partition("#pair=")[2]
        phone = httpx.Client(base_url=self.server.url, timeout=20)
        session = phone.post("/api/session/pair", json={"code": code}).json()
        phone.headers["x-csrf-token"] = session["csrf_token"]
        return phone

    def send(self, kind: str, **payload: Any) -> None:
        """One tap on the technician's phone, a minute after the one before."""
        self.clock += dt.timedelta(minutes=1)
        command_id = str(uuid.uuid4())
        body = {
            "id": command_id,
            "kind": kind,
            "job_id": self.job_id,
            "device_at": self.clock.isoformat(),
            "base_version": 1,
            "payload": payload,
        }
        reply = self.phone.post("/api/sync/commands", json=body, headers={"Idempotency-Key": command_id})
        assert reply.status_code == 200, reply.text

    def drive(self, north_deg: float) -> None:
        """The phone reports a place that far north of the customer's door."""
        self.clock += dt.timedelta(minutes=1)
        reading = {
            "at": self.clock.isoformat(),
            "lat": self.door[0] + north_deg,
            "lng": self.door[1],
            "accuracy_m": 8,
        }
        reply = self.phone.post("/api/sync/positions", json={"positions": [reading]})
        assert reply.json() == {"stored": 1, "ignored": 0}, reply.text

    def depart(self) -> None:
        self.send("accept")
        self.send("depart")
        self.drive(north_deg=0.02)

    def finish(self) -> None:
        """The work is done and waits for a signature; written straight into the server's database."""
        finished = sa.update(Job).where(col(Job.id) == uuid.UUID(self.job_id)).values(status="done")
        with self._database() as calls:
            calls.write(lambda session: session.execute(finished))

    def sign(self) -> None:
        """The customer has signed on the technician's phone; written straight into the server's database."""
        with self._database() as calls:
            calls.write(_sign, uuid.UUID(self.job_id))

    def _database(self) -> AbstractContextManager[Calls]:
        return calls_to(f"sqlite:///{self.server.data_dir / 'shangmen.db'}")


@dataclass(frozen=True)
class Played:
    """A visit as its technician's phone plays it: whose it is, where (latitude, longitude) and from when."""

    job_id: str
    technician_id: str
    door: tuple[float, float]
    begins_at: str


def booked_visit(office: Office, job_id: str) -> Played:
    """The visit a customer booked, played from the start of its promised window."""
    job = office.client.get(f"/api/jobs/{job_id}").json()
    place, window = job["sheet"]["place"], job["sheet"]["window"]
    return Played(job_id, job["technician_id"], (place["lat"], place["lng"]), window["start"])


def _afternoon_visit(office: Office) -> Played:
    """A job that is hours away, given to somebody free, played from the start of their shift."""
    board = office.board()
    busy = {visit["technician_id"] for visit in board["visits"]}
    for technician in board["technicians"]:
        skills = {skill["skill"]: skill["level"] for skill in technician["skills"]}
        for job in board["unassigned"]:
            able = skills.get(job["skill"], 0) >= job["level"]
            if technician["id"] in busy or not able or not fits(job["window"], technician["shift"]):
                continue
            start = dt.datetime.fromisoformat(job["window"]["start"])
            if start - dt.datetime.fromisoformat(technician["shift"]["start"]) >= EARLY:
                where = {"technician_id": technician["id"], "start": job["window"]["start"]}
                office.act(job["job_id"], "assign", where)
                door = (job["lat"], job["lng"])
                return Played(job["job_id"], technician["id"], door, technician["shift"]["start"])
    raise AssertionError("the demo day has no afternoon job that fits anybody")


def _sign(session: Session, job_id: uuid.UUID) -> None:
    job = session.get_one(Job, job_id)
    open_one = sa.select(Visit).where(col(Visit.job_id) == job_id, col(Visit.outcome).is_(None))
    visit = session.scalars(open_one).one()
    account = session.scalars(
        sa.select(Account).where(col(Account.technician_id) == visit.technician_id)
    ).one()
    now = visit.arrived_at or visit.busy_from
    snapshot = build_snapshot(session, job, visit, language="zh-CN", prepared_at=now)
    actor = Actor(Role.TECHNICIAN, job.org_id, account_id=account.id, technician_id=visit.technician_id)
    acceptance.sign(
        session,
        actor,
        job,
        visit,
        snapshot=snapshot,
        sha256=digest(snapshot),
        signer="赵女士",
        strokes=STROKES,
        signed_at=now,
    )
    session.execute(sa.update(Job).where(col(Job.id) == job_id).values(status="signed"))
