"""What commands say when they cannot work: one line on what is wrong, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.cli import COMMANDS, main
from backend.db import migrate
from backend.settings import Settings
from tests.databases import free_port


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What went to standard error."""
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


@pytest.mark.parametrize("command", ["migrate", "token list"])
def test_a_database_that_is_not_there(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHANGMEN_DATABASE_URL", f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    assert main(command.split()) == 2
    assert said(capsys).startswith("shangmen: the database does not answer: ")


def test_a_data_folder_that_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("SHANGMEN_DATA_DIR", str(tmp_path / "taken"))
    assert main(["migrate"]) == 2
    assert said(capsys) == f"shangmen: {tmp_path / 'taken'}: File exists\n"


def test_a_database_of_a_later_version_is_left_alone(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHANGMEN_DATABASE_URL", database_url)
    url = Settings().resolved_database_url

    def now_at(revision: str | None) -> None:
        def write(connection: sa.Connection) -> None:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :to"), {"to": revision})

        migrate.run(url, write)

    now_at("later")
    try:
        assert main(["migrate"]) == 2
    finally:
        now_at(migrate.head_revision())
    assert "a later version's" in said(capsys)


def test_help_names_every_command_and_imports_none() -> None:
    asked = [
        "import sys",
        "from backend import cli",
        "try: cli.main(['--help'])",
        "except SystemExit: pass",
        "print({'pydantic', 'sqlalchemy', 'sqlmodel', 'litestar', 'numpy', 'ortools'} & {*sys.modules})",
    ]
    command = [sys.executable, "-c", "\n".join(asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    *told, imported = done.stdout.splitlines()
    assert imported == "set()"
    named = [line.split()[0] for line in told if line.startswith("    ")]
    assert [name for name in named if name in COMMANDS] == list(COMMANDS)


def test_every_command_is_registered_where_it_is_looked_for(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit, match="0"):
            main([command, "--help"])
        assert f"usage: shangmen {command} " in capsys.readouterr().out
