"""A database that a whole module of tests looks at."""

from collections.abc import Iterator

import pytest

from tests.databases import unique_name
from tests.factories.calls import Calls, calls_to


@pytest.fixture(scope="module")
def db(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Calls]:
    """One database for the whole module: loading takes seconds, and nothing here changes it."""
    if database_kind == "sqlite":
        templates = request.getfixturevalue("sqlite_templates")
        url = templates.copy_to(tmp_path_factory.mktemp("demo") / "shangmen.db")
    else:
        template = request.getfixturevalue("postgres_template")
        url = request.getfixturevalue("postgres_server").create(unique_name(), template)
    with calls_to(url) as calls:
        yield calls
