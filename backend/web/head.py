"""HEAD, which monitors and link checkers send: what GET would answer, without its body."""

from typing import cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

API = "/api/"


class HeadAsGet:
    """Around an application whose pages know GET only; operations of the API say themselves what HEAD is.

    The answer ends with its headers, so that a live stream that is asked about is not held open: the server
    tells the application that its caller has gone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, HEAD of a page as GET."""
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD" or scope["path"].startswith(API):
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self.app(cast("HTTPScope", {**scope, "method": "GET"}), receive, send_head)
