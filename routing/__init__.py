"""Technician routing and scheduling: who goes where and when, for the least money.

Describe a :class:`Problem`, :func:`solve` it, :func:`check` the :class:`Plan`.
"""

from .check import Checked, check
from .diff import Change, Difference, Move, diff
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
from .insert import Insertion, insert
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
from .quote import Quote, quote
from .solve import solve
from .stopping import Cancelled, FirstOf, MaxIterations, MaxRuntime, NoImprovement, StopCriterion
from .travel import Coordinate, GreatCircle, MatrixCache, Measured, OsrmTravel, Travel, TravelMatrix
from .violation import Rule, Violation

__all__ = [
    "Break",
    "BreakTaken",
    "Cancelled",
    "Change",
    "Checked",
    "Coordinate",
    "Cost",
    "Depot",
    "Difference",
    "Engine",
    "FirstOf",
    "GreatCircle",
    "Insertion",
    "Lock",
    "MatrixCache",
    "MaxIterations",
    "MaxRuntime",
    "Measured",
    "Move",
    "NoImprovement",
    "OnProgress",
    "OsrmTravel",
    "Plan",
    "PlanError",
    "Planned",
    "Problem",
    "ProblemError",
    "Progress",
    "Promise",
    "Quote",
    "Reason",
    "Relation",
    "Route",
    "RoutingError",
    "Rule",
    "Shift",
    "Stop",
    "StopCriterion",
    "Technician",
    "Travel",
    "TravelError",
    "TravelMatrix",
    "TravelWarning",
    "UnknownItemError",
    "Unserved",
    "UnsupportedError",
    "Vendor",
    "Violation",
    "Visit",
    "Window",
    "check",
    "diff",
    "insert",
    "quote",
    "solve",
]
