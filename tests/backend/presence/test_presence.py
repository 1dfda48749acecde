"""Two people at one day know of each other; nobody else does."""

import datetime as dt

import time_machine

from backend.db.types import utc_now
from tests.factories.cast import Stage


def test_who_looks_at_the_same_day_is_seen_with_the_job_they_have_open(on_stage: Stage) -> None:
    world = on_stage.world
    where = {"region_id": str(world.region.id), "day": "2026-11-23"}
    dispatcher, admin = on_stage.sign_in("dispatcher"), on_stage.sign_in("admin")
    vendor, other_vendor = on_stage.sign_in("vendor"), on_stage.sign_in("other_vendor")
    opened = {**where, "window": "a", "job_id": str(world.job.id)}
    assert dispatcher.post("/api/presence", opened).json() == []

    [seen] = admin.post("/api/presence", {**where, "window": "b"}).json()
    assert (seen["name"], seen["job_id"]) == ("dispatcher", str(world.job.id))
    assert [each["name"] for each in dispatcher.get("/api/presence", params=where).json()] == ["admin"]
    assert admin.get("/api/presence", params={**where, "day": "2026-11-24"}).json() == []
    for outsider in (vendor, other_vendor):
        assert outsider.get("/api/presence", params=where).json() == []
    assert other_vendor.post("/api/presence", {**opened, "window": "c"}).status_code == 404
    assert on_stage.sign_in("stranger").post("/api/presence", {**where, "window": "d"}).status_code == 404

    assert dispatcher.request("DELETE", "/api/presence/a").status_code == 204
    assert admin.get("/api/presence", params=where).json() == []


def test_who_says_nothing_any_more_is_gone(on_stage: Stage) -> None:
    where = {"region_id": str(on_stage.world.region.id), "day": "2026-11-23"}
    dispatcher, admin = on_stage.sign_in("dispatcher"), on_stage.sign_in("admin")
    dispatcher.post("/api/presence", {**where, "window": "a"})
    assert len(admin.get("/api/presence", params=where).json()) == 1
    with time_machine.travel(_in_seconds(61), tick=False):
        assert admin.get("/api/presence", params=where).json() == []


def _in_seconds(seconds: int) -> dt.datetime:
    return utc_now() + dt.timedelta(seconds=seconds)
