"""Proves that routing/ stands alone: installed by itself, its tests pass away from this clone."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.lock"
PYTEST_SETTINGS = """\
[pytest]
addopts = --import-mode=importlib --strict-markers
pythonpath = .
filterwarnings = error
markers =
    slow: takes more than five seconds
    allow_network: may reach other hosts
"""
LEAVES_THE_REST_OUT = """
import importlib.util, routing, sys
others = ("backend", "litestar", "sqlmodel", "sqlalchemy")
foreign = [name for name in others if importlib.util.find_spec(name)]
sys.exit(f"routing alone came with {', '.join(foreign)}" if foreign else 0)
"""


def install(environment: Path, source: Path) -> None:
    """The versions are the locked ones; the hashes in the lock are verified, the build back end's too."""
    uv: list[str | Path] = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    command: list[str | Path] = [*uv, "pip", "install", "--quiet", "--python", environment / "bin" / "python"]
    pinned: list[str | Path] = ["--constraint", LOCK, "--build-constraint", LOCK]
    subprocess.run([*command, *pinned, f"{source}[test]"], check=True)


def copy_tests(folder: Path) -> None:
    """Away from the clone, where nothing else of it can be imported by accident."""
    tests = folder / "tests"
    tests.mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tests)
    shutil.copytree(ROOT / "tests" / "routing", tests / "routing")
    (folder / "pytest.ini").write_text(PYTEST_SETTINGS, encoding="utf-8")


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="shangmen-routing-") as name:
        folder = Path(name)
        environment = folder / "environment"
        # Built from a copy: a build leaves its own folders among the sources.
        source = shutil.copytree(ROOT / "routing", folder / "routing-source")
        install(environment, source)
        copy_tests(folder)
        python = str(environment / "bin" / "python")
        subprocess.run([python, "-c", LEAVES_THE_REST_OUT], cwd=folder, check=True)
        command = [python, "-m", "pytest", "-q", "-c", "pytest.ini", "tests/routing", *arguments]
        env = {**os.environ, "SHANGMEN_OSRM": str(ROOT / "var" / "osrm" / "osrm")}
        return subprocess.run(command, cwd=folder, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
