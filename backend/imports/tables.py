"""A file reduced to rows of text, whatever its format was."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200


# No database stores these: NUL, and halves of surrogate pairs that JSON can smuggle in.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as it stood in the file; `line` is the row number a spreadsheet program shows."""

    line: int
    cells: tuple[str, ...]

    @classmethod
    def of(cls, line: int, cells: Iterable[str]) -> Self:
        """A row whose text any database can store."""
        return cls(line, tuple(_UNSTORABLE.sub("�", cell) for cell in cells))

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """Every row of a file, the header among them, plus what was left unread."""

    format: str
    encoding: str
    rows: tuple[SourceRow, ...]
    unread_sheets: tuple[str, ...] = ()
