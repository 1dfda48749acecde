"""Lines gathered into orders: nothing lost, nothing twice, a bad line never blocks a good one."""

from hypothesis import given
from hypothesis import strategies as st

from backend.imports.columns import NAMES
from backend.imports.orders import Reading, read_orders
from backend.imports.outcomes import Outcome, Verdict, judge
from backend.imports.readers import read_table
from backend.imports.reasons import MESSAGES, OrderFileError
from backend.imports.refused import EXTRA
from tests.factories.orders import (
    ERP,
    EXAMPLES,
    OWN,
    Row,
    context,
    csv_bytes,
    douyin,
    erp,
    jd,
    own,
    phone,
    taobao,
    xlsx_bytes,
)


def read(rows: list[Row], channel: str = "") -> Reading:
    return read_orders(read_table(csv_bytes(rows)), context(), channel)


def verdicts(reading: Reading, known: dict[str, dict[str, int]] | None = None) -> list[Verdict]:
    return [each for order in reading.orders for each in judge(order, (known or {}).get(order.order_no))]


def told(verdict: Verdict) -> tuple[str, list[int], list[str]]:
    return (
        verdict.outcome,
        [line.row.line for line in verdict.lines],
        [reason.code for reason in verdict.reasons],
    )


def line(order: str = "A1", sku: str = "SM-TV65", qty: str = "1", **cells: str) -> list[str]:
    usual = dict.fromkeys(OWN, "") | {
        "order_no": order,
        "customer": "王女士",
        "phone": phone(1),
        "address": "朝阳区红庙北里3号楼",
        "sku": sku,
        "qty": qty,
    }
    return list((usual | cells).values())


def test_a_taobao_export_is_understood_line_by_line() -> None:
    reading = read(taobao())
    assert reading.channel == "taobao"
    assert [(at, reason.code) for at, reason in reading.ignored] == [
        (1, "before_header"),
        (2, "header"),
        (9, "total_line"),
    ]
    assert [told(each) for each in verdicts(reading)] == [
        ("create", [3, 4], []),
        ("refuse", [5], ["unknown_product"]),
        ("create", [6], []),
        ("refuse", [7], ["phone_digits_lost"]),
        ("refuse", [8], ["digits_lost"]),
    ]
    first = reading.orders[0].lines[0]
    assert (first.customer, first.phone, first.qty, first.sku) == ("王女士", "+8615490000001", 2, "SM-AC35")


def test_merged_cells_of_a_workbook_belong_to_the_order_above() -> None:
    reading = read_orders(read_table(xlsx_bytes(jd())), context())
    assert reading.channel == "jd"
    assert [told(each) for each in verdicts(reading)] == [
        ("create", [2, 3], []),
        ("create", [4], []),
        ("refuse", [5], ["order_cancelled"]),
    ]
    assert [each.phone for each in reading.orders[0].lines] == ["+8615490000011"] * 2
    assert reading.orders[0].order_no == "302145678901"


def test_a_douyin_export_joins_the_address_and_reads_the_appointment() -> None:
    reading = read(douyin())
    first = reading.orders[0].lines[0]
    assert reading.channel == "douyin"
    assert first.address == "北京市西城区广安门外街道红莲南里15号楼2单元"
    assert first.window is not None
    assert first.window.start.isoformat() == "2026-11-25T01:00:00+00:00"
    assert [told(each) for each in verdicts(reading)] == [
        ("create", [2, 3], []),
        ("refuse", [4], ["phone_masked"]),
    ]


def test_a_hand_made_sheet_gets_order_numbers_that_stay_the_same() -> None:
    reading, again = read(erp()), read(erp())
    assert reading.channel == "erp"
    assert [told(each) for each in verdicts(reading)] == [
        ("create", [2, 3], []),  # the same customer on the same day, written in two styles
        ("create", [4], []),
        ("refuse", [5], ["phone_missing"]),
    ]
    assert [order.order_no for order in reading.orders] == [order.order_no for order in again.orders]
    assert reading.orders[1].lines[0].phone == "+8615490000032,803"


