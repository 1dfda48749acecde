"""What the operators' guide and the deployment files say is what the code does."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.settings import Settings
from tests.servers import run_shangmen

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "operators.md"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
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


def test_the_defaults_in_the_guide_are_the_defaults() -> None:
    rows = re.findall(
        r"^\| `SHANGMEN_(\w+)` \| `([^`]*)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) > 10
    said = {name.lower(): value for name, value in rows if name != "PUBLIC_URL"}
    fields = Settings.model_fields
    assert said == {name: as_written(fields[name].default) for name in said}


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
        assert services[name]["volumes"] == ["files:/var/lib/shangmen/data"]
        assert services[name]["environment"]["SHANGMEN_SOLVER"] == "queue"


@pytest.mark.parametrize("service", OWN_SERVICES)
def test_each_container_is_given_the_operators_own_settings(service: str) -> None:
    assert COMPOSE["services"][service]["env_file"] == [{"path": ".env", "required": False}]


def test_the_proxy_waits_until_somebody_answers() -> None:
    assert COMPOSE["services"]["proxy"]["depends_on"]["web"]["condition"] == "service_healthy"
    assert "healthcheck" not in COMPOSE["services"]["web"], "the image's own asks the web process"


def test_only_the_proxy_is_reachable_from_outside() -> None:
    published = {name for name, service in COMPOSE["services"].items() if service.get("ports")}
    assert published == {"proxy"}
