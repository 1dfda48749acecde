"""WeChat: template messages of an official account."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from backend.messages.channels import ChannelError, Outgoing
from backend.messages.gate import ANYWHERE, Gate
from backend.messages.posting import code_of, object_of, posted

# The token is not ours any more, or never was: a new one may help.
TOKEN_CODES = frozenset({40001, 40014, 42001})
BUSY_CODES = frozenset({-1, 45009, 45011, 50002})
EARLY_S = 300
API = "https://api.weixin.qq.com"
# What a field of a template may hold, by the first letters of its name.
ROOM = {"thing": 20, "character_string": 32, "phrase": 5, "short_thing": 5, "time": 40}


class WeChatAccount:
    """Options `app_id`, `secret`, `template_<event>` and `fields_<event>` ("thing2=product,time3=window").

    The access token is kept until shortly before it ends, and asked for anew when the service refuses it.
    """

    def __init__(self, options: Mapping[str, str], gate: Gate = ANYWHERE) -> None:
        self._gate = gate
        self._options = options
        self._endpoint = options.get("endpoint") or API
        self._token, self._good_until = "", 0.0
        self._asking = asyncio.Lock()

    async def send(self, message: Outgoing) -> str:
        body = self._body(message)
        token = await self._access_token()
        reply = await self._sent(token, body)
        if reply.get("errcode") in TOKEN_CODES:
            reply = await self._sent(await self._access_token(refused=token), body)
        code = code_of(reply, "errcode")
        if code != 0:
            is_final = code not in BUSY_CODES | TOKEN_CODES
            raise ChannelError(f"{code}: {reply.get('errmsg', '')}", is_final=is_final)
        return str(reply.get("msgid", ""))

    def _body(self, message: Outgoing) -> dict[str, Any]:
        template = self._options.get(f"template_{message.event}")
        if not template:
            raise ChannelError(f"no template for {message.event}", is_final=True)
        return {
            "touser": message.address,
            "template_id": template,
            "url": message.values.get("link", ""),
            "data": _fields(self._options.get(f"fields_{message.event}", ""), message.values),
            "client_msg_id": message.id.hex,
        }

    async def _sent(self, token: str, body: dict[str, Any]) -> dict[str, Any]:
        url = f"{self._endpoint}/cgi-bin/message/template/send"
        return object_of(await posted(self._gate, url, params={"access_token": token}, json=body))

    async def _access_token(self, refused: str = "") -> str:
        """The token; a new one when it ends soon or is the one that was `refused`."""
        async with self._asking:
            if self._token and self._token != refused and time.monotonic() < self._good_until:
                return self._token
            wanted = {
                "grant_type": "client_credential",
                "appid": self._options["app_id"],
                "secret": self._options["secret"],
                "force_refresh": bool(refused) and refused == self._token,
            }
            reply = object_of(await posted(self._gate, f"{self._endpoint}/cgi-bin/stable_token", json=wanted))
            if "access_token" not in reply:
                code = code_of(reply, "errcode")
                raise ChannelError(f"{code}: no access token", is_final=code not in BUSY_CODES)
            self._token = str(reply["access_token"])
            self._good_until = time.monotonic() + max(0, int(reply.get("expires_in", 0)) - EARLY_S)
            return self._token


def _fields(mapping: str, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """{field: {value}}, each cut to what the service takes in a field of that name."""
    fields = {}
    for pair in filter(None, mapping.replace(" ", "").split(",")):
        name, _, value_name = pair.partition("=")
        room = ROOM.get(name.rstrip("0123456789"), 200)
        fields[name] = {"value": values.get(value_name, "")[:room]}
    return fields
