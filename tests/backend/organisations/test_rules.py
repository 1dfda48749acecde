"""What an organisation decides for itself, and what follows from it."""

from typing import Any

import pytest

from backend.organisations.calling import call_number
from backend.organisations.models import Organisation
from tests.factories.cast import Stage

RULES = {"offer_minutes": 45, "relay_number": "+861055550000"}


def test_an_administrator_changes_the_rules(on_stage: Stage) -> None:
    admin = on_stage.sign_in("admin")
    assert admin.get("/api/organisation/rules").json() == {"offer_minutes": None, "relay_number": ""}
    assert admin.request("PUT", "/api/organisation/rules", json=RULES).json() == RULES
    assert admin.get("/api/organisation/rules").json() == RULES
    theirs = on_stage.calls.read(
        lambda session: session.get_one(Organisation, on_stage.cast.theirs.org.id).relay_number
    )
    assert theirs == ""


@pytest.mark.parametrize("name", ["dispatcher", "agent", "clerk", "vendor", "technician"])
def test_nobody_else_does(on_stage: Stage, name: str) -> None:
    person = on_stage.sign_in(name)
    assert person.get("/api/organisation/rules").status_code == 403
    assert person.request("PUT", "/api/organisation/rules", json=RULES).status_code == 403


@pytest.mark.parametrize(
    "change",
    [{"offer_minutes": 0}, {"offer_minutes": 10_081}, {"relay_number": "call me"}, {"relay_number": "1"}],
)
def test_rules_without_sense_are_refused(on_stage: Stage, change: dict[str, Any]) -> None:
    reply = on_stage.sign_in("admin").request("PUT", "/api/organisation/rules", json=RULES | change)
    assert reply.status_code == 400


def test_calls_go_through_the_relay_with_the_jobs_digits() -> None:
    plain, relayed = Organisation(name="A"), Organisation(name="B", relay_number="+861055550000")
    assert call_number(plain, "J2611230007", "+8615400000000") == "+8615400000000"
    assert call_number(relayed, "J2611230007", "+8615400000000") == "+861055550000,2611230007"
