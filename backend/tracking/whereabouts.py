"""Where the technician is, as the customer may see it: coarse, only on the way, and never when it is old."""

from backend.tracking import arrival, drawing
from backend.tracking.arrival import ArrivalRange, Basis
from backend.tracking.facts import Facts, Seen
from backend.tracking.page_view import WhereView
from backend.tracking.words import Words


def distance_to_door_m(seen: Seen | None, home: tuple[float, float] | None) -> float | None:
    """The straight distance from the last position to the customer's home, where both are known."""
    if seen is None or home is None:
        return None
    return arrival.distance_m(seen.lat, seen.lng, *home)


def whereabouts(
    facts: Facts, distance_m: float | None, expected: ArrivalRange | None, words: Words
) -> WhereView:
    """The panel "where they are" while on the way."""
    is_lost = expected is not None and expected.basis is Basis.SIGNAL_LOST
    seen, home = facts.seen, facts.home
    if seen is None:
        return _without_radar(is_lost, words["never_seen"])
    minutes = max(0, int((facts.now - seen.at).total_seconds() // 60))
    if is_lost:
        return _without_radar(True, words["seen_lost"].format(count=minutes))
    said = words["seen_minutes"].format(count=minutes) if minutes else words["seen_now"]
    if home is None or distance_m is None:
        return _without_radar(False, words["no_map"])
    bearing = drawing.bearing_deg(*home, seen.lat, seen.lng)
    picture = drawing.radar(distance_m, bearing)
    return WhereView(
        is_lost=False,
        distance=_length(drawing.rounded_m(distance_m), words),
        direction=words["direction"].format(bearing=words["bearings"].split()[drawing.octant(bearing)]),
        seen=said,
        radar=picture,
        ring=_length(picture.outer_m, words),
    )


def _without_radar(is_lost: bool, said: str) -> WhereView:
    return WhereView(is_lost, "", "", said, None, "")


def _length(metres: int, words: Words) -> str:
    if metres < 1_000:
        return words["metres"].format(count=metres)
    return words["kilometres"].format(count=f"{metres / 1000:g}")
