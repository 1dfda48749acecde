"""Dates and appointment windows in whatever style a file writes them."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from backend.imports.reasons import LineError
from backend.imports.values import plain

EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates have no zone
EXCEL_SERIALS = range(20_000, 80_000)
YEARS = range(1990, 2100)
DEFAULT_HOURS = 2
# Nobody promises an appointment further ahead than this; it also decides which year a bare month means.
HORIZON = dt.timedelta(days=300)

Clock = tuple[int, int]
PARTS_OF_DAY: dict[str, tuple[Clock, Clock]] = {
    "上午": ((9, 0), (12, 0)),
    "早上": ((9, 0), (12, 0)),
    "中午": ((11, 0), (14, 0)),
    "下午": ((13, 0), (18, 0)),
    "傍晚": ((17, 0), (20, 0)),
    "晚上": ((18, 0), (21, 0)),
    "全天": ((9, 0), (18, 0)),
    "白天": ((9, 0), (18, 0)),
    "am": ((9, 0), (12, 0)),
    "pm": ((13, 0), (18, 0)),
}
WHOLE_DAY = PARTS_OF_DAY["全天"]
_AFTERNOON = ("下午", "傍晚", "晚上", "pm")

_YMD = re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(?<!\d)(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?P<clock>\d{2}(?:\d{2}){1,2})?(?!\d)")
_MD = re.compile(r"(?<![\d.:])(?P<m>\d{1,2})\s*(?:月|/|-)\s*(?P<d>\d{1,2})\s*[日号]?(?![\d:点时])")
_FOREIGN = re.compile(r"(?<!\d)(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<y>\d{4})")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_PART = re.compile("|".join(PARTS_OF_DAY))
_WHOLE_DAY_WORD = re.compile("^(?:全天|白天) *")
# A span such as 10:00-12:00 must not pass for an offset: only a T and seconds make a minus one.
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"(?:[tT]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[zZ]|[+-]\d{2}:?\d{2})"
    r"|[tT ]\d{2}:\d{2}(?:[zZ]|\+\d{2}:?\d{2}))(?![\d:])"
)
_CLOCK = re.compile(
    r"(?P<part>上午|早上|中午|下午|傍晚|晚上)?\s*(?P<h>\d{1,2})\s*(?:[:.]\s*(?P<min>\d{1,2})(?:[:.]\d{1,2}(?:\.\d+)?)?"
    r"|[点时]\s*(?:(?P<zhmin>\d{1,2})\s*分?|(?P<half>半))?(?:\s*\d{1,2}\s*秒)?)?\s*(?P<ampm>am|pm)?"
)
_TO = re.compile(r"\s*(?:-|–|—|~|～|至|到|and|to)\s*")
_WEEKDAY = re.compile(
    r"(?:星期|周|礼拜)[一二三四五六日天]|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
)


@dataclass(frozen=True, slots=True)
class Window:
    """A promised span of time in UTC."""

    start: dt.datetime
    end: dt.datetime


def instant(text: str, zone: ZoneInfo, today: dt.date) -> dt.datetime | None:
    """A past date with an optional time as UTC; nothing for an empty cell.

    A date without a year is the last such date up to `today`. Raises `LineError`.
    """
    value = _normal(text, zone)
    if not value:
        return None
    try:
        day, rest = _day_of(value, lambda month, day: _last_date(month, day, today))
        clocks = _clocks(rest)
    except ValueError as error:
        raise LineError("ordered_at_unreadable", "ordered_at", value=text.strip()[:40]) from error
    return _utc(day, clocks[0] if clocks else (0, 0), zone)


def window(text: str, zone: ZoneInfo, today: dt.date) -> Window | None:
    """An appointment: a date with a span, a time, a part of the day, or nothing for the whole day.

    A date without a year is the next such date from `today`. Raises `LineError` when it cannot be read.
    """
    value = _normal(text, zone)
    if not value:
        return None
    try:
        day, rest = _day_of(value, lambda month, day: _next_date(month, day, today))
        start, end = _span_of(rest, day)
        return _window(day, start, end, zone)
    except ValueError as error:
        raise LineError("appointment_unreadable", "appointment", value=text.strip()[:60]) from error


def window_between(start: str, end: str, zone: ZoneInfo, today: dt.date) -> Window | None:
    """An appointment given as two cells; the second may be a time only, or empty."""
    if not _normal(end, zone):
        return window(start, zone, today)
    begins, ends = _normal(start, zone), _normal(end, zone)
    try:
        day, rest = _day_of(begins, lambda month, day: _next_date(month, day, today))
        from_clock = _only(_clocks(rest))
        last_day, until = _end_of(ends, day, today)
        opens, closes = _utc(day, from_clock, zone), _utc(last_day, until, zone)
    except ValueError as error:
        raise LineError("appointment_unreadable", "appointment", value=f"{start} - {end}"[:60]) from error
    if closes <= opens:
        raise LineError("appointment_unreadable", "appointment", value=f"{start} - {end}"[:60])
    return Window(opens, closes)


def _end_of(text: str, day: dt.date, today: dt.date) -> tuple[dt.date, Clock]:
    try:
        last_day, rest = _day_of(text, lambda month, day: _next_date(month, day, today))
    except ValueError:
        last_day, rest = day, text
    return last_day, _only(_clocks(rest))


def _normal(text: str, zone: ZoneInfo) -> str:
    value = plain(unicodedata.normalize("NFKC", text))
    value = _ISO.sub(lambda match: _local(match[0], zone), value).casefold()
    value = re.sub(r"(?<=\d)t(?=\d)", " ", value)
    value = re.sub(r"[()\[\]【】,]", " ", value)
    value = _WEEKDAY.sub(" ", value)
    return re.sub(r"\s+", " ", value).strip()


def _local(iso: str, zone: ZoneInfo) -> str:
    """An instant with an offset, as clocks in the zone show it; anything else stays."""
    try:
        moment = dt.datetime.fromisoformat(iso).astimezone(zone)
    except (ValueError, OverflowError):
        return iso
    return moment.strftime("%Y-%m-%d %H:%M")


def _day_of(value: str, dated: Callable[[int, int], dt.date]) -> tuple[dt.date, str]:
    """The day a text begins with or contains, and the text without it; `dated` gives month and day a year."""
    if _SERIAL.match(value) and int(float(value)) in EXCEL_SERIALS:
        moment = EXCEL_EPOCH + dt.timedelta(days=float(value))
        moment += dt.timedelta(milliseconds=500)  # serials are floats: 9:05 may come as 9:04:59.9999
        return moment.date(), f"{moment.hour}:{moment.minute}" if "." in value else ""
    for pattern in (_YMD, _FOREIGN, _COMPACT):
        match = pattern.search(value)
        if match:
            return _full_date(match), _without(value, match)
    match = _MD.search(value)
    if match is None:
        raise ValueError("no date")
    return dated(int(match["m"]), int(match["d"])), _without(value, match)


def _full_date(match: re.Match[str]) -> dt.date:
    found = match.groupdict()
    if "a" in found:
        first, second = int(found["a"]), int(found["b"])
        if first <= 12 and second <= 12 and first != second:
            raise ValueError("day and month cannot be told apart")
        found["m"], found["d"] = (str(second), str(first)) if first > 12 else (str(first), str(second))
    if int(found["y"]) not in YEARS:
        raise ValueError("year out of range")
    return dt.date(int(found["y"]), int(found["m"]), int(found["d"]))


def _without(value: str, match: re.Match[str]) -> str:
    clock = match.groupdict().get("clock") or ""
    joined = ":".join(clock[i : i + 2] for i in range(0, len(clock), 2))
    return f"{value[: match.start()]} {joined} {value[match.end() :]}".strip()


def _next_date(month: int, day: int, today: dt.date) -> dt.date:
    """The nearest such date that is not long past: 1月3日 read in December is next year's."""
    for year in (today.year, today.year + 1):
        found = dt.date(year, month, day)
        if found >= today - (dt.timedelta(days=365) - HORIZON):
            return found
    raise ValueError("no such date")


