"""What is true of a row of every table."""

import ast
from unittest.mock import Mock

import pytest

from backend.db.types import uuid7
from backend.messages.models import MessageRules


def test_a_row_is_made_without_parsing_what_its_defaults_look_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads that parse at the same time fail on Python 3.11, and it takes longer than the row."""

    asked = Mock(wraps=ast.parse)
    with monkeypatch.context() as watched:
        watched.setattr(ast, "parse", asked)
        first, second = MessageRules(org_id=uuid7()), MessageRules(org_id=uuid7())
    assert asked.mock_calls == []
    assert first.silent == []
    assert first.silent is not second.silent
