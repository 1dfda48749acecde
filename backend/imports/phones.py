"""Phone numbers as shops export them, brought to E.164."""

import re
import unicodedata

import phonenumbers

from backend.imports.reasons import LineError, Reason
from backend.imports.values import exact_integer, plain

_E_NOTATION = re.compile(r"^\d+(?:\.\d+)?[eE]\+?\d+$")
_EXTENSION = re.compile(
    r"^(?P<number>[+\d][\d\s()\-]{6,}\d)\s*(?:转|#|,|;|ext\.?|[-_](?=\d{3,5}$))\s*(?P<ext>\d{1,5})$",
    re.IGNORECASE,
)
# libphonenumber learns new ranges late (192 was refused for years): for mobiles the shape is enough.
_MAINLAND_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_SEPARATOR = re.compile(r"\s*[/、|;,或和]\s*(?=\+?\d[\d\-]{6,})|(?<=\d{7})\s+(?=\+?\d[\d\-]{6,})")


def phone(texts: list[str], region: str) -> tuple[str, list[Reason]]:
    """The first usable number of an order's phone cells, in E.164, and what to know about it.

    A number behind a shop's privacy relay keeps its extension after a comma, which phones dial as a pause.
    Raises `LineError` with the reason of the first cell when no number can be used.
    """
    refusal: LineError | None = None
    for text in (piece for cell in texts for piece in _pieces(cell)):
        try:
            return _one(text, region)
        except LineError as error:
            refusal = refusal or error
    raise refusal or LineError("phone_missing", "phone")


def _pieces(cell: str) -> list[str]:
    value = plain(unicodedata.normalize("NFKC", cell))
    return [piece for piece in _SEPARATOR.split(value) if piece.strip()]


def _one(value: str, region: str) -> tuple[str, list[Reason]]:
    notes: list[Reason] = []
    if _E_NOTATION.match(value):
        digits = exact_integer(value)
        if digits is None:
            raise LineError("phone_digits_lost", "phone", value=value[:40])
        notes.append(Reason("phone_recovered", "phone", {"value": value[:40]}))
        value = digits
    value = re.sub(r"\.0+$", "", value)
    if re.search(r"\d[*xX•]{2,}", value):
        raise LineError("phone_masked", "phone", value=value[:40])
    return _with_extension(value, region), notes


def _with_extension(value: str, region: str) -> str:
    split = _EXTENSION.match(value)
    if split:
        try:
            return f"{_e164(split['number'], region)},{split['ext']}"
        except LineError:
            pass  # the last group belongs to the number itself
    return _e164(value, region)


def _e164(value: str, region: str) -> str:
    try:
        parsed = phonenumbers.parse(value[:40], region)
    except phonenumbers.NumberParseException as error:
        raise LineError("phone_invalid", "phone", value=value[:40]) from error
    is_mobile = parsed.country_code == 86 and _MAINLAND_MOBILE.match(str(parsed.national_number))
    if not (is_mobile or phonenumbers.is_valid_number(parsed)):
        raise LineError("phone_invalid", "phone", value=value[:40])
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
