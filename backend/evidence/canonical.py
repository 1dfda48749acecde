"""Canonical JSON: one text for one content, so that phone and server hash the same bytes.

UTF-8, keys sorted by code point, no white space, and only strings, integers, booleans, null, arrays and
objects: floats print differently from one language to the next, so readings travel as strings.
"""

import hashlib
import json

from backend.errors import RejectedError

MAX_DEPTH = 8
MAX_INTEGER = 2**53 - 1
SURROGATES = range(0xD800, 0xE000)


class NotCanonicalError(RejectedError):
    """The content has no canonical form."""

    code = "not_canonical"


def canonical_json(content: object) -> str:
    """The canonical text of `content`; raises NotCanonicalError naming the place that has none."""
    _check(content, "$", MAX_DEPTH)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(content: object) -> str:
    """SHA-256 of the canonical text, 64 lower-case hexadecimal digits; raises NotCanonicalError."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _check(value: object, place: str, depth: int) -> None:
    if depth < 0:
        raise NotCanonicalError(f"{place} is nested too deeply")
    if isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(key, str):
                raise NotCanonicalError(f"{place} has a key that is not text")
            _check(key, place, depth)
            _check(member, f"{place}.{key}", depth - 1)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            _check(member, f"{place}[{index}]", depth - 1)
    elif isinstance(value, str):
        _check_text(value, place)
    elif value is not None and not isinstance(value, bool):
        _check_integer(value, place)


def _check_text(value: str, place: str) -> None:
    if any(ord(character) in SURROGATES for character in value):
        raise NotCanonicalError(f"{place} holds half a character")


def _check_integer(value: object, place: str) -> None:
    if not isinstance(value, int):
        raise NotCanonicalError(f"{place} is a {type(value).__name__}; write it as a string")
    if abs(value) > MAX_INTEGER:
        raise NotCanonicalError(f"{place} is an integer that browsers cannot hold")
