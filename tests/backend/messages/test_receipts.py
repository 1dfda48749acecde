"""Only who knows the account's token is heard, and only while it is news."""

import datetime as dt
import hashlib

import pytest

from backend.messages import receipts

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
SECONDS = int(NOW.timestamp())


def signed(token: str, timestamp: str, nonce: str) -> str:
    return hashlib.sha1("".join(sorted((token, timestamp, nonce))).encode()).hexdigest()


def is_heard(timestamp: str, signature: str) -> bool:
    return receipts.is_wechat_signed("token", timestamp, "nonce", signature, NOW)


def test_what_wechat_signs_is_heard() -> None:
    assert is_heard(str(SECONDS), signed("token", str(SECONDS), "nonce"))


@pytest.mark.parametrize(
    "signature", ["", "é", signed("guess", str(SECONDS), "nonce"), signed("token", str(SECONDS - 1), "nonce")]
)
def test_what_nobody_signed_is_not(signature: str) -> None:
    assert not is_heard(str(SECONDS), signature)


@pytest.mark.parametrize("timestamp", [str(SECONDS - 3600), str(SECONDS + 3600), "", "soon", "²", "1" * 20])
def test_what_was_signed_at_another_time_or_none_is_somebodys_repeat(timestamp: str) -> None:
    assert not is_heard(timestamp, signed("token", timestamp, "nonce"))
