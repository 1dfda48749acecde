"""Secrets in the database that only this server can read: AES-GCM under a key made of the server's secret."""

import base64
import binascii
import json
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"secrets of channels 1"
NONCE_BYTES = 12


def seal(secret: bytes, owner: bytes, values: Mapping[str, str]) -> str:
    """The values as text that opens for the same secret and owner alone; "" for none."""
    if not values:
        return ""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(secret)).encrypt(nonce, json.dumps(dict(values)).encode(), owner)
    return base64.b64encode(nonce + sealed).decode()


def unseal(secret: bytes, owner: bytes, sealed: str) -> dict[str, str]:
    """What was sealed; nothing where the server's secret is another one now, or the text was changed."""
    if not sealed:
        return {}
    try:
        raw = base64.b64decode(sealed, validate=True)
        opened = AESGCM(_key(secret)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], owner)
    except (InvalidTag, binascii.Error, ValueError):
        return {}
    found: dict[str, str] = json.loads(opened)
    return found


def _key(secret: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret)
