"""Signing a phone in by a picture or a code to type: once, for a while, and not by guessing."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import time_machine
from sqlmodel import Session, select

from backend.audit.models import AuditEntry
from backend.auth import pairing
from backend.auth.models import Account, PairingCode
from backend.auth.service import digest
from backend.db.types import utc_now
from tests.factories.cast import Person, Stage

OPENED, SPENT, SLOWED = (201, None), (401, "code_spent"), (429, "too_many_attempts")
WRONG = "ACDE-FHJK"


@dataclass(frozen=True)
class Codes:
    link: str
    typed: str


def make(person: Person, technician_id: uuid.UUID) -> Codes:
    reply = person.post(f"/api/technicians/{technician_id}/pairing-code").json()
    return Codes(reply["url"].split("#pair=")[1], reply["typed_code"])


def made(stage: Stage) -> Codes:
    """What a dispatcher is shown for our technician."""
    return make(stage.sign_in("dispatcher"), stage.world.technician.id)


def enter(stage: Stage, code: str) -> tuple[int, Any]:
    reply = stage.client.post("/api/session/pair", json={"code": code})
    return reply.status_code, reply.json().get("code")


def attempts(stage: Stage) -> int:
    return int(stage.client.app.state.services.settings.sign_in_attempts)


def test_a_picture_and_a_code_to_type_are_shown_for_a_quarter_of_an_hour(on_stage: Stage) -> None:
    path = f"/api/technicians/{on_stage.world.technician.id}/pairing-code"
    reply = on_stage.sign_in("dispatcher").post(path)
    assert reply.status_code == 201
    shown = reply.json()
    assert shown["qr_svg"].startswith("<svg")
    assert shown["good_for_s"] == 15 * 60
    assert [len(half) for half in shown["typed_code"].split("-")] == [4, 4]
    assert set(shown["typed_code"]) - {"-"} <= set(pairing.LETTERS)


@pytest.mark.parametrize("first", ["link", "typed"])
def test_one_phone_gets_in_by_either_of_them_once(on_stage: Stage, first: str) -> None:
    codes = made(on_stage)
    chosen = getattr(codes, first)
    reply = on_stage.client.post("/api/session/pair", json={"code": chosen})
    assert reply.json()["user"]["technician_id"] == str(on_stage.world.technician.id)
    assert [enter(on_stage, code) for code in (codes.link, codes.typed)] == [SPENT, SPENT]


def test_phones_that_enter_at_once_are_one(on_stage: Stage) -> None:
    codes = made(on_stage)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda code: enter(on_stage, code), [codes.link, codes.typed] * 2))
    assert sorted(told, key=str) == sorted([OPENED, SPENT, SPENT, SPENT], key=str)


@pytest.mark.parametrize("how", ["link", "typed"])
def test_newer_codes_end_the_older_ones(on_stage: Stage, how: str) -> None:
    older, newer = made(on_stage), made(on_stage)
    assert enter(on_stage, getattr(older, how)) == SPENT
    assert enter(on_stage, getattr(newer, how)) == OPENED


def test_codes_of_another_technician_stay_good(on_stage: Stage) -> None:
    dispatcher, world = on_stage.sign_in("dispatcher"), on_stage.world
    ours = make(dispatcher, world.technician.id)
    make(dispatcher, world.other_technician.id)
    assert enter(on_stage, ours.typed) == OPENED


def test_both_codes_run_out(on_stage: Stage) -> None:
    codes = made(on_stage)
    with time_machine.travel(utc_now() + dt.timedelta(minutes=16), tick=False):
        assert [enter(on_stage, code) for code in (codes.link, codes.typed)] == [SPENT, SPENT]


def test_codes_of_an_account_closed_since_open_nothing(on_stage: Stage) -> None:
    codes = made(on_stage)

    def close(session: Session) -> None:
        session.get_one(Account, on_stage.world.account.id).disabled_at = utc_now()

    on_stage.calls.write(close)
    for code in (codes.link, codes.typed):
        reply = on_stage.client.post("/api/session/pair", json={"code": code})
        assert (reply.status_code, reply.headers.get("set-cookie")) == (401, None)
    used = on_stage.calls.read(lambda session: session.exec(select(PairingCode.used_at)).all())
    assert used == [None, None]


def test_neither_code_nor_its_plain_hash_is_in_the_database(on_stage: Stage) -> None:
    codes = made(on_stage)
    plain = codes.typed.replace("-", "")
    stored = on_stage.calls.read(lambda session: session.exec(select(PairingCode.code_hash)).all())
    assert len(stored) == 2
    assert not {codes.link, plain, codes.typed, digest(plain), digest(codes.typed)} & set(stored)


def test_who_made_codes_and_how_a_phone_got_in_is_in_the_audit(on_stage: Stage) -> None:
    enter(on_stage, made(on_stage).typed)
    entries = on_stage.calls.read(lambda session: session.exec(select(AuditEntry)).all())
    told = [(one.action, one.actor_name, one.data.get("how")) for one in entries]
    assert ("pairing_code", "dispatcher", None) in told
    assert ("sign_in", on_stage.world.account.name, "pairing_typed") in told


def test_guessing_a_code_is_slowed_down_and_forgiven_later(on_stage: Stage) -> None:
    with time_machine.travel(utc_now(), tick=True) as clock:
        for letter in pairing.LETTERS[: attempts(on_stage)]:
            assert enter(on_stage, letter * pairing.LENGTH) == SPENT
        codes = made(on_stage)
        assert enter(on_stage, codes.typed) == SLOWED
        clock.shift(dt.timedelta(minutes=6))
        assert enter(on_stage, codes.typed) == OPENED


def test_guesses_that_come_at_once_are_no_more_than_those_one_after_the_other(on_stage: Stage) -> None:
    most = attempts(on_stage)
    guesses = [letter * pairing.LENGTH for letter in pairing.LETTERS[: 2 * most]]
    with ThreadPoolExecutor(2 * most) as pool:
        told = list(pool.map(lambda code: enter(on_stage, code), guesses))
    assert (told.count(SPENT), told.count(SLOWED)) == (most, most)


def test_wrong_passwords_count_against_guesses_of_the_same_address(on_stage: Stage) -> None:
    for number in range(attempts(on_stage)):
        body = {"login": f"nobody{number}", "password": "wrong"}
        on_stage.client.post("/api/session", json=body)
    assert enter(on_stage, WRONG) == SLOWED


def test_a_picture_scanned_again_and_again_locks_nobody_out(on_stage: Stage) -> None:
    older, newer = made(on_stage), made(on_stage)
    for _ in range(attempts(on_stage) + 1):
        assert enter(on_stage, older.link) == SPENT
    assert enter(on_stage, newer.typed) == OPENED


def test_who_gets_in_by_a_code_is_not_counted(on_stage: Stage) -> None:
    for _ in range(attempts(on_stage) + 1):
        assert enter(on_stage, made(on_stage).typed) == OPENED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ACDE-FHJK", "ACDEFHJK"),
        ("acde fhjk", "ACDEFHJK"),
        (" acdefhjk ", "ACDEFHJK"),
        ("ＡＣＤＥ－ＦＨＪＫ", "ACDEFHJK"),
        ("ACDE—FHJK", "ACDEFHJK"),
        ("ACDE-FHJ", None),
        ("ACDE-FHJKM", None),
        ("ACDE-FHJ0", None),  # a letter no code has
        ("", None),
    ],
)
def test_a_code_is_read_as_people_type_it(text: str, code: str | None) -> None:
    assert pairing.as_typed(text) == code


@pytest.mark.parametrize("name", ["agent", "clerk", "technician"])
def test_only_dispatchers_pair_phones(on_stage: Stage, name: str) -> None:
    reply = on_stage.sign_in(name).post(f"/api/technicians/{on_stage.world.technician.id}/pairing-code")
    assert reply.status_code == 403


def test_a_vendor_pairs_its_own_technicians_only(on_stage: Stage) -> None:
    vendor, world = on_stage.sign_in("vendor"), on_stage.world
    ours = made(on_stage)

    def tie_account(session: Session) -> None:
        session.merge(world.other_account).vendor_id = world.vendor.id

    def ask(technician_id: uuid.UUID) -> httpx.Response:
        return vendor.post(f"/api/technicians/{technician_id}/pairing-code")

    on_stage.calls.write(tie_account)
    assert ask(world.other_technician.id).status_code == 201
    assert ask(world.technician.id).status_code == 404
    assert enter(on_stage, ours.typed) == OPENED  # what is refused ends nothing
