"""Where services report what became of messages. Who can't prove who they are is told nothing."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from backend.db.session import Database
from backend.db.types import utc_now
from backend.errors import BadInputError, NotFoundError
from backend.messages import receipts
from backend.messages import settings as channel_settings
from backend.messages.models import MessageChannel
from backend.messages.receipts import Heard
from backend.messages.sender import HOOKS, hook_url
from backend.settings import Settings

MOST_BYTES = 1_000_000
AnyRequest = Request[Any, Any, Any]
Key = Annotated[str, QueryParameter(name="key", max_length=64)]
Signature = Annotated[str, QueryParameter(name="signature", max_length=80)]
Timestamp = Annotated[str, QueryParameter(name="timestamp", max_length=20)]
Nonce = Annotated[str, QueryParameter(name="nonce", max_length=80)]
Echo = Annotated[str, QueryParameter(name="echostr", max_length=200)]


@post("/{channel_id:uuid}", status_code=200, request_max_body_size=MOST_BYTES)
async def report(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    channel_id: FromPath[uuid.UUID],
    key: Key = "",
    signature: Signature = "",
    timestamp: Timestamp = "",
    nonce: Nonce = "",
) -> Response[Any]:
    """A report or an answer, in the way of the service the channel is set up for."""
    channel = await db.read(receipts.channel_of, channel_id)
    if channel is None:
        raise NotFoundError("No such channel.")
    options = channel_settings.opened(secret, channel)
    if channel.kind == "twilio":
        form = {name: str(value) for name, value in (await request.form()).items()}
        heard = _twilio(options, form, request, hook_url(settings.base_url, channel.id))
        reply: Response[Any] = Response("<Response/>", media_type="text/xml")
    elif channel.kind == "aliyun":
        heard = _aliyun(options, channel, key, await request.body())
        reply = Response({"code": 0, "msg": "ok"})
    elif channel.kind == "wechat":
        _require_wechat(options, timestamp, nonce, signature)
        heard = receipts.heard_from_wechat(await request.body())
        reply = Response("success", media_type="text/plain")
    else:
        raise NotFoundError("No such channel.")
    await db.write(receipts.record, channel, heard)
    return reply


def _twilio(
    options: Mapping[str, str], form: Mapping[str, str], request: AnyRequest, url: str
) -> list[Heard]:
    signature = request.headers.get("x-twilio-signature", "")
    if not receipts.is_twilio_signed(options.get("token", ""), url, form, signature):
        raise NotFoundError("No such channel.")
    return receipts.heard_from_twilio(form)


def _aliyun(options: Mapping[str, str], channel: MessageChannel, key: str, body: bytes) -> list[Heard]:
    expected = receipts.hook_key(options.get("secret", ""), channel.id)
    if not receipts.is_same(expected, key):
        raise NotFoundError("No such channel.")
    try:
        return receipts.heard_from_aliyun(body)
    except ValueError as error:
        raise BadInputError("Not a list of reports.") from error


def _require_wechat(options: Mapping[str, str], timestamp: str, nonce: str, signature: str) -> None:
    token = options.get("webhook_token", "")
    is_signed = receipts.is_wechat_signed(token, timestamp, nonce, signature, utc_now())
    if not token or not is_signed:
        raise NotFoundError("No such channel.")


@get("/{channel_id:uuid}")
async def prove(
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    channel_id: FromPath[uuid.UUID],
    signature: Signature = "",
    timestamp: Timestamp = "",
    nonce: Nonce = "",
    echostr: Echo = "",
) -> Response[str]:
    """WeChat asks once whether the address is ours."""
    channel = await db.read(receipts.channel_of, channel_id)
    if channel is None or channel.kind != "wechat":
        raise NotFoundError("No such channel.")
    _require_wechat(channel_settings.opened(secret, channel), timestamp, nonce, signature)
    return Response(echostr, media_type="text/plain")


router = Router(HOOKS, route_handlers=[report, prove], include_in_schema=False)
