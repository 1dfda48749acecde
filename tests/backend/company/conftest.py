"""The documented example, and whoever runs the commands of a server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.cli import main
from tests.light_passwords import LIGHT

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "company.json"
Told = dict[str, Any]


@pytest.fixture
def told() -> Told:
    """What the documented example says, for a test to change."""
    said: Told = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    return said


class Operator:
    """Runs `shangmen` on one database, and keeps what it printed."""

    def __init__(self, url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.url, self.folder, self._capsys = url, folder, capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, standard output and standard error of a command."""
        status = main(arguments)
        printed = self._capsys.readouterr()
        return status, printed.out, printed.err

    def load(self, told: Told, *options: str) -> str:
        """What loading a file prints; it must succeed."""
        status, out, err = self.run("company", "load", str(self.file(told)), *options)
        assert (status, err) == (0, "")
        return out

    def refused(self, told: Told, *options: str) -> str:
        """What is wrong with a file; loading it must fail."""
        status, out, err = self.run("company", "load", str(self.file(told)), *options)
        assert (status, out) == (2, "")
        return err

    def file(self, told: Told) -> Path:
        path = self.folder / "company.json"
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return path


@pytest.fixture
def operator_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], Operator]:
    monkeypatch.setattr("backend.auth.passwords._hasher", LIGHT)

    def on(url: str) -> Operator:
        monkeypatch.chdir(tmp_path)  # no .env of whoever runs the tests
        monkeypatch.setattr(
            "backend.company.cli.upgrade", lambda _url: None
        )  # these are, and it takes a while
        monkeypatch.setenv("SHANGMEN_DATABASE_URL", url)
        monkeypatch.setenv("SHANGMEN_DATA_DIR", str(tmp_path))
        return Operator(url, tmp_path, capsys)

    return on


@pytest.fixture
def operator(operator_on: Callable[[str], Operator], database_url: str) -> Operator:
    return operator_on(database_url)
