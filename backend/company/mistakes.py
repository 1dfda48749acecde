"""Reading a company's file, and saying where in it each mistake is."""

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from backend.company.file import CompanyFile
from backend.company.words import IN_ANGLES
from backend.errors import BadInputError

MOST_BYTES = 20_000_000
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_SAID = {
    "missing": "is missing",
    "extra_forbidden": "is not a word this file knows",
    "string_too_short": "must not be empty",
}


class CompanyMistakesError(BadInputError):
    """The file can't be loaded; `mistakes` are lines, each with the path of what is wrong."""

    code = "company_mistakes"

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = list(mistakes)
        count = len(self.mistakes)
        what = "1 mistake" if count == 1 else f"{count} mistakes"
        super().__init__("\n".join([f"{what} in the file; nothing was written.", *self.mistakes]))


def read_file(path: Path) -> CompanyFile:
    """The file at `path`; BadInputError when there is none, CompanyMistakesError naming all that is wrong."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInputError(f"{path}: larger than {MOST_BYTES // 1_000_000} MB.")
        return read(path.read_bytes())
    except OSError as error:
        raise BadInputError(f"{path}: {error.strerror}") from error


def read(data: bytes) -> CompanyFile:
    """A company from its JSON, alone: without what it says of rows it does not hold itself."""
    try:
        return CompanyFile.model_validate_json(data.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise CompanyMistakesError(_line(each) for each in found) from None


def path_of(*parts: str | int) -> str:
    """A place in the file as people write it: `technicians[3].skills.hvac`."""
    told = ""
    for part in parts:
        if isinstance(part, int):
            told += f"[{part}]"
        elif IN_ANGLES.fullmatch(part) or part == "[key]":
            continue
        elif _PLAIN.fullmatch(part):
            told += f".{part}" if told else part
        else:
            told += f"[{part!r}]"
    return told


def _line(error: ErrorDetails) -> str:
    kind, said = error["type"], error["msg"].removeprefix("Value error, ")
    where = path_of(*error["loc"]) or "the file"
    if kind == "string_pattern_mismatch":
        pattern = str(error.get("ctx", {}).get("pattern"))
        return f"{where}: {_PATTERNS.get(pattern, 'is not written as it must be')}"
    return f"{where}: {_SAID.get(kind) or re.sub('^Input should', 'must', said)}"


_PATTERNS = {
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": "must be an hour such as 08:30",
    r"^[A-Z]{3}$": "must be three capital letters such as CNY",
    r"^[A-Z]{2}$": "must be two capital letters such as CN",
    r"^#[0-9a-fA-F]{6}$": "must be a colour such as #0072b2",
    r"^[^\s\x00]{1,80}$": "must be 1 to 80 characters without spaces",
    r"^[A-Za-z0-9_.-]{1,40}$": "must be 1 to 40 letters, digits, dots, hyphens or underscores",
    r"^([^\s\x00]([^\x00]*[^\s\x00])?)?$": "must not begin or end with a space",
    "^(check|reading|text|choice|photo)$": "must be check, reading, text, choice or photo",
}
