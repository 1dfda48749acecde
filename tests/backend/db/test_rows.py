"""What is true of a row of every table."""

import ast
from unittest.mock import Mock

import pytest

from backend.jobs.models import Job


def test_a_row_is_made_without_parsing_what_its_defaults_look_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads that parse at the same time fail on Python 3.11, and it takes longer than the row."""

    asked = Mock(wraps=ast.parse)
    with monkeypatch.context() as watched:
        watched.setattr(ast, "parse", asked)
        first, second = Job(), Job()
    assert asked.mock_calls == []
    assert first.checklist == []
    assert first.checklist is not second.checklist
    assert first.id < second.id
