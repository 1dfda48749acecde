"""Whatever is sent to any documented operation, by any role, the answer is never a 500."""

import importlib
import pkgutil
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok

from tests.factories.cast import Person, stage

# An endless stream has no reply to judge, and signing out would end the fuzzing person's session.
LEFT_OUT = frozenset({"openFeed", "signOut", "followVisit"})
ROLES = ("admin", "technician", "vendor")
EXAMPLES = 15
quietly = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


def import_all(packages: tuple[str, ...]) -> None:
    """Import what the search would import on its way: pytest rewrites its assertions, and that deep in calls
    Python cannot always parse."""
    for name in packages:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
            importlib.import_module(found.name)


import_all(
    tuple(f"schemathesis.{part}" for part in ("core", "generation", "openapi", "specs.openapi", "transport"))
)
import_all(tuple(f"hypothesis.strategies._internal.{part}" for part in ("flatmapped", "random", "regex")))
import_all(("hypothesis.internal.conjecture.optimiser",))


def send(person: Person, case: Case) -> httpx.Response:
    sent = case.as_transport_kwargs(base_url="http://testserver")
    headers = {
        name: value for name, value in dict(sent.get("headers") or {}).items() if name.lower() != "cookie"
    }
    options = {key: sent[key] for key in ("params", "json", "data", "files") if sent.get(key) is not None}
    if isinstance(options.get("data"), (bytes, str)):
        options["content"] = options.pop("data")
    if "files" in options:
        options["files"] = [(name, _part(value)) for name, value in options["files"]]
    url = str(sent["url"]).removeprefix("http://testserver")
    return person.request(str(sent["method"]), url, headers=headers, **options)


def _part(value: object) -> object:
    """A form's field with bytes as content; the client cannot send a bare number."""
    if isinstance(value, tuple):
        return (value[0], _part(value[1]), *value[2:])
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.mark.slow
def test_no_input_is_answered_with_a_500(database_url: str, tmp_path: Path) -> None:
    with stage(database_url, tmp_path, sign_in_attempts=10_000) as opened:
        people = [opened.sign_in(name) for name in ROLES]
        document = schemathesis.openapi.from_dict(opened.client.get("/api/openapi.json").json())
        probed, sent = set(), 0

        def probe(case: Case) -> None:
            nonlocal sent
            for person in people:
                reply = send(person, case)
                sent += 1
                assert reply.status_code < 500, f"{case.method} {case.path}: {reply.text[:300]}"

        for found in document.get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()
            operation_id = operation.definition.raw.get("operationId")
            if operation_id not in LEFT_OUT:
                quietly(given(operation.as_strategy())(probe))()
                probed.add(operation_id)
    assert len(probed) >= 30
    assert sent >= len(probed) * EXAMPLES
    print(f"{len(probed)} operations, {sent} requests")
