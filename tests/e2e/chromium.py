"""Finds a Chromium to drive: a named one, the system's, or the one in an npm package (Linux x86-64)."""

import json
import os
import platform
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent.parent / "var" / "chromium"
PACKAGE = HERE / "node_modules" / "@sparticuz"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# Quiet towards the outside, so that a test's network is only what the page does.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Chromium:
    """A browser program and what it needs around it to start."""

    path: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def is_packaged(self) -> bool:
        """The npm package's has no windows, and so no notices."""
        return self.path.is_relative_to(CACHE)

    @property
    def flags(self) -> list[str]:
        """As root Chromium starts only without its sandbox."""
        return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


def find_chromium() -> Chromium:
    """`CHROMIUM` names a program, or says `packaged` to prefer the npm package's."""
    named = os.environ.get("CHROMIUM", "")
    if named == "packaged":
        return _packaged()
    if named:
        return Chromium(Path(named))
    for name in SYSTEM_NAMES:
        if found := shutil.which(name):
            return Chromium(Path(found))
    if MAC_CHROME.exists():
        return Chromium(MAC_CHROME)
    return _packaged()


def locked_chromium() -> Chromium:
    """The npm package's, where it runs: the same for everybody, and a fifth lighter for want of windows."""
    runs = (platform.system(), platform.machine()) == ("Linux", "x86_64") and PACKAGE.exists()
    return find_chromium() if os.environ.get("CHROMIUM") or not runs else _packaged()


def _packaged() -> Chromium:
    folder = CACHE / _locked_version()
    if not folder.exists():
        _unpack_into(folder)
    program = folder / "chromium"
    return Chromium(program, _environment(program))


def _locked_version() -> str:
    package = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    version: str = package["dependencies"]["@sparticuz/chromium"]
    return version


def _unpack_into(folder: Path) -> None:
    """In a temporary folder first: a run that is cut off leaves nothing that looks complete."""
    if not PACKAGE.exists():
        pytest.fail("no Chromium: install one, name it with CHROMIUM=…, or run `make setup`")
    CACHE.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=CACHE))
    done = subprocess.run(
        ["node", "unpack-chromium.mjs"],
        cwd=HERE,
        env={**os.environ, "TMPDIR": str(staging)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(staging)
        pytest.fail(f"the packaged Chromium could not be unpacked: {done.stderr}")
    try:
        staging.rename(folder)
    except OSError:  # another run was faster
        shutil.rmtree(staging)


def _environment(program: Path) -> dict[str, str]:
    """The packaged libraries and fonts, only where the machine lacks its own: mixing needlessly can break."""
    env = {}
    linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    if "not found" in linked:
        env["LD_LIBRARY_PATH"] = str(program.parent / "al2023" / "lib")
    if not Path("/etc/fonts/fonts.conf").exists():
        env["FONTCONFIG_PATH"] = str(program.parent / "fonts")
    return env
