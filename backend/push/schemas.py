"""Wire types of push subscriptions."""

from typing import Annotated, Literal

import msgspec

from backend.web.schemas import Body, Reply

Endpoint = Annotated[str, msgspec.Meta(min_length=10, max_length=1000, pattern=r"^https?://[^\s\x00]+$")]


class PushKey(Reply):
    """What a browser subscribes with."""

    public_key: str


class SubscriptionKeys(Body):
    """Of the browser: its public key and a secret, base64url."""

    p256dh: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{86,88}=?$")]
    auth: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}={0,2}$")]


class SubscriptionCreate(Body):
    """A browser that asks to be told, in a language."""

    endpoint: Endpoint
    keys: SubscriptionKeys
    language: Literal["zh-CN", "en"] = "zh-CN"


class SubscriptionRemove(Body):
    endpoint: Endpoint
