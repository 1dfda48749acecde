"""Who is to be told what. Any feature calls `send` in the transaction of what it tells of."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.auth.models import Account
from backend.errors import ForbiddenError, RejectedError
from backend.push.models import QUEUED, PersonKind, PushMessage, PushState, PushSubscription
from backend.push.schemas import SubscriptionCreate

# Browsers have few subscriptions each; more than this is a mistake or an attack.
MOST_PER_PERSON = 10
LOCAL = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True)
class Person:
    """Somebody who may be told: an account, or a customer."""

    kind: PersonKind
    id: uuid.UUID


@dataclass(frozen=True)
class Notice:
    """What a lock screen shows, by language (`zh-CN` and `en`), and where a tap leads on this server.

    Anybody who passes by can read it: no name, no address, no phone number. After `until` it is worth
    nothing. A quiet one takes the place of a notice of its topic that is shown, and makes no sound.
    """

    title: Mapping[str, str]
    body: Mapping[str, str]
    url: str
    until: dt.datetime | None = None
    is_quiet: bool = False


def account_person(actor: Actor) -> Person:
    """The one who is signed in."""
    if actor.account_id is None:
        raise ForbiddenError("Only somebody who signed in can be told.")
    return Person(PersonKind.ACCOUNT, actor.account_id)


def subscribe(
    session: Session, org_id: uuid.UUID, person: Person, wish: SubscriptionCreate, services: Collection[str]
) -> PushSubscription:
    """Tell this browser from now on; a browser belongs to whoever used it last.

    Raises RejectedError `unknown_push_service` for an address that is no push service's.
    """
    if not is_push_service(wish.endpoint, services):
        raise RejectedError("That is no push service's address.", code="unknown_push_service")
    existing = session.exec(
        select(PushSubscription).where(PushSubscription.endpoint == wish.endpoint)
    ).first()
    row = existing or PushSubscription(org_id=org_id, endpoint=wish.endpoint, person_kind=person.kind,
                                       person_id=person.id, p256dh="", auth="")  # fmt: skip
    row.org_id, row.person_kind, row.person_id = org_id, person.kind, person.id
    row.p256dh, row.auth, row.language = wish.keys.p256dh, wish.keys.auth, wish.language
    session.add(row)
    session.flush()
    _drop_oldest(session, person)
    return row


def unsubscribe(session: Session, person: Person, endpoint: str) -> None:
    """Stop telling one of the person's browsers."""
    mine = (col(PushSubscription.person_kind) == person.kind, col(PushSubscription.person_id) == person.id)
    found = session.scalars(
        sa.select(PushSubscription).where(*mine, col(PushSubscription.endpoint) == endpoint)
    ).first()
    if found is not None:
        forget(session, found.id)


def forget(session: Session, subscription_id: uuid.UUID) -> None:
    """A browser that is gone, with what was on its way to it."""
    session.execute(sa.delete(PushMessage).where(col(PushMessage.subscription_id) == subscription_id))
    session.execute(sa.delete(PushSubscription).where(col(PushSubscription.id) == subscription_id))


def send(session: Session, person: Person, topic: str, notice: Notice) -> int:
    """Queue a notice for every browser of a person; returns how many.

    A newer notice of the same topic takes the place of one that has not left yet.
    """
    query = select(PushSubscription).where(
        PushSubscription.person_kind == person.kind, PushSubscription.person_id == person.id
    )
    return _queue(session, session.exec(query).all(), topic, notice)


def send_to_technicians(session: Session, notices: Mapping[uuid.UUID, Notice], topic: str) -> int:
    """The same for technicians by their ids, whatever account they sign in with; one query for all."""
    if not notices:
        return 0
    query = (
        select(PushSubscription, Account.technician_id)
        .join(Account, col(Account.id) == col(PushSubscription.person_id))
        .where(PushSubscription.person_kind == PersonKind.ACCOUNT, col(Account.technician_id).in_(notices))
    )
    told = 0
    for row, technician_id in session.exec(query):
        if technician_id is not None:
            told += _queue(session, [row], topic, notices[technician_id])
    return told


def is_push_service(endpoint: str, services: Collection[str]) -> bool:
    """Whether the address belongs to a service we know: the server must not be sent anywhere else."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if parts.scheme != "https" and host not in LOCAL:
        return False
    return any(host == name or host.endswith(f".{name}") for name in services)


def _queue(session: Session, rows: Sequence[PushSubscription], topic: str, notice: Notice) -> int:
    queued = 0
    for row in rows:
        was_waiting = _take_back(session, row, topic)
        if notice.is_quiet and was_waiting:
            continue  # nobody has heard of it: nothing to take back from the screen
        payload: dict[str, Any] = {
            "title": notice.title[row.language],
            "body": notice.body[row.language],
            "url": notice.url,
            "topic": topic,
        }
        if notice.is_quiet:
            payload["quiet"] = True
        if notice.until is not None:
            payload["until_s"] = int(notice.until.timestamp())
        session.add(PushMessage(org_id=row.org_id, subscription_id=row.id, topic=topic, payload=payload))
        session.info[QUEUED] = True
        queued += 1
    return queued


def _take_back(session: Session, row: PushSubscription, topic: str) -> bool:
    """Drop what has not left yet; False when there was nothing of the topic."""
    waiting = sa.delete(PushMessage).where(
        col(PushMessage.subscription_id) == row.id,
        col(PushMessage.topic) == topic,
        col(PushMessage.state) == PushState.QUEUED,
        col(PushMessage.claimed_until).is_(None),
    )
    return bool(session.execute(waiting.returning(col(PushMessage.id))).all())


def _drop_oldest(session: Session, person: Person) -> None:
    query = select(PushSubscription.id).where(
        PushSubscription.person_kind == person.kind, PushSubscription.person_id == person.id
    )
    ids = session.exec(query.order_by(col(PushSubscription.id).desc())).all()
    for subscription_id in ids[MOST_PER_PERSON:]:
        forget(session, subscription_id)
