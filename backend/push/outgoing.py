"""A push message as services take it: encrypted for the browser (RFC 8291), signed by us (RFC 8292)."""

import base64
import json
import os
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from backend.push.keys import VapidKeys

KEPT_S = 12 * 3600
SIGNED_FOR_S = 3600
# Push services take 4 KiB; what a lock screen shows is far below.
MAX_PAYLOAD_BYTES = 3000


@dataclass(frozen=True)
class Outgoing:
    """A request to a push service."""

    url: str
    headers: dict[str, str]
    body: bytes


def prepare(
    keys: VapidKeys, contact: str, endpoint: str, p256dh: str, auth: str, payload: dict[str, Any]
) -> Outgoing:
    """Encrypt and sign; raises ValueError when the browser's keys are no keys or the payload is too long."""
    now_s = int(time.time())
    text = json.dumps(payload, ensure_ascii=False).encode()
    if len(text) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"{len(text)} bytes are more than a push message holds")
    body = http_ece.encrypt(
        text,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_decoded(p256dh),
        auth_secret=_decoded(auth),
        version="aes128gcm",
    )
    parts = urlsplit(endpoint)
    audience = f"{parts.scheme}://{parts.netloc}"
    headers = {
        "Authorization": keys.authorization(audience, contact, now_s + SIGNED_FOR_S),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, min(KEPT_S, payload.get("until_s", now_s + KEPT_S) - now_s))),
        "Urgency": "low" if payload.get("quiet") else "high",
        "Topic": payload["topic"],
    }
    return Outgoing(endpoint, headers, body)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
