"""The named cast of a test: who may see what, in two organisations, with real signed-in HTTP clients."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session

from backend.app import Services, build_app, equip
from backend.auth import service
from backend.auth.models import Account, Role
from backend.background.chore import Chore
from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.settings import Settings
from backend.vendors.models import Vendor
from tests.factories.calls import Calls
from tests.factories.doorstep import Doorstep, doorstep, save
from tests.light_passwords import LIGHT

PASSWORD = "correct horse 电池"
PASSWORD_HASH = LIGHT.hash(PASSWORD)
RULES = service.SignInRules(dt.timedelta(hours=1), attempts=5, window=dt.timedelta(minutes=5))


def account(world: Doorstep, login: str, role: Role, vendor: Vendor | None = None) -> Account:
    return Account(
        org_id=world.org.id,
        login=login,
        name=login,
        role=role,
        password_hash=PASSWORD_HASH,
        vendor_id=vendor.id if vendor else None,
    )


_application: Litestar | None = None


@dataclass
class Cast:
    """Two organisations. `ours` is where the story happens, `theirs` must never be seen from it."""

    ours: Doorstep
    theirs: Doorstep
    accounts: dict[str, Account] = field(default_factory=dict)

    def save(self, session: Session) -> None:
        save(session, self.ours)
        save(session, self.theirs)
        other_vendor = Vendor(org_id=self.ours.org.id, name="快修")
        session.add(other_vendor)
        session.flush()
        ours = self.ours
        self.accounts = {
            "admin": account(ours, "admin", Role.ADMIN),
            "dispatcher": account(ours, "dispatcher", Role.DISPATCHER),
            "agent": account(ours, "agent", Role.AGENT),
            "clerk": account(ours, "clerk", Role.CLERK),
            "vendor": account(ours, "vendor", Role.VENDOR_DISPATCHER, ours.vendor),
            "other_vendor": account(ours, "other_vendor", Role.VENDOR_DISPATCHER, other_vendor),
            "stranger": account(self.theirs, "stranger", Role.DISPATCHER),
        }
        session.add_all(self.accounts.values())
        session.flush()
        self.accounts |= {"technician": ours.account, "other_technician": ours.other_account}


def cast(status: JobStatus = JobStatus.ON_SITE, now: dt.datetime | None = None, **job: Any) -> Cast:
    """Both worlds around `now` (the present by default), our job in `status`."""
    now = now or utc_now()
    theirs = doorstep(status, now=now)
    theirs.account.login, theirs.other_account.login = f"t{theirs.account.id}", f"t{theirs.other_account.id}"
    theirs.customer.name, theirs.customer.phone = "钱先生", "+8615400000009"
    theirs.place.address, theirs.place.community = "别处 1 号", "别处"
    return Cast(doorstep(status, now=now, **job), theirs)


def command(kind: str, job_id: uuid.UUID, **payload: Any) -> dict[str, Any]:
    """A phone's command as sent."""
    return {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "job_id": str(job_id),
        "device_at": utc_now().isoformat(),
        "base_version": 1,
        "payload": payload,
    }


class Person:
    """One signed-in browser or phone."""

    def __init__(self, client: TestClient[Any], cookie: str, csrf: str) -> None:
        self._client = client
        self._headers = {"cookie": f"shangmen_session={cookie}", "x-csrf-token": csrf}

    def request(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **kwargs: Any
    ) -> httpx.Response:
        return self._client.request(method, path, headers={**self._headers, **(headers or {})}, **kwargs)

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return self.request("GET", path, **kwargs)

    def post(self, path: str, json: object = None, **kwargs: Any) -> httpx.Response:
        return self.request("POST", path, json=json, **kwargs)

    def send(self, kind: str, job_id: uuid.UUID, **payload: Any) -> httpx.Response:
        """Send a new command of a phone."""
        return self.send_body(command(kind, job_id, **payload))

    def send_body(self, body: dict[str, Any]) -> httpx.Response:
        return self.post("/api/sync/commands", json=body, headers={"Idempotency-Key": body["id"]})


class Stage:
    """A running application with the cast saved in its database."""

    def __init__(self, client: TestClient[Any], calls: Calls, people: Cast) -> None:
        self.client, self.calls, self.cast = client, calls, people

    @property
    def world(self) -> Doorstep:
        return self.cast.ours

    def sign_in(self, name: str) -> Person:
        """A person of the cast, signed in."""
        signed_in = self.calls.write(service.open_session, self.cast.accounts[name], RULES, "", "test")
        return Person(self.client, signed_in.token, signed_in.csrf_token)


def equipped(services: Services) -> Litestar:
    """The application of this process: built once, which takes longer than most tests, equipped for each."""
    global _application  # one for the process
    if _application is None:
        _application = build_app()
    equip(_application, services)
    return _application


@contextmanager
def patient_chores() -> Iterator[None]:
    """Chores started in here wait for their time or to be woken, as they do all day but for its first moment.

    Each looks through its tables at the start, which for a test that asks for none of it is most of the work.
    """
    start = Chore.start

    def start_waiting(chore: Chore) -> None:
        chore._waits_first = True
        start(chore)

    with patch.object(Chore, "start", start_waiting):
        yield


@contextmanager
def served(services: Services) -> Iterator[tuple[TestClient[Any], Calls]]:
    """A running application with these services, and its own database from outside.

    Other connections than its own would be opened anew for each test.
    """
    with ExitStack() as opened:
        with patient_chores():
            client = opened.enter_context(TestClient(equipped(services)))
        portal = client.blocking_portal
        assert portal is not None
        yield client, Calls(services.db, portal)


@contextmanager
def stage(url: str, tmp_path: Path, people: Cast | None = None, **settings: Any) -> Iterator[Stage]:
    """The application on a real database, spoken to over its real HTTP interface."""
    people = people or cast()
    settings = {"solver_warm_up": False, "database_pool": 2, "_env_file": None, **settings}
    options = Settings(database_url=url, data_dir=tmp_path, **settings)
    with served(Services.of(options)) as (client, calls):
        calls.write(people.save)
        yield Stage(client, calls, people)
