"""Everything that is wrong with a file is named with its place in it, and then nothing is written."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, func, select

from backend.company.mistakes import CompanyMistakesError, read
from backend.organisations.models import Organisation
from tests.backend.company.conftest import EXAMPLE, Operator, Told
from tests.factories.calls import calls_to

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=8,
)


def put(told: Told, path: str, value: object) -> None:
    """Set what stands at a path such as `technicians.0.skills.hvac`; None takes it away."""
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = told
    for part in parents:
        place = place[part]
    if value is None:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value


ALONE = [
    ("organisation", None, "organisation: is missing"),
    ("organisation.zone", "Mars/Olympus", "organisation.zone: must be a zone such as Europe/Berlin"),
    ("organisation.currency", "yuan", "organisation.currency: must be three capital letters such as CNY"),
    ("organisation.id", "x", "organisation.id: is not a word this file knows"),
    ("regions.0.center.lat", 91, "regions[0].center.lat: must be less than or equal to 90"),
    ("regions.0.depot.lng", "120", "regions[0].depot.lng: must be a valid number"),
    ("shifts.day.from", "8:30", "shifts.day.from: must be an hour such as 08:30"),
    ("shifts.day.until", "08:00", "shifts.day: must end later than it begins, on the same day"),
    ("shifts.day.break", ["07:00", "09:00"], "shifts.day: must have its break inside its hours"),
    ("shifts.day.break_minutes", 150, "shifts.day: must have a break_minutes that fits"),
    ("days_off.0", "2027-02-30", "days_off[0]: must be a valid date"),
    ("vendors.0.daily_capacity", -1, "vendors[0].daily_capacity: must be greater than or equal to 0"),
    ("products.0.name", "", "products[0].name: must not be empty"),
    ("products.0.sku", "x" * 61, "products[0].sku: String should have at most 60 characters"),
    ("products.0.name", "a\x00b", "products[0].name: must not begin or end with a space"),
    ("parts.0.price_fen", 99.5, "parts[0].price_fen: must be a valid integer"),
    ("parts.0.price_fen", 2**70, "parts[0].price_fen: must be less than or equal to 100000000"),
    ("steps.0.kind", "tick", "steps[0].kind: must be check, reading, text, choice or photo"),
    ("steps.3.choices", None, "steps[3]: must have choices when its kind is choice"),
    ("steps.2.min", 61, "steps[2]: must have a min that is not above its max"),
    ("services.0.level", 0, "services[0].level: must be greater than or equal to 1"),
    ("services.0.type", "mend", "services[0].type: must be 'install', 'repair'"),
    ("services.0.parts.0.qty", 100, "services[0].parts[0].qty: must be less than or equal to 99"),
    ("tariffs.kuaixiu.washing_machine.fix", 1, "tariffs.kuaixiu.washing_machine.fix: must be 'install'"),
    ("office.1.role", "technician", "office[1].role: must be 'admin', 'dispatcher'"),
    ("office.3.vendor", None, "office[3]: must have a vendor when its role is vendor_dispatcher"),
    ("office.0.login", "the boss", "office[0].login: must be 1 to 80 characters without spaces"),
    ("technicians.2.skills.ac_install", 12, "technicians[2].skills.ac_install: must be less than or equal"),
    ("technicians.0.certificates.gas", "soon", "technicians[0].certificates.gas: must be a valid date"),
    ("technicians.0.week.mon", "day", "technicians[0].week.mon: must be 'monday', 'tuesday'"),
    ("technicians.0.home", 7, "technicians[0].home: must be an object"),
    ("technicians.0.home.lat", None, "technicians[0].home.lat: is missing"),
    ("technicians.0.color", "blue", "technicians[0].color: must be a colour such as #0072b2"),
]

TOGETHER = [
    ("regions.1", lambda told: told["regions"][0], "regions[1].name: is there twice"),
    ("products.1.sku", "XH-AC26", "products[1].sku: is there twice"),
    ("services.1.type", "install", "services[1].type: is there twice"),
    ("technicians.1.login", "shen01", "technicians[1].login: is there twice"),
    ("technicians.1.login", "boss", "technicians[1].login: is there twice"),
    ("services.0.steps.1", "dance", "services[0].steps[1]: there is no step dance"),
    ("services.0.steps.1", "power_off", "services[0].steps: a step is there twice"),
    ("services.0.parts.0.sku", "P-NONE", "services[0].parts[0].sku: there is no part P-NONE"),
    ("tariffs.nobody", {}, "tariffs.nobody: there is no vendor nobody"),
    ("office.3.vendor", "nobody", "office[3].vendor: there is no vendor nobody"),
    ("technicians.2.vendor", "nobody", "technicians[2].vendor: there is no vendor nobody"),
    ("technicians.0.region", "上海", "technicians[0].region: there is no region 上海"),
    ("technicians.0.phone", "12345", "technicians[0].phone: Not a phone number: 12345"),
    ("technicians.0.home", "没有这里", "technicians[0].home: no community of the gazetteer is named"),
    ("technicians.0.week.monday", "night", "technicians[0].week.monday: there is no shift night"),
    ("technicians.0.van.P-NONE", 1, "technicians[0].van.P-NONE: there is no part P-NONE"),
]


@pytest.mark.parametrize(("path", "value", "line"), ALONE, ids=[line for _, _, line in ALONE])
def test_a_mistake_is_named_with_its_path(told: Told, path: str, value: object, line: str) -> None:
    put(told, path, value)
    with pytest.raises(CompanyMistakesError) as refused:
        read(json.dumps(told).encode())
    assert [each[: len(line)] for each in refused.value.mistakes] == [line]


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Organisation)).one()


def test_what_does_not_fit_together_is_named_and_nothing_is_written(
    operator_on: Callable[[str], Operator], lend_database: Callable[[str], str]
) -> None:
    operator = operator_on(lend_database("sqlite"))
    for path, value, line in TOGETHER:
        told = json.loads(EXAMPLE.read_text(encoding="utf-8"))
        put(told, path, value(told) if callable(value) else value)
        head, *mistakes = operator.refused(told).splitlines()
        assert head == "shangmen: 1 mistake in the file; nothing was written."
        assert [each[: len(line)] for each in mistakes] == [line]
    with calls_to(operator.url) as calls:
        assert calls.read(count) == 0


def test_all_mistakes_are_named_at_once(operator: Operator, told: Told) -> None:
    told["technicians"][0].update(region="上海", phone="1")
    told["services"][0]["steps"] = ["dance"]
    assert len(operator.refused(told).splitlines()) == 1 + 3


def test_a_login_of_the_office_is_no_technicians(operator: Operator, told: Told) -> None:
    operator.load(told)
    put(told, "office.2.login", "kx01")
    put(told, "technicians.2.login", "kefu")
    assert operator.refused(told).splitlines()[1:] == [
        "office[2].login: kx01 is technician already; a technician and the office can't share a login",
        "technicians[2].login: kefu is agent already; a technician and the office can't share a login",
    ]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe{}", b"[]", b"[" * 100_000, b'{"organisation": NaN}'])
def test_what_is_no_company_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(CompanyMistakesError) as refused:
        read(data)
    assert len(refused.value.mistakes) == 1


def test_a_file_that_is_not_there_is_named(operator: Operator) -> None:
    status, _, err = operator.run("company", "load", "nowhere.json")
    assert (status, err) == (2, "shangmen: nowhere.json: No such file or directory\n")


PATHS = [
    "organisation", "organisation.name", "regions.0", "regions.0.zone", "shifts.day", "shifts.day.break",
    "days_off", "vendors.0.key", "products.0.sku", "parts.0.barcode", "steps.3.choices", "services.0.minutes",
    "services.0.parts", "extra_work.1.category", "tariffs", "tariffs.kuaixiu", "office.3.vendor",
    "technicians.0.home", "technicians.0.skills", "technicians.0.week", "technicians.0.van",
]  # fmt: skip


@settings(max_examples=60)
@given(path=st.sampled_from(PATHS), value=ANYTHING)
def test_whatever_stands_in_a_file_is_read_or_refused_with_its_path(path: str, value: object) -> None:
    told = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    put(told, path, value)
    try:
        read(json.dumps(told).encode())
    except CompanyMistakesError as refused:
        for line in refused.mistakes:
            assert line.startswith(path.split(".", maxsplit=1)[0])
            assert line.isprintable()