def test_header_names_may_have_other_case_width_spaces_and_remarks() -> None:
    rows = own()
    rows[0] = [
        "Order No",
        "客户 姓名",
        "ＰＨＯＮＥ",
        "*地址(必填)",
        "LAT",
        "LNG",
        "坐标系",
        " 型号 ",
        "数量：",
        "工单类型",
        "预约时间",
        "下单时间",
        "序列号",
        "备注",
    ]
    assert [told(each)[0] for each in verdicts(read(rows))] == ["create"] * 3


def test_lines_of_an_order_may_stand_apart() -> None:
    reading = read([OWN, line("A1"), line("B2"), line("A1", "SM-AC35")])
    assert [told(each) for each in verdicts(reading)] == [("create", [2, 4], []), ("create", [3], [])]


def test_a_line_that_sends_the_order_elsewhere_is_refused_alone() -> None:
    reading = read([OWN, line(), line(sku="SM-AC35", address="海淀区稻香园1号楼"), line(sku="SM-RV05")])
    assert [told(each) for each in verdicts(reading)] == [
        ("create", [2, 4], []),
        ("refuse", [3], ["lines_disagree"]),
    ]


def test_an_order_of_too_many_pieces_keeps_what_fits() -> None:
    reading = read([OWN, line(qty="20"), line(sku="SM-AC35", qty="20"), line(sku="SM-RV05", qty="20")])
    found = verdicts(reading)
    assert [told(each) for each in found] == [("create", [2, 3], []), ("refuse", [4], ["too_many_jobs"])]
    assert found[0].jobs == 40


def test_every_wrong_cell_of_a_line_is_named() -> None:
    (found,) = verdicts(
        read([OWN, line(sku="nonsense", qty="many", phone="123", address="", appointment="soon")])
    )
    assert told(found)[2] == [
        "phone_invalid",
        "address_missing",
        "unknown_product",
        "qty_invalid",
        "appointment_unreadable",
    ]


def test_a_past_appointment_is_taken_without_its_window_and_pointed_out() -> None:
    (found,) = verdicts(read([OWN, line(appointment="2026-11-09 10:00-12:00")]))
    assert told(found) == ("create", [2], ["appointment_past"])
    assert found.lines[0].window is None


def keys_of(found: list[Verdict]) -> dict[str, int]:
    return {key: each.qty for verdict in found for key, each in verdict.new.items()}


def test_the_same_file_again_changes_nothing() -> None:
    known = {"A1": keys_of(verdicts(read([OWN, line(), line(), line(sku="SM-AC35", qty="2")])))}
    assert len(known["A1"]) == 3
    again = verdicts(read([OWN, line(), line(), line(sku="SM-AC35", qty="2")]), known)
    assert [told(each) for each in again] == [("unchanged", [2, 3, 4], [])]


def test_a_later_export_with_other_status_order_and_columns_changes_nothing() -> None:
    known = {"A1": keys_of(verdicts(read([OWN, line(), line(sku="SM-AC35")])))}
    rows: list[Row] = [
        [*OWN, "订单状态"],
        [*line(sku="SM-AC35", note="已发货"), "已完成"],
        [*line(), "已完成"],
    ]
    assert [told(each)[0] for each in verdicts(read(rows), known)] == ["unchanged"]


def test_a_new_line_joins_the_order_it_belongs_to() -> None:
    known = {"A1": keys_of(verdicts(read([OWN, line()])))}
    (found,) = verdicts(read([OWN, line(), line(sku="SM-AC35"), line()]), known)
    assert told(found)[:2] == ("join", [2, 3, 4])
    assert [each.row.line for each in found.new.values()] == [3, 4]


def test_another_quantity_of_a_known_line_is_for_a_person_to_decide() -> None:
    known = {"A1": keys_of(verdicts(read([OWN, line(), line(sku="SM-AC35")])))}
    found = verdicts(read([OWN, line(qty="3"), line(sku="SM-AC35")]), known)
    assert [told(each) for each in found] == [("unchanged", [3], []), ("refuse", [2], ["known_line_differs"])]


