"""Who a customer is to the official account: WeChat's own page sends them back with a code that tells.

Web authorisation with the scope `snsapi_base`: it shows nothing to confirm and tells an openid, no name and
no picture. A code is good for one question within five minutes.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx

from backend.messages.channels import ChannelError
from backend.messages.gate import Gate
from backend.messages.posting import fetched, object_of
from backend.messages.wechat import API

AUTHORIZE_URL = "https://open.weixin.qq.com/connect/oauth2/authorize"
# The code was used before, is too old, or was never given out: another one helps.
CODE_ERRORS = frozenset({40029, 40163, 41008, 42003})
OPENID = re.compile(r"[A-Za-z0-9_-]{20,64}")


class CodeRefusedError(ChannelError):
    """The code opens nothing any more; whoever brought it has to be asked for another one."""


def is_wechat(user_agent: str) -> bool:
    """Whether a page is shown by WeChat's browser; that of WeCom calls itself one too and is none."""
    agent = user_agent.lower()
    return "micromessenger" in agent and "wxwork" not in agent


def authorize_url(options: Mapping[str, str], back_url: str, state: str) -> str:
    """WeChat's page, which sends its reader to `back_url` with `code` and `state`.

    It takes these parameters in this order only.
    """
    asked = {
        "appid": options["app_id"],
        "redirect_uri": back_url,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
    }
    return f"{_page(options)}?{urlencode(asked)}#wechat_redirect"


def authorize_origin(options: Mapping[str, str]) -> str:
    """Whose page that is, as a content security policy names it."""
    url = httpx.URL(_page(options))
    return f"{url.scheme}://{url.netloc.decode()}"


async def openid_of(options: Mapping[str, str], code: str, gate: Gate) -> str:
    """The openid behind a code. Raises CodeRefusedError, and ChannelError when nobody can say now.

    No error holds the account's secret, which is part of the address that is asked.
    """
    asked = {
        "appid": options["app_id"],
        "secret": options["secret"],
        "code": code,
        "grant_type": "authorization_code",
    }
    url = f"{options.get('endpoint') or API}/sns/oauth2/access_token"
    try:
        told = object_of(await fetched(gate, url, params=asked))
    except ChannelError as error:
        # What a server that is not WeChat's says may repeat what it was asked.
        raise ChannelError(error.detail.partition(":")[0], is_final=error.is_final) from None
    number = int(told.get("errcode") or 0)
    if number in CODE_ERRORS:
        raise CodeRefusedError(f"errcode {number}", is_final=True)
    openid = str(told.get("openid", ""))
    # Of a page that is only a snapshot the account is a made-up one, to which nothing can be sent.
    if number or told.get("is_snapshotuser") or not OPENID.fullmatch(openid):
        raise ChannelError(f"errcode {number}", is_final=True)
    return openid


def _page(options: Mapping[str, str]) -> str:
    return options.get("authorize_url") or AUTHORIZE_URL
