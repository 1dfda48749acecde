"""The API's document says of every operation what it does, what it takes and gives, and who may ask."""

from typing import Any

import pytest

from backend.app import build_app
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
