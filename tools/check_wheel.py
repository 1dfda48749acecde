"""Proves the package: its wheel and the runtime lock, in a clean environment, serve the demo day."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tools import build_wheel

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("/ready", "/console/", "/technician/", "/api/openapi.json")
START_WITHIN_S = 90
STOP_WITHIN_S = 10
# Every module must come with what it imports, also those that a first request does not touch.
IMPORT_ALL = """
import importlib, pkgutil, backend, routing
for package in (backend, routing):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)
"""


def install(folder: Path) -> Path:
    """A new environment from the runtime lock and the wheel; returns its folder of programs."""
    if build_wheel.main([str(folder / "wheel")]):
        raise SystemExit("the wheel was not built")
    environment = folder / "environment"
    uv: list[str | Path] = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    command: list[str | Path] = [*uv, "pip", "install", "--quiet", "--python", environment / "bin" / "python"]
    subprocess.run([*command, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True)
    (wheel,) = (folder / "wheel").glob("*.whl")
    subprocess.run([*command, "--no-deps", wheel], check=True)
    return environment / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fetch(url: str) -> int | None:
    """The status of a reply; None while nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def serve_and_look(programs: Path, folder: Path) -> list[str]:
    """What is wrong with the pages of a server that was started in an empty folder."""
    url = f"http://localhost:{(port := free_port())}"
    env = {**os.environ, "SHANGMEN_DATA_DIR": str(folder / "data")}
    command: list[str | Path] = [programs / "shangmen", "serve", "--demo", "--port", str(port)]
    server = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_WITHIN_S
        while fetch(f"{url}/ready") != 200:
            if server.poll() is not None or time.monotonic() > deadline:
                return ["the server did not become ready"]
            time.sleep(0.2)
        answers = {page: fetch(url + page) for page in PAGES}
        return [f"{page} answers {status}" for page, status in answers.items() if status != 200]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(STOP_WITHIN_S)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="shangmen-installed-") as name:
        folder = Path(name)
        programs = install(folder)
        subprocess.run([programs / "python", "-c", IMPORT_ALL], cwd=folder, check=True)
        problems = serve_and_look(programs, folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print("the wheel, installed alone, serves the demo day and its pages")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
