"""A uvicorn server that greets when it is up and ends live streams before it waits for open requests."""

import socket

import uvicorn
from litestar import Litestar

from backend.sync.hub import FeedHub


class StreamingServer(uvicorn.Server):
    """Ends the feed's streams at the start of shutdown; uvicorn alone would wait for them."""

    def __init__(self, config: uvicorn.Config, greeting: str = "") -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._greeting:
            print(self._greeting, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        hub = _hub_of(self.config.loaded_app)
        if hub is not None:
            hub.end_streams()
        await super().shutdown(sockets)


def _hub_of(app: object) -> FeedHub | None:
    while app is not None:
        if isinstance(app, Litestar):
            hub: FeedHub = app.state.services.hub
            return hub
        app = getattr(app, "app", None)
    return None
