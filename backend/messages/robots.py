"""Robots in the office's chat groups: WeCom, DingTalk and Feishu. Their addresses are secrets."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any

from backend.messages.channels import ChannelError, Outgoing
from backend.messages.gate import ANYWHERE, Gate
from backend.messages.posting import code_of, object_of, posted


class WeCom:
    """A group robot of WeCom; option `url`, the webhook with its key."""

    BUSY_CODES = frozenset({-1, 45009})

    def __init__(self, options: Mapping[str, str], gate: Gate = ANYWHERE) -> None:
        self._gate = gate
        self._url = options["url"]

    async def send(self, message: Outgoing) -> str:
        body = {"msgtype": "text", "text": {"content": message.text}}
        return _taken(
            object_of(await posted(self._gate, self._url, json=body)), "errcode", "errmsg", self.BUSY_CODES
        )


class DingTalk:
    """A group robot of DingTalk; options `url` and `secret`, which signs the milliseconds."""

    BUSY_CODES = frozenset({-1, 130101, 410100})

    def __init__(self, options: Mapping[str, str], gate: Gate = ANYWHERE) -> None:
        self._gate = gate
        self._url, self._secret = options["url"], options["secret"]

    async def send(self, message: Outgoing) -> str:
        body = {"msgtype": "text", "text": {"content": message.text}}
        timestamp = str(round(time.time() * 1000))
        text = f"{timestamp}\n{self._secret}"
        joint = "&" if "?" in self._url else "?"
        signed = _base64(hmac.new(self._secret.encode(), text.encode(), hashlib.sha256).digest())
        # The address holds the access token as a query of its own, so the signature is added to the text.
        url = f"{self._url}{joint}timestamp={timestamp}&sign={_quoted(signed)}"
        return _taken(
            object_of(await posted(self._gate, url, json=body)), "errcode", "errmsg", self.BUSY_CODES
        )


class Feishu:
    """A group robot of Feishu; options `url` and `secret`, which with the seconds is the key of the seal."""

    BUSY_CODES = frozenset({11232, 9499001})

    def __init__(self, options: Mapping[str, str], gate: Gate = ANYWHERE) -> None:
        self._gate = gate
        self._url, self._secret = options["url"], options["secret"]

    async def send(self, message: Outgoing) -> str:
        timestamp = str(int(time.time()))
        key = f"{timestamp}\n{self._secret}".encode()
        sign = _base64(hmac.new(key, b"", hashlib.sha256).digest())
        body = {"timestamp": timestamp, "sign": sign, "msg_type": "text", "content": {"text": message.text}}
        return _taken(
            object_of(await posted(self._gate, self._url, json=body)), "code", "msg", self.BUSY_CODES
        )


def _taken(reply: dict[str, Any], code_name: str, detail_name: str, busy: frozenset[int]) -> str:
    """The robots give no receipt; raises ChannelError for a code that is not 0."""
    code = code_of(reply, code_name)
    if code != 0:
        raise ChannelError(f"{code}: {reply.get(detail_name, '')}", is_final=code not in busy)
    return ""


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _quoted(text: str) -> str:
    return text.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
