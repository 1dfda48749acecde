"""Coordinates, and what every source of travel times offers."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from routing.errors import ProblemError
from routing.travel.matrix import Travel


class Coordinate(NamedTuple):
    """A place in WGS-84 degrees."""

    lat: float
    lng: float


class TravelMatrix(Protocol):
    """A source of travel times: whoever has this method can be used."""

    def travel(self, places: Sequence[Coordinate], profile: str = "car") -> Travel:
        """Times and distances between all places; row and column in their order.

        Raises
        ------
        ProblemError
            When a coordinate is not on Earth or the profile is unknown.
        """
        ...


def checked(places: Sequence[Coordinate]) -> list[Coordinate]:
    """The places, or :class:`ProblemError` naming the first that is not on Earth."""
    for index, (lat, lng) in enumerate(places):
        # Written so that not-a-number fails as well.
        if not (-90 <= lat <= 90 and -180 <= lng <= 180):
            raise ProblemError(f"place {index}", f"latitude {lat}, longitude {lng} is not on Earth")
    return [Coordinate(float(lat), float(lng)) for lat, lng in places]
