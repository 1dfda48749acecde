"""E-mail, WeChat and the office's robots, spoken to over sockets: local servers check what theirs check."""

import base64
import hashlib
import hmac
import json
import socketserver
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from backend.messages import receipts
from backend.messages.channels import Channel, ChannelError, Outgoing
from backend.messages.kinds import make_channel

pytestmark = pytest.mark.anyio
MESSAGE = Outgoing(
    uuid.UUID(int=7), "rate", "li@example.com", "zh-CN", "好吗？<b>\nhttps://example.com/c/x/rate",
    {"product": "一台名字特别特别特别特别特别长的电热水器", "link": "https://example.com/c/x"},
    "服务还满意吗",
    "https://example.com/c/x/messages",
)  # fmt: skip


class MailServer(socketserver.StreamRequestHandler):
    """As much of RFC 5321 and 4954 as a client needs; `refuses` answers a recipient."""

    mails: ClassVar[list[bytes]] = []
    refuses: ClassVar[str] = ""

    timeout = 5

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                self._say("250-here\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                is_known = base64.b64decode(line.split()[2]) == b"\0us\0hush"
                self._say("235 hello" if is_known else "535 no")
            elif verb == "RCPT" and self.refuses:
                self._say(self.refuses)
            elif verb == "DATA":
                self._say("354 go on")
                self.mails.append(self._until_the_dot())
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                break
            else:
                self._say("250 fine")

    def _until_the_dot(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class WebService(BaseHTTPRequestHandler):
    """Answers as it is told to, and keeps what it was asked."""

    replies: ClassVar[list[dict[str, Any]]] = []
    seen: ClassVar[list[tuple[str, dict[str, Any]]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.seen.append((self.path, body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.replies.pop(0)).encode())

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen."""


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def mail_port() -> Iterator[int]:
    MailServer.mails, MailServer.refuses = [], ""
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer)) as port:
        yield port


@pytest.fixture
def web() -> Iterator[str]:
    WebService.replies, WebService.seen = [], []
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), WebService)) as port:
        yield f"http://127.0.0.1:{port}"


def smtp(port: int, **options: str) -> Channel:
    given = {"host": "127.0.0.1", "port": str(port), "security": "none", "sender": "no-reply@chenguang.cn"}
    return make_channel("email", "smtp", {**given, "user": "us", "password": "hush", **options})


async def test_an_e_mail_has_text_and_page_and_a_way_to_end_it(mail_port: int) -> None:
    receipt = await smtp(mail_port, name="晨光电器").send(MESSAGE)
    mail = message_from_bytes(MailServer.mails[0], EmailMessage, policy=policy.default)
    assert receipt == mail["Message-ID"] == f"<{MESSAGE.id}@chenguang.cn>"
    assert (mail["Subject"], mail["To"], mail["From"].addresses[0].display_name) == (
        "服务还满意吗",
        "li@example.com",
        "晨光电器",
    )
    assert mail["List-Unsubscribe"] == "<https://example.com/c/x/messages>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, page = (part.get_content() for part in mail.iter_parts())
    assert text.split() == MESSAGE.text.split()
    assert '<a href="https://example.com/c/x/rate">' in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize(
    ("refuses", "options", "is_final"),
    [
        ("550 nobody here", {}, True),
        ("451 come back", {}, False),
        ("", {"password": "guess"}, True),
        ("", {"sender": "no\nsuch"}, True),
    ],
)
async def test_mail_says_whether_trying_again_helps(
    mail_port: int, refuses: str, options: dict[str, str], is_final: bool
) -> None:
    MailServer.refuses = refuses
    with pytest.raises(ChannelError) as refused:
        await smtp(mail_port, **options).send(MESSAGE)
    assert (refused.value.is_final, MailServer.mails) == (is_final, [])
    assert "hush" not in refused.value.detail


async def test_wechat_keeps_its_token_and_asks_for_another_when_it_is_refused(web: str) -> None:
    options = {
        "app_id": "wx1", "secret": "hush", "endpoint": web, "template_rate": "T1",
        "fields_rate": "thing1=product, time2=window",
    }  # fmt: skip
    account = make_channel("wechat", "wechat", options)
    taken = {"errcode": 0, "msgid": 12}
    first, second = ({"access_token": name, "expires_in": 7200} for name in ("one", "two"))
    WebService.replies = [first, taken, taken, {"errcode": 40001}, second, taken]
    assert [await account.send(MESSAGE) for _ in range(3)] == ["12"] * 3
    paths = [urlsplit(path) for path, _ in WebService.seen]
    used = [parse_qs(path.query)["access_token"][0] for path in paths if path.query]
    assert used == ["one", "one", "one", "two"]
    asked = [body for path, body in WebService.seen if "stable_token" in path]
    assert [body["force_refresh"] for body in asked] == [False, True]
    body = WebService.seen[1][1]
    assert (body["touser"], body["template_id"], body["client_msg_id"]) == (
        MESSAGE.address,
        "T1",
        MESSAGE.id.hex,
    )
    assert len(body["data"]["thing1"]["value"]) == 20


TOKEN = {"access_token": "t", "expires_in": 7200}


@pytest.mark.parametrize(
    ("replies", "is_final"),
    [
        ([TOKEN, {"errcode": 43004, "errmsg": "require subscribe"}], True),
        ([TOKEN, {"errcode": 40003, "errmsg": "invalid openid"}], True),
        ([TOKEN, {"errcode": 40037, "errmsg": "invalid template_id"}], True),
        ([TOKEN, {"errcode": 47003, "errmsg": "argument invalid"}], True),
        ([TOKEN, {"errcode": 45009, "errmsg": "reach max api daily quota limit"}], False),
        ([TOKEN, {"errcode": -1, "errmsg": "system error"}], False),
        # A new token was refused as well: somebody else's server asks for tokens in the old way.
        *(
            ([TOKEN, {"errcode": code}, {**TOKEN, "access_token": "u"}, {"errcode": code}], False)
            for code in (40001, 40014, 42001)
        ),
        ([{"errcode": 40125, "errmsg": "invalid appsecret"}], True),
        ([{"errcode": 40164, "errmsg": "not in whitelist"}], True),
        # Something between us and the service answered in its place.
        ([TOKEN, {}], False),
        ([TOKEN, {"errcode": "moved"}], False),
        ([{"login": "please"}], False),
    ],
)
async def test_wechats_answers_say_whether_trying_again_helps(
    web: str, replies: list[dict[str, Any]], is_final: bool
) -> None:
    options = {"app_id": "wx1", "secret": "s", "endpoint": web, "template_rate": "T1"}
    WebService.replies = list(replies)
    with pytest.raises(ChannelError) as refused:
        await make_channel("wechat", "wechat", options).send(MESSAGE)
    assert (refused.value.is_final, WebService.replies) == (is_final, [])


async def test_the_robots_are_signed_as_each_service_wants_it(web: str) -> None:
    secret = "SEC+/="
    WebService.replies = [{"errcode": 0}, {"errcode": 0}, {"code": 0}]
    for kind in ("wecom", "dingtalk", "feishu"):
        await make_channel(kind, kind, {"url": f"{web}/{kind}?key=k", "secret": secret}).send(MESSAGE)
    (_, wecom), (ding_path, ding), (_, feishu) = WebService.seen
    query = {name: values[0] for name, values in parse_qs(urlsplit(ding_path).query).items()}
    text = f"{query['timestamp']}\n{secret}"
    seal = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    assert query["sign"] == base64.b64encode(seal).decode()
    assert abs(int(query["timestamp"]) / 1000 - time.time()) < 60
    key = f"{feishu['timestamp']}\n{secret}".encode()
    assert feishu["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert wecom["text"]["content"] == ding["text"]["content"] == feishu["content"]["text"] == MESSAGE.text


@pytest.mark.parametrize(
    ("kind", "reply", "is_final"),
    [
        ("wecom", {"errcode": 45009}, False),
        ("dingtalk", {"errcode": 310000}, True),
        ("feishu", {"code": 19021}, True),
        ("feishu", {"login": "please"}, False),
    ],
)
async def test_a_robot_that_refuses_does_not_tell_its_address(
    web: str, kind: str, reply: dict[str, Any], is_final: bool
) -> None:
    WebService.replies = [reply]
    with pytest.raises(ChannelError) as refused:
        await make_channel(kind, kind, {"url": f"{web}/hush", "secret": "hush"}).send(MESSAGE)
    assert refused.value.is_final == is_final
    with pytest.raises(ChannelError) as dead:
        await make_channel(kind, kind, {"url": "http://127.0.0.1:1/hush", "secret": "hush"}).send(MESSAGE)
    assert "hush" not in refused.value.detail + dead.value.detail


async def test_reports_are_read_in_each_services_own_way() -> None:
    aliyun = [
        {"biz_id": "1", "success": True},
        {"biz_id": "2", "success": False, "err_code": "MK:0012"},
        {"phone_number": "159", "content": "TD"},
    ]
    assert receipts.heard_from_aliyun(json.dumps(aliyun).encode()) == [
        receipts.Report("1", is_delivered=True),
        receipts.Report("2", is_delivered=False, detail="MK:0012"),
        receipts.Answer("159", "TD"),
    ]
    with pytest.raises(ValueError, match="reports"):
        receipts.heard_from_aliyun(b'{"biz_id": 1}')
    for status in ("success", "failed:user block", "failed: system failed"):
        xml = (
            "<xml><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event><MsgID>12</MsgID>"
            f"<Status><![CDATA[{status}]]></Status></xml>"
        )
        assert receipts.heard_from_wechat(xml.encode()) == [
            receipts.Report("12", is_delivered=status == "success", detail=status)
        ]
    assert receipts.heard_from_wechat(b"<xml><Event>CLICK</Event></xml>") == []
    assert receipts.heard_from_twilio({"MessageStatus": "sent", "MessageSid": "SM1"}) == []
