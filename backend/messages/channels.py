"""Ways a message leaves. A channel takes it and gives a receipt, or says whether trying again can help."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

import httpx

TIMEOUT_S = 10.0
BUSY = frozenset({408, 425, 429})


class ChannelError(Exception):
    """It was not taken. `is_final` when the same message will never be."""

    def __init__(self, detail: str, *, is_final: bool) -> None:
        super().__init__(detail)
        self.detail, self.is_final = detail[:300], is_final


@dataclass(frozen=True)
class Outgoing:
    """A message as a channel takes it; `values` is what its text was made of."""

    id: uuid.UUID
    event: str
    address: str
    language: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)


class Channel(Protocol):
    """One way to reach a customer."""

    async def send(self, message: Outgoing) -> str:
        """Hand it over; the receipt is the other side's name for it. Raises ChannelError."""
        ...


class Sandbox:
    """Takes every message and shows it to nobody but the console."""

    async def send(self, message: Outgoing) -> str:
        return f"sandbox-{message.id}"


class TwilioShaped:
    """SMS by a form posted with basic authentication; options `account`, `token`, `sender`, `endpoint`."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._account, self._token, self._sender = (options[name] for name in ("account", "token", "sender"))
        self._endpoint = options.get("endpoint", "https://api.twilio.com")

    async def send(self, message: Outgoing) -> str:
        url = f"{self._endpoint}/2010-04-01/Accounts/{self._account}/Messages.json"
        form = {"To": message.address, "From": self._sender, "Body": message.text}
        login = base64.b64encode(f"{self._account}:{self._token}".encode()).decode()
        reply = await _posted(url, data=form, headers={"Authorization": f"Basic {login}"})
        return str(_object(reply).get("sid", ""))


class AliyunShaped:
    """SMS by approved templates; options `key`, `secret`, `sign_name`, `endpoint`, and `template_<event>`.

    The request is signed with ACS3-HMAC-SHA256; the message's id goes along as OutId.
    """

    ACTION, VERSION = "SendSms", "2017-05-25"
    BUSY_CODES = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "Throttling.User"})

    def __init__(self, options: Mapping[str, str]) -> None:
        self._options = options
        self._endpoint = options.get("endpoint", "https://dysmsapi.aliyuncs.com")

    async def send(self, message: Outgoing) -> str:
        template = self._options.get(f"template_{message.event}")
        if not template:
            raise ChannelError(f"no approved template for {message.event}", is_final=True)
        query = {
            "PhoneNumbers": message.address.removeprefix("+86"),
            "SignName": self._options["sign_name"],
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(message.values), ensure_ascii=False),
            "OutId": str(message.id),
        }
        text = canonical_query(query)
        headers = self._signed(text)
        reply = _object(await _posted(f"{self._endpoint}/?{text}", headers=headers))
        code = str(reply.get("Code", ""))
        if code != "OK":
            raise ChannelError(f"{code}: {reply.get('Message', '')}", is_final=code not in self.BUSY_CODES)
        return str(reply.get("BizId", ""))

    def _signed(self, query: str) -> dict[str, str]:
        headers = {
            "host": httpx.URL(self._endpoint).netloc.decode(),
            "x-acs-action": self.ACTION,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-version": self.VERSION,
        }
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        request = f"POST\n/\n{query}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
        to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
        seal = hmac.new(self._options["secret"].encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        credential = f"Credential={self._options['key']},SignedHeaders={names},Signature={seal}"
        return {**headers, "Authorization": f"ACS3-HMAC-SHA256 {credential}"}


def canonical_query(values: Mapping[str, str]) -> str:
    """Names and values percent-encoded (RFC 3986), sorted by name."""
    return "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(values.items()))


def make_channels(sms: str, options: Mapping[str, str]) -> dict[str, Channel]:
    """The channels there are, by name: the sandbox always, SMS where a service is configured."""
    channels: dict[str, Channel] = {"sandbox": Sandbox()}
    if sms:
        channels["sms"] = TwilioShaped(options) if sms == "twilio" else AliyunShaped(options)
    return channels


async def _posted(url: str, **request: Any) -> httpx.Response:
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as http:
            reply = await http.post(url, **request)
    except httpx.TransportError as error:
        raise ChannelError(type(error).__name__, is_final=False) from error
    if reply.status_code >= 400:
        is_final = reply.status_code < 500 and reply.status_code not in BUSY
        raise ChannelError(f"{reply.status_code}: {reply.text}", is_final=is_final)
    return reply


def _object(reply: httpx.Response) -> dict[str, Any]:
    try:
        found = reply.json()
    except ValueError as error:
        raise ChannelError("not JSON", is_final=False) from error
    return found if isinstance(found, dict) else {}
