"""Where a day's driving times come from: an OSRM server when there is one, else the straight line."""

import routing
from routing import TravelMatrix

__all__ = ["TravelMatrix", "roads"]


def roads(osrm_url: str = "") -> routing.TravelMatrix:
    """The source of travel times; it keeps what a server has told it."""
    return routing.OsrmTravel(osrm_url) if osrm_url else routing.GreatCircle()
