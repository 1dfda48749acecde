"""What every engine offers: take a problem or name what it cannot take, and search until told to stop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from routing.plan import Plan
from routing.problem import Problem
from routing.stopping import StopCriterion


@dataclass(frozen=True, slots=True)
class Progress:
    """A glance at a running search: the best plan so far.

    Parameters
    ----------
    seconds : float
        Since the search began.
    iterations : int
        In the engine's own unit.
    cost_cents, unserved : int
        Of the best plan so far.
    """

    seconds: float
    iterations: int
    cost_cents: int
    unserved: int


OnProgress = Callable[[Progress], None]


class Engine(Protocol):
    """A search behind :func:`routing.solve`."""

    name: str

    def unsupported(self, problem: Problem) -> str | None:
        """The first rule, or combination of rules, of the problem this engine has no model for."""
        ...

    def solve(
        self,
        problem: Problem,
        stop: StopCriterion,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        warm_start: Plan | None = None,
    ) -> Plan:
        """Best plan found; passes :func:`routing.check`. Raises ``UnsupportedError``."""
        ...
