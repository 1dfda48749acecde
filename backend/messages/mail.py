"""E-mail by SMTP: text and simple HTML, with a header by which its reader ends it."""

import asyncio
import re
import smtplib
import ssl
from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from html import escape

from backend.messages.channels import TIMEOUT_S, ChannelError, Outgoing
from backend.messages.gate import ANYWHERE, Gate

_LINK = re.compile(r"https?://[^\s<>\"，。]+")
_STYLE = "font:16px/1.6 system-ui,'PingFang SC','Microsoft YaHei',sans-serif;color:#1a1f26;max-width:560px"


class Smtp:
    """Options `host`, `port`, `security` ("tls", "starttls" or "none"), `user`, `password`, `sender`, `name`.

    The standard library's client, in a thread of its own for the time of one message.
    """

    def __init__(self, options: Mapping[str, str], gate: Gate = ANYWHERE) -> None:
        self._options, self._gate = options, gate
        self._port = int(options.get("port") or 465)
        self._security = options.get("security") or "tls"

    async def send(self, message: Outgoing) -> str:
        try:
            mail = composed(message, self._options["sender"], self._options.get("name", ""))
        except (ValueError, MessageError) as error:
            raise ChannelError(f"no such address: {type(error).__name__}", is_final=True) from error
        await asyncio.to_thread(self._deliver, mail)
        return str(mail["Message-ID"])

    def _deliver(self, mail: EmailMessage) -> None:
        try:
            with self._connected() as server:
                if self._options.get("user"):
                    server.login(self._options["user"], self._options.get("password", ""))
                server.send_message(mail)
        except smtplib.SMTPAuthenticationError as error:
            raise ChannelError(f"sign-in refused: {error.smtp_code}", is_final=True) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()), (0, b""))
            raise ChannelError(f"{code}: {said.decode(errors='replace')}", is_final=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            told: bytes | str = error.smtp_error
            text = told.decode(errors="replace") if isinstance(told, bytes) else told
            raise ChannelError(f"{error.smtp_code}: {text}", is_final=error.smtp_code >= 500) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(type(error).__name__, is_final=False) from error

    def _connected(self) -> smtplib.SMTP:
        host, us = self._options["host"], self._options["sender"].rsplit("@", 1)[-1]
        address = self._gate.address_of(host, self._port)
        if self._security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL("", 0, us, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP("", 0, us, timeout=TIMEOUT_S)
        # The certificate is the name's, whatever address the gate found for it.
        server._host = host  # type: ignore[attr-defined]  # the client offers no other way
        server.connect(address, self._port)
        if self._security == "starttls":
            server.starttls(context=ssl.create_default_context())
        return server


def composed(message: Outgoing, sender: str, name: str = "") -> EmailMessage:
    """The e-mail of a message; its Message-ID is made of the message's id, so that a repeat shows as one.

    Raises ValueError or MessageError for an address that is none.
    """
    mail = EmailMessage()
    domain = sender.rsplit("@", 1)[-1]
    mail["From"] = Address(name, addr_spec=sender)
    mail["To"] = Address(addr_spec=message.address)
    mail["Subject"] = " ".join(message.subject.split())
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"
    if message.refuse_url:
        mail["List-Unsubscribe"] = f"<{message.refuse_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)
    mail.add_alternative(_html(message), subtype="html")
    return mail


def _html(message: Outgoing) -> str:
    """The text as paragraphs, its addresses as links."""
    paragraphs = "".join(f"<p>{_linked(part)}</p>" for part in message.text.split("\n") if part.strip())
    return f'<!doctype html><html lang="{message.language}"><body style="{_STYLE}">{paragraphs}</body></html>'


def _linked(text: str) -> str:
    pieces, last = [], 0
    for found in _LINK.finditer(text):
        url = escape(found[0])
        pieces += [escape(text[last : found.start()]), f'<a href="{url}">{url}</a>']
        last = found.end()
    return "".join([*pieces, escape(text[last:])])
