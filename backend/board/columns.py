"""Visits of a day as a list for each fact: no name of a fact and no word is said more than once."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from backend.board.schemas import Board, BoardColumns, Coded, DayRead, VisitColumns, VisitRow

MS = dt.timedelta(milliseconds=1)


def board_columns(whole: Board) -> BoardColumns:
    """The same day with its visits in columns, those without a technician last."""
    about = {name: getattr(whole, name) for name in DayRead.__struct_fields__}
    begins = dt.datetime.combine(whole.day, dt.time(), ZoneInfo(whole.zone)).astimezone(dt.UTC)
    return BoardColumns(**about, visits=in_columns([*whole.visits, *whole.unassigned], begins))


def in_columns(rows: Sequence[VisitRow], since: dt.datetime) -> VisitColumns:
    """The same visits in the same order; instants are told from `since` on."""
    technicians = (str(row.technician_id) if row.technician_id else None for row in rows)
    lists: dict[str, Any] = {
        **{name: [getattr(row, name) for row in rows] for name in PLAIN},
        **{name: coded(getattr(row, name) for row in rows) for name in CODED},
        **{name: [_ms(told_by(row), since) for row in rows] for name, told_by in INSTANTS.items()},
    }
    return VisitColumns(
        **lists,
        since=since,
        technician_id=coded(technicians),
        travel_s=[row.planned.travel_s if row.planned else 0 for row in rows],
        travel_m=[row.planned.travel_m if row.planned else 0 for row in rows],
        lock_technician=[place for place, row in enumerate(rows) if row.lock.technician],
        lock_time=[place for place, row in enumerate(rows) if row.lock.time],
        late={place: row.late for place, row in enumerate(rows) if row.late},
        reason={place: row.reason for place, row in enumerate(rows) if row.reason},
        refused_by={place: row.refused_by for place, row in enumerate(rows) if row.refused_by},
    )


PLAIN = (
    "job_id", "number", "customer_name", "address", "level", "lat", "lng", "service_s", "priority", "version",
)  # fmt: skip
CODED = ("status", "type", "community", "product_name", "product_name_en", "skill")
INSTANTS: dict[str, Callable[[VisitRow], dt.datetime | None]] = {
    "arrive_ms": lambda row: row.planned.arrive if row.planned else None,
    "start_ms": lambda row: row.planned.start if row.planned else None,
    "end_ms": lambda row: row.planned.end if row.planned else None,
    "window_start_ms": lambda row: row.window.start if row.window else None,
    "window_end_ms": lambda row: row.window.end if row.window else None,
}


def coded(values: Iterable[str | None]) -> Coded:
    """Each value once, in the order they come, and where each stands."""
    places: dict[str | None, int] = {}
    at = [places.setdefault(value, len(places)) for value in values]
    return Coded(list(places), at)


def _ms(instant: dt.datetime | None, since: dt.datetime) -> int | None:
    return None if instant is None else (instant - since) // MS
