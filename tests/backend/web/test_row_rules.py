"""Another organisation's, vendor's or technician's data is not there: 404, in every list and id."""

import uuid
from typing import Any

import pytest
from sqlmodel import Session

from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.scheduling.models import Plan, PlanRun
from tests.factories.cast import Stage

# Bodies that somebody who may could send; without one the reply would be a 400 before any row rule.
BODIES: dict[str, dict[str, Any]] = {
    "actOnJob": {"action": "close", "version": 1},
    "lockJob": {"technician": True, "time": False, "version": 1},
    "locatePlace": {"lat": 39.9, "lng": 116.4},
}
NO_ROW_IN_THE_PATH = frozenset({"sha256", "token"})


@pytest.fixture
def rows(on_stage: Stage) -> dict[str, uuid.UUID]:
    """One row of ours for every kind of id there is in a path."""
    from backend.imports.models import ImportRun

    world = on_stage.world
    day = world.job.day or utc_now().date()
    run = PlanRun(org_id=world.org.id, region_id=world.region.id, day=day)
    plan = Plan(org_id=world.org.id, region_id=world.region.id, day=day)
    imported = ImportRun(
        org_id=world.org.id, region_id=world.region.id, file_name="a.csv", file_sha256="0" * 64,
        format="csv", channel="own",
    )  # fmt: skip

    def build(session: Session) -> None:
        session.add_all([run, plan, imported])

    on_stage.calls.write(build)
    return {
        "job_id": world.job.id,
        "place_id": world.place.id,
        "technician_id": world.technician.id,
        "plan_id": plan.id,
        "plan-runs": run.id,
        "imports": imported.id,
    }


def operations(stage: Stage) -> list[tuple[str, str, str]]:
    """Method, path and name of every operation whose path names a row."""
    document = stage.client.get("/api/openapi.json").json()
    found = []
    for path, methods in document["paths"].items():
        if "{" in path and not any("{" + name + "}" in path for name in NO_ROW_IN_THE_PATH):
            found += [(method.upper(), path, body["operationId"]) for method, body in methods.items()]
    return found


def address(path: str, rows: dict[str, uuid.UUID]) -> str:
    for name, row_id in rows.items():
        path = path.replace("{" + name + "}", str(row_id))
        if f"/{name}/" in path:
            path = path.replace("{run_id}", str(row_id))
    assert "{" not in path, f"no row of ours for {path}"
    return path


@pytest.mark.parametrize("name", ["stranger", "other_vendor", "other_technician"])
def test_no_operation_reaches_a_foreign_row(on_stage: Stage, rows: dict[str, uuid.UUID], name: str) -> None:
    person = on_stage.sign_in(name)
    walked = operations(on_stage)
    assert len(walked) >= 15
    for method, path, operation in walked:
        reply = person.request(method, address(path, rows), json=BODIES.get(operation, {}))
        # A role that lacks the right altogether is told so before anything is looked up.
        expected = {404} if name == "stranger" else {403, 404}
        assert reply.status_code in expected, (
            f"{name} {method} {path}: {reply.status_code} {reply.text[:200]}"
        )
        assert "赵女士" not in reply.text
        assert "望京" not in reply.text


@pytest.mark.parametrize("name", ["stranger", "other_vendor", "other_technician", "vendor"])
def test_no_list_shows_a_foreign_row(on_stage: Stage, rows: dict[str, uuid.UUID], name: str) -> None:
    person = on_stage.sign_in(name)
    day = on_stage.calls.read(lambda session: session.get_one(Job, rows["job_id"]).day)
    region = on_stage.world.region.id
    for path in (
        "/api/jobs",
        "/api/jobs?q=赵女士",
        f"/api/jobs?day={day}",
        "/api/places/needs-location",
        f"/api/plans?region_id={region}&day={day}",
        "/api/imports",
        f"/api/board?region_id={region}&day={day}",
        "/api/sync/pull",
    ):
        text = person.get(path).text
        for secret in (*map(str, rows.values()), "赵女士", "望京西园", "15400000000"):
            assert secret not in text, f"{name} sees {secret} in {path}"


def test_those_who_may_do_see_it(on_stage: Stage) -> None:
    for name in ("dispatcher", "technician", "agent", "clerk", "admin"):
        reply = on_stage.sign_in(name).get(f"/api/jobs/{on_stage.world.job.id}")
        assert (reply.status_code, reply.json()["sheet"]["customer"]["name"]) == (200, "赵女士")
