"""Technician routing and scheduling: who goes where and when, for the least money.

Describe a :class:`Problem`, :func:`solve` it, :func:`check` the :class:`Plan`.
"""

from .engines import Engine, OnProgress, Progress
from .errors import (
    PlanError,
    ProblemError,
    RoutingError,
    TravelError,
    TravelWarning,
    UnknownItemError,
    UnsupportedError,
)
from .plan import BreakTaken, Cost, Plan, Reason, Route, Stop, Unserved
from .problem import (
    Break,
    Depot,
    Lock,
    Planned,
    Problem,
    Promise,
    Relation,
    Shift,
    Technician,
    Vendor,
    Visit,
    Window,
)
from .stopping import Cancelled, FirstOf, MaxIterations, MaxRuntime, NoImprovement, StopCriterion
from .travel import Travel

__all__ = [
    "Break",
    "BreakTaken",
    "Cancelled",
    "Cost",
    "Depot",
    "Engine",
    "FirstOf",
    "Lock",
    "MaxIterations",
    "MaxRuntime",
    "NoImprovement",
    "OnProgress",
    "Plan",
    "PlanError",
    "Planned",
    "Problem",
    "ProblemError",
    "Progress",
    "Promise",
    "Reason",
    "Relation",
    "Route",
    "RoutingError",
    "Shift",
    "Stop",
    "StopCriterion",
    "Technician",
    "Travel",
    "TravelError",
    "TravelWarning",
    "UnknownItemError",
    "Unserved",
    "UnsupportedError",
    "Vendor",
    "Visit",
    "Window",
]
