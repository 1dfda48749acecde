"""Between bytes and database: damaged files, and geocoding services that fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.geocoding.datum import Point
from backend.geocoding.geocoder import GeocoderError
from backend.imports.intake import MAX_FAILURES, MAX_QUESTIONS, PatientGeocoder
from backend.imports.orders import read_orders
from backend.imports.outcomes import judge
from backend.imports.readers import read_table
from backend.imports.reasons import OrderFileError
from tests.factories.orders import context, examples

FILES = sorted(examples().items())


class Service:
    """A geocoding service that fails when told to, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_down = False

    def locate(self, address: str) -> Point | None:
        self.asked += 1
        if self.is_down:
            raise GeocoderError("down")
        return Point(39.9, 116.4)


def test_a_service_that_keeps_failing_is_left_alone() -> None:
    service = Service()
    geocoder = PatientGeocoder(service)
    service.is_down = True
    for _ in range(MAX_FAILURES + 5):
        with pytest.raises(GeocoderError):
            geocoder.locate("somewhere")
    assert service.asked == MAX_FAILURES


def test_a_service_that_recovers_is_asked_on() -> None:
    service = Service()
    geocoder = PatientGeocoder(service)
    for _ in range(MAX_FAILURES):
        service.is_down = True
        with pytest.raises(GeocoderError):
            geocoder.locate("somewhere")
        service.is_down = False
        assert geocoder.locate("somewhere") is not None


def test_one_file_asks_a_bounded_number_of_questions() -> None:
    service = Service()
    geocoder = PatientGeocoder(service)
    for _ in range(MAX_QUESTIONS):
        geocoder.locate("somewhere")
    with pytest.raises(GeocoderError):
        geocoder.locate("somewhere")
    assert service.asked == MAX_QUESTIONS


@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6)), max_size=4),
)
def test_a_damaged_file_is_refused_or_accounted_for_line_by_line(
    file: tuple[str, bytes], damage: list[tuple[float, bytes]]
) -> None:
    _, data = file
    for where, patch in damage:
        at = int(where * len(data))
        data = data[:at] + patch + data[at + len(patch) :]
    try:
        table = read_table(data)
        reading = read_orders(table, context())
    except OrderFileError:
        return
    placed = [line for line, _ in reading.ignored]
    for order in reading.orders:
        for verdict in judge(order, None):
            placed += [line.row.line for line in verdict.lines]
            assert [reason.to_json() for reason in verdict.reasons] or verdict.outcome != "refuse"
    assert sorted(placed) == [row.line for row in table.rows]
