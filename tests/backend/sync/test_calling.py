"""Where calls are relayed, nobody in the field is sent a customer's number; the office sees it."""

import pytest

from backend.organisations.models import Organisation
from tests.factories.cast import Stage

RELAY = "+861055550000"


def relay(stage: Stage) -> None:
    stage.calls.write(
        lambda session: setattr(session.get_one(Organisation, stage.world.org.id), "relay_number", RELAY)
    )


def test_without_a_relay_the_phone_is_dialled(on_stage: Stage) -> None:
    [sheet] = on_stage.sign_in("technician").get("/api/sync/pull").json()["jobs"]
    assert sheet["call_number"] == sheet["customer"]["phone"] == "+8615400000000"


def test_with_a_relay_the_technician_dials_it_and_knows_no_number(on_stage: Stage) -> None:
    relay(on_stage)
    phone = on_stage.sign_in("technician")
    pulled = phone.get("/api/sync/pull")
    [sheet] = pulled.json()["jobs"]
    assert (sheet["call_number"], sheet["customer"]["phone"]) == (f"{RELAY},1", "***0000")
    answered = phone.send("diagnose", on_stage.world.job.id, fault_code="E4", text="")
    for reply in (pulled, answered, phone.get(f"/api/jobs/{on_stage.world.job.id}")):
        assert "15400000000" not in reply.text


@pytest.mark.parametrize("name", ["dispatcher", "agent", "admin"])
def test_the_office_sees_the_number_and_dials_the_relay(on_stage: Stage, name: str) -> None:
    relay(on_stage)
    sheet = on_stage.sign_in(name).get(f"/api/jobs/{on_stage.world.job.id}").json()["sheet"]
    assert (sheet["call_number"], sheet["customer"]["phone"]) == (f"{RELAY},1", "+8615400000000")
