"""Reads an order file by what it contains, not by what it is called."""

from backend.imports.read_csv import read_csv
from backend.imports.read_json import read_json
from backend.imports.read_xlsx import read_xlsx
from backend.imports.reasons import OrderFileError
from backend.imports.tables import MAX_FILE_BYTES, Table

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_table(data: bytes) -> Table:
    """Rows of an order file. Raises `OrderFileError` when it is too large, damaged or of no known kind."""
    if len(data) > MAX_FILE_BYTES:
        raise OrderFileError("file_too_large", limit_mb=MAX_FILE_BYTES // 1024**2)
    if not data.strip(b" \t\r\n\0"):
        raise OrderFileError("file_empty")
    if data.startswith(ZIP_MAGIC):
        return read_xlsx(data)
    if data.startswith(OLE_MAGIC):
        raise OrderFileError("legacy_xls")
    if data.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] in (b"{", b"["):
        return read_json(data)
    return read_csv(data)
