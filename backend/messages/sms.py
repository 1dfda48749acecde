"""SMS as two services take it."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from urllib.parse import quote

import httpx

from backend.messages.channels import ChannelError, Outgoing
from backend.messages.gate import ANYWHERE, Gate
from backend.messages.posting import object_of, posted


class TwilioShaped:
    """SMS by a form posted with basic authentication; options `account`, `token`, `sender`, `endpoint`.

    Where there is a `callback` address, the service tells it what became of the message.
    """

    def __init__(self, options: Mapping[str, str], gate: Gate = ANYWHERE) -> None:
        self._gate = gate
        self._account, self._token, self._sender = (options[name] for name in ("account", "token", "sender"))
        self._endpoint = options.get("endpoint") or "https://api.twilio.com"
        self._callback = options.get("callback", "")

    async def send(self, message: Outgoing) -> str:
        url = f"{self._endpoint}/2010-04-01/Accounts/{self._account}/Messages.json"
        form = {"To": message.address, "From": self._sender, "Body": message.text}
        if self._callback:
            form["StatusCallback"] = self._callback
        login = base64.b64encode(f"{self._account}:{self._token}".encode()).decode()
        reply = await posted(self._gate, url, data=form, headers={"Authorization": f"Basic {login}"})
        sid = object_of(reply).get("sid")
        if not sid:
            raise ChannelError("no sid", is_final=False)
        return str(sid)


class AliyunShaped:
    """SMS by approved templates; options `key`, `secret`, `sign_name`, `endpoint`, and `template_<event>`.

    The request is signed with ACS3-HMAC-SHA256; the message's id goes along as OutId.
    """

    ACTION, VERSION = "SendSms", "2017-05-25"
    BUSY_CODES = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "Throttling.User"})

    def __init__(self, options: Mapping[str, str], gate: Gate = ANYWHERE) -> None:
        self._gate = gate
        self._options = options
        self._endpoint = options.get("endpoint") or "https://dysmsapi.aliyuncs.com"

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
        reply = object_of(await posted(self._gate, f"{self._endpoint}/?{text}", headers=headers))
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
