"""What a channel is: it takes a message and gives a receipt, or says whether trying again can help."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

TIMEOUT_S = 10.0
BUSY = frozenset({408, 425, 429})
SANDBOX = "sandbox"


class ChannelError(Exception):
    """It was not taken. `is_final` when the same message will never be."""

    def __init__(self, detail: str, *, is_final: bool) -> None:
        super().__init__(detail)
        self.detail, self.is_final = detail[:300], is_final


@dataclass(frozen=True)
class Outgoing:
    """A message as a channel takes it; `values` is what its text was made of.

    `refuse_url` is where its reader says that they want no more of these, "" where they can't.
    """

    id: uuid.UUID
    event: str
    address: str
    language: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    refuse_url: str = ""


class Channel(Protocol):
    """One way to reach a customer or the office."""

    async def send(self, message: Outgoing) -> str:
        """Hand it over; the receipt is the other side's name for it. Raises ChannelError."""
        ...


class Sandbox:
    """Takes every message and shows it to nobody but the console."""

    async def send(self, message: Outgoing) -> str:
        return f"sandbox-{message.id}"


async def posted(url: str, **request: Any) -> httpx.Response:
    """The reply to a POST; raises ChannelError for none, or one that says no. Never names the address."""
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as http:
            reply = await http.post(url, **request)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        is_final = isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol)
        raise ChannelError(type(error).__name__, is_final=is_final) from error
    if reply.status_code >= 400:
        is_final = reply.status_code < 500 and reply.status_code not in BUSY
        raise ChannelError(f"{reply.status_code}: {reply.text}", is_final=is_final)
    return reply


def object_of(reply: httpx.Response) -> dict[str, Any]:
    """The JSON object of a reply; raises ChannelError for anything that is not JSON."""
    try:
        found = reply.json()
    except ValueError as error:
        raise ChannelError("not JSON", is_final=False) from error
    return found if isinstance(found, dict) else {}
