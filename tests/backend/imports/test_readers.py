"""Files of any kind become rows, and no bytes whatever crash a reader."""

import io
import json
import re
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.imports.readers import read_table
from backend.imports.reasons import OrderFileError
from backend.imports.tables import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS
from tests.factories.orders import csv_bytes, json_bytes, own, taobao, xlsx_bytes

XLSX = xlsx_bytes(own())


def is_refused_or_storable(data: bytes) -> bool:
    """No NUL and no lone surrogate in any cell, if the file is read at all."""
    try:
        cells = [cell for row in read_table(data).rows for cell in row.cells]
    except OrderFileError:
        return True
    return not any(re.search("[\0\ud800-\udfff]", cell) for cell in cells)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    table = read_table(csv_bytes(taobao(), encoding, delimiter))
    assert [row.cells for row in table.rows] == [tuple(map(str, row)) for row in taobao()]
    assert [row.line for row in table.rows] == list(range(1, 10))


def test_a_rare_character_makes_it_gb18030() -> None:
    table = read_table(csv_bytes([*own(), ["㐀𠀀"]], "gb18030"))
    assert table.encoding == "gb18030"
    assert table.rows[-1].cells == ("㐀𠀀",)


def test_the_other_formats_say_the_same_as_csv() -> None:
    expected = [tuple(map(str, row)) for row in own()]
    assert [row.cells for row in read_table(csv_bytes(own())).rows] == expected
    assert [row.cells for row in read_table(XLSX).rows] == expected
    assert {row.cells[0] for row in read_table(json_bytes(own())).rows} == {row[0] for row in expected}


def test_a_stray_quote_costs_its_own_line_only() -> None:
    lines = ["order_no,phone,address,sku", 'A1,1,"open,SM-1', "A2,2,two,SM-2", "A3,3,three,SM-3"]
    table = read_table("\r\n".join(lines).encode())
    assert [row.cells[0] for row in table.rows] == ["order_no", "A1", "A2", "A3"]


def test_a_quoted_line_break_stays_inside_its_cell() -> None:
    table = read_table(b'order_no,phone,address,sku\r\nA1,1,"two\r\nlines",SM-1\r\n')
    assert table.rows[1].cells == ("A1", "1", "two\r\nlines", "SM-1")


def test_an_order_with_articles_becomes_a_row_each() -> None:
    orders = [
        {"order_no": "A1", "phone": "1", "address": "x", "items": [{"sku": "S1", "qty": 1}, {"sku": "S2"}]}
    ]
    rows = read_table(json.dumps(orders).encode()).rows
    assert rows[0].cells == ("order_no", "phone", "address", "sku", "qty")
    assert [row.cells for row in rows[1:]] == [("A1", "1", "x", "S1", "1"), ("A1", "1", "x", "S2", "")]


@pytest.mark.parametrize(
    "document",
    [
        '{"orders": [{"sku": "S1"}]}',
        '{"code": 0, "data": [{"sku": "S1"}]}',
        '[{"sku": "S1"}]',
        '{"sku": "S1"}\n{"sku": "S1"}',
    ],
)
def test_json_orders_may_be_wrapped_or_one_a_line(document: str) -> None:
    assert read_table(document.encode()).rows[1].cells == ("S1",)


def test_json_numbers_are_kept_as_written() -> None:
    assert read_table(b'[{"phone": 15400000001, "order": 2751839201234567890}]').rows[1].cells == (
        "15400000001",
        "2751839201234567890",
    )


def test_of_several_sheets_the_one_with_orders_is_read_and_the_others_are_named() -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(XLSX))
    book.create_sheet("说明", 0).append(["请勿修改"])
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue())
    assert table.rows[0].cells[0] == "order_no"
    assert table.unread_sheets == ("说明",)


def bomb() -> bytes:
    """A workbook part of 300 MB that packs to 300 kB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(bytes(1024 * 1024))
    return out.getvalue()


def workbook_with_sheet(xml: str) -> bytes:
    """The example workbook with another first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, xml if name.endswith("sheet1.xml") else source.read(name))
    return out.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\0 ", "file_empty"),
        (b"x" * (MAX_FILE_BYTES + 1), "file_too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "legacy_xls"),
        (XLSX[:-200], "xlsx_unreadable"),
        (b"PK\x03\x04 not a zip at all", "xlsx_unreadable"),
        (
            workbook_with_sheet(SHEET.format('<row r="99999999"><c r="A1"><v>1</v></c></row>')),
            "xlsx_unreadable",
        ),
        (workbook_with_sheet(SHEET.format('<row r="1"><c r="XFD1"><v>1</v></c></row>')), "too_many_columns"),
        (b"a,b\n" * (MAX_ROWS + 1), "too_many_rows"),
        (b"," * (MAX_COLUMNS + 1), "too_many_columns"),
        (b"[" * 100_000, "json_unreadable"),
        (b'{"orders": [', "json_unreadable"),
        (b'["no", "orders"]', "json_not_orders"),
        (b"[]", "json_not_orders"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_orders_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(OrderFileError) as refused:
        read_table(data)
    assert refused.value.reason.code == code
    assert all(refused.value.reason.message().values())


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    with pytest.raises(OrderFileError) as refused:
        read_table(bomb())
    assert refused.value.reason.code == "xlsx_bomb"
    assert all(refused.value.reason.message().values())


@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
)
@example(b'{"a":"\\ud800"}')
@example(b'"')
@example("\ufeff".encode())
@example(b"\xff\xfe\x00\xd8")
def test_no_bytes_crash_a_reader(data: bytes) -> None:
    assert is_refused_or_storable(data)


@given(st.integers(0, len(XLSX) - 1), st.binary(min_size=1, max_size=8))
def test_no_damage_to_a_workbook_crashes_the_reader(at: int, patch: bytes) -> None:
    assert is_refused_or_storable(XLSX[:at] + patch + XLSX[at + len(patch) :])
