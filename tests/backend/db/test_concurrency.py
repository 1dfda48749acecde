"""Nothing is lost when many write at once, from several processes."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session

from backend.jobs.models import NumberSeries
from backend.organisations.models import Organisation
from tests.factories.calls import calls_to

INCREMENTS = 400
PROCESSES = 2
WRITER = Path(__file__).with_name("increment.py")


@pytest.mark.slow
def test_two_processes_lose_none_of_800_read_modify_writes(database_url: str) -> None:
    organisation = Organisation(name="晨光电器")

    def prepare(session: Session) -> None:
        session.add(organisation)
        session.flush()
        session.add(NumberSeries(org_id=organisation.id, prefix="N", value=0))

    with calls_to(database_url) as calls:
        calls.write(prepare)
        command = [sys.executable, str(WRITER), database_url, str(organisation.id), str(INCREMENTS)]
        writers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
        errors = [writer.communicate(timeout=120)[1] for writer in writers]
        assert [writer.returncode for writer in writers] == [0] * PROCESSES, errors
        series = calls.read(lambda session: session.get_one(NumberSeries, (organisation.id, "N")))
    assert series.value == PROCESSES * INCREMENTS
