"""Phones, numbers, dates and products as files write them."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.geocoding.datum import Datum
from backend.imports import dates, values
from backend.imports.phones import phone
from backend.imports.products import KnownProduct, ProductIndex
from backend.imports.reasons import LineError
from backend.jobs.lifecycle import JobType
from tests.factories.orders import BEIJING, demo_products

TODAY = dt.date(2026, 11, 20)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(LineError) as refused:
        call()
    assert all(refused.value.reason.message().values())
    return refused.value.reason.code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('="15400000001"', "+8615400000001"),
        ("'15400000001", "+8615400000001"),
        ("15400000001.0", "+8615400000001"),  # a float cell
        ("1.5400000001E+10", "+8615400000001"),  # all eleven digits are there
        ("154 0000 0001", "+8615400000001"),
        ("+86 154-0000-0001", "+8615400000001"),
        ("8615400000001", "+8615400000001"),
        ("１５４００００００01", "+8615400000001"),  # full-width digits
        ("15400000001-1234", "+8615400000001,1234"),  # behind a shop's privacy relay
        ("15400000001转12345", "+8615400000001,12345"),
        ("15400000001/15400000002", "+8615400000001"),  # the first of two
        ("010-65551234", "+861065551234"),
        ("021-5555 1234-801", "+862155551234,801"),
        ("19200000001", "+8619200000001"),  # a range libphonenumber was late to learn
        ("+852 2123 4567", "+85221234567"),
    ],
)
def test_phone_numbers_become_e164(text: str, number: str) -> None:
    assert phone([text], "CN")[0] == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.54E+10", "phone_digits_lost"),
        ("1.5400001E+10", "phone_digits_lost"),  # the last three digits are gone
        ("154****0001", "phone_masked"),
        ("154xxxx0001", "phone_masked"),
        ("12345", "phone_invalid"),
        ("请打座机", "phone_invalid"),
        ("", "phone_missing"),
        ("暂无", "phone_missing"),
    ],
)
def test_a_phone_number_that_cannot_be_used_says_why(text: str, code: str) -> None:
    assert code_of(lambda: phone([text], "CN")) == code


def test_a_second_phone_cell_helps_out() -> None:
    number, notes = phone(["1.54E+10", "15400000002"], "CN")
    assert number == "+8615400000002"
    assert notes == []


def test_a_recovered_number_is_pointed_out() -> None:
    _, notes = phone(["1.5400000001E+10"], "CN")
    assert [note.code for note in notes] == ["phone_recovered"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('="2751839201234567890"', "2751839201234567890"),
        ("302145678901.0", "302145678901"),
        ("3.02145678901E+11", "302145678901"),
        (" A 10-01 ", "A10-01"),
        ("-", ""),
    ],
)
def test_order_numbers_are_read_as_text(text: str, number: str) -> None:
    assert values.identifier(text, "order_no") == number


def test_an_order_number_that_lost_digits_is_refused() -> None:
    assert code_of(lambda: values.identifier("2.75184E+18", "order_no")) == "digits_lost"


@pytest.mark.parametrize(
    ("text", "count"), [("", 1), ("2", 2), ("2.0", 2), ("×3", 3), ("1台", 1), ("２件", 2)]
)
def test_quantities(text: str, count: int) -> None:
    assert values.quantity(text) == count


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "qty_invalid"),
        ("-1", "qty_invalid"),
        ("1.5", "qty_invalid"),
        ("两", "qty_invalid"),
        ("99", "qty_too_large"),
        ("9" * 40, "qty_too_large"),
    ],
)
def test_quantities_that_make_no_sense(text: str, code: str) -> None:
    assert code_of(lambda: values.quantity(text)) == code


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "install"),
        ("安装", "install"),
        ("上门维修", "repair"),
        ("空调清洗", "maintain"),
        ("Repair", "repair"),
        ("换机", "swap"),
    ],
)
def test_job_types(text: str, kind: str) -> None:
    assert values.job_type(text) == kind


def test_an_unknown_or_double_job_type_is_refused() -> None:
    assert code_of(lambda: values.job_type("聊天")) == "job_type_unknown"
    assert code_of(lambda: values.job_type("安装或维修")) == "job_type_unknown"


def local(moment: dt.datetime | None) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if moment else ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026/11/3 9:5", "2026-11-03 09:05"),
        ("2026年11月3日", "2026-11-03 00:00"),
        ("2026年11月3日 9时5分", "2026-11-03 09:05"),
        ("20261103", "2026-11-03 00:00"),
        ("20261103090500", "2026-11-03 09:05"),
        ("2026.11.3", "2026-11-03 00:00"),
        ("46329", "2026-11-03 00:00"),  # a spreadsheet's day number
        ("46329.378472", "2026-11-03 09:05"),
        ("2026-11-03T01:05:00Z", "2026-11-03 09:05"),
        ("2026-11-03T09:05:00+08:00", "2026-11-03 09:05"),
        ("23/10/2026", "2026-10-23 00:00"),  # 23 can't be a month
        ("11月3日", "2026-11-03 00:00"),  # the last one
        ("12月3日", "2025-12-03 00:00"),
        ("", ""),
    ],
)
def test_dates_of_orders(text: str, moment: str) -> None:
    assert local(dates.instant(text, BEIJING, TODAY)) == moment


@pytest.mark.parametrize(
    "text", ["abc", "3/11/2026", "2026-13-01", "2026-02-30", "0001-01-01", "9999-12-31", "99999", "2月30日"]
)
def test_dates_that_cannot_be_read(text: str) -> None:
    assert code_of(lambda: dates.instant(text, BEIJING, TODAY)) == "ordered_at_unreadable"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11-23 10:00-12:00", "2026-11-23 10:00", "2026-11-23 12:00"),
        ("2026/11/23 上午", "2026-11-23 09:00", "2026-11-23 12:00"),
        ("11月23日 下午2点-4点", "2026-11-23 14:00", "2026-11-23 16:00"),
        ("2026-11-23", "2026-11-23 09:00", "2026-11-23 18:00"),
        ("2026-11-23 00:00:00", "2026-11-23 09:00", "2026-11-23 18:00"),  # a date cell
        ("46349", "2026-11-23 09:00", "2026-11-23 18:00"),
        ("2026-11-23 10:00", "2026-11-23 10:00", "2026-11-23 12:00"),
        ("11-23 9-12点", "2026-11-23 09:00", "2026-11-23 12:00"),
        ("2026年11月23日(周一) 09:00~12:00", "2026-11-23 09:00", "2026-11-23 12:00"),
        ("2026-11-23 10:00:00至2026-11-23 12:00:00", "2026-11-23 10:00", "2026-11-23 12:00"),
        ("1月3日 上午9点半-11点", "2027-01-03 09:30", "2027-01-03 11:00"),  # next year's
        ("2026-11-23 2:00-4:00 pm", "2026-11-23 14:00", "2026-11-23 16:00"),
        ("2026-11-23 9:00 am - 12:00 pm", "2026-11-23 09:00", "2026-11-23 12:00"),
        ("2026-11-23【晚上7点-9点】", "2026-11-23 19:00", "2026-11-23 21:00"),
        ("2026-11-23T02:00:00Z", "2026-11-23 10:00", "2026-11-23 12:00"),
    ],
)
def test_appointments(text: str, start: str, end: str) -> None:
    found = dates.window(text, BEIJING, TODAY)
    assert found is not None
    assert (local(found.start), local(found.end)) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "尽快",
        "明天上午",
        "10:00-12:00",
        "2026-11-23 14:00-12:00",
        "2026-11-23 23:00",
        "2026-11-23 10:00 - 2026-11-24 12:00",
        "2月30日",
    ],
)
def test_appointments_that_cannot_be_kept_are_refused(text: str) -> None:
    assert code_of(lambda: dates.window(text, BEIJING, TODAY)) == "appointment_unreadable"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-23 10:00", "12:00"),
        ("2026-11-23 10:00", "2026-11-23 12:00"),
        ("2026-11-23T02:00:00Z", "2026-11-23T04:00:00Z"),
    ],
)
def test_an_appointment_in_two_cells(start: str, end: str) -> None:
    found = dates.window_between(start, end, BEIJING, TODAY)
    assert found is not None
    assert (local(found.start), local(found.end)) == ("2026-11-23 10:00", "2026-11-23 12:00")


# How a value is read, and what holds of whatever comes out.
READERS: list[tuple[Callable[[str], Any], Callable[[Any], bool]]] = [
    (lambda text: phone([text], "CN"), lambda found: found[0].startswith("+")),
    (lambda text: dates.instant(text, BEIJING, TODAY), lambda at: at.tzinfo is not None),
    (lambda text: dates.window(text, BEIJING, TODAY), lambda window: window.start < window.end),
    (
        lambda text: dates.window_between(text, text, BEIJING, TODAY),
        lambda window: window.start < window.end,
    ),
    (values.quantity, lambda count: 1 <= count <= values.MAX_QTY),
    (lambda text: values.identifier(text, "order_no"), lambda number: number == "".join(number.split())),
    (lambda text: values.words(text, "note"), lambda words: "\0" not in words and words == words.strip()),
    (values.job_type, lambda kind: kind in JobType),
    (lambda text: values.coordinates(text, text, Datum.GCJ02), lambda point: abs(point.lat) <= 90),
    (lambda text: demo_products().match([text], [text]), lambda product: bool(product.sku)),
]


@given(st.text(max_size=40))
def test_any_text_is_a_value_that_can_be_kept_or_is_refused(text: str) -> None:
    for read, is_sound in READERS:
        with suppress(LineError):
            found = read(text)
            assert found is None or is_sound(found)


STYLES = ["%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y%m%d%H%M", "%Y年%m月%d日 %H时%M分", "%Y.%m.%d %H:%M"]
instants = st.integers(946_684_800, 3_786_912_000).map(
    lambda second: dt.datetime.fromtimestamp(second, BEIJING)
)


@given(instants, st.sampled_from(STYLES))
def test_a_moment_written_in_any_style_is_the_same_moment(moment: dt.datetime, style: str) -> None:
    assert local(dates.instant(moment.strftime(style), BEIJING, TODAY)) == moment.strftime("%Y-%m-%d %H:%M")


def test_coordinates_come_home_from_a_chinese_map() -> None:
    point = values.coordinates("39.926845", "116.482304", Datum.GCJ02)
    assert point is not None
    assert (round(point.lat, 4), round(point.lng, 4)) == (39.9256, 116.4762)
    assert values.coordinates("0", "0", Datum.GCJ02) is None
    assert code_of(lambda: values.coordinates("116.48", "39.92", Datum.WGS84)) == "coordinates_invalid"
    assert code_of(lambda: values.coordinates("39.9", "", Datum.WGS84)) == "coordinates_invalid"


@pytest.mark.parametrize(
    ("models", "texts", "sku"),
    [
        (["SM-AC35"], [], "SM-AC35"),
        (["sm ac35"], [], "SM-AC35"),  # another spelling of the model
        (["100012345678"], ["电热水器 60升"], "SM-WH60"),  # a shop's own number; the name decides
        ([], ["Shangmen 空调挂机 1.5匹 SM_AC35 家用 送货安装"], "SM-AC35"),
        ([], ["嵌入式洗碗机 14套 家用全自动"], "SM-DW14"),
        ([], ["Gas hob, two burners (black)"], "SM-GH02"),
    ],
)
def test_products_are_found_by_model_or_name(models: list[str], texts: list[str], sku: str) -> None:
    assert demo_products().match(models, texts).sku == sku


def test_a_model_inside_a_longer_one_is_not_taken_for_it() -> None:
    index = ProductIndex.of([KnownProduct("AB12", "A"), KnownProduct("AB12-PRO", "B")])
    assert index.match([], ["new AB12-PRO black"]).sku == "AB12-PRO"
    assert index.match([], ["new AB12 black"]).sku == "AB12"
    assert code_of(lambda: index.match([], ["AB123"])) == "unknown_product"


def test_two_products_in_one_title_are_not_chosen_between() -> None:
    assert code_of(lambda: demo_products().match([], ["SM-AC35 或 SM-AC72"])) == "ambiguous_product"


def test_a_mistyped_model_is_met_with_a_suggestion() -> None:
    with pytest.raises(LineError, match="SM-AC35"):
        demo_products().match(["SM-AC53"], [])
