"""Builds the wheel into dist/, the pages inside: installed, it needs neither Node nor this clone."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "pwa" / "dist"
SOURCES = ("backend", "routing")
FILES = ("pyproject.toml", "README.md", "LICENSE", "NOTICE")


def stage(folder: Path) -> None:
    """A copy to build in, so that nothing built ever lies among the sources."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(PAGES, folder / "backend" / "static")


def main(arguments: list[str]) -> int:
    out = Path(arguments[0]) if arguments else ROOT / "dist"
    if not PAGES.is_dir():
        print("the pages are not built: run `make setup`", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="shangmen-wheel-") as name:
        stage(Path(name))
        command = [sys.executable, "-m", "uv", "build", "--wheel", "--no-build-isolation", "--quiet"]
        done = subprocess.run([*command, "--out-dir", out.resolve(), "."], cwd=name, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
