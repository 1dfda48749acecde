"""The office beside the journey, through the API; and a scene that the journeys of one file share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import signed_in
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.scene import Scene
from tests.e2e.pages.console import PASSWORD, Office
from tests.servers import LiveServer


@pytest.fixture
def office(live_server: LiveServer) -> Iterator[Office]:
    with signed_in(live_server.url, "dispatcher", PASSWORD) as client:
        yield Office(client)


@pytest.fixture(scope="module")
def scene(demo_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A server of this file's own; its journeys keep apart by their technicians and jobs."""
    server = LiveServer(shutil.copytree(demo_data_dir, tmp_path_factory.mktemp("scene") / "data"))
    server.start()
    with signed_in(server.url, "dispatcher", PASSWORD) as client:
        yield Scene(server, Office(client))
    server.stop()


@pytest.fixture
def line(scene: Scene) -> Iterator[CutProxy]:
    """A way to the scene's server that can be cut."""
    with CutProxy(scene.server.port) as proxy:
        yield proxy
