"""Where the programs of OSRM are: on the PATH, in ``SHANGMEN_OSRM``, or fetched into ``var/osrm``.

``python -m tests.routing.osrm_programs`` fetches them once; the tests themselves never reach out.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

WHEEL = "osrm-bindings==26.10.0"
LOCK = Path(__file__).resolve().parents[2] / "requirements-bench.lock"
FOLDER = Path(__file__).resolve().parents[2] / "var" / "osrm"


@dataclass(frozen=True)
class Programs:
    """The executables and the profile for cars."""

    extract: Path
    contract: Path
    routed: Path
    car: Path


def find() -> Programs | None:
    """The programs, wherever they are."""
    for place in (os.environ.get("SHANGMEN_OSRM"), str(FOLDER / "osrm")):
        if place and (found := _in(Path(place) / "bin", Path(place) / "share" / "profiles" / "car.lua")):
            return found
    on_path = shutil.which("osrm-routed")
    if on_path is None:
        return None
    home = Path(on_path).resolve().parent
    return _in(home, home.parent / "share" / "osrm" / "profiles" / "car.lua")


def _in(folder: Path, car: Path) -> Programs | None:
    programs = Programs(folder / "osrm-extract", folder / "osrm-contract", folder / "osrm-routed", car)
    paths = (programs.extract, programs.contract, programs.routed, programs.car)
    return programs if all(path.exists() for path in paths) else None


def fetch() -> Path:
    """Unpack the executables of the wheel; they run whatever Python there is."""
    locked = re.search(rf"^{WHEEL} .*\\\n((?:[ ]+--hash=.*\n)+)", LOCK.read_text(), re.MULTILINE)
    assert locked is not None, f"{LOCK.name} does not name {WHEEL}"
    with TemporaryDirectory() as folder:
        pinned = Path(folder) / "osrm.lock"
        pinned.write_text(f"{WHEEL} \\\n{locked[1]}")
        wish = ["--python-version", "3.12", "--only-binary", ":all:", "--no-deps", "--quiet"]
        download = [sys.executable, "-m", "pip", "download", "--require-hashes", "-r", str(pinned)]
        subprocess.run([*download, "--dest", folder, *wish], check=True)
        [wheel] = Path(folder).glob("*.whl")
        with ZipFile(wheel) as archive:
            wanted = [name for name in archive.namelist() if name.startswith(("osrm/bin/", "osrm/share/"))]
            archive.extractall(FOLDER, wanted)
    for program in (FOLDER / "osrm" / "bin").iterdir():
        program.chmod(0o755)
    return FOLDER


if __name__ == "__main__":
    if find() is None:
        fetch()
    print(find())
