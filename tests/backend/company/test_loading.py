"""A file written again changes what it says otherwise, and nothing else."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from backend.assets.models import Product, ServiceSpec
from backend.audit.models import AuditEntry
from backend.auth.models import Account, Role
from backend.company.welcome import NOBODY_YET, told_when_empty
from backend.db.registry import METADATA
from backend.extras.models import ExtraWork
from backend.organisations.models import Organisation, Region
from backend.parts.models import StockMove
from backend.parts.service import van_stock
from backend.settings import Settings
from backend.technicians.models import Technician, TechnicianCertificate, TechnicianSkill
from backend.vendors.models import Tariff
from tests.backend.company.conftest import Operator, Told
from tests.factories.calls import Calls, calls_to

ON_RECORD = ("audit_entry", "change")


@pytest.fixture
def db(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as calls:
        yield calls


def every(db: Calls, table: type) -> list[Any]:
    return list(db.read(lambda session: session.exec(select(table)).all()))


def everything(db: Calls) -> dict[str, Any]:
    """All rows of all tables, but those that tell of changes."""
    tables = [table for table in METADATA.sorted_tables if table.name not in ON_RECORD]
    return db.read(
        lambda session: {table.name: Counter(map(repr, session.execute(table.select()))) for table in tables}
    )


def technician(db: Calls, login: str) -> Technician:
    query = select(Technician).join(Account, col(Account.technician_id) == col(Technician.id))
    return db.read(lambda session: session.exec(query.where(Account.login == login)).one())


def test_the_documented_example_becomes_a_company(operator: Operator, db: Calls, told: Told) -> None:
    printed = operator.load(told)
    assert Counter(each.role for each in every(db, Account)) == {
        Role.ADMIN: 1, Role.DISPATCHER: 1, Role.AGENT: 1, Role.VENDOR_DISPATCHER: 1, Role.TECHNICIAN: 3,
    }  # fmt: skip
    assert not every(db, Organisation)[0].is_replay
    assert (every(db, Region)[0].name, len(every(db, Tariff)), len(every(db, ExtraWork))) == ("杭州", 2, 2)
    own, vendors = technician(db, "shen01"), technician(db, "kx01")
    assert (own.phone, own.hourly_fen, own.vendor_id) == ("+8615400020001", 6_000, None)
    assert (vendors.hourly_fen, vendors.per_km_fen) == (0, 0)
    assert vendors.vendor_id is not None
    assert len({each.color for each in every(db, Technician)}) == 3
    from_a_chinese_map = technician(db, "yu02")
    assert 100 < abs(from_a_chinese_map.home_lng - 120.2052) * 96_000 < 800  # metres
    service = next(each for each in every(db, ServiceSpec) if each.parts and each.skill == "hvac")
    assert (service.duration_s, service.certificate) == (5_400, "refrigeration")
    assert [step["key"] for step in service.checklist] == ["power_off", "outlet_temp", "photo_after"]
    assert service.checklist[1]["max"] == 60
    assert [(each.sku, each.qty) for each in db.read(van_stock, own.id)] == [("P-BRKT", 4)]
    assert "look at" not in printed


def test_loading_again_changes_nothing(operator: Operator, db: Calls, told: Told) -> None:
    operator.load(told)
    before, entries = everything(db), len(every(db, AuditEntry))
    again = operator.load(told)
    assert everything(db) == before
    assert len(every(db, AuditEntry)) == entries
    assert "New accounts" not in again


def test_a_dry_run_says_all_and_writes_nothing(operator: Operator, db: Calls, told: Told) -> None:
    before = everything(db)
    printed = operator.load(told, "--dry-run")
    assert everything(db) == before
    assert "dry run, nothing was written" in printed
    assert "New accounts" not in printed
    operator.load(told)
    told["products"][0]["name"] = "别名"
    printed = operator.load(told, "--dry-run")
    assert "changed: product XH-AC26: name" in printed
    assert "别名" not in {each.name for each in every(db, Product)}


def test_what_the_file_says_otherwise_is_changed(operator: Operator, db: Calls, told: Told) -> None:
    operator.load(told)
    told["services"][1]["price_fen"] = 15_500
    told["extra_work"][0]["price_fen"] = 7_000
    told["tariffs"]["kuaixiu"]["washing_machine"]["repair"] = 9_100
    person = told["technicians"][0]
    person["skills"] = {"hvac": 2, "tv": 1}
    person["certificates"]["refrigeration"] = "2029-01-31"
    person["vendor"] = "kuaixiu"
    printed = operator.load(told)
    assert {each.price_fen for each in every(db, ServiceSpec)} >= {15_500}
    priced = {(each.code, each.price_fen, each.valid_until is None) for each in every(db, ExtraWork)}
    assert priced == {("W-DRILL", 6_000, False), ("W-DRILL", 7_000, True), ("W-HIGH", 20_000, True)}
    assert sorted(each.price_fen for each in every(db, Tariff)) == [6_500, 9_100]
    who = technician(db, "shen01")
    skills = {each.skill: each.level for each in every(db, TechnicianSkill) if each.technician_id == who.id}
    assert skills == {"hvac": 2, "tv": 1}
    dates = {each.technician_id: each.expires_on for each in every(db, TechnicianCertificate)}
    assert dates[who.id] == dt.date(2029, 1, 31)
    assert who.vendor_id is not None
    account = next(each for each in every(db, Account) if each.login == "shen01")
    assert account.vendor_id == who.vendor_id
    assert "changed: service air_conditioner/repair: price_fen" in printed
    assert "look at: no technician can repair air_conditioner: it takes hvac 3" in printed
    changed = [each for each in every(db, AuditEntry) if each.action == "service.changed"]
    assert [(each.actor_kind, each.data["was"]) for each in changed] == [("system", {"price_fen": 12_000})]


def test_what_the_file_leaves_out_stays(operator: Operator, db: Calls, told: Told) -> None:
    operator.load(told)
    before = everything(db)
    people = [
        {name: row[name] for name in ("login", "name", "phone", "region", "home")}
        for row in told["technicians"]
    ]
    operator.load({"organisation": {"name": told["organisation"]["name"]}, "technicians": people})
    assert everything(db) == before


def test_a_person_switched_off_is_out_and_comes_back(operator: Operator, db: Calls, told: Told) -> None:
    operator.load(told)
    hash_of = {each.login: each.password_hash for each in every(db, Account)}

    def active() -> tuple[bool, bool, bool]:
        office, phone = (
            next(each.disabled_at is None for each in every(db, Account) if each.login == login)
            for login in ("kefu", "shen01")
        )
        return office, phone, technician(db, "shen01").is_active

    for is_active in (False, True):
        told["office"][2]["active"] = told["technicians"][0]["active"] = is_active
        operator.load(told)
        assert active() == (is_active,) * 3
        before = everything(db)
        operator.load(told)
        assert everything(db) == before
    assert {each.login: each.password_hash for each in every(db, Account)} == hash_of


def test_stock_that_has_moved_is_the_ledgers(operator: Operator, db: Calls, told: Told) -> None:
    operator.load(told)
    moves = len(every(db, StockMove))
    told["parts"][0]["stock"] = 400
    told["parts"].append({"sku": "P-NEW", "name": "新配件", "stock": 5})
    operator.load(told)
    assert len(every(db, StockMove)) == moves + 1


def test_two_organisations_do_not_mix(operator: Operator, db: Calls, told: Told) -> None:
    operator.load(told)
    before = everything(db)
    other = {**told, "organisation": {**told["organisation"], "name": "别家"}}
    assert "Say --organisation" in operator.refused(other)
    wrong = operator.refused(other, "--organisation", "别家").splitlines()
    assert len(wrong) == 1 + 7
    assert "technicians[0].login: shen01 is taken by another organisation; choose another" in wrong
    assert everything(db) == before
    for row in [*other["office"], *other["technicians"]]:
        row["login"] += ".b"
    other["products"][0]["name"] = "另一款"
    operator.load(other, "--organisation", "别家")
    first, second = sorted(every(db, Organisation), key=lambda each: each.name != "西湖家电服务")
    names = {each.org_id: each.name for each in every(db, Product) if each.sku == "XH-AC26"}
    assert names == {first.id: "空调挂机 1匹", second.id: "另一款"}
    after = everything(db)
    for name, rows in before.items():
        assert not rows - after[name], name
    regions = {each.id: each.org_id for each in every(db, Region)}
    assert all(regions[each.region_id] == each.org_id for each in every(db, Technician))


def test_an_organisation_is_renamed_by_saying_which(operator: Operator, db: Calls, told: Told) -> None:
    operator.load(told)
    told["organisation"]["name"] = "新名"
    operator.load(told, "--organisation", "西湖家电服务")
    assert [each.name for each in every(db, Organisation)] == ["新名"]


def test_the_demo_is_never_mixed_with_a_company(operator: Operator, db: Calls, told: Told) -> None:
    organisation = Organisation(name=told["organisation"]["name"], is_replay=True)
    db.write(lambda session: session.add(organisation))
    assert "That is the demo" in operator.refused(told)
    assert len(every(db, Organisation)) == 1


def test_passwords_are_nowhere_but_on_the_screen(operator: Operator, db: Calls, told: Told) -> None:
    printed = operator.load(told)
    listed = printed.partition("New accounts")[2].splitlines()[1:]
    passwords = [line.split()[1] for line in listed]
    assert len(set(passwords)) == len(every(db, Account)) == 7
    stored = repr(everything(db)) + repr([each.model_dump() for each in every(db, AuditEntry)])
    assert not [each for each in passwords if each in stored]


def test_who_starts_an_empty_server_is_told_the_way_in(
    operator: Operator, told: Told, lend_database: Callable[[str], str]
) -> None:
    assert told_when_empty(Settings()) == NOBODY_YET
    operator.load(told)
    assert told_when_empty(Settings()) == ""
    assert told_when_empty(Settings(database_url=f"sqlite:///{operator.folder / 'unmigrated.db'}")) == ""
    assert told_when_empty(Settings(database_url="postgresql://nobody@127.0.0.1:1/none")) == ""