def _last_date(month: int, day: int, today: dt.date) -> dt.date:
    found = dt.date(today.year, month, day)
    return found if found <= today else dt.date(today.year - 1, month, day)


def _clocks(rest: str) -> list[Clock]:
    """Every time of day in a text; raises `ValueError` when something else is left."""
    clocks = []
    # "2:00-4:00 pm" says it once for both, "下午2点-4点" likewise.
    afternoon = rest.endswith("pm") and "am" not in rest
    for piece in filter(None, _TO.split(rest.strip())):
        match = _CLOCK.fullmatch(piece.strip())
        if match is None:
            raise ValueError(f"not a time: {piece}")
        part = match["part"] or match["ampm"] or ""
        afternoon = part in _AFTERNOON if part else afternoon
        clocks.append(_clock(match, afternoon=afternoon, noon=part == "中午"))
    return clocks


def _clock(match: re.Match[str], *, afternoon: bool, noon: bool) -> Clock:
    hour = int(match["h"])
    minute = 30 if match["half"] else int(match["min"] or match["zhmin"] or 0)
    if (afternoon and hour < 12) or (noon and hour < 11):
        hour += 12
    elif match["ampm"] == "am" and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError("no such time")
    return hour, minute


def _only(clocks: list[Clock]) -> Clock:
    if len(clocks) != 1:
        raise ValueError("one time expected")
    return clocks[0]


def _span_of(rest: str, day: dt.date) -> tuple[Clock, Clock]:
    rest = rest.strip()
    second = _YMD.search(rest)
    if second:
        if _full_date(second) != day:
            raise ValueError("an appointment lies within one day")
        rest = _without(rest, second)
    part = _PART.fullmatch(rest)
    if part or not rest:
        return PARTS_OF_DAY[part[0]] if part else WHOLE_DAY
    clocks = _clocks(_WHOLE_DAY_WORD.sub("", rest))
    if len(clocks) == 2:
        return clocks[0], clocks[1]
    hour, minute = _only(clocks)
    if (hour, minute) == (0, 0):
        return WHOLE_DAY  # a date cell of a spreadsheet, which always has a time
    if hour >= 22:
        raise ValueError("too late in the day")
    return (hour, minute), (hour + DEFAULT_HOURS, minute)


def _window(day: dt.date, start: Clock, end: Clock, zone: ZoneInfo) -> Window:
    opens, closes = _utc(day, start, zone), _utc(day, end, zone)
    if closes <= opens:
        raise ValueError("ends before it starts")
    return Window(opens, closes)


def _utc(day: dt.date, clock: Clock, zone: ZoneInfo) -> dt.datetime:
    days, hour = divmod(clock[0], 24)
    local = dt.datetime.combine(day + dt.timedelta(days=days), dt.time(hour, clock[1]), zone)
    return local.astimezone(dt.UTC)
