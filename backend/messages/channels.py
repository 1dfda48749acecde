"""What a channel is: it takes a message and gives a receipt, or says whether trying again can help."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

TIMEOUT_S = 10.0
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
