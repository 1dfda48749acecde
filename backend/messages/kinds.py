"""The kinds of channels there are, what each has to know, and making one."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.messages.channels import SANDBOX, Channel, Sandbox
from backend.messages.gate import ANYWHERE, Gate
from backend.messages.mail import Smtp
from backend.messages.models import MessageEvent
from backend.messages.robots import DingTalk, Feishu, WeCom
from backend.messages.sms import AliyunShaped, TwilioShaped
from backend.messages.wechat import WeChatAccount


class ChannelName(enum.StrEnum):
    """The channels that have to be set up."""

    SMS = "sms"
    EMAIL = "email"
    WECHAT = "wechat"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


@dataclass(frozen=True)
class Kind:
    """A service behind a channel: the options it needs and may have, and those that are secrets.

    `per_event` are names of options that each event has one of ("template" for `template_booked`).
    """

    make: Callable[[Mapping[str, str], Gate], Channel]
    needs: tuple[str, ...] = ()
    may_have: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    optional_secrets: tuple[str, ...] = ()
    per_event: tuple[str, ...] = ()
    has_receipts: bool = False

    def knows(self, option: str) -> bool:
        """Whether an option that is no secret is one of this kind's."""
        name, _, event = option.partition("_")
        is_per_event = name in self.per_event and event in set(MessageEvent)
        return option in (*self.needs, *self.may_have) or is_per_event


KINDS: dict[str, dict[str, Kind]] = {
    "sms": {
        "aliyun": Kind(
            AliyunShaped, ("key", "sign_name"), ("endpoint",), ("secret",), per_event=("template",),
            has_receipts=True,
        ),
        "twilio": Kind(TwilioShaped, ("account", "sender"), ("endpoint",), ("token",), has_receipts=True),
    },
    "email": {
        "smtp": Kind(
            Smtp, ("host", "sender"), ("port", "security", "user", "name"), optional_secrets=("password",)
        ),
    },
    "wechat": {
        "wechat": Kind(
            WeChatAccount, ("app_id",), ("endpoint", "authorize_url"), ("secret",), ("webhook_token",),
            per_event=("template", "fields"), has_receipts=True,
        ),
    },
    "wecom": {"wecom": Kind(WeCom, secrets=("url",))},
    "dingtalk": {"dingtalk": Kind(DingTalk, secrets=("url", "secret"))},
    "feishu": {"feishu": Kind(Feishu, secrets=("url", "secret"))},
}  # fmt: skip
# Reached by the phone number everybody has; the others need an address of their own.
BY_PHONE = frozenset({SANDBOX, "sms"})


def make_channel(name: str, kind: str, options: Mapping[str, str], gate: Gate = ANYWHERE) -> Channel:
    """The channel, ready to send where the gate lets it."""
    return KINDS[name][kind].make(options, gate)


def make_channels(sms: str, options: Mapping[str, str]) -> dict[str, Channel]:
    """What the server itself is set up for: the sandbox always, SMS where its settings name a service."""
    channels: dict[str, Channel] = {SANDBOX: Sandbox()}
    if sms:
        channels["sms"] = make_channel("sms", sms, options)
    return channels
