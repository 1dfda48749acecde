"""Whatever is sent to any documented operation, by any role, the answer is never a 500."""

import importlib
import pkgutil
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice, product
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from tests.factories.cast import Person, Stage, stage

# An endless stream has no reply to judge, and signing out would end the fuzzing person's session.
LEFT_OUT = frozenset({"openFeed", "signOut", "followVisit"})
ROLES = ("admin", "technician", "vendor")
# People ask as who they are, not with keys that the search makes up.
WHO_ASKS = frozenset({"cookie", "authorization"})
EXAMPLES = 15
PARTS = 4  # each a test of its own: all operations in one would take minutes on a busy machine
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


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    import_all(
        tuple(
            f"schemathesis.{part}" for part in ("core", "generation", "openapi", "specs.openapi", "transport")
        )
    )
    import_all(tuple(f"hypothesis.strategies._internal.{part}" for part in ("flatmapped", "random", "regex")))
    import_all(("hypothesis.internal.conjecture.optimiser",))


@dataclass(frozen=True)
class Probe:
    """What a case sends, as the client takes it: much smaller than the case."""

    method: str
    url: str
    headers: dict[str, str]
    options: dict[str, Any]

    def send(self, person: Person) -> httpx.Response:
        return person.request(self.method, self.url, headers=self.headers, **self.options)

    def turn(self) -> int:
        """Whose turn it is to send it: by what it is, so that what fails can be repeated."""
        return zlib.crc32(repr(self).encode("utf-8", "replace"))


def probe_of(case: Case) -> Probe:
    sent = case.as_transport_kwargs(base_url="http://testserver")
    headers = {
        name: value for name, value in dict(sent.get("headers") or {}).items() if name.lower() not in WHO_ASKS
    }
    options = {key: sent[key] for key in ("params", "json", "data", "files") if sent.get(key) is not None}
    if isinstance(options.get("data"), (bytes, str)):
        options["content"] = options.pop("data")
    if "files" in options:
        options["files"] = [(name, _part(value)) for name, value in options["files"]]
    return Probe(str(sent["method"]), str(sent["url"]).removeprefix("http://testserver"), headers, options)


def _part(value: object) -> object:
    """A form's field with bytes as content; the client cannot send a bare number."""
    if isinstance(value, tuple):
        return (value[0], _part(value[1]), *value[2:])
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


class Fuzzed:
    """A running application and the people who send it what the search finds, by turns.

    With another `first`, what one role asks of one database the next asks of the other.
    """

    def __init__(self, opened: Stage, first: int = 0) -> None:
        self.people = {name: opened.sign_in(name) for name in ROLES}
        self.document = opened.client.get("/api/openapi.json").json()
        self.first = first
        self.sent: Counter[tuple[str, str]] = Counter()  # by operation and role

    def try_out(self, operation: str, probe: Probe) -> None:
        self.ask(operation, probe, ROLES[(probe.turn() + self.first) % len(ROLES)])

    def ask(self, operation: str, probe: Probe, role: str) -> None:
        reply = probe.send(self.people[role])
        self.sent[operation, role] += 1
        assert reply.status_code < 500, f"{probe.method} {probe.url} by {role}: {reply.text[:300]}"


def search(fuzzed: Fuzzed, part: int) -> dict[str, list[Probe]]:
    """Fuzz every operation of a part; what was tried, by operation."""
    tried: dict[str, list[Probe]] = {}
    operations = schemathesis.openapi.from_dict(fuzzed.document).get_all_operations()
    for found in islice(operations, part, None, PARTS):
        assert isinstance(found, Ok), found
        operation = found.ok()
        operation_id = operation.definition.raw.get("operationId", operation.label)
        if operation_id not in LEFT_OUT:
            tried[operation_id] = fuzz(operation, partial(fuzzed.try_out, operation_id))
    return tried


def fuzz(operation: APIOperation, try_out: Callable[[Probe], None]) -> list[Probe]:
    """Try one operation with what the search finds; all that was sent."""
    tried: list[Probe] = []

    def try_and_keep(case: Case) -> None:
        tried.append(probe_of(case))
        try_out(tried[-1])

    quietly(given(operation.as_strategy())(try_and_keep))()
    return tried


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_input_is_answered_with_a_500(database_urls: tuple[str, ...], tmp_path: Path, part: int) -> None:
    sent: Counter[tuple[str, str]] = Counter()
    first, *others = database_urls
    with stage(first, tmp_path, sign_in_attempts=10_000) as opened:
        fuzzed = Fuzzed(opened)
        tried = search(fuzzed, part)
        for (operation, probes), role in product(tried.items(), ROLES):
            fuzzed.ask(operation, probes[0], role)
        sent += fuzzed.sent
    for turn, url in enumerate(others, start=1):
        with stage(url, tmp_path, sign_in_attempts=10_000) as opened:
            again = Fuzzed(opened, turn)
            for operation, probes in tried.items():
                for probe in probes:
                    again.try_out(operation, probe)
        sent += again.sent
    assert len(tried) * PARTS >= 120
    assert sent.keys() == set(product(tried, ROLES))
    assert sent.total() >= len(tried) * EXAMPLES * len(database_urls)
    print(f"{len(tried)} operations, {sent.total()} requests on {len(database_urls)} databases")
