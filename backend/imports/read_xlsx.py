"""Excel workbooks, read without trusting a word they say about themselves."""

import datetime as dt
import io
import math
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Protocol
from xml.etree.ElementTree import ParseError

from backend.imports.columns import recognised
from backend.imports.reasons import OrderFileError
from backend.imports.tables import MAX_COLUMNS, MAX_ROWS, SourceRow, Table

LAST_LINE = 1_048_576
MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
HEADER_WITHIN_ROWS = 15
# A spreadsheet keeps 15 significant digits; longer numbers in a numeric cell have lost the rest.
EXACT_BELOW = 10**15
# What a damaged workbook makes openpyxl and the libraries below it raise.
DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,  # an encrypted part; NotImplementedError for unknown compression
    AssertionError,
)


class ReadOnlySheet(Protocol):
    """What is used of openpyxl's read-only sheets, whose own types are wrong about themselves."""

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, values_only: bool) -> Iterable[tuple[object, ...]]: ...


def read_xlsx(data: bytes) -> Table:
    """Rows of the sheet that looks most like orders; names of other sheets with content are kept."""
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _check_size(data)
        with warnings.catch_warnings():
            # openpyxl warns about features it leaves out (styles, validation); none carries order data.
            warnings.simplefilter("ignore")
            return _read(data)
    except OrderFileError:
        raise
    except (InvalidFileException, *DAMAGED) as error:
        raise OrderFileError("xlsx_unreadable") from error


def _check_size(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise OrderFileError("xlsx_bomb")


def _read(data: bytes) -> Table:
    import openpyxl  # a tenth of all that a server would import at its start

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        worksheets: list[Any] = list(book.worksheets)
        sheets = {str(sheet.title): list(_rows(sheet)) for sheet in worksheets}
    finally:
        book.close()
    filled = {title: rows for title, rows in sheets.items() if rows}
    if not filled:
        raise OrderFileError("file_empty")
    chosen = max(filled, key=lambda title: _header_score(filled[title]))
    return Table("xlsx", "", tuple(filled[chosen]), tuple(title for title in filled if title != chosen))


def _header_score(rows: list[SourceRow]) -> int:
    return max(recognised(row.cells) for row in rows[:HEADER_WITHIN_ROWS])


def _rows(sheet: ReadOnlySheet) -> Iterator[SourceRow]:
    """Rows that are not blank. The dimensions a sheet declares may be wrong, so they are ignored."""
    sheet.reset_dimensions()
    count = 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if line > LAST_LINE:
            raise OrderFileError("xlsx_unreadable")
        if len(values) > MAX_COLUMNS and any(value is not None for value in values[MAX_COLUMNS:]):
            raise OrderFileError("too_many_columns", limit=MAX_COLUMNS)
        cells = tuple(cell_text(value) for value in values[:MAX_COLUMNS])
        if not any(cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise OrderFileError("too_many_rows", limit=MAX_ROWS)
        yield SourceRow.of(line, cells)


def cell_text(value: object) -> str:
    """A cell's value as text; a number that a spreadsheet cannot hold exactly keeps its E, as a warning."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case dt.datetime():
            return value.replace(tzinfo=None).isoformat(" ", "seconds")
        case dt.timedelta():
            return _clock(value.total_seconds())
        case dt.date() | dt.time():
            return value.isoformat()
        case int() | float() if not math.isfinite(value):
            return ""
        case int() | float() if value == int(value):
            return str(int(value)) if abs(value) < EXACT_BELOW else f"{float(value):.14e}"
        case _:
            return str(value)


def _clock(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"
