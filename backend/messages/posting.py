"""Talking to a channel's service over HTTP."""

from typing import Any

import httpx

from backend.messages.channels import TIMEOUT_S, ChannelError
from backend.messages.gate import Gate, looked_up
from backend.web.trust import trusted_authorities

BUSY = frozenset({408, 425, 429})


async def posted(gate: Gate, url: str, **request: Any) -> httpx.Response:
    """The reply to a POST; raises ChannelError for none, or one that says no. Never names the address."""
    return await _replied(gate, "POST", url, **request)


async def fetched(gate: Gate, url: str, **request: Any) -> httpx.Response:
    """The same of a GET."""
    return await _replied(gate, "GET", url, **request)


async def _replied(gate: Gate, method: str, url: str, **request: Any) -> httpx.Response:
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S, verify=trusted_authorities()) as http:
            reply = await http.send(await _addressed(http.build_request(method, url, **request), gate))
    except (httpx.TransportError, httpx.InvalidURL) as error:
        is_final = isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol)
        raise ChannelError(type(error).__name__, is_final=is_final) from error
    if reply.status_code >= 400:
        is_final = reply.status_code < 500 and reply.status_code not in BUSY
        raise ChannelError(f"{reply.status_code}: {reply.text}", is_final=is_final)
    return reply


async def _addressed(request: httpx.Request, gate: Gate) -> httpx.Request:
    """The request sent to the address the gate lets through; its Host and certificate stay the name's."""
    url = request.url
    if url.scheme not in ("https", "http"):
        raise httpx.UnsupportedProtocol("An address begins with https://")
    address = await looked_up(gate, url.host, url.port or (443 if url.scheme == "https" else 80))
    request.url = url.copy_with(host=address)
    request.extensions = {**request.extensions, "sni_hostname": url.host}
    return request


def code_of(reply: dict[str, Any], name: str) -> int:
    """The code a service answers with; raises ChannelError where there is none.

    Whatever sits between us and a service may answer in its place: without its code nothing was taken.
    """
    code = reply.get(name)
    if not isinstance(code, int):
        raise ChannelError(f"no {name}", is_final=False)
    return code


def object_of(reply: httpx.Response) -> dict[str, Any]:
    """The JSON object of a reply; raises ChannelError for anything that is not JSON."""
    try:
        found = reply.json()
    except ValueError as error:
        raise ChannelError("not JSON", is_final=False) from error
    return found if isinstance(found, dict) else {}
