"""`shangmen roads`: what it prepares, and what it says when it cannot."""

import subprocess
from pathlib import Path

import pytest

from backend.cli import main

PROGRAM = """#!/bin/sh
echo "$0 $@" >> {log}
{more}
"""


@pytest.fixture
def osrm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs that write down how they are called; the contracting one leaves a network."""
    home = tmp_path / "osrm"
    (home / "share" / "profiles").mkdir(parents=True)
    (home / "share" / "profiles" / "car.lua").touch()
    (home / "bin").mkdir()
    script(home, "osrm-extract", "")
    script(home, "osrm-contract", 'echo network > "$1.hsgr"')
    script(home, "osrm-routed", "exit 7")
    monkeypatch.setenv("SHANGMEN_OSRM", str(home))
    monkeypatch.setenv("SHANGMEN_DATA_DIR", str(tmp_path / "data"))
    return home


def script(home: Path, name: str, more: str) -> None:
    path = home / "bin" / name
    path.write_text(PROGRAM.format(log=home / "log", more=more), encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(b"map")
    return path


def test_an_extract_is_prepared_in_the_data_folder(
    osrm: Path, extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["roads", "build", str(extract)]) == 0

    network = tmp_path / "data" / "roads" / "town-car.osrm"
    assert (network.parent / "town-car.osrm.hsgr").exists()
    assert f"Serve it: shangmen roads serve {network}" in capsys.readouterr().out
    calls = (osrm / "log").read_text(encoding="utf-8").splitlines()
    assert calls == [
        f"{osrm}/bin/osrm-extract --profile {osrm}/share/profiles/car.lua {network.parent}/town-car.osm.pbf",
        f"{osrm}/bin/osrm-contract {network}",
    ]
    assert not (network.parent / "town-car.osm.pbf").exists()


def test_a_prepared_network_is_served_and_its_address_told(
    osrm: Path, extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["roads", "build", str(extract), "--serve", "--port", "5123"]) == 7

    assert "SHANGMEN_OSRM_URL=http://127.0.0.1:5123" in capsys.readouterr().out
    assert "--port 5123" in (osrm / "log").read_text(encoding="utf-8").splitlines()[-1]


def test_a_program_that_fails_is_quoted(
    osrm: Path, extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script(osrm, "osrm-extract", "echo this is no map; exit 3")

    assert main(["roads", "build", str(extract)]) == 2

    assert "osrm-extract failed with status 3: this is no map" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["build", "nowhere.osm.pbf"], "no extract nowhere.osm.pbf"),
        (["build", "{extract}", "--profile", "boat"], "no profile boat"),
        (["serve", "nowhere.osrm"], "no network nowhere.osrm; prepare it"),
    ],
)
def test_what_is_not_there_is_named(
    osrm: Path, extract: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(["roads", *(word.format(extract=extract) for word in arguments)]) == 2

    assert complaint in capsys.readouterr().err


def test_without_the_programs_it_says_where_to_get_them(
    extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHANGMEN_OSRM", str(tmp_path / "empty"))
    monkeypatch.setenv("SHANGMEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    assert main(["roads", "build", str(extract)]) == 2

    assert "install osrm-backend or the package osrm-bindings" in capsys.readouterr().err


def test_an_interrupted_server_is_stopped(osrm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever presses Ctrl-C leaves nothing running."""
    stopped: list[float | None] = []

    class Server:
        def __init__(self, command: list[str], **_: object) -> None:
            assert command[0].endswith("osrm-routed")

        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *_: object) -> None: ...

        def poll(self) -> int | None:
            return 0 if stopped else None

        def wait(self, timeout: float | None = None) -> int:
            if timeout is None:
                raise KeyboardInterrupt
            stopped.append(timeout)
            return 0

        def terminate(self) -> None:
            stopped.append(None)

    network = osrm / "town.osrm"
    (osrm / "town.osrm.hsgr").touch()
    monkeypatch.setattr(subprocess, "Popen", Server)

    assert main(["roads", "serve", str(network)]) == 130
    assert stopped == [None, 10]
