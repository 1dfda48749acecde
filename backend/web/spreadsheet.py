"""Text for spreadsheets: CSV that Excel reads as UTF-8 and in which no cell is run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet takes a cell that begins so for a formula; full-width signs are folded to these by some.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV, each cell harmless; the byte order mark belongs before the first of a file."""
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell no spreadsheet runs: what could be a formula gets an apostrophe, which import takes off."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
