"""Refused lines as a file: the same columns, and why; safe to open in a spreadsheet, ready to come back."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from backend.imports.columns import NAMES, Column, header_key
from backend.imports.models import ImportRow, ImportRun

EXTRA = ("原行号", "拒收原因", "行标识")
BYTE_ORDER_MARK = "﻿"
# A spreadsheet takes a cell that begins so for a formula; full-width signs are folded to these by some.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_OWN = {
    header_key(name)
    for column in (Column.REFUSED_LINE, Column.REFUSED_REASON, Column.REFUSED_KEY)
    for name in NAMES[column].split()
}


def refused_csv(run: ImportRun, rows: Iterable[ImportRow]) -> str:
    """The refused lines of a run in file order; its byte order mark makes Excel read UTF-8."""
    header: list[str] = list(run.summary.get("header", []))
    kept = [index for index, name in enumerate(header) if header_key(name) not in _OWN]
    lines = sorted((line for row in rows for line in row.raw), key=lambda line: int(line["line"]))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(header[index]) for index in kept] + list(EXTRA))
    for line in lines:
        writer.writerow([harmless(cell) for cell in _cells(line, kept, len(header))])
    return BYTE_ORDER_MARK + out.getvalue()


def _cells(line: dict[str, Any], kept: Sequence[int], width: int) -> list[str]:
    cells: list[str] = line["cells"]
    own = [cells[index] if index < len(cells) else "" for index in kept]
    why = "; ".join(f"{reason['zh']} / {reason['en']}" for reason in line["reasons"])
    surplus = [cell for cell in cells[width:] if cell]
    return [*own, str(line["line"]), why, line["key"], *surplus]


def harmless(cell: str) -> str:
    """A cell no spreadsheet runs: what could be a formula gets an apostrophe, which import takes off."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
