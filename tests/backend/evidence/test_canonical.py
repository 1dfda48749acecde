"""Canonical JSON is one text for one content, and refuses what has none."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.evidence.canonical import NotCanonicalError, canonical_json, digest

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53 - 1), 2**53 - 1) | TEXT
CONTENT = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
)


def test_keys_are_sorted_and_nothing_is_padded() -> None:
    content = {"total_fen": 100, "a": [True, None, "王 😀\n"], "Z": {}}
    assert canonical_json(content) == '{"Z":{},"a":[true,null,"王 😀\\n"],"total_fen":100}'


def test_the_hash_is_the_one_a_browser_computes() -> None:
    """The expected value was computed by JavaScript over JSON.stringify({b: "是", v: 1})."""
    expected = "0b5328c047f5400b921697d68e181ecc619ab23f6439f7526d4ddaf9b56ba60b"
    assert digest({"v": 1, "b": "是"}) == expected


@given(CONTENT)
def test_it_reads_back_as_the_same_content(content: object) -> None:
    assert json.loads(canonical_json(content)) == content


@given(st.dictionaries(TEXT, LEAVES, min_size=2, max_size=6), st.randoms())
def test_the_order_in_which_keys_were_written_does_not_matter(
    content: dict[str, Any], random: Random
) -> None:
    keys = list(content)
    random.shuffle(keys)
    assert digest({key: content[key] for key in keys}) == digest(content)


@pytest.mark.parametrize(
    "content",
    [
        {"reading": 0.5},  # floats print differently from language to language
        {"reading": float("nan")},
        {"n": 2**53},  # beyond what a browser's number holds
        {"text": "\ud800"},  # half a character has no UTF-8
        {"\udfff": 1},
        {1: "a"},  # keys are text
        {"when": b"bytes"},
        [[[[[[[[[[1]]]]]]]]]],  # deeper than any snapshot
    ],
)
def test_content_without_a_canonical_form_is_refused(content: object) -> None:
    with pytest.raises(NotCanonicalError):
        canonical_json(content)
