"""Where the programs of OSRM are: on the PATH, in ``SHANGMEN_OSRM``, or fetched into ``var/osrm``.

``python -m tests.routing.osrm_programs`` fetches them once; the tests themselves never reach out.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from routing import TravelError
from routing.travel.roads import OsrmPrograms, find_programs

WHEEL = "osrm-bindings==26.10.0"
LOCK = Path(__file__).resolve().parents[2] / "requirements-bench.lock"
FOLDER = Path(__file__).resolve().parents[2] / "var" / "osrm"


def find() -> OsrmPrograms | None:
    """The programs, wherever they are."""
    try:
        return find_programs([FOLDER / "osrm"])
    except TravelError:
        return None


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
