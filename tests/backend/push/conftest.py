"""A push service of this machine, and a sender that sends when it is told to."""

import contextlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlmodel import select

from backend.push import service
from backend.push.keys import load_keys
from backend.push.models import PersonKind, PushMessage
from backend.push.schemas import SubscriptionCreate
from backend.push.sender import PushSender
from backend.push.service import Person
from tests.factories.calls import Calls, calls_to
from tests.factories.push_service import Browser, PushService


@pytest.fixture
def pushing() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@dataclass
class Post:
    """A database, a push service and the sender between them; nothing leaves before `send`."""

    calls: Calls
    pushing: PushService
    sender: PushSender

    def subscribe(
        self, org_id: uuid.UUID, account_id: uuid.UUID, path: str = "/one", language: str = "zh-CN"
    ) -> Browser:
        browser = Browser()
        wish = browser.subscription(self.pushing.url + path, language)
        person = Person(PersonKind.ACCOUNT, account_id)
        created = msgspec.convert(wish, SubscriptionCreate)
        self.calls.write(service.subscribe, org_id, person, created, ["localhost"])
        return browser

    def send(self) -> int:
        """Everything that is due, now; how many a push service took."""
        return self.calls.run(self.sender.send_due)

    def queued(self) -> list[PushMessage]:
        return self.calls.read(lambda session: list(session.exec(select(PushMessage))))

    def told(self, browsers: Mapping[str, Browser]) -> list[dict[str, Any]]:
        """What has come so far, opened by the browser of its path."""
        return [browsers[pushed.path].open(pushed.body) for pushed in self.pushing.pushed]


@pytest.fixture
def post(database_url: str, tmp_path: Path, pushing: PushService) -> Iterator[Post]:
    with contextlib.ExitStack() as stack:
        calls = stack.enter_context(calls_to(database_url))
        yield Post(calls, pushing, PushSender(calls.database, load_keys(tmp_path), "mailto:office@localhost"))
