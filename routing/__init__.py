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
from .events import NoShow, Overrun, TechnicianAbsent, VisitCancelled
from .explain import Alternative, Explanation, Way, explain
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
from .relaxation import Bend, Relaxation, relaxed
from .repair import Repair, repair
from .solve import solve
from .stopping import Cancelled, FirstOf, MaxIterations, MaxRuntime, NoImprovement, StopCriterion
from .travel import Coordinate, GreatCircle, MatrixCache, Measured, OsrmTravel, Travel, TravelMatrix
from .violation import Rule, Violation
from .warm import warm_up

__all__ = [
    "Alternative",
    "Bend",
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
    "Explanation",
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
    "NoShow",
    "OnProgress",
    "OsrmTravel",
    "Overrun",
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
    "Relaxation",
    "Repair",
    "Route",
    "RoutingError",
    "Rule",
    "Shift",
    "Stop",
    "StopCriterion",
    "Technician",
    "TechnicianAbsent",
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
    "VisitCancelled",
    "Way",
    "Window",
    "check",
    "diff",
    "explain",
    "insert",
    "quote",
    "relaxed",
    "repair",
    "solve",
    "warm_up",
]
