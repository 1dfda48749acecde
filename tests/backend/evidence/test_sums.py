"""Whatever was used and agreed: a total is the sum of its lines, and no line becomes another unnoticed."""

import uuid
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.evidence.snapshot import LANGUAGES, Records, compose, differences
from backend.extras.schemas import ExtraLine
from backend.parts.service import PartUse
from tests.factories.doorstep import doorstep

FEN = st.integers(0, 100_000_000)
QTY = st.integers(1, 99)
SKUS = st.sampled_from(["VALVE-1", "HOSE-2", "ELEMENT-3"])


def extra(code: str, qty: int, price_fen: int) -> tuple[str, ExtraLine]:
    return "a" * 64, ExtraLine("work", code, f"{code} 工", f"{code} work", qty, price_fen, qty * price_fen)


USES = st.lists(
    st.builds(
        lambda sku, qty, fen: PartUse(uuid.uuid4(), sku, f"{sku} 件", f"{sku} part", qty, fen, ""),
        SKUS, QTY, FEN,
    ),
    max_size=6,
)  # fmt: skip
EXTRAS = st.lists(st.builds(extra, st.sampled_from(["WK-1", "WK-2"]), QTY, FEN), max_size=4)


def split_up(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same pieces one by one, last first: as another phone may have written them down."""
    ones = [{**line, "qty": 1, "amount_fen": line["unit_price_fen"]} for line in lines]
    return [one for one, line in zip(ones, lines, strict=True) for _ in range(line["qty"])][::-1]


@given(labour_fen=FEN, uses=USES, extras=EXTRAS, language=st.sampled_from(list(LANGUAGES)), data=st.data())
def test_a_total_is_its_lines_and_a_fen_more_or_less_is_noticed(
    labour_fen: int,
    uses: list[PartUse],
    extras: list[tuple[str, ExtraLine]],
    language: str,
    data: st.DataObject,
) -> None:
    world = doorstep(price_fen=labour_fen)
    records = Records("王", "赵", "望京", "热水器", "Heater", None, "CNY", {}, uses, extras)
    shown = compose(records, world.job, world.visit, language)
    lines = [*shown["parts"], *shown.get("extras", [])]
    assert shown["total_fen"] == labour_fen + sum(one["qty"] * one["unit_price_fen"] for one in lines)
    assert shown["total_fen"] == shown["labour_fen"] + shown["parts_fen"] + shown.get("extras_fen", 0)
    assert differences(shown, records, world.job, world.visit) == []
    regrouped = {**shown, "parts": split_up(shown["parts"])}
    assert differences(regrouped, records, world.job, world.visit) == []
    sums = [name for name in ("labour_fen", "parts_fen", "extras_fen", "total_fen") if name in shown]
    name, off = data.draw(st.sampled_from(sums)), data.draw(st.sampled_from([-1, 1, 0.0, True]))
    wrong = shown[name] + off if type(off) is int else type(off)(shown[name])
    assert differences({**shown, name: wrong}, records, world.job, world.visit) != []
    for kind in ("parts", "extras"):
        kept = shown.get(kind, [])
        if kept:
            fewer = {**shown, kind: kept[:-1]}
            assert differences(fewer, records, world.job, world.visit) != []
