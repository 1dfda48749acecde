"""A live day on both databases: the cast of most of these tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from backend.auth import service as auth
from backend.auth.models import Account, Role
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.settings import Settings
from tests.factories.at_hand import services_at_hand
from tests.factories.calls import Calls
from tests.factories.cast import PASSWORD_HASH, RULES, Person, served
from tests.factories.scheduling import DAY, PlanningDay, empty_day


@dataclass
class LiveDay:
    """Two technicians; the first has a job at ten and one at two."""

    day: PlanningDay
    calls: Calls
    client: TestClient[Any]

    @property
    def where(self) -> str:
        return f"region_id={self.day.region.id}&day={DAY}"

    def sign_in(self, role: Role = Role.DISPATCHER) -> Person:
        vendor_id = self.day.vendor.id if role is Role.VENDOR_DISPATCHER else None
        who = Account(
            org_id=self.day.org.id, login=role, name=role, role=role, password_hash=PASSWORD_HASH,
            vendor_id=vendor_id,
        )  # fmt: skip
        self.calls.write(lambda session: session.add(who))
        signed_in = self.calls.write(auth.open_session, who, RULES, "", "test")
        return Person(self.client, signed_in.token, signed_in.csrf_token)

    def job(self, number: int) -> Job:
        return self.calls.read(lambda session: session.get_one(Job, self.day.jobs[number].id))


@pytest.fixture
def live(database_url: str, tmp_path: Path) -> Iterator[LiveDay]:
    day = empty_day()
    day.org.is_replay = True
    wang, _li = day.technician("王建国"), day.technician("李明")
    day.visit(day.job(10), wang, 10, JobStatus.ACCEPTED)
    day.visit(day.job(14), wang, 14, JobStatus.ASSIGNED)
    settings = Settings(database_url=database_url, data_dir=tmp_path, solver_warm_up=False)
    with served(services_at_hand(settings)) as (client, calls):
        calls.write(day.save)
        yield LiveDay(day, calls, client)
