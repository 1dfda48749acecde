"""The API's document says of every operation what it does, what it takes and gives, and who may ask."""

from typing import Any

import msgspec
import pytest

from backend.app import API_ROUTERS, build_app
from backend.imports.columns import layout_of
from backend.imports.readers import read_table
from backend.jobs.office import HANDLERS
from backend.sync.effects import EDITS, EFFECTS
from backend.web.examples import EXAMPLES
from backend.web.openapi import SESSION, TAGS, TOKEN

OPEN_TO_ALL = {"health", "ready", "signIn", "pairPhone", "takeLetter", "takeLetterOf"}
SHORTEST_GIST, LONGEST_GIST = 10, 110
Operation = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build_app().openapi_schema.to_schema()


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, Operation]:
    return {found["operationId"]: found for path in document["paths"].values() for found in path.values()}


def test_every_operation_says_what_it_does(operations: dict[str, Operation]) -> None:
    for name, operation in operations.items():
        gist, whole = operation["summary"], " ".join(operation["description"].split())
        assert whole.startswith(gist), name
        assert SHORTEST_GIST <= len(gist) <= LONGEST_GIST, (name, gist)
        assert gist[-1] not in ".;:", name


def test_every_operation_belongs_where_the_document_explains(operations: dict[str, Operation]) -> None:
    used = {tag for operation in operations.values() for tag in operation["tags"]}
    assert used == set(TAGS)


def test_only_what_opens_the_door_asks_for_no_key(operations: dict[str, Operation]) -> None:
    open_to_all = {name for name, operation in operations.items() if "security" not in operation}
    assert open_to_all == OPEN_TO_ALL
    assert operations["listJobs"]["security"] == [{TOKEN: []}, {SESSION: []}]
    assert operations["getSession"]["security"] == [{SESSION: []}]


def test_types_are_described_by_what_their_code_says(document: dict[str, Any]) -> None:
    types = document["components"]["schemas"]
    assert types["Problem"]["description"].startswith("RFC 9457 problem document")
    assert types["Page_backend.jobs.schemas.JobSummary_"]["description"].startswith("Part of a list")
    assert "description" not in types["SignIn"]


def body_types() -> dict[str, Any]:
    """What each operation takes as its body."""
    handlers = [
        handler
        for router in API_ROUTERS
        for route in router.routes
        for handler in getattr(route, "route_handlers", [])
    ]
    return {one.operation_id: one.fn.__annotations__.get("data") for one in handlers}


def inside(operation: str, body: dict[str, Any]) -> list[tuple[Any, type]]:
    """What a body carries that its own type leaves open, and the type the server reads it as."""
    if operation == "actOnJobs":
        return [pair for job in body["jobs"] for step in job["steps"] for pair in inside("actOnJob", step)]
    if operation == "actOnJob":
        return [(body.get("data", {}), HANDLERS[body["action"]][0])]
    if operation == "sendCommand":
        return [(body["payload"], (EFFECTS | EDITS)[body["kind"]][0])]
    return []


def test_what_is_shown_as_an_example_would_be_taken(operations: dict[str, Operation]) -> None:
    taken = body_types()
    for operation, examples in EXAMPLES.items():
        (media,) = operations[operation]["requestBody"]["content"].values()
        shown = media["examples"].values()
        assert [(one["summary"], one["value"]) for one in shown] == list(examples.items())
        if operation == "uploadOrders":
            continue
        for one in shown:
            for body, kind in [(one["value"], taken[operation]), *inside(operation, one["value"])]:
                msgspec.convert(body, kind)


def test_the_file_shown_as_an_example_is_read_column_by_column() -> None:
    for example in EXAMPLES["uploadOrders"].values():
        header, *rows = read_table(example["file"].encode()).rows
        layout = layout_of(header.cells)
        assert layout is not None
        assert len(layout.header) == len(header.cells)
        assert {len(row.cells) for row in rows} == {len(header.cells)}
