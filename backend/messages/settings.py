"""An organisation's channels: what is set, without its secrets, and how it is changed."""

import uuid
from collections.abc import Mapping, Sequence

from sqlmodel import Session, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import BadInputError, NotFoundError
from backend.messages.kinds import KINDS, Kind
from backend.messages.models import MessageChannel
from backend.messages.seal import seal, unseal

MOST_LENGTH = 1_000
# Whoever changes where the secrets are sent has to know them.
PLACES = ("endpoint", "host")


def list_channels(session: Session, actor: Actor) -> Sequence[MessageChannel]:
    """What is set up; the secrets stay sealed."""
    actor.require(Permission.LINK_SHARE)
    query = select(MessageChannel).where(MessageChannel.org_id == actor.org_id)
    return session.exec(query.order_by(MessageChannel.name)).all()


def find(session: Session, org_id: uuid.UUID, name: str) -> MessageChannel | None:
    """The organisation's own setting of a channel."""
    query = select(MessageChannel).where(MessageChannel.org_id == org_id, MessageChannel.name == name)
    return session.exec(query).first()


def write(
    session: Session, actor: Actor, secret: bytes, name: str, kind: str, options: Mapping[str, str],
    secrets: Mapping[str, str],
) -> MessageChannel:  # fmt: skip
    """Set a channel up. A secret that is not given stays as it was, while kind and address stay too.

    Raises BadInputError for an option the kind does not know, and for one that is missing.
    """
    actor.require(Permission.RULES_MANAGE)
    spec = _spec(name, kind)
    row = find(session, actor.org_id, name)
    wanted = {key: value.strip() for key, value in options.items() if value.strip()}
    kept = _kept(secret, row, kind, wanted) if row is not None else {}
    known = {*spec.secrets, *spec.optional_secrets}
    given = {key: value for key, value in {**kept, **secrets}.items() if value and key in known}
    _check(spec, wanted, {**given, **{key: value for key, value in secrets.items() if value}})
    if row is None:
        row = MessageChannel(org_id=actor.org_id, name=name, kind=kind, changed_at=utc_now())
        session.add(row)
    row.kind, row.options, row.changed_at = kind, dict(wanted), utc_now()
    row.sealed = seal(secret, row.id.bytes, given)
    session.flush()
    audit.record(
        session, actor, "message.channel", "organisation", actor.org_id, channel=name, kind=kind,
        options=sorted(wanted), secrets=sorted(key for key, value in secrets.items() if value),
    )  # fmt: skip
    return row


def remove(session: Session, actor: Actor, name: str) -> None:
    """Forget a channel and its secrets."""
    actor.require(Permission.RULES_MANAGE)
    row = find(session, actor.org_id, name)
    if row is None:
        raise NotFoundError("No such channel.")
    session.delete(row)
    audit.record(session, actor, "message.channel_removed", "organisation", actor.org_id, channel=name)
    session.flush()


def opened(secret: bytes, row: MessageChannel) -> dict[str, str]:
    """Options and secrets together, for the channel alone."""
    return {**row.options, **unseal(secret, row.id.bytes, row.sealed)}


def secrets_set(secret: bytes, row: MessageChannel) -> list[str]:
    """Which secrets there are, by name."""
    return sorted(unseal(secret, row.id.bytes, row.sealed))


def _spec(name: str, kind: str) -> Kind:
    spec = KINDS.get(name, {}).get(kind)
    if spec is None:
        raise BadInputError(f"There is no {kind} for {name}.", code="bad_kind")
    return spec


def _kept(secret: bytes, row: MessageChannel, kind: str, wanted: Mapping[str, str]) -> dict[str, str]:
    is_same = row.kind == kind and all(row.options.get(place) == wanted.get(place) for place in PLACES)
    return unseal(secret, row.id.bytes, row.sealed) if is_same else {}


def _check(spec: Kind, options: Mapping[str, str], secrets: Mapping[str, str]) -> None:
    unknown = [key for key in options if not spec.knows(key)]
    unknown += [key for key in secrets if key not in (*spec.secrets, *spec.optional_secrets)]
    if unknown:
        raise BadInputError("Some options are unknown.", code="bad_option", names=sorted(unknown))
    missing = [key for key in spec.needs if not options.get(key)]
    missing += [key for key in spec.secrets if not secrets.get(key)]
    if missing:
        raise BadInputError("Some options are missing.", code="missing_option", names=missing)
    if any(len(value) > MOST_LENGTH or "\x00" in value for value in (*options.values(), *secrets.values())):
        raise BadInputError("An option is too long.", code="bad_option", names=[])
    if not options.get("port", "465").isdecimal():
        raise BadInputError("A port is a number.", code="bad_option", names=["port"])
    places = {name: {**options, **secrets}.get(name, "") for name in ("endpoint", "authorize_url", "url")}
    wrong = [name for name, one in places.items() if one and not one.startswith(("https://", "http://"))]
    if wrong:
        raise BadInputError("An address begins with https://", code="bad_option", names=wrong)
