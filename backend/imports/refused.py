"""Refused lines as a file: the same columns, and why; safe to open in a spreadsheet, ready to come back."""

from collections.abc import Iterable, Sequence
from typing import Any

from backend.imports.columns import NAMES, Column, header_key
from backend.imports.models import ImportRow, ImportRun
from backend.web.spreadsheet import BYTE_ORDER_MARK, csv_lines

EXTRA = ("原行号", "拒收原因", "行标识")
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
    table = [[header[index] for index in kept] + list(EXTRA)]
    table += [_cells(line, kept, len(header)) for line in lines]
    return BYTE_ORDER_MARK + csv_lines(table)


def _cells(line: dict[str, Any], kept: Sequence[int], width: int) -> list[str]:
    cells: list[str] = line["cells"]
    own = [cells[index] if index < len(cells) else "" for index in kept]
    why = "; ".join(f"{reason['zh']} / {reason['en']}" for reason in line["reasons"])
    surplus = [cell for cell in cells[width:] if cell]
    return [*own, str(line["line"]), why, line["key"], *surplus]
