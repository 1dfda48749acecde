"""Preparing and serving a road network, as far as the rest of the back end needs it."""

from routing import TravelError
from routing.travel.roads import OsrmPrograms, RoadNetwork, build, find_programs, server_command

__all__ = ["OsrmPrograms", "RoadNetwork", "TravelError", "build", "find_programs", "server_command"]
