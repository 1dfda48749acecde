"""What somebody typed, and what it could be. Pure."""

import re
from dataclasses import dataclass

TAIL_DIGITS = 4
MOST = 80
_CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._/-]*$")
_DIGITS = re.compile(r"^[+()\d\s-]+$")


@dataclass(frozen=True)
class Asked:
    """The text; `tail`: digits a phone may end with; whether it may begin a number, or be words."""

    text: str
    tail: str
    is_code: bool
    is_words: bool


def read(text: str) -> Asked | None:
    """What was typed, or None when it is too short to look for."""
    plain = " ".join(text.split())[:MOST]
    if len(plain) < 2:
        return None
    digits = re.sub(r"\D", "", plain) if _DIGITS.match(plain) else ""
    is_code = bool(_CODE.match(plain)) and len(plain) > 2
    is_number = is_code and any(letter.isdigit() for letter in plain)
    return Asked(plain, digits if len(digits) >= TAIL_DIGITS else "", is_code, not (digits or is_number))
