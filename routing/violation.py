"""What a plan can break, and how a broken rule is named."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """The rules of :mod:`routing.problem`, one code each."""

    UNKNOWN = "unknown"
    ROUTE = "route"
    COVERAGE = "coverage"
    CREW = "crew"
    SKILL = "skill"
    CERTIFICATE = "certificate"
    TAG = "tag"
    ZONE = "zone"
    ALLOWED = "allowed"
    TARIFF = "tariff"
    LOCK = "lock"
    FREEZE = "freeze"
    PROMISE = "promise"
    PROMISE_CAP = "promise_cap"
    SHIFT = "shift"
    TRAVEL = "travel"
    SERVICE = "service"
    BREAK = "break"
    WINDOW = "window"
    RELEASE = "release"
    PARTS = "parts"
    TOOL = "tool"
    DEPOT = "depot"
    VENDOR_CAPACITY = "vendor_capacity"
    RELATION = "relation"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule.

    Parameters
    ----------
    rule : Rule
    item : str
        What breaks it, as ``"visit V17"`` or ``"technician Li shift 0"``.
    detail : str
        How, with the figures.
    """

    rule: Rule
    item: str
    detail: str
