"""SMS as two services take it: spoken to over HTTP, by a local server that checks what they check."""

import base64
import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from backend.messages.channels import ChannelError, Outgoing
from backend.messages.kinds import make_channels
from backend.messages.sms import AliyunShaped, TwilioShaped

pytestmark = pytest.mark.anyio
MESSAGE = Outgoing(
    uuid.UUID(int=7),
    "booked",
    "+8619900000001",
    "zh-CN",
    "已预约 明天 9:00–11:00 & 更多",
    {"window": "9:00–11:00"},
)


class SmsService(BaseHTTPRequestHandler):
    """Takes a message that is authorised as the real services ask, and answers as they do."""

    replies: ClassVar[list[tuple[int, dict[str, Any]]]] = []
    seen: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = urlsplit(self.path)
        is_known = self._is_twilio_login() if "Accounts" in path.path else self._is_signed(path.query, body)
        self.seen.append(dict(parse_qsl(path.query)) | {k: v[0] for k, v in parse_qs(body.decode()).items()})
        status, reply = self.replies.pop(0) if is_known else (403, {"Code": "SignatureDoesNotMatch"})
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(reply).encode())

    def _is_twilio_login(self) -> bool:
        return self.headers["authorization"] == "Basic " + base64.b64encode(b"AC1:tok").decode()

    def _is_signed(self, query: str, body: bytes) -> bool:
        """ACS3-HMAC-SHA256 from the received request alone."""
        method, rest = self.headers["authorization"].split(" ", 1)
        fields = dict(part.split("=", 1) for part in rest.split(","))
        lines = "".join(f"{name}:{self.headers[name]}\n" for name in fields["SignedHeaders"].split(";"))
        digest = hashlib.sha256(body).hexdigest()
        request = "\n".join(
            ["POST", "/", "&".join(sorted(query.split("&"))), lines, fields["SignedHeaders"], digest]
        )
        to_sign = f"{method}\n{hashlib.sha256(request.encode()).hexdigest()}"
        expected = hmac.new(b"sec", to_sign.encode(), hashlib.sha256).hexdigest()
        is_content = self.headers["x-acs-content-sha256"] == digest
        return (
            is_content
            and fields["Credential"] == "key"
            and hmac.compare_digest(expected, fields["Signature"])
        )

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    SmsService.replies, SmsService.seen = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), SmsService)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def aliyun(endpoint: str, **options: str) -> AliyunShaped:
    given = {
        "key": "key",
        "secret": "sec",
        "sign_name": "晨光",
        "template_booked": "SMS_1",
        "endpoint": endpoint,
    }
    return AliyunShaped({**given, **options})


def twilio(endpoint: str, **options: str) -> TwilioShaped:
    return TwilioShaped(
        {"account": "AC1", "token": "tok", "sender": "+1555", "endpoint": endpoint, **options}
    )


async def test_aliyun_takes_a_signed_request_with_our_id(endpoint: str) -> None:
    SmsService.replies = [(200, {"Code": "OK", "BizId": "900"})]
    assert await aliyun(endpoint).send(MESSAGE) == "900"
    (seen,) = SmsService.seen
    assert (seen["PhoneNumbers"], seen["TemplateCode"], seen["OutId"]) == (
        "19900000001",
        "SMS_1",
        str(MESSAGE.id),
    )
    assert json.loads(seen["TemplateParam"]) == {"window": "9:00–11:00"}


async def test_twilio_takes_the_text(endpoint: str) -> None:
    SmsService.replies = [(201, {"sid": "SM1"})]
    assert await twilio(endpoint).send(MESSAGE) == "SM1"
    (seen,) = SmsService.seen
    assert (seen["To"], seen["Body"]) == (MESSAGE.address, MESSAGE.text)


@pytest.mark.parametrize(
    ("reply", "is_final"),
    [
        ((500, {}), False),
        ((429, {}), False),
        ((400, {}), True),
        ((200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}), False),
        ((200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}), True),
    ],
)
async def test_a_refusal_says_whether_trying_again_helps(
    endpoint: str, reply: tuple[int, dict[str, Any]], is_final: bool
) -> None:
    SmsService.replies = [reply]
    with pytest.raises(ChannelError) as refused:
        await aliyun(endpoint).send(MESSAGE)
    assert refused.value.is_final == is_final


async def test_a_wrong_key_is_final_and_a_dead_service_is_not(endpoint: str) -> None:
    with pytest.raises(ChannelError) as refused:
        await aliyun(endpoint, secret="other").send(MESSAGE)
    assert refused.value.is_final
    with pytest.raises(ChannelError) as refused:
        await twilio(endpoint, token="other").send(MESSAGE)
    assert refused.value.is_final
    with pytest.raises(ChannelError) as dead:
        await twilio("http://127.0.0.1:1").send(MESSAGE)
    assert not dead.value.is_final


async def test_an_event_without_an_approved_template_is_not_sent(endpoint: str) -> None:
    with pytest.raises(ChannelError) as refused:
        await aliyun(endpoint, template_booked="").send(MESSAGE)
    assert refused.value.is_final
    assert SmsService.seen == []


async def test_without_a_service_there_is_the_sandbox_alone() -> None:
    channels = make_channels("", {})
    assert list(channels) == ["sandbox"]
    assert await channels["sandbox"].send(MESSAGE) == f"sandbox-{MESSAGE.id}"
