"""Channels an administrator sets up reach the world, and nothing inside that the operator does not allow."""

import socket

import pytest

from backend.messages.channels import ChannelError
from backend.messages.gate import OuterGate
from backend.messages.kinds import make_channel
from tests.backend.messages.test_more_channels import MESSAGE, mail_port, web

pytestmark = pytest.mark.anyio
__all__ = ["mail_port", "web"]
WORLD = "93.184.216.34"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names resolve to here; addresses are themselves."""
    known: dict[str, list[str]] = {}

    def looked_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host == "gone.example.com":
            raise socket.gaierror("no such name")
        return [(0, 0, 0, "", (address, port)) for address in known.get(host, [host])]

    monkeypatch.setattr("backend.messages.gate.socket.getaddrinfo", looked_up)
    return known


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # where clouds keep a machine's secrets
        "100.64.0.1",  # shared by carriers and by clouds inside
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",  # the same in other spellings
        "64:ff9b::a00:1",
        "2002:a00:1::",
    ],
)
def test_inner_addresses_are_refused(names: dict[str, list[str]], address: str) -> None:
    names["mail.example.com"] = [address]
    with pytest.raises(ChannelError) as refused:
        OuterGate().address_of("mail.example.com", 465)
    assert refused.value.is_final
    names["mail.example.com"] = [WORLD, address]
    with pytest.raises(ChannelError):
        OuterGate().address_of("mail.example.com", 465)


def test_the_world_is_reached_at_the_address_that_was_looked_at(names: dict[str, list[str]]) -> None:
    names["mail.example.com"] = ["2606:2800:220:1::1", WORLD]
    assert OuterGate().address_of("mail.example.com", 465) == WORLD


@pytest.mark.parametrize("allowed", ["relay.local", "RELAY.local.", "10.1.2.3", "10.0.0.0/8"])
def test_what_the_operator_allows_is_reached(names: dict[str, list[str]], allowed: str) -> None:
    names["relay.local"] = ["10.1.2.3"]
    assert OuterGate([allowed]).address_of("relay.local", 25) == "10.1.2.3"
    with pytest.raises(ChannelError):
        OuterGate([allowed]).address_of("192.168.1.1", 25)


def test_a_name_nobody_knows_may_be_known_later(names: dict[str, list[str]]) -> None:
    with pytest.raises(ChannelError) as refused:
        OuterGate().address_of("gone.example.com", 443)
    assert not refused.value.is_final


async def test_every_kind_of_channel_goes_through_the_gate(mail_port: int, web: str) -> None:
    local = {"host": "127.0.0.1", "port": str(mail_port), "security": "none", "sender": "a@b.cn"}
    keys = {"key": "k", "secret": "s"}
    kinds = {
        ("email", "smtp"): local,
        ("sms", "twilio"): {"account": "A", "token": "t", "sender": "+1", "endpoint": web},
        ("sms", "aliyun"): {**keys, "sign_name": "x", "endpoint": web, "template_rate": "T"},
        ("wechat", "wechat"): {"app_id": "a", "secret": "s", "endpoint": web, "template_rate": "T"},
        ("wecom", "wecom"): {"url": f"{web}/hook"},
        ("dingtalk", "dingtalk"): {"url": f"{web}/hook", "secret": "s"},
        ("feishu", "feishu"): {"url": f"{web}/hook", "secret": "s"},
    }  # fmt: skip
    for (name, kind), options in kinds.items():
        with pytest.raises(ChannelError, match="inside the operator's network"):
            await make_channel(name, kind, options, OuterGate()).send(MESSAGE)
    mail = make_channel("email", "smtp", kinds["email", "smtp"], OuterGate(["127.0.0.0/8"]))
    assert (await mail.send(MESSAGE)).endswith("@b.cn>")
