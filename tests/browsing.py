"""A signed-in person's HTTP, against a server in another process."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx


@contextmanager
def signed_in(url: str, login: str, password: str) -> Iterator[httpx.Client]:
    """A client with the session cookie and the CSRF header that unsafe requests need."""
    with httpx.Client(base_url=url, timeout=60) as client:
        reply = client.post("/api/session", json={"login": login, "password": password})
        assert reply.status_code == 201, reply.text
        client.headers["x-csrf-token"] = reply.json()["csrf_token"]
        yield client


@contextmanager
def same_person(url: str, before: httpx.Client) -> Iterator[httpx.Client]:
    """The same browser at another server: its cookies and nothing else."""
    headers = {"x-csrf-token": before.headers["x-csrf-token"]}
    with httpx.Client(base_url=url, timeout=60, cookies=dict(before.cookies), headers=headers) as client:
        yield client


class LiveStream:
    """One open stream of server-sent events, read as it comes."""

    def __init__(self, client: httpx.Client, path: str = "/api/feed", timeout_s: float = 20) -> None:
        address = urlsplit(str(client.base_url))
        self._connection = http.client.HTTPConnection(
            address.hostname or "localhost", address.port, timeout=timeout_s
        )
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        self._connection.request("GET", path, headers={"Cookie": cookies, "Accept": "text/event-stream"})
        self._reply = self._connection.getresponse()
        assert self._reply.status == 200, self._reply.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reply.close()  # a connection forgets a reply that is its last
        self._connection.close()

    def next_block(self) -> dict[str, str]:
        """The fields of the next event or comment (its text under the empty name); empty at the end."""
        fields: dict[str, str] = {}
        while line := self._reply.readline().decode():
            if line == "\n":
                return fields
            name, _, value = line.rstrip("\n").partition(":")
            fields[name] = value.strip()
        return fields

    def next_change(self) -> dict[str, Any]:
        """The data of the next change; everything before it is passed over."""
        while block := self.next_block():
            if block.get("event") == "change":
                change: dict[str, Any] = json.loads(block["data"])
                return change
        raise AssertionError("the stream ended before a change came")
