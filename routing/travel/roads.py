"""A road network for :class:`routing.OsrmTravel`: prepare an OpenStreetMap extract and serve it with OSRM.

Works with the programs of an OSRM installation or of the ``osrm-bindings`` wheel, which carries them together
with its profiles. Contraction hierarchies (Geisberger, Sanders, Schultes and Vetter, *Transportation Science*
46, 2012) answer tables fastest, so the network is contracted.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from routing.errors import TravelError

LARGEST_TABLE = 1000
"""Sources and destinations of one request to a server started here."""
LAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class OsrmPrograms:
    """Where the executables of OSRM are, and the folder of its profiles (``car.lua`` and others)."""

    extract: Path
    contract: Path
    routed: Path
    profiles: Path

    @property
    def is_complete(self) -> bool:
        """Whether everything is there."""
        return all(path.exists() for path in (self.extract, self.contract, self.routed, self.profiles))


@dataclass(frozen=True, slots=True)
class RoadNetwork:
    """A prepared network.

    Parameters
    ----------
    path : Path
        What ``osrm-routed`` is started with.
    size_bytes : int
        Of all its files.
    seconds : float
        What preparing it took.
    """

    path: Path
    size_bytes: int
    seconds: float


def find_programs(folders: Iterable[Path] = ()) -> OsrmPrograms:
    """The programs of OSRM: in one of the folders, in ``SHANGMEN_OSRM``, in the wheel's module, on the PATH.

    Parameters
    ----------
    folders : iterable of Path
        Each with ``bin`` and ``share/profiles`` in it, as the wheel has them.

    Raises
    ------
    TravelError
        When they are nowhere, naming where they were looked for.
    """
    homes = [*folders, *_homes()]
    tried = [_in(home / "bin", home / "share" / "profiles") for home in homes]
    if (on_path := shutil.which("osrm-routed")) is not None:
        folder = Path(on_path).resolve().parent
        tried.append(_in(folder, folder.parent / "share" / "osrm" / "profiles"))
    for programs in tried:
        if programs.is_complete:
            return programs
    looked = ", ".join(["the PATH", *(str(home) for home in homes)])
    raise TravelError(
        f"the programs of OSRM are not in {looked}; install osrm-backend or the package osrm-bindings, "
        "or name their folder in SHANGMEN_OSRM"
    )


def _homes() -> list[Path]:
    named = os.environ.get("SHANGMEN_OSRM")
    spec = find_spec("osrm")
    beside = [Path(place) for place in spec.submodule_search_locations or ()] if spec else []
    return ([Path(named)] if named else []) + beside


def _in(folder: Path, profiles: Path) -> OsrmPrograms:
    return OsrmPrograms(folder / "osrm-extract", folder / "osrm-contract", folder / "osrm-routed", profiles)


def build(programs: OsrmPrograms, extract: Path, folder: Path, profile: str = "car") -> RoadNetwork:
    """Prepare an extract for serving.

    Parameters
    ----------
    programs : OsrmPrograms
    extract : Path
        OpenStreetMap data: ``.osm.pbf``, ``.osm.bz2`` or ``.osm``.
    folder : Path
        Where the network goes; made when it is not there. A network of the same name in it is replaced.
    profile : str
        A profile of OSRM: ``"car"``, ``"bicycle"``, ``"foot"``.

    Raises
    ------
    TravelError
        When the extract or the profile is not there, or a program fails, with its last words.
    """
    rules = programs.profiles / f"{profile}.lua"
    if not extract.is_file():
        raise TravelError(f"no extract {extract}")
    if not rules.exists():
        raise TravelError(f"OSRM has no profile {profile}")
    began = perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    network = folder / f"{extract.name.split('.')[0]}-{profile}.osrm"
    # The programs derive names from their input's, so the network gets its name from a link.
    source = network.with_suffix("".join(extract.suffixes[-2:]))
    source.unlink(missing_ok=True)
    source.symlink_to(extract.resolve())
    try:
        _run([programs.extract, "--profile", rules, source])
        _run([programs.contract, network])
    finally:
        source.unlink(missing_ok=True)
    size = sum(path.stat().st_size for path in folder.glob(f"{network.name}*"))
    return RoadNetwork(network, size, perf_counter() - began)


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        words = " / ".join(done.stdout.strip().splitlines()[-LAST_WORDS:])
        raise TravelError(f"{Path(command[0]).name} failed with status {done.returncode}: {words}")


def server_command(
    programs: OsrmPrograms, network: Path, port: int, host: str = "127.0.0.1", threads: int = 2
) -> list[str]:
    """The command that serves a network until it is stopped.

    Raises
    ------
    TravelError
        When the network has not been prepared.
    """
    if not network.with_name(network.name + ".hsgr").exists():
        raise TravelError(f"no network {network}; prepare it from an extract first")
    options = {
        "--algorithm": "CH",
        "--ip": host,
        "--port": str(port),
        "--threads": str(threads),
        "--max-table-size": str(LARGEST_TABLE),
    }
    return [str(programs.routed), str(network), *(word for pair in options.items() for word in pair)]
