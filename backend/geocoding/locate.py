"""Where an order's address is: coordinates from the file, else the gazetteer, else a configured geocoder."""

import enum
from dataclasses import dataclass, field

from backend.geocoding.datum import Point
from backend.geocoding.gazetteer import Community, Gazetteer, Match
from backend.geocoding.geocoder import Geocoder, GeocoderError, NullGeocoder


class Source(enum.StrEnum):
    """Who said where a place is."""

    FILE = "file"
    GAZETTEER = "gazetteer"
    GEOCODER = "geocoder"
    PIN = "pin"
    MISSING = "missing"


class Missing(enum.StrEnum):
    """Why nobody could say."""

    UNKNOWN = "unknown_address"
    AMBIGUOUS = "ambiguous_address"
    UNAVAILABLE = "geocoder_unavailable"


@dataclass(frozen=True, slots=True)
class Location:
    """A WGS-84 point with its source; without a point, the reason."""

    point: Point | None
    source: Source
    community: str = ""
    district: str = ""
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Locator:
    """The three ways to a location, tried in order of trust."""

    gazetteer: Gazetteer
    geocoder: Geocoder = field(default_factory=NullGeocoder)

    def locate(self, address: str, given: Point | None = None) -> Location:
        """Where `address` is; `given` are the file's own coordinates in WGS-84. May ask a service: slow."""
        match = self.gazetteer.find(address)
        if given is not None:
            return _at(given, Source.FILE, match.community)
        if match.community is not None:
            return _at(match.community.point, Source.GAZETTEER, match.community)
        return self._asked(address, match)

    def _asked(self, address: str, match: Match) -> Location:
        try:
            point = self.geocoder.locate(address)
        except GeocoderError:
            return Location(None, Source.MISSING, missing=Missing.UNAVAILABLE)
        if point is not None:
            return _at(point, Source.GEOCODER, None)
        reason = Missing.AMBIGUOUS if match.is_ambiguous else Missing.UNKNOWN
        return Location(None, Source.MISSING, missing=reason)


def _at(point: Point, source: Source, community: Community | None) -> Location:
    if community is None:
        return Location(point, source)
    return Location(point, source, community.name, community.district)
