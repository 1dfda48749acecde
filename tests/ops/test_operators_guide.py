"""What the operators' guide and the deployment files say is what the code does."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from litestar import Litestar

from backend.ops.server import serving_config
from backend.settings import Settings
from tests.servers import run_shangmen

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "operators.md"
EXAMPLE = ROOT / ".env.example"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
IMAGE = dict(re.findall(r"([A-Z_]+)=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8")))
OWN_SERVICES = [name for name, service in COMPOSE["services"].items() if service.get("build")]
# Read by compose itself and by the proxy, not by our processes.
COMPOSE_ONLY = {"SHANGMEN_SITE"}


def as_written(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def known_variables() -> set[str]:
    return {f"SHANGMEN_{name.upper()}" for name in Settings.model_fields}


def test_every_setting_is_explained_and_every_explained_setting_exists() -> None:
    explained = re.findall(r"^\| `(SHANGMEN_\w+)`", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(explained) == sorted(known_variables())


@pytest.mark.parametrize("path", ["docs/operators.md", "docker-compose.yml", "Dockerfile", "deploy/tls.yml"])
def test_no_file_names_a_variable_that_nothing_reads(path: str) -> None:
    named = set(re.findall(r"SHANGMEN_[A-Z_]+", (ROOT / path).read_text(encoding="utf-8")))
    assert named <= known_variables() | COMPOSE_ONLY


def test_the_example_names_every_setting_changes_none_and_has_the_defaults(tmp_path: Path) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") for line in lines if line)
    said = [line.removeprefix("# ") for line in lines if re.match(r"# [A-Z_]+=", line)]
    names = {line.partition("=")[0] for line in said}
    assert (len(said), names) == (len(names), known_variables() | COMPOSE_ONLY | {"POSTGRES_PASSWORD"})
    written = tmp_path / "env"
    written.write_text("\n".join(said), encoding="utf-8")
    settings = Settings(_env_file=written)  # type: ignore[call-arg]  # pydantic-settings takes it
    defaults = {
        name: one.get_default(call_default_factory=True) for name, one in Settings.model_fields.items()
    }
    told_apart = [name for name, value in defaults.items() if getattr(settings, name) != value]
    assert told_apart == ["public_url", "front_end_dir"]  # made of the port, and found at run time


@pytest.mark.usefixtures("forked_starts")
def test_a_setting_that_cannot_be_is_named_without_what_it_is(tmp_path: Path) -> None:
    for wrong in ('{"secrets": ["hunter2"]}', '{"secrets": ["hunter2'):
        done = run_shangmen(tmp_path, "migrate", SHANGMEN_LETTER_HOOK=wrong)
        (line,) = done.stderr.splitlines()
        assert (done.returncode, "letter_hook" in line.lower(), "hunter2" in line) == (2, True, False)


def test_the_defaults_in_the_guide_are_the_defaults() -> None:
    rows = re.findall(
        r"^\| `SHANGMEN_(\w+)` \| `([^`]*)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) > 10
    said = {name.lower(): value for name, value in rows if name != "PUBLIC_URL"}
    fields = Settings.model_fields
    assert said == {name: as_written(fields[name].default) for name in said}


@pytest.mark.usefixtures("forked_starts")
@pytest.mark.parametrize("service", OWN_SERVICES)
def test_each_container_runs_a_command_that_exists(service: str, tmp_path: Path) -> None:
    program, command, *options = COMPOSE["services"][service]["command"]
    assert program == "shangmen"
    done = run_shangmen(tmp_path, command, *options, "--help")
    assert done.returncode == 0, done.stderr


def test_two_web_processes_wait_for_the_schema_and_share_files_with_the_worker() -> None:
    services = COMPOSE["services"]
    assert services["web"]["deploy"]["replicas"] == 2
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["volumes"] == [
            f"files:{IMAGE['SHANGMEN_DATA_DIR']}",
            f"compiled:{IMAGE['NUMBA_CACHE_DIR']}",
        ]
        assert services[name]["environment"]["SHANGMEN_SOLVER"] == "queue"


@pytest.mark.parametrize("service", OWN_SERVICES)
def test_each_container_is_given_the_operators_own_settings_but_those_others_count_on(service: str) -> None:
    assert COMPOSE["services"][service]["env_file"] == [{"path": ".env", "required": False}]
    fixed = COMPOSE["services"][service]["environment"]
    for name in ("SHANGMEN_HOST", "SHANGMEN_DATA_DIR"):
        assert fixed[name] == IMAGE[name]
    for path in ("Dockerfile", "deploy/Caddyfile"):  # who asks for the web processes' health, and for pages
        asked = re.search(r"(?:127\.0\.0\.1:|dynamic a web )(\d+)", (ROOT / path).read_text(encoding="utf-8"))
        assert asked is not None
        assert fixed["SHANGMEN_PORT"] == asked[1]


def test_the_proxy_waits_until_somebody_answers() -> None:
    assert COMPOSE["services"]["proxy"]["depends_on"]["web"]["condition"] == "service_healthy"
    assert "healthcheck" not in COMPOSE["services"]["web"], "the image's own asks the web process"


def test_the_proxy_gives_an_unused_connection_up_before_the_web_process_does() -> None:
    """Else a request is sent on a connection that is just being closed, and answered with a bad gateway."""
    kept = re.search(
        r"^\s*keepalive (\d+)s$", (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert kept is not None
    assert int(kept[1]) < serving_config(Litestar([]), Settings()).timeout_keep_alive


def test_only_the_proxy_is_reachable_from_outside() -> None:
    published = {name for name, service in COMPOSE["services"].items() if service.get("ports")}
    assert published == {"proxy"}
