"""One signed-in browser or phone, over HTTP."""

import time
from typing import Any

import httpx

from backend.simulate.tally import Tally

CSRF = "X-CSRF-Token"
Json = dict[str, Any]


class RefusedError(Exception):
    """The server refused a request; `status` and `code` say how."""

    def __init__(self, status: int, code: str, body: Json) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.body = status, code, body


class NoAnswerError(Exception):
    """Nobody knows whether the request arrived."""


class Connection:
    """A cookie, a CSRF token and the tally of everything said through them."""

    def __init__(self, http: httpx.AsyncClient, tally: Tally) -> None:
        self._http, self._tally = http, tally
        self._cookie = self._csrf = ""

    async def sign_in(self, login: str, password: str) -> Json:
        """Sign in with a password; the session's user."""
        return await self._open("/api/session", {"login": login, "password": password})

    async def pair(self, code: str) -> Json:
        """Sign a phone in with the code of a QR picture."""
        return await self._open("/api/session/pair", {"code": code})

    async def _open(self, path: str, body: dict[str, str]) -> Json:
        reply = await self._send("sign-in", "POST", path, json=body)
        session = _object(reply)
        self._cookie = reply.cookies.get("shangmen_session") or ""
        self._csrf = session["csrf_token"]
        user: Json = session["user"]
        return user

    async def get(self, kind: str, path: str, **query: str) -> Json:
        """The JSON object of a GET; raises `RefusedError` or `NoAnswerError`."""
        return _object(await self._send(kind, "GET", path, params=query))

    async def get_list(self, kind: str, path: str) -> list[Json]:
        """The JSON array of a GET; raises `RefusedError` or `NoAnswerError`."""
        found: list[Json] = _checked(await self._send(kind, "GET", path)).json()
        return found

    async def post(self, kind: str, path: str, body: object = None) -> Json:
        """The JSON object of a POST; raises `RefusedError` or `NoAnswerError`."""
        return _object(await self._send(kind, "POST", path, json=body))

    async def put(self, kind: str, path: str, content: bytes, media_type: str) -> Json:
        """The JSON object of a PUT; raises `RefusedError` or `NoAnswerError`."""
        headers = {"Content-Type": media_type}
        return _object(await self._send(kind, "PUT", path, content=content, headers=headers))

    async def command(self, body: Json) -> tuple[int, Json]:
        """Send a phone's command; its status and typed reply, whatever that is. Raises `NoAnswerError`."""
        headers = {"Idempotency-Key": body["id"]}
        reply = await self._send("command", "POST", "/api/sync/commands", json=body, headers=headers)
        told = reply.json()
        if "status" not in told or not isinstance(told["status"], str):
            raise RefusedError(reply.status_code, str(told.get("code")), told)
        return reply.status_code, told

    async def page(self, kind: str, url: str) -> str:
        """An HTML page as a customer without an account gets it."""
        reply = await self._send(kind, "GET", url)
        if reply.is_error:
            raise RefusedError(reply.status_code, "page", {})
        return reply.text

    async def _send(
        self, kind: str, method: str, path: str, headers: dict[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        sent = {CSRF: self._csrf, "Cookie": f"shangmen_session={self._cookie}"} if self._cookie else {}
        began = time.perf_counter()
        try:
            reply = await self._http.request(method, path, headers={**sent, **(headers or {})}, **options)
        except httpx.TransportError as error:
            self._tally.unreachable += 1
            raise NoAnswerError(f"{method} {path}: {error}") from error
        self._tally.request(kind, reply.status_code, time.perf_counter() - began)
        self._http.cookies.clear()  # many people share this client, each with a cookie of their own
        return reply


def _checked(reply: httpx.Response) -> httpx.Response:
    if reply.is_error:
        body = reply.json() if "json" in reply.headers.get("content-type", "") else {}
        raise RefusedError(reply.status_code, str(body.get("code", "")), body)
    return reply


def _object(reply: httpx.Response) -> Json:
    found: Json = _checked(reply).json()
    return found
