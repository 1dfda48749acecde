"""Whom the live stream tells: a vendor's dispatcher hears of the vendor's own jobs and of nothing else."""

import json
import uuid
from collections.abc import AsyncIterator

import pytest
from sqlmodel import Session

from backend.audit.feed import append_change, head
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.session import Database
from backend.jobs import events
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.settings import Settings
from backend.sync.hub import FeedHub
from backend.sync.stream import audience, stream
from tests.factories.cast import cast


@pytest.mark.anyio
async def test_a_vendor_hears_of_its_own_jobs_alone(database_url: str) -> None:
    """Jobs of the brand, of a rival and of another organisation change; then one of its own leaves it."""
    database = Database(Settings(database_url=database_url).resolved_database_url)
    world = cast()
    await database.write(world.save)
    ours, theirs = world.ours, world.theirs
    rival = world.accounts["other_vendor"].vendor_id
    vendor = Actor(role=Role.VENDOR_DISPATCHER, org_id=ours.org.id, name="vendor", vendor_id=ours.vendor.id)
    hub = FeedHub(database)
    await hub.start()
    told = stream(database, hub, audience(vendor), str(await database.read(head)))

    def change(session: Session, owner: uuid.UUID | None, *, is_theirs: bool = False) -> None:
        job = session.get_one(Job, (theirs if is_theirs else ours).job.id)
        previous, job.vendor_id = (job.technician_id, job.vendor_id), owner
        jobs.touch(session, job)
        if previous[1] != owner:
            events.announce(session, job, previous)

    def position_and_offer_of_others(session: Session) -> None:
        who = ours.technician.id
        append_change(session, ours.org.id, "position", who, technician_id=who, region_id=ours.region.id)
        append_change(session, ours.org.id, "offer", ours.job.id, vendor_id=rival)
        append_change(session, theirs.org.id, "job", theirs.job.id, vendor_id=theirs.vendor.id)

    await database.write(change, None)
    await database.write(change, rival)
    await database.write(change, theirs.vendor.id, is_theirs=True)
    await database.write(position_and_offer_of_others)
    await database.write(change, ours.vendor.id)
    await database.write(change, rival)
    await database.write(change, rival)
    await database.write(
        lambda session: append_change(session, ours.org.id, "end", vendor.org_id, vendor_id=vendor.vendor_id)
    )
    heard = [entry async for entry in until_end(told)]
    assert {entry["id"] for entry in heard} == {str(ours.job.id)}
    kinds = [entry["kind"] for entry in heard]
    assert kinds[-1] == "removed"
    assert kinds.count("removed") == 1
    assert str(theirs.job.id) not in json.dumps(heard)
    await told.aclose()
    await hub.stop()
    await database.close()


async def until_end(told: AsyncIterator[bytes]) -> AsyncIterator[dict[str, str]]:
    async for chunk in told:
        if not chunk.startswith(b"event: change"):
            continue
        entry: dict[str, str] = json.loads(chunk.split(b"data: ")[1])
        if entry["entity"] == "end":
            return
        yield entry
