"""A uvicorn server that tells live streams to end before it waits for open requests."""

import socket

import uvicorn
from litestar import Litestar

from backend.sync.hub import FeedHub


class StreamingServer(uvicorn.Server):
    """Ends the feed's streams at the start of shutdown; uvicorn alone would wait for them."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        hub = _hub_of(self.config.loaded_app)
        if hub is not None:
            hub.end_streams()
        await super().shutdown(sockets)


def _hub_of(app: object) -> FeedHub | None:
    while app is not None:
        if isinstance(app, Litestar):
            hub: FeedHub = app.state.hub
            return hub
        app = getattr(app, "app", None)
    return None
