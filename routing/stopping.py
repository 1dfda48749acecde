"""When a search ends: by time, by iterations, without progress, or because somebody asked."""

from dataclasses import dataclass, field
from threading import Event
from time import perf_counter
from typing import Protocol

from .errors import ProblemError


class StopCriterion(Protocol):
    """Asked once in a while by a search; one object serves one search."""

    def __call__(self, iterations: int, best_cents: int) -> bool:
        """Whether to stop after so many iterations with this best cost."""
        ...


@dataclass
class MaxRuntime:
    """Stop after ``seconds`` of wall time, counted from the first question.

    ``iterations`` of an engine are never more exact than its clock: results may differ between runs.
    """

    seconds: float
    _began: float | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.seconds >= 0:
            raise ProblemError("stop MaxRuntime", f"seconds is {self.seconds}, must be 0 or more")

    def start(self) -> None:
        """Start the clock, if it is not running."""
        if self._began is None:
            self._began = perf_counter()

    @property
    def remaining_s(self) -> float:
        """Seconds left; all of them before the clock runs."""
        if self._began is None:
            return self.seconds
        return max(0.0, self.seconds - (perf_counter() - self._began))

    def __call__(self, iterations: int, best_cents: int) -> bool:
        self.start()
        return self.remaining_s <= 0


@dataclass
class MaxIterations:
    """Stop after so many iterations of the engine; with it and a seed a search is repeatable."""

    iterations: int

    def __post_init__(self) -> None:
        if self.iterations < 0:
            raise ProblemError("stop MaxIterations", f"iterations is {self.iterations}, must be 0 or more")

    def __call__(self, iterations: int, best_cents: int) -> bool:
        return iterations >= self.iterations


@dataclass
class NoImprovement:
    """Stop when the best cost has not fallen for so many iterations."""

    iterations: int
    _best: int | None = field(default=None, init=False, repr=False)
    _since: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.iterations < 0:
            raise ProblemError("stop NoImprovement", f"iterations is {self.iterations}, must be 0 or more")

    def __call__(self, iterations: int, best_cents: int) -> bool:
        if self._best is None or best_cents < self._best:
            self._best, self._since = best_cents, iterations
        return iterations - self._since >= self.iterations


@dataclass
class Cancelled:
    """Stop when ``event`` is set, from any thread."""

    event: Event

    def __call__(self, iterations: int, best_cents: int) -> bool:
        return self.event.is_set()


class FirstOf:
    """Stop as soon as one of several criteria says so; all of them are asked each time."""

    def __init__(self, *criteria: StopCriterion) -> None:
        if not criteria:
            raise ProblemError("stop FirstOf", "needs at least one criterion")
        self.criteria = criteria

    def __call__(self, iterations: int, best_cents: int) -> bool:
        answers = [criterion(iterations, best_cents) for criterion in self.criteria]
        return any(answers)


def parts_of(stop: StopCriterion) -> tuple[StopCriterion, ...]:
    """The single criteria behind ``stop``, nested ones included."""
    if isinstance(stop, FirstOf):
        return tuple(part for criterion in stop.criteria for part in parts_of(criterion))
    return (stop,)


def remaining_s(stop: StopCriterion) -> float | None:
    """Least time any :class:`MaxRuntime` in ``stop`` leaves; ``None`` without one."""
    left = [part.remaining_s for part in parts_of(stop) if isinstance(part, MaxRuntime)]
    return min(left, default=None)


def limit_s(stop: StopCriterion) -> float | None:
    """Least :class:`MaxRuntime` in ``stop``; ``None`` without one."""
    return min((part.seconds for part in parts_of(stop) if isinstance(part, MaxRuntime)), default=None)


def max_iterations(stop: StopCriterion) -> int | None:
    """Least iteration limit in ``stop``; ``None`` without one."""
    return min((part.iterations for part in parts_of(stop) if isinstance(part, MaxIterations)), default=None)
