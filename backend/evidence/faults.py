"""The packaged fault trees: per product category what is noticed, its causes, and how to tell them apart."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

DIAGNOSED = frozenset({"repair", "inspect", "swap"})


@cache
def _packaged() -> dict[str, Any]:
    text = (files("backend.data") / "fault_trees.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def tree_for(category: str, job_type: str) -> dict[str, Any] | None:
    """`{version, symptoms: [{key, title, causes: [{code, title, check, parts}]}]}`.

    None where nothing is diagnosed.
    """
    symptoms = _packaged()["trees"].get(category)
    if symptoms is None or job_type not in DIAGNOSED:
        return None
    return {"version": _packaged()["version"], "symptoms": symptoms}
