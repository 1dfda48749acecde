"""Every operation of the API, by everybody of another organisation, on every kind of row of ours.

Whatever they send: no answer names anything of ours, none tells that it is there, and nothing of it changes.
"""

import json
import uuid
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import Session

from backend.auth import tokens
from backend.auth.actor import Actor
from backend.auth.models import Account, Role
from backend.auth.tokens import TOKEN_PREFIX
from backend.db.registry import METADATA
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit, VisitOutcome
from tests.factories.cast import PASSWORD, Person, Stage, account
from tests.factories.ours import NOON, SHA, Ours, address, operations

SECRETS = ("赵女士", "望京", "15400000000")
# Signing in, being alive and signed e-mails are about no rows; the stream's audience has its own tests.
APART = frozenset(
    {"signIn", "signOut", "pairPhone", "health", "ready", "openFeed", "takeLetter", "takeLetterOf"}
)
# These take ids of anybody and answer with what the asker has of them: nothing, or one refusal for each.
LENIENT = frozenset(
    {
        "listJobs", "listMessages", "listOffers", "sendCommands", "sendPositions", "putBlob",
        "askUpload", "continueUpload",
    }
)  # fmt: skip
FOR_PHONES = frozenset({"sendCommand", "acceptOffer", "declineOffer"})
PEOPLE = ("admin", "dispatcher", "agent", "clerk", "vendor_dispatcher", "technician", "integration")


def stranger(stage: Stage, role: str) -> "Person | Bearer":
    """Somebody of the other organisation, signed in."""
    theirs = stage.cast.theirs
    if role == "integration":
        admin = Actor(role=Role.ADMIN, org_id=theirs.org.id, name="admin")
        return Bearer(stage, stage.calls.write(tokens.create, admin, "theirs").secret)
    if role == "technician":
        stage.cast.accounts["them"] = theirs.account
        return stage.sign_in("them")
    vendor = theirs.vendor if role == "vendor_dispatcher" else None
    made: Account = account(theirs, f"their-{role}", Role(role), vendor)
    stage.calls.write(lambda session: session.add(made))
    stage.cast.accounts["them"] = made
    return stage.sign_in("them")


class Bearer:
    """An integration with its token."""

    def __init__(self, stage: Stage, token: str) -> None:
        self._stage, self._token = stage, token
        assert token.startswith(TOKEN_PREFIX)

    def request(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self._token}", **kwargs.pop("headers", {})}
        self._stage.client.cookies.clear()
        return self._stage.client.request(method, path, headers=headers, **kwargs)


def send(
    person: "Person | Bearer", method: str, path: str, body: dict[str, Any], ours: Ours
) -> httpx.Response:
    if path == "/api/imports" and method == "POST":
        region = str(ours.ids["region_id"])
        return person.request(method, path, files={"file": ("a.csv", b"x")}, data={"region_id": region})
    headers = {"Idempotency-Key": str(body.get("id", uuid.uuid4()))}
    if method in ("GET", "HEAD", "DELETE"):
        return person.request(method, path, headers=headers)
    return person.request(method, path, json=body, headers=headers)


def carries(ours: Ours, url: str, body: dict[str, Any]) -> bool:
    """Whether a request names anything of ours."""
    sent = url + json.dumps(body)
    return SHA in sent or any(str(row_id) in sent for row_id in ours.ids.values())


def fingerprint(session: Session, org_id: uuid.UUID) -> dict[str, list[str]]:
    """Everything that belongs to an organisation, table by table."""
    return {
        table.name: sorted(map(str, session.execute(sa.select(table).where(table.c.org_id == org_id))))
        for table in METADATA.tables.values()
        if "org_id" in table.c
    }


@pytest.mark.parametrize("role", PEOPLE)
def test_nobody_elsewhere_sees_or_changes_anything_of_ours(on_stage: Stage, ours: Ours, role: str) -> None:
    person = stranger(on_stage, role)
    secrets = (*SECRETS, *map(str, set(ours.ids.values())))
    before = on_stage.calls.read(fingerprint, ours.org_id)
    walked = 0
    for method, path, operation in operations(on_stage):
        if operation in APART:
            continue
        for body in ours.bodies(operation):
            reply = send(person, method, address(path, operation, ours), body, ours)
            walked += 1
            told = f"{role} {method} {path} {json.dumps(body)[:80]}: {reply.status_code} {reply.text[:200]}"
            assert reply.status_code < 500, told
            if operation not in LENIENT and carries(ours, address(path, operation, ours), body):
                # An administrator has every right of the office: to them, ours is simply not there.
                knows = role == "admin" and operation not in FOR_PHONES
                assert reply.status_code in ({404} if knows else {403, 404}), told
            for secret in secrets:
                assert secret not in reply.text, told
    assert walked >= 45
    assert on_stage.calls.read(fingerprint, ours.org_id) == before


@pytest.mark.parametrize("role", ["admin", "dispatcher", "vendor_dispatcher"])
def test_nobody_elsewhere_can_give_their_work_to_our_people(on_stage: Stage, ours: Ours, role: str) -> None:
    """Their own job, our technician and our vendor."""
    theirs = on_stage.cast.theirs

    def free(session: Session) -> None:
        job, visit = session.get_one(Job, theirs.job.id), session.get_one(Visit, theirs.visit.id)
        job.status, job.technician_id = JobStatus.BOOKED, None
        job.vendor_id = theirs.vendor.id if role == "vendor_dispatcher" else None
        visit.outcome = VisitOutcome.WITHDRAWN

    on_stage.calls.write(free)
    version = on_stage.calls.read(lambda session: session.get_one(Job, theirs.job.id).version)
    person, before = stranger(on_stage, role), on_stage.calls.read(fingerprint, ours.org_id)
    whom = str(ours.ids["technician_id"])
    assign = {"action": "assign", "version": version, "data": {"technician_id": whom, "start": NOON}}
    given = person.request("POST", f"/api/jobs/{theirs.job.id}/actions", json=assign)
    assert given.status_code == 404, given.text
    for candidate in ({"technician_id": whom, "start": NOON}, {"vendor_id": str(on_stage.world.vendor.id)}):
        offer = {"version": version, "mode": "open", "candidates": [candidate]}
        offered = person.request("POST", f"/api/jobs/{theirs.job.id}/offers", json=offer)
        assert offered.status_code == (403 if role == "vendor_dispatcher" else 404), offered.text
    assert on_stage.calls.read(fingerprint, ours.org_id) == before


def test_nobody_at_all_gets_in_anywhere(on_stage: Stage, ours: Ours) -> None:
    before = on_stage.calls.read(fingerprint, ours.org_id)
    for method, path, operation in operations(on_stage):
        if operation in APART:
            continue
        for body in ours.bodies(operation):
            on_stage.client.cookies.clear()
            headers = {"Idempotency-Key": str(body.get("id", uuid.uuid4()))}
            sent = None if method in ("GET", "HEAD", "DELETE") else body
            url = address(path, operation, ours)
            reply = on_stage.client.request(method, url, headers=headers, json=sent)
            assert reply.status_code in {400, 401, 422}, (method, path, reply.status_code, reply.text)
            assert not any(secret in reply.text for secret in SECRETS)
    assert on_stage.calls.read(fingerprint, ours.org_id) == before
    assert PASSWORD not in str(before)
