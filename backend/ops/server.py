"""A uvicorn server that greets when it is up, ends live streams when it stops, and stops in time."""

import gc
import os
import socket
import sys
import threading
from types import FrameType

import uvicorn
from litestar import Litestar

from backend.settings import Settings
from backend.sync.hub import FeedHub
from backend.web.head import HeadAsGet

# Requests get `timeout_graceful_shutdown`, solver and background a second after that. Whatever still holds
# the process then (a thread, a blocked event loop) is left: databases are safe when a process is gone.
STOP_WITHIN_S = 4.5
GRACE_S = 2
# Longer than a proxy or a client keeps a connection it does not use (a minute as shipped, as is usual):
# whoever closes first must be the one who asks, or a request meets a connection that is just being closed.
KEEP_ALIVE_S = 75


def serving_config(app: Litestar, settings: Settings) -> uvicorn.Config:
    """How the application is served at the settings' address."""
    return uvicorn.Config(
        HeadAsGet(app),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
    )


class StreamingServer(uvicorn.Server):
    """Ends the feed's streams at the start of shutdown; uvicorn alone would wait for them."""

    def __init__(
        self, config: uvicorn.Config, greeting: str = "", stop_within_s: float = STOP_WITHIN_S
    ) -> None:
        super().__init__(config)
        self._greeting, self._stop_within_s = greeting, stop_within_s

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            deadline = threading.Timer(self._stop_within_s, self._leave)
            deadline.daemon = True
            deadline.start()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What a server has loaded stays: requests no longer wait while it is searched for garbage.
        gc.collect()
        gc.freeze()
        if self.started and self._greeting:
            print(self._greeting, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        hub = _hub_of(self.config.loaded_app)
        if hub is not None:
            hub.end_streams()
        await super().shutdown(sockets)

    def _leave(self) -> None:
        """End the process now; children see that their input has ended."""
        print(
            f"shangmen: still busy after {self._stop_within_s:g} s, leaving now", file=sys.stderr, flush=True
        )
        os._exit(1)


def _hub_of(app: object) -> FeedHub | None:
    while app is not None:
        if isinstance(app, Litestar):
            hub: FeedHub = app.state.services.hub
            return hub
        app = getattr(app, "app", None)
    return None
