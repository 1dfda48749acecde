"""Where driving times come from: estimated from the straight line, or from an OSRM server."""

from .cache import MatrixCache
from .great_circle import GreatCircle
from .matrix import Travel
from .osrm import Measured, OsrmTravel
from .places import Coordinate, TravelMatrix

__all__ = ["Coordinate", "GreatCircle", "MatrixCache", "Measured", "OsrmTravel", "Travel", "TravelMatrix"]
