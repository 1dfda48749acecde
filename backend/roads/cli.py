"""`shangmen roads`: prepare an OpenStreetMap extract, and serve it to the planner."""

import argparse
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.errors import BadInputError
from backend.settings import Settings

if TYPE_CHECKING:
    from backend.scheduling.adapter.road_network import OsrmPrograms

FETCHED = Path("osrm") / "osrm"
"""Where set-up puts the programs, below the data folder."""
PORT = 5000
GRACE_S = 10


def register(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add `roads build` and `roads serve`."""
    roads = subparsers.add_parser("roads")
    actions = roads.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = actions.add_parser("build", help="prepare an extract; may take minutes")
    build.add_argument("extract", type=Path, help="such as region.osm.pbf")
    build.add_argument(
        "--folder", type=Path, default=None, help="where to put it, `roads` in the data folder"
    )
    build.add_argument("--profile", default="car", help="car, bicycle or foot")
    build.add_argument("--serve", action="store_true", help="and serve it until interrupted")
    serve = actions.add_parser("serve", help="serve a prepared network until interrupted")
    serve.add_argument("network", type=Path, help="what `roads build` has named")
    for parser in (build, serve):
        parser.add_argument("--port", type=int, default=PORT)
    build.set_defaults(run=run_build)
    serve.set_defaults(run=run_serve)


def run_build(arguments: argparse.Namespace) -> int:
    """Prepare the extract and say how to use it."""
    from backend.scheduling.adapter.road_network import TravelError, build

    programs = _programs()
    folder = arguments.folder or Settings().data_dir / "roads"
    print(f"Preparing {arguments.extract} for {arguments.profile}...", flush=True)
    try:
        network = build(programs, arguments.extract, folder, arguments.profile)
    except TravelError as error:
        raise BadInputError(str(error)) from error
    megabytes = network.size_bytes / 1_000_000
    print(f"{network.path}: {megabytes:.0f} MB in {network.seconds:.0f} s.")
    if arguments.serve:
        return _serve(programs, network.path, arguments.port)
    print(f"Serve it: shangmen roads serve {network.path}")
    return 0


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    return _serve(_programs(), arguments.network, arguments.port)


def _programs() -> "OsrmPrograms":
    from backend.scheduling.adapter.road_network import TravelError, find_programs

    try:
        return find_programs([Settings().data_dir / FETCHED])
    except TravelError as error:
        raise BadInputError(str(error)) from error


def _serve(programs: "OsrmPrograms", network: Path, port: int) -> int:
    from backend.scheduling.adapter.road_network import TravelError, server_command

    try:
        command = server_command(programs, network, port)
    except TravelError as error:
        raise BadInputError(str(error)) from error
    print(f"Driving times: SHANGMEN_OSRM_URL=http://127.0.0.1:{port}", flush=True)
    with subprocess.Popen(command) as server:
        try:
            return server.wait()
        finally:
            if server.poll() is None:
                server.terminate()
                server.wait(GRACE_S)
