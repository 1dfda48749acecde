"""Another organisation's, vendor's or technician's data is not there: 404, in every list and id."""

import uuid

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.auth.actor import Actor, system_actor
from backend.auth.models import Role
from backend.jobs.models import Job
from backend.jobs.repository import visible_to
from tests.factories.cast import Stage
from tests.factories.ours import Ours, address, operations

# What a row in the path is not: a picture is anybody's who has it, an upload is the account's own whatever
# others have sent, a page's link is its own key, a month is everybody's.
NO_ROW_IN_THE_PATH = ("{sha256}", "{sha256}/upload", "{token}", "{month}")
# Where people work, and for whom.
KNOWN = {"vendor": ("region_id", "vendor_id")}


@pytest.mark.parametrize("name", ["stranger", "other_vendor", "other_technician"])
def test_no_operation_reaches_a_foreign_row(on_stage: Stage, ours: Ours, name: str) -> None:
    person = on_stage.sign_in(name)
    walked = [
        each for each in operations(on_stage) if "{" in each[1] and not each[1].endswith(NO_ROW_IN_THE_PATH)
    ]
    assert len(walked) >= 24
    for method, path, operation in walked:
        body = ours.bodies(operation)[0]
        reply = person.request(method, address(path, operation, ours), json=body)
        # A role that lacks the right altogether is told so before anything is looked up.
        assert reply.status_code in {403, 404}, (
            f"{name} {method} {path}: {reply.status_code} {reply.text[:200]}"
        )
        assert "赵女士" not in reply.text
        assert "望京" not in reply.text


@pytest.mark.parametrize("name", ["stranger", "other_vendor", "other_technician", "vendor"])
def test_no_list_shows_a_foreign_row(on_stage: Stage, ours: Ours, name: str) -> None:
    person = on_stage.sign_in(name)
    day = on_stage.calls.read(lambda session: session.get_one(Job, ours.ids["job_id"]).day)
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
        for secret in (
            *(
                str(row_id)
                for kind, row_id in ours.ids.items()
                if kind not in KNOWN.get(name, ("region_id",))
            ),
            "赵女士",
            "望京西园",
            "15400000000",
        ):
            assert secret not in text, f"{name} sees {secret} in {path}"


def test_a_customer_sees_the_job_of_the_link_alone(on_stage: Stage, ours: Ours) -> None:
    job_id, org_id = ours.ids["job_id"], ours.org_id

    def seen_by(session: Session, actor: Actor) -> list[uuid.UUID]:
        return list(session.scalars(sa.select(col(Job.id)).where(visible_to(actor))))

    customer = Actor(role=Role.CUSTOMER, org_id=org_id, name="customer", job_id=job_id)
    assert on_stage.calls.read(seen_by, customer) == [job_id]
    assert len(on_stage.calls.read(seen_by, system_actor(org_id, "office"))) == 2


def test_those_who_may_do_see_it(on_stage: Stage) -> None:
    for name in ("dispatcher", "technician", "agent", "clerk", "admin"):
        reply = on_stage.sign_in(name).get(f"/api/jobs/{on_stage.world.job.id}")
        assert (reply.status_code, reply.json()["sheet"]["customer"]["name"]) == (200, "赵女士")
