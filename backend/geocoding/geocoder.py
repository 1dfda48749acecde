"""Asking a geocoding service, when one is configured (`SHANGMEN_GEOCODER`, any service geopy knows)."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from backend.errors import DomainError
from backend.geocoding.datum import Datum, Point, distance_m, to_wgs84

AGREEMENT_M = 500.0
TIMEOUT_S = 5.0
# What a service answers in, where that is not WGS-84.
SERVICE_DATUM = {"baidu": Datum.BD09, "baiduv3": Datum.BD09}
# These give one answer only, and geopy 2.5 fails on it when asked for a list.
SINGLE_ANSWER = {"baidu", "baiduv3", "what3words", "what3wordsv3"}
# Beside its own errors geopy lets these through when a service replies in a form it did not expect.
UNREADABLE = (LookupError, TypeError, AttributeError, ValueError)


class GeocoderError(Exception):
    """The service could not be asked: the address is not wrong, ask again later."""


class GeocoderSettingsError(DomainError):
    """The configured geocoder does not exist or its options do not fit."""

    status, code = 500, "geocoder_settings"


class Geocoder(Protocol):
    """Finds the place of an address."""

    def locate(self, address: str) -> Point | None:
        """The WGS-84 point of an address; nothing when unknown or ambiguous. Raises `GeocoderError`."""
        ...


class NullGeocoder:
    """No service configured: knows no address."""

    def locate(self, address: str) -> Point | None:
        return None


class GeopyService(Protocol):
    """What geopy's services have in common."""

    def geocode(self, query: str, *, exactly_one: bool) -> object: ...


class GeopyGeocoder:
    """A geopy service; several answers count only when they agree."""

    def __init__(
        self, service: GeopyService, datum: Datum = Datum.WGS84, *, has_single_answer: bool = False
    ) -> None:
        self._service = service
        self._datum = datum
        self._has_single_answer = has_single_answer

    def locate(self, address: str) -> Point | None:
        from geopy.exc import GeopyError

        try:
            answer = self._service.geocode(address, exactly_one=self._has_single_answer)
        except (GeopyError, *UNREADABLE) as error:
            raise GeocoderError(type(error).__name__) from error
        return self._agreed(answer if isinstance(answer, list) else [answer] if answer else [])

    def _agreed(self, found: Sequence[Any]) -> Point | None:
        points = [to_wgs84(Point(place.latitude, place.longitude), self._datum) for place in found]
        if not points or any(distance_m(points[0], other) > AGREEMENT_M for other in points[1:]):
            return None
        return points[0]


def configured_geocoder(name: str, options: Mapping[str, str]) -> Geocoder:
    """The geocoder that settings name, none for an empty name.

    Options are the service's own (`api_key`, `user_agent`, `domain`, …) besides `datum`, which says what its
    answers are in. Raises `GeocoderSettingsError`.
    """
    if not name:
        return NullGeocoder()
    # Only a server with a service pays for it.
    from geopy.exc import ConfigurationError, GeocoderNotFound
    from geopy.geocoders import get_geocoder_for_service

    own: dict[str, Any] = {key: value for key, value in options.items() if key not in ("datum", "timeout")}
    try:
        datum = Datum(options.get("datum") or SERVICE_DATUM.get(name.lower(), Datum.WGS84))
        timeout_s = float(options.get("timeout", TIMEOUT_S))
        service = get_geocoder_for_service(name)(timeout=timeout_s, **own)
    except (GeocoderNotFound, ConfigurationError, TypeError, ValueError) as error:
        raise GeocoderSettingsError(f"geocoder {name!r}: {error}") from error
    return GeopyGeocoder(service, datum, has_single_answer=name.lower() in SINGLE_ANSWER)
