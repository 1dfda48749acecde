"""What `make run` says when it cannot go on: one line on what to do, before anything is set up."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# What the Makefile needs on PATH to run at all; Node is left out on purpose where a test wants it missing.
PROGRAMS = ("bash", "sh", "make", "grep", "awk")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with just enough of the project for set-up to begin; nothing is installed in it."""
    folder = tmp_path / "clone"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A PATH with Python and the shell's basics only."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in PROGRAMS:
        found = shutil.which(program)
        assert found, program
        (folder / program).symlink_to(found)
    # The interpreter itself, not a link into a virtual environment or a shim that looks at PATH.
    (folder / "python3").symlink_to(Path(sys.executable).resolve())
    return folder


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def make_run(clone: Path, *settings: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "MAKEFLAGS": "", "MAKELEVEL": "0"}
    if path is not None:
        env["PATH"] = str(path)
    return said_by(["make", "run", *settings], clone, env)


def said_by(
    command: list[str], folder: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line it said, with make's own closing line left out."""
    assert done.returncode != 0
    assert done.stdout == ""
    said = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert len(said) == 1, said
    return said[0]


def write_program(folder: Path, name: str, says: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\necho {says}\n", encoding="ascii")
    (folder / name).chmod(0o755)


def test_a_busy_port_names_the_port_and_the_way_out(clone: Path, busy_port: int) -> None:
    line = complaint(make_run(clone, f"PORT={busy_port}"))
    assert f"Port {busy_port} is in use" in line
    assert "make run PORT=" in line
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", ""])
def test_a_port_that_is_none_is_refused_with_an_example(clone: Path, port: str) -> None:
    assert "make run PORT=9000" in complaint(make_run(clone, f"PORT={port}"))


def test_without_node_it_says_to_install_node(clone: Path, bare_path: Path) -> None:
    line = complaint(make_run(clone, path=bare_path))
    assert "Node 20 or newer" in line
    assert "not on PATH" in line


def test_an_old_node_is_named_with_its_version(clone: Path, bare_path: Path) -> None:
    write_program(bare_path, "node", "v18.19.1")
    write_program(bare_path, "npm", "9.2.0")
    assert "v18.19.1" in complaint(make_run(clone, path=bare_path))


def test_without_a_usable_python_it_says_which_ones_are(clone: Path, bare_path: Path) -> None:
    (bare_path / "python3").unlink()
    assert "needs Python 3.11 to 3.14" in complaint(make_run(clone, path=bare_path))


def test_an_interpreter_named_by_hand_is_checked_too(clone: Path) -> None:
    version = "import sys; sys.version_info = (3, 9, 2, 'final', 0); "
    run = "from tools.bootstrap import main; sys.exit(main(['run']))"
    done = said_by([sys.executable, "-c", version + run], clone)
    assert "this is 3.9" in complaint(done)


def test_a_read_only_folder_is_named_with_the_way_out(clone: Path) -> None:
    if os.geteuid() == 0:  # root may write anywhere but on a file system that is itself read-only
        mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && '
        command = ["unshare", "--mount", "sh", "-c", mount + 'exec "$1" -m tools.bootstrap run', str(clone)]
        command.append(sys.executable)
    else:
        clone.chmod(0o555)
        command = [sys.executable, "-m", "tools.bootstrap", "run"]
    done = said_by(command, clone)
    clone.chmod(0o755)
    line = complaint(done)
    assert str(clone) in line
    assert "cannot be written" in line
