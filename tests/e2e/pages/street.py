"""Customers of an organisation of their own on a running server, who choose their time by their links."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.auth.secret import load_secret
from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.messages import settings as channels
from backend.messages.models import Message, MessageEvent, MessageRules
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.models import CustomerLink
from tests.factories.bookable import Town
from tests.factories.calls import Calls, calls_to
from tests.factories.wechat import SECRET, WeChat
from tests.servers import LiveServer

MONTH = dt.timedelta(days=30)
LOOK_WITHIN_S, MOST_LOOKS = 60, 4


@dataclass
class Street:
    """A town saved in the server's database; messages to its customers leave at any hour."""

    server: LiveServer
    town: Town
    calls: Calls

    @property
    def secret(self) -> bytes:
        """What the server seals with."""
        return load_secret(Settings(data_dir=self.server.data_dir))

    def writes_by_wechat(self, service: WeChat) -> None:
        """Set the organisation's account up, and prefer it."""
        admin = Actor(Role.ADMIN, self.town.org.id, name="admin")
        place = (admin, self.secret, "wechat", "wechat")
        self.calls.write(channels.write, *place, service.options, {"secret": SECRET})
        preferred = sa.update(MessageRules).where(col(MessageRules.org_id) == self.town.org.id)
        self.calls.write(lambda session: session.execute(preferred.values(channel="wechat")))

    def path(self, number: int = 0) -> str:
        """The page of the customer whose job has this number."""
        job = self.town.jobs[number]
        link = CustomerLink(org_id=job.org_id, job_id=job.id, expires_at=utc_now() + MONTH)
        self.calls.write(lambda session: session.add(link))
        return f"/c/{links.seal(self.secret, link.id)}"

    def withdraw_links(self, number: int = 0) -> None:
        """Every page of the customer is closed."""
        links_of = sa.update(CustomerLink).where(col(CustomerLink.job_id) == self.town.jobs[number].id)
        self.calls.write(lambda session: session.execute(links_of.values(revoked_at=utc_now())))

    def open_desk(self) -> None:
        """Look at free times until there are some: the desk starts with the first look, which takes long on
        a busy machine, and the page says then to look again."""
        url = f"{self.server.url}{self.path()}/book"
        looks = (httpx.get(url, timeout=LOOK_WITHIN_S).status_code for _ in range(MOST_LOOKS))
        assert 200 in looks

    def status(self, number: int = 0) -> str:
        return self.calls.read(lambda session: session.get_one(Job, self.town.jobs[number].id).status.value)

    def told(self, number: int = 0) -> Sequence[Message]:
        """What the customer was and will be told about their appointment now."""
        query = sa.select(Message).where(
            col(Message.job_id) == self.town.jobs[number].id, col(Message.event) != MessageEvent.REMINDER
        )
        return self.calls.read(lambda session: session.scalars(query).all())


@contextmanager
def street(server: LiveServer, town: Town) -> Iterator[Street]:
    """The town's customers, as long as they are asked about."""
    rules = MessageRules(org_id=town.org.id, quiet_from_h=0, quiet_until_h=0)

    def save(session: Session) -> None:
        town.save(session)
        session.add(rules)

    with calls_to(f"sqlite:///{server.data_dir / 'shangmen.db'}") as calls:
        calls.write(save)
        yield Street(server, town, calls)
