"""From a fresh clone to a running server: `python -m tools.bootstrap run --port 8000`.

`setup` prepares for tests and checks instead. It needs the standard library, Node and npm, and does only what
changed since the last time. Everything it makes stays inside this folder.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.stamps import Stamp, digest_of, files_below
from tools.steps import Step, run_side_by_side, say
from tools.toolchain import (
    SetupError,
    current_python,
    parse_port,
    require_free_port,
    require_node,
    require_python,
    require_writable,
)

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LOG_DIR = ROOT / "var" / "log"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
BENCH_LOCK = ROOT / "requirements-bench.lock"
PWA = ROOT / "pwa"
E2E = ROOT / "tests" / "e2e"
NPM_CI = ("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline")
NOT_SOURCES = frozenset({"node_modules", "dist", "coverage", "tests"})


def prepare_python(dev: bool) -> None:
    """The virtual environment with the locked packages and, editable, the project itself."""
    ensure_venv()
    lock = DEV_LOCK if dev else RUNTIME_LOCK
    install = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(VENV_PYTHON), "--quiet"]
    python_step(
        "Python packages",
        "packages-dev" if dev else "packages",
        [[*install, "--require-hashes", "-r", lock.name]],
        digest_of([lock], ROOT),
    ).run()
    python_step(
        "Shangmen itself",
        "project",
        [[*install, "--no-deps", "--no-build-isolation", "--offline", "--editable", "."]],
        digest_of([ROOT / "pyproject.toml"], ROOT),
    ).run()
    # The longest step of all: nothing that it does not need comes before it.
    run_side_by_side(lambda: prepare_solver(lock), *([prepare_road_server] if dev else []))


def prepare_solver(lock: Path) -> None:
    """Compiled once and kept beside its sources: no server and no test has to wait for it."""
    sources = [lock, *files_below(ROOT / "routing", frozenset({"__pycache__"}))]
    compile_it = [str(VENV / "bin" / "shangmen"), "warm-up"]
    python_step("Solver", "solver", [compile_it], digest_of(sources, ROOT)).run()


def prepare_road_server() -> None:
    """The programs of OSRM, for the tests of real roads; they exist for Linux on x86-64."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return
    folder, sources = ROOT / "var" / "osrm", [BENCH_LOCK, ROOT / "tests" / "routing" / "osrm_programs.py"]
    Step(
        title="Road server for tests",
        commands=[[str(VENV_PYTHON), "-m", "tests.routing.osrm_programs"]],
        folder=ROOT,
        stamp=Stamp(folder / "stamp"),
        digest=digest_of(sources, ROOT),
        result=folder / "osrm" / "bin",
        log=LOG_DIR / "setup-road-server.log",
    ).run()


def python_step(title: str, name: str, commands: list[list[str]], digest: str) -> Step:
    return Step(
        title=title,
        commands=commands,
        folder=ROOT,
        stamp=Stamp(VENV / "stamps" / name),
        digest=digest,
        result=VENV_PYTHON,
        log=LOG_DIR / "setup-python.log",
        env=package_index_env,
    )


def ensure_venv() -> None:
    """A virtual environment in this folder with uv in it; one that no longer runs is made anew."""
    if (VENV / "bin" / "uv").exists() and can_run(VENV_PYTHON):
        return
    say(f"Setting up in {ROOT}, the first time takes a minute or two:")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        advice = (
            "Python could not make a virtual environment; on Debian or Ubuntu: sudo apt install python3-venv"
        )
        raise SetupError(f"{advice}\n{(made.stderr or made.stdout).strip()}")
    with tempfile.NamedTemporaryFile("w", suffix=".lock", dir=VENV) as pinned:
        pinned.write(locked_lines("uv"))
        pinned.flush()
        command = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        install = python_step(
            "Package installer", "installer", [[*command, "-r", pinned.name]], digest_of([DEV_LOCK], ROOT)
        )
        install.run()


def can_run(program: Path) -> bool:
    try:
        return subprocess.run([program, "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def locked_lines(package: str) -> str:
    """One package's pin and hashes out of the development lock."""
    block = re.compile(rf"^{re.escape(package)}==.*\n(?:[ ]+--hash=.*\n)+", re.MULTILINE)
    match = block.search(DEV_LOCK.read_text(encoding="utf-8"))
    if match is None:
        raise SetupError(f"{DEV_LOCK.name} does not name {package}: run `make lock`")
    return match[0]


def package_index_env() -> dict[str, str]:
    """uv does not read pip's settings: a mirror or a certificate set for pip is passed on to it."""
    if not VENV_PYTHON.exists():
        return {}
    listed = subprocess.run(
        [str(VENV_PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    env = {}
    for setting, variable in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        match = re.search(rf"^\S+\.{setting}='([^']+)'", listed, re.MULTILINE)
        if match and variable not in os.environ:
            env[variable] = match[1]
    return env


def prepare_pages(dev: bool) -> None:
    """The front end's packages and its build; for tests also the packages of the journeys."""
    npm_step("Page packages", PWA, [NPM_CI], PWA / "node_modules", digest_of(lock_files(PWA), ROOT)).run()
    sources = [path for path in files_below(PWA, NOT_SOURCES) if not path.name.endswith(".test.ts")]
    npm_step("Pages", PWA, [("npm", "run", "build")], PWA / "dist", digest_of(sources, ROOT)).run()
    if dev:
        packages = E2E / "node_modules"
        npm_step("Browser for tests", E2E, [NPM_CI], packages, digest_of(lock_files(E2E), ROOT)).run()


def lock_files(folder: Path) -> list[Path]:
    return [folder / "package.json", folder / "package-lock.json"]


def npm_step(title: str, folder: Path, commands: list[tuple[str, ...]], result: Path, digest: str) -> Step:
    return Step(
        title=title,
        commands=commands,
        folder=folder,
        stamp=Stamp(folder / "node_modules" / f".shangmen-{result.name}"),
        digest=digest,
        result=result,
        log=LOG_DIR / f"setup-{folder.name}.log",
    )


def prepare(dev: bool) -> None:
    """Brings everything up to date; a second set-up in the same folder waits for the first."""
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    with (LOG_DIR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run_side_by_side(lambda: prepare_python(dev), lambda: prepare_pages(dev))


def serve(port: int) -> None:
    """Becomes the server, so that Ctrl-C reaches it and nothing else is left behind."""
    program = str(VENV / "bin" / "shangmen")
    os.chdir(ROOT)
    os.execv(program, [program, "serve", "--demo", "--port", str(port)])  # noqa: S606 - its own program, no shell


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.bootstrap", description=__doc__)
    parser.add_argument("what", choices=["run", "setup"])
    parser.add_argument("--port", default="8000")
    chosen = parser.parse_args(arguments)
    try:
        require_python(current_python())
        port = parse_port(chosen.port)
        require_node()
        require_writable(ROOT)
        if chosen.what == "setup":
            prepare(dev=True)
            return 0
        require_free_port(port)
        prepare(dev=False)
        serve(port)
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again to go on.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
