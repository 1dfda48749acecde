"""What may be wrong with an appliance, in the customer's words, and what they may safely try themselves."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from backend.evidence.faults import tree_for
from backend.geocoding.address_text import canonical
from backend.jobs.lifecycle import JobType

OTHER = "other"
TITLES = ("zh", "en")
MOST_FOUND = 8


@dataclass(frozen=True)
class Symptom:
    """Something that is noticed. `steps` are for the customer, `causes` for whoever takes the call."""

    category: str
    key: str
    title: dict[str, str]
    steps: tuple[dict[str, str], ...]
    causes: tuple[dict[str, Any], ...]


@cache
def _steps() -> dict[str, dict[str, list[dict[str, str]]]]:
    text = (files("backend.report") / "self_help.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[dict[str, str]]]] = json.loads(text)
    return found


def symptoms(category: str) -> list[Symptom]:
    """The symptoms of a category's fault tree with their self-help steps; none where there is no tree."""
    tree = tree_for(category, JobType.REPAIR)
    steps = _steps().get(category, {})
    return [
        Symptom(category, one["key"], one["title"], tuple(steps.get(one["key"], ())), tuple(one["causes"]))
        for one in (tree["symptoms"] if tree else ())
    ]


def symptom(category: str, key: str) -> Symptom | None:
    """One symptom, None for a key the tree does not have."""
    return next((one for one in symptoms(category) if one.key == key), None)


def search(text: str, categories: list[str]) -> list[Symptom]:
    """Symptoms whose title, causes or codes hold every word typed, those named so in their title first."""
    words = [canonical(word) for word in text.split()]
    words = [word for word in words if word]
    found: list[tuple[int, int, Symptom]] = []
    for category in categories:
        for one in symptoms(category):
            title = canonical(" ".join(one.title.values()))
            everything = title + "|" + "|".join(_cause_texts(one))
            if all(word in everything for word in words):
                found.append((sum(word not in title for word in words), len(found), one))
    return [one for _, _, one in sorted(found, key=lambda item: item[:2])][:MOST_FOUND]


def _cause_texts(one: Symptom) -> Iterator[str]:
    for cause in one.causes:
        yield canonical(cause["code"])
        yield from (canonical(text) for text in cause["title"].values())
