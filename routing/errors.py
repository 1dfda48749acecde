"""Errors a caller of :mod:`routing` may meet; each names the item it is about."""


class RoutingError(Exception):
    """Base of every error this package raises on purpose."""


class ProblemError(RoutingError, ValueError):
    """The problem contradicts itself; ``item`` names what to look at.

    Parameters
    ----------
    item : str
        What is wrong, as ``"visit V17"`` or ``"travel car"``.
    detail : str
        What is wrong with it.
    """

    def __init__(self, item: str, detail: str) -> None:
        super().__init__(f"{item}: {detail}")
        self.item = item
        self.detail = detail


class UnknownItemError(RoutingError, KeyError):
    """A visit, technician or depot was asked for that the problem does not have."""

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item

    def __str__(self) -> str:
        return f"unknown {self.item}"


class UnsupportedError(RoutingError):
    """An engine cannot take a rule of this problem and refuses to ignore it.

    Parameters
    ----------
    engine : str
        The engine that was asked.
    feature : str
        The rule, or combination of rules, it has no model for.
    """

    def __init__(self, engine: str, feature: str) -> None:
        super().__init__(f"engine {engine} does not support {feature}")
        self.engine = engine
        self.feature = feature


class PlanError(RoutingError):
    """A plan breaks rules of the problem it was made for."""


class TravelError(RoutingError):
    """A travel provider gave an answer that cannot be used."""


class TravelWarning(UserWarning):
    """A travel provider fell back to an estimate; the message names the pairs and the cause."""
