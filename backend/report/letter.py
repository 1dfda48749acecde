"""An e-mail as a report reads it: who writes what, with which files, and whether a program wrote it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import parseaddr
from html.parser import HTMLParser

from backend.report.service import plain_text

MOST_PARTS = 60
MOST_SUBJECT, MOST_TEXT = 200, 1_500
MAIL = re.compile(r"[^@\s<>\x00]{1,64}@[^@\s<>\x00]{1,180}\.[^@\s<>\x00]{2,60}")
ROBOTS = re.compile(
    r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.\-_].*)?", re.IGNORECASE
)
ID = re.compile(r"<([^<>\s]{3,250})>")
BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
LIST_HEADERS = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Loop", "Feedback-ID")
_UNREADABLE = (MessageError, LookupError, ValueError, AttributeError, TypeError)


class UnreadableLetterError(ValueError):
    """The bytes are no e-mail anybody could answer."""


@dataclass(frozen=True)
class Letter:
    """One e-mail. `key` tells the same one fetched twice; `answers` are the ids of messages it replies to."""

    key: str
    sender: str
    name: str
    subject: str
    text: str
    files: tuple[bytes, ...]
    answers: tuple[str, ...]
    is_automatic: bool


@dataclass(frozen=True)
class Outline:
    """What can be told of an e-mail that could not be read; the same e-mail has the same `key`."""

    key: str
    sender: str = ""
    subject: str = ""


def outline(raw: bytes) -> Outline:
    """Who wrote an e-mail and what about, as far as its header tells."""
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        sender = parseaddr(_header(mail, "From"))[1]
        return Outline(_key(mail, raw), sender.lower() if MAIL.fullmatch(sender) else "", _subject(mail))
    except _UNREADABLE:
        return Outline(hashlib.sha256(raw).hexdigest())


def read(raw: bytes) -> Letter:
    """The letter in the bytes of an e-mail; raises UnreadableLetterError."""
    try:
        return _read(raw)
    except _UNREADABLE as error:
        raise UnreadableLetterError(type(error).__name__) from error


def _read(raw: bytes) -> Letter:
    mail = message_from_bytes(raw, policy=policy.default)
    if not isinstance(mail, EmailMessage):
        raise UnreadableLetterError("no e-mail")
    name, sender = parseaddr(_header(mail, "Reply-To") or _header(mail, "From"))
    if not MAIL.fullmatch(sender):
        raise UnreadableLetterError("nobody to answer")
    parts = list(_parts(mail))
    return Letter(
        key=_key(mail, raw),
        sender=sender.lower(),
        name=plain_text(name, 120),
        subject=_subject(mail),
        text=_text(parts),
        files=tuple(_files(parts)),
        answers=tuple(ID.findall(f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}")[:20]),
        is_automatic=_is_automatic(mail, sender),
    )


def _key(mail: Message, raw: bytes) -> str:
    own_id = _header(mail, "Message-ID").strip()
    return hashlib.sha256(own_id.encode() if own_id else raw).hexdigest()


def _subject(mail: Message) -> str:
    return " ".join(plain_text(_header(mail, "Subject"), MOST_SUBJECT).split())


def _header(mail: Message, name: str) -> str:
    return str(mail.get(name, ""))[:4_000]


def _is_automatic(mail: EmailMessage, sender: str) -> bool:
    """Whether a program wrote it (RFC 3834), a list passed it on, or it came back: none is answered."""
    said = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        said not in ("", "no")
        or _header(mail, "Precedence").strip().lower() in BULK
        or _header(mail, "Return-Path").strip() == "<>"
        or mail.get_content_type() == "multipart/report"
        or any(name in mail for name in LIST_HEADERS)
        or ROBOTS.fullmatch(sender.partition("@")[0]) is not None
    )


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    for count, part in enumerate(mail.walk()):
        if count >= MOST_PARTS:
            return
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part


def _files(parts: list[EmailMessage]) -> Iterator[bytes]:
    for part in parts:
        if part.get_content_maintype() in ("image", "video") or part.get_filename():
            data = part.get_payload(decode=True)
            if isinstance(data, bytes) and data:
                yield data


def _text(parts: list[EmailMessage]) -> str:
    """The first plain text, else the first page's words; what is quoted from earlier letters is left out."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and not part.get_filename():
                said = str(part.get_content())[:200_000]
                lines = (_Words.of(said) if kind == "text/html" else said).splitlines()
                kept = (line.rstrip() for line in lines if not line.lstrip().startswith(">"))
                return plain_text(re.sub(r"\n{3,}", "\n\n", "\n".join(kept)), MOST_TEXT)
    return ""


class _Words(HTMLParser):
    """The words of a page, without what is not shown."""

    HIDDEN = frozenset({"script", "style", "head", "title", "blockquote"})
    BREAKS = frozenset({"br", "p", "div", "tr", "li"})

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden = 0

    @classmethod
    def of(cls, page: str) -> str:
        words = cls()
        words.feed(page)
        words.close()
        return "".join(words.said)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self.HIDDEN
        if tag in self.BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self.HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(" ".join(data.split()) if "\n" in data else data)
