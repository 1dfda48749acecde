"""File, gazetteer, geocoder, pin: the order of trust, and a service that fails."""

import pytest
from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderTimedOut
from geopy.geocoders import BaiduV3, Nominatim

from backend.geocoding.datum import Datum, Point, distance_m, gcj02_to_bd09, wgs84_to_gcj02
from backend.geocoding.gazetteer import beijing
from backend.geocoding.geocoder import (
    Geocoder,
    GeocoderError,
    GeocoderSettingsError,
    GeopyGeocoder,
    NullGeocoder,
    configured_geocoder,
)
from backend.geocoding.locate import Locator, Missing, Source

TIANANMEN = Point(39.9055, 116.3976)


def adapter(reply: object) -> type:
    """A geopy transport that answers every request with one document, or raises it."""

    class Canned(BaseSyncAdapter):  # type: ignore[misc]  # geopy ships no types
        def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> object:
            if isinstance(reply, Exception):
                raise reply
            return reply

        def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
            raise NotImplementedError

    return Canned


def nominatim(*points: Point) -> Geocoder:
    reply = [{"lat": str(point.lat), "lon": str(point.lng), "display_name": "x"} for point in points]
    return GeopyGeocoder(Nominatim(user_agent="test", adapter_factory=adapter(reply)))


def test_the_files_own_coordinates_come_first_and_keep_the_communitys_name() -> None:
    location = Locator(beijing()).locate("丰台区西罗园三区5号楼", TIANANMEN)
    assert (location.point, location.source, location.community) == (TIANANMEN, Source.FILE, "西罗园三区")


def test_the_gazetteer_comes_before_the_geocoder() -> None:
    location = Locator(beijing(), nominatim(TIANANMEN)).locate("丰台区西罗园三区5号楼")
    assert location.source is Source.GAZETTEER
    assert location.district == "丰台区"


def test_the_geocoder_is_asked_for_what_the_gazetteer_does_not_know() -> None:
    location = Locator(beijing(), nominatim(TIANANMEN)).locate("东城区东长安街")
    assert location.source is Source.GEOCODER
    assert location.point is not None
    assert distance_m(location.point, TIANANMEN) < 1


def test_answers_that_disagree_are_no_answer() -> None:
    assert nominatim(TIANANMEN, Point(39.99, 116.30)).locate("中山路1号") is None
    assert nominatim(TIANANMEN, Point(39.9056, 116.3977)).locate("中山路1号") is not None
    assert nominatim().locate("中山路1号") is None


def test_a_chinese_service_answers_in_its_own_datum() -> None:
    shown = gcj02_to_bd09(wgs84_to_gcj02(TIANANMEN))
    reply = {"status": 0, "result": {"location": {"lng": shown.lng, "lat": shown.lat}, "level": "x"}}
    service = BaiduV3("key", adapter_factory=adapter(reply))
    found = GeopyGeocoder(service, Datum.BD09, has_single_answer=True).locate("天安门")
    assert found is not None
    assert distance_m(found, TIANANMEN) < 0.01


def test_a_service_that_is_down_leaves_the_address_for_later() -> None:
    service = Nominatim(user_agent="test", adapter_factory=adapter(GeocoderTimedOut("slow")))
    geocoder = GeopyGeocoder(service)
    with pytest.raises(GeocoderError):
        geocoder.locate("东长安街")
    location = Locator(beijing(), geocoder).locate("东长安街")
    assert (location.point, location.source, location.missing) == (None, Source.MISSING, Missing.UNAVAILABLE)


def test_a_reply_in_an_unknown_form_is_a_service_that_failed() -> None:
    service = Nominatim(user_agent="test", adapter_factory=adapter([{"unexpected": True}]))
    with pytest.raises(GeocoderError, match="TypeError"):
        GeopyGeocoder(service).locate("东长安街")


@pytest.mark.parametrize(
    ("address", "reason"),
    [("东长安街", Missing.UNKNOWN), ("阜成路甲52号院对面稻香园3号", Missing.AMBIGUOUS)],
)
def test_without_a_geocoder_the_reason_is_named(address: str, reason: Missing) -> None:
    assert Locator(beijing()).locate(address).missing is reason


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("no-such-service", {}),
        ("nominatim", {}),  # it insists on a user agent
        ("nominatim", {"user_agent": "x", "no_such_option": "1"}),
        ("nominatim", {"user_agent": "x", "timeout": "soon"}),
        ("nominatim", {"user_agent": "x", "datum": "mars"}),
    ],
)
def test_a_geocoder_that_cannot_work_is_refused_at_start(name: str, options: dict[str, str]) -> None:
    with pytest.raises(GeocoderSettingsError, match=name):
        configured_geocoder(name, options)


def test_settings_choose_the_geocoder() -> None:
    assert isinstance(configured_geocoder("", {}), NullGeocoder)
    assert isinstance(configured_geocoder("nominatim", {"user_agent": "shangmen-test"}), GeopyGeocoder)
