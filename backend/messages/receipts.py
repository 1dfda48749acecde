"""What services report: whether a message arrived, and what customers answer. Verified before it is read."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.types import utc_now
from backend.messages import claims, service
from backend.messages.models import Message, MessageChannel, MessageState

MOST_REPORTS = 500
# A report older than this is a repeat somebody has kept.
FRESH = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Report:
    """What became of the message a receipt names."""

    receipt: str
    is_delivered: bool
    detail: str = ""


@dataclass(frozen=True)
class Answer:
    """What a customer wrote back."""

    phone: str
    text: str


Heard = Report | Answer


def record(session: Session, channel: MessageChannel, heard: Sequence[Heard]) -> None:
    """Keep what was reported; the same again changes nothing, and so does what is about another channel."""
    for one in heard[:MOST_REPORTS]:
        if isinstance(one, Answer):
            service.hear(session, channel.org_id, one.phone, one.text)
        elif one.receipt:
            _record(session, channel, one)
    session.flush()


def _record(session: Session, channel: MessageChannel, report: Report) -> None:
    query = sa.select(Message).where(
        col(Message.org_id) == channel.org_id,
        col(Message.channel) == channel.name,
        col(Message.receipt) == report.receipt[:120],
        col(Message.state) == MessageState.SENT,
    )
    for message in session.scalars(query.with_for_update()):
        now = utc_now()
        if report.is_delivered:
            message.state, message.delivered_at = MessageState.DELIVERED, now
        else:
            rules = service.rules_of(session, channel.org_id)
            claims.give_up(session, message, rules, f"undelivered: {report.detail}", now)


def channel_of(session: Session, channel_id: uuid.UUID) -> MessageChannel | None:
    """The channel a service reports about."""
    return session.get(MessageChannel, channel_id)


def is_twilio_signed(token: str, url: str, form: Mapping[str, str], signature: str) -> bool:
    """HMAC-SHA1 of the address and the form's names and values in order, as the service signs them."""
    text = url + "".join(name + form[name] for name in sorted(form))
    seal = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return is_same(base64.b64encode(seal).decode(), signature)


def heard_from_twilio(form: Mapping[str, str]) -> list[Heard]:
    """A status of a message, or one from a customer."""
    if "MessageStatus" in form:
        status = form["MessageStatus"]
        if status not in ("delivered", "read", "undelivered", "failed"):
            return []
        is_delivered = status in ("delivered", "read")
        return [Report(form.get("MessageSid", ""), is_delivered, form.get("ErrorCode", ""))]
    return [Answer(form.get("From", ""), form.get("Body", ""))] if "Body" in form else []


def hook_key(secret: str, channel_id: uuid.UUID) -> str:
    """What a service that signs nothing has to know: part of its address, made of the channel's secret."""
    return hmac.new(secret.encode(), b"hook 1:" + channel_id.bytes, hashlib.sha256).hexdigest()[:32]


def is_same(expected: str, given: str) -> bool:
    """Whether two keys are one, without telling how far they agree."""
    return hmac.compare_digest(expected.encode(), given.encode())


def heard_from_aliyun(body: bytes) -> list[Heard]:
    """Reports on messages, or messages from customers; raises ValueError for anything else."""
    rows = json.loads(body)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("not a list of reports")
    heard: list[Heard] = []
    for row in rows:
        if "biz_id" in row:
            heard.append(Report(str(row["biz_id"]), bool(row.get("success")), str(row.get("err_code", ""))))
        elif "content" in row:
            heard.append(Answer(str(row.get("phone_number", "")), str(row["content"])))
    return heard


def is_wechat_signed(token: str, timestamp: str, nonce: str, signature: str, now: dt.datetime) -> bool:
    """SHA-1 of token, time and nonce in order; an old one is somebody's repeat."""
    text = "".join(sorted((token, timestamp, nonce)))
    is_fresh = timestamp.isdecimal() and abs(now.timestamp() - int(timestamp[:12])) < FRESH.total_seconds()
    seal = hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - the service's own way of signing
    return is_fresh and is_same(seal, signature)


def heard_from_wechat(body: bytes) -> list[Heard]:
    """Whether a template message arrived; everything else an account is told of is nothing to us."""
    text = body.decode("utf-8", errors="replace")
    if _element(text, "Event") != "TEMPLATESENDJOBFINISH":
        return []
    status = _element(text, "Status")
    return [Report(_element(text, "MsgID"), status == "success", status)]


def _element(text: str, name: str) -> str:
    """The text of a flat element, with or without CDATA; no XML parser reads what strangers send."""
    found = re.search(rf"<{name}>(?:<!\[CDATA\[)?([^<\]]*)(?:\]\]>)?</{name}>", text)
    return found[1] if found else ""
