"""Whether an e-mail handed over by HTTP comes from somebody who knows our secret, and comes now.

`t=<seconds>,v1=<hex>`: HMAC-SHA256 of the seconds, a dot and the body. Several secrets are good while one
takes the place of another, and a sender may name several signatures for the same reason.
"""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Self

from backend.errors import DomainError

# An older one is a repeat somebody has kept; clocks differ a little.
FRESH = dt.timedelta(minutes=5)
_SEAL = re.compile(r"t=(\d{1,12})((?:,v1=[0-9a-f]{64}){1,4})")


class BadSealError(DomainError):
    """Not signed, not by us, or not now."""

    status, code = 401, "bad_signature"


class LetterSeal:
    """Reads the body along as it comes in; nothing of it is believed before the end."""

    def __init__(self, secrets: Iterable[bytes], seconds: str, signatures: tuple[str, ...]) -> None:
        self._signatures = signatures
        self._macs = [hmac.new(secret, f"{seconds}.".encode(), hashlib.sha256) for secret in secrets]

    @classmethod
    def of(cls, header: str, secrets: Iterable[bytes], now: dt.datetime) -> Self:
        """The seal a header names. Raises BadSealError before any of the body need be read."""
        found = _SEAL.fullmatch(header)
        if found is None:
            raise BadSealError("Shangmen-Signature is t=<seconds>,v1=<hex of HMAC-SHA256>.")
        if abs(now.timestamp() - int(found[1])) > FRESH.total_seconds():
            raise BadSealError("The time of the signature is more than 5 minutes off.")
        return cls(secrets, found[1], tuple(found[2].removeprefix(",v1=").split(",v1=")))

    def read(self, piece: bytes) -> None:
        for mac in self._macs:
            mac.update(piece)

    def require(self) -> None:
        """Raises BadSealError unless one of our secrets made one of the signatures."""
        # Every pair is compared, so that the time taken tells nothing.
        fits = [hmac.compare_digest(mac.hexdigest(), one) for mac in self._macs for one in self._signatures]
        if not any(fits):
            raise BadSealError("The signature is of another secret or another body.")