def test_a_corrected_line_that_equals_its_neighbour_is_still_a_new_one() -> None:
    """Line 3 was refused for a typing error; corrected, it is one more of the article in line 2."""
    first = verdicts(read([OWN, line(), line(sku="SM-TV56")]))
    assert [told(each)[0] for each in first] == ["create", "refuse"]
    known = {"A1": keys_of(first)}
    back: list[Row] = [[*OWN, *EXTRA], [*line(), "3", "没有匹配到产品", "0123456789.3"]]
    (joined,) = verdicts(read(back), known)
    assert joined.outcome is Outcome.JOIN
    known["A1"] |= keys_of([joined])
    assert [told(each)[0] for each in verdicts(read(back), known)] == ["unchanged"]
    corrected_original = verdicts(read([OWN, line(), line()]), known)
    assert [told(each)[0] for each in corrected_original] == ["unchanged"]


cells = st.one_of(
    st.sampled_from(
        [
            "",
            "A1",
            "A2",
            phone(1),
            phone(2),
            "王女士",
            "朝阳区红庙北里3号楼",
            "SM-TV65",
            "SM-AC35",
            "合计",
            "1",
            "2",
            "abc",
            "2026-11-25",
            '="A1"',
        ]
    ),
    st.text(max_size=12),
)
headers = st.sampled_from([OWN, ERP, taobao()[1], jd()[0], douyin()[0]])


@given(headers, st.lists(st.lists(cells, max_size=18), max_size=12))
def test_every_line_is_in_exactly_one_place(header: Row, lines: list[list[str]]) -> None:
    table = read_table(csv_bytes([header, *lines], "utf-8"))
    try:
        reading = read_orders(table, context())
    except OrderFileError:
        return
    placed = [at for at, _ in reading.ignored]
    placed += [each.row.line for verdict in verdicts(reading) for each in verdict.lines]
    assert sorted(placed) == [row.line for row in table.rows]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A1", "A2"]),
            st.sampled_from(["SM-TV65", "SM-AC35", "bad"]),
            st.sampled_from(["1", "2", "x"]),
        ),
        max_size=8,
    )
)
def test_importing_twice_makes_what_importing_once_makes(lines: list[tuple[str, str, str]]) -> None:
    rows: list[Row] = [OWN, *(line(order, sku, qty) for order, sku, qty in lines)]
    known: dict[str, dict[str, int]] = {}
    for verdict in verdicts(read(rows)):
        known.setdefault(verdict.order.order_no, {}).update(keys_of([verdict]))
    made = {number: keys for number, keys in known.items() if keys}
    assert all(not each.new for each in verdicts(read(rows), made))


@given(
    st.integers(0, 7),
    st.lists(
        st.tuples(st.sampled_from(["A1", "A2"]), st.sampled_from(["SM-TV65", "SM-AC35"])),
        min_size=1,
        max_size=7,
    ),
)
def test_a_file_in_two_halves_makes_what_the_whole_file_makes(cut: int, lines: list[tuple[str, str]]) -> None:
    rows = [line(order, sku) for order, sku in lines]
    whole = keys_of(verdicts(read([OWN, *rows])))
    known: dict[str, dict[str, int]] = {}
    for part in (rows[:cut], rows):
        for verdict in verdicts(read([OWN, *part]), known):
            known.setdefault(verdict.order.order_no, {}).update(keys_of([verdict]))
    assert sum(len(keys) for keys in known.values()) == len(lines)
    assert {key for keys in known.values() for key in keys} == set(whole)


def test_the_documentation_names_every_column_and_every_reason() -> None:
    text = (EXAMPLES.parent / "order-files.md").read_text(encoding="utf-8")
    for column, names in NAMES.items():
        assert f"| `{column}` |" in text
        assert all(name in text for name in names.split()), column
    assert [code for code in MESSAGES if f"| `{code}` |" not in text] == []
