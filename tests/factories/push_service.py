"""A push service on this machine: takes what real ones take, checks signatures, opens it like a browser."""

import base64
import http.server
import json
import os
import threading
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

WITHIN_S = 10.0


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Browser:
    """A browser with a subscription: its key pair and secret never leave it."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    def subscription(self, endpoint: str, language: str = "zh-CN") -> dict[str, Any]:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        keys = {"p256dh": encoded(point), "auth": encoded(self.secret)}
        return {"endpoint": endpoint, "keys": keys, "language": language}

    def open(self, body: bytes) -> dict[str, Any]:
        text = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        told: dict[str, Any] = json.loads(text)
        return told


@dataclass(frozen=True)
class Pushed:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def is_signed(self, public_key: str) -> bool:
        """Whether the VAPID token is of the key the browser subscribed with."""
        authorization = self.headers["authorization"]
        told = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
        return told["k"].rstrip("=") == public_key and bool(Vapid02.verify(authorization))

    def claims(self) -> dict[str, Any]:
        token = self.headers["authorization"].split("t=", 1)[1].split(",")[0]
        part = token.split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return found


class PushService:
    """Listens on a free port while in use; `answers` are the statuses it gives by path, else 201."""

    def __init__(self) -> None:
        self.pushed: list[Pushed] = []
        self.answers: dict[str, int] = {}
        self._came = threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with outer._came:
                    outer.pushed.append(Pushed(self.path, headers, body))
                    outer._came.notify_all()
                self.send_response(outer.answers.get(self.path, 201))
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_port}"

    def wait_for(self, count: int) -> list[Pushed]:
        """What has come, once it is so many."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.pushed) >= count, WITHIN_S), "it never came"
            return list(self.pushed)

    def __enter__(self) -> "PushService":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
