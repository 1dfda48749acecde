"""CSV as shops produce it: any encoding, any of three delimiters, quotes that were never closed."""

import csv
import io
from collections.abc import Iterable, Iterator

from backend.imports.columns import recognised
from backend.imports.encodings import decode
from backend.imports.reasons import OrderFileError
from backend.imports.tables import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, SourceRow, Table

DELIMITERS = (",", "\t", ";")
HEADER_WITHIN_LINES = 15
# Process-wide in the csv module; a longer field is refused as a value, not by failing the file.
csv.field_size_limit(MAX_FILE_BYTES)


def read_csv(data: bytes) -> Table:
    """Rows of a CSV file; raises `OrderFileError` when there are too many."""
    text, encoding = decode(data)
    lines = list(io.StringIO(text.replace("\0", ""), newline=""))
    delimiter = max(DELIMITERS, key=lambda each: _header_score(lines, each))
    rows: list[SourceRow] = []
    for record in _records(lines, delimiter):
        if len(rows) >= MAX_ROWS:
            raise OrderFileError("too_many_rows", limit=MAX_ROWS)
        if len(record) > MAX_COLUMNS:
            raise OrderFileError("too_many_columns", limit=MAX_COLUMNS)
        rows.append(SourceRow.of(len(rows) + 1, record))
    return Table("csv", encoding, tuple(rows))


def _header_score(lines: list[str], delimiter: str) -> int:
    return max(
        (recognised(row) for row in csv.reader(lines[:HEADER_WITHIN_LINES], delimiter=delimiter)), default=0
    )


def _records(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    """Records, except that one which a stray quote stretched over several lines is taken line by line."""
    records = [(record, first, after) for record, first, after in _spans(lines, delimiter)]
    widths = [len(record) for record, first, after in records if after - first == 1]
    usual = max(set(widths), key=widths.count) if widths else 0
    for record, first, after in records:
        if after - first == 1 or len(record) == usual:
            yield record
        else:
            for line in lines[first:after]:
                yield next(csv.reader([line], delimiter=delimiter), [])


def _spans(lines: Iterable[str], delimiter: str) -> Iterator[tuple[list[str], int, int]]:
    reader = csv.reader(lines, delimiter=delimiter)
    first = 0
    for record in reader:
        yield record, first, reader.line_num
        first = reader.line_num
