"""However busy it is, a server that is asked to stop is gone within seconds."""

import os
import signal
import subprocess
import sys
import time

import pytest

from backend.ops.server import STOP_WITHIN_S

SERVER = """
import asyncio, sys, time
import uvicorn
from backend.ops.server import StreamingServer

def block():
    print("blocked", flush=True)
    time.sleep(60)

async def app(scope, receive, send):
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
            if sys.argv[1] == "blocked event loop":
                asyncio.get_running_loop().call_later(0.2, block)
        else:
            if sys.argv[1] == "endless shutdown":
                await asyncio.sleep(60)
            await send({"type": "lifespan.shutdown.complete"})
            return

config = uvicorn.Config(app, port=0, log_level="critical", timeout_graceful_shutdown=1)
StreamingServer(config, greeting="up", stop_within_s=float(sys.argv[2])).run()
"""


@pytest.mark.parametrize("trouble", ["endless shutdown", "blocked event loop"])
def test_nothing_holds_a_server_that_was_asked_to_stop(trouble: str) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, trouble, "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    )
    with server:
        assert server.stdout is not None
        assert server.stdout.readline() == "up\n"
        if trouble == "blocked event loop":
            assert server.stdout.readline() == "blocked\n"
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        _out, told = server.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert "still busy after 1 s" in told
    assert server.returncode == 1


def test_the_deadline_is_shorter_than_an_operator_waits() -> None:
    assert STOP_WITHIN_S < 5
