"""Argon2id password hashes. Verification takes tens of milliseconds by design: never on the event loop."""

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


@functools.cache
def _nobody() -> str:
    """Verified against when the login is unknown, so that the answer takes equally long."""
    return _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """An Argon2id hash with its parameters and salt."""
    return _hasher.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; takes as long for an unknown account."""
    nobody = _nobody()  # also for a known account: whoever is first would else be told apart
    try:
        return _hasher.verify(password_hash or nobody, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
