"""The customer's languages: choosing one, and writing days, times and money in it."""

import datetime as dt
from enum import StrEnum

from backend.booking import words_en as booking_en
from backend.booking import words_zh as booking_zh
from backend.documents import words_en as documents_en
from backend.documents import words_zh as documents_zh
from backend.messages import page_words as messages
from backend.ratings import words_en as ratings_en
from backend.ratings import words_zh as ratings_zh
from backend.report import words_en as report_en
from backend.report import words_zh as report_zh
from backend.tracking.words_en import ENGLISH
from backend.tracking.words_zh import CHINESE


class Language(StrEnum):
    """The languages of the customer's pages."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


Words = dict[str, str]

WORDS: dict[Language, Words] = {
    Language.CHINESE: CHINESE
    | booking_zh.CHINESE
    | documents_zh.CHINESE
    | messages.CHINESE
    | ratings_zh.CHINESE
    | report_zh.CHINESE,
    Language.ENGLISH: ENGLISH
    | booking_en.ENGLISH
    | documents_en.ENGLISH
    | messages.ENGLISH
    | ratings_en.ENGLISH
    | report_en.ENGLISH,
}
WEEKDAYS = {
    Language.CHINESE: ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    Language.ENGLISH: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def choose(asked: str, preferred: str, accept_language: str, default: str) -> Language:
    """The page's language: as asked in the address, else the customer's own, the browser's, the shop's.

    A customer's locale that is only the shop's default says nothing, so the browser may decide then.
    """
    known = preferred if preferred != default else ""
    for tag in (asked, known, *_by_quality(accept_language), preferred, default):
        language = _supported(tag)
        if language is not None:
            return language
    return Language.CHINESE


def day_text(day: dt.date, today: dt.date, language: Language) -> str:
    """今天, 明天 or a date."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return WORDS[language][near]
    weekday = WEEKDAYS[language][day.weekday()]
    if language is Language.CHINESE:
        return f"{day.month}月{day.day}日 {weekday}"
    return f"{weekday} {day.day} {MONTHS[day.month - 1]}"


def moment_text(at: dt.datetime, today: dt.date, language: Language) -> str:
    """今天 09:00, of a local instant."""
    day = day_text(at.date(), today, language)
    # Inside a sentence: "today 12:00", but "Tue 24 Nov 12:00".
    is_near = abs((at.date() - today).days) <= 1
    return f"{day.lower() if is_near else day} {at:%H:%M}"


def span_text(start: dt.datetime, end: dt.datetime) -> str:
    """10:00–12:00, of two instants in one zone."""
    return f"{start:%H:%M}–{end:%H:%M}"


def money_text(fen: int, currency: str) -> str:
    """¥1,234.50; other currencies by their code."""
    sign = "¥" if currency == "CNY" else f"{currency} "
    return f"{'-' if fen < 0 else ''}{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def _supported(tag: str) -> Language | None:
    primary = tag.strip().lower().split("-")[0]
    return {"zh": Language.CHINESE, "en": Language.ENGLISH}.get(primary)


def _by_quality(accept_language: str) -> list[str]:
    """The tags of an Accept-Language header, most wanted first; malformed parts are skipped."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.split(",", 10)[:10]:
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag.strip() and weight > 0:
            wanted.append((-weight, tag))
    return [tag for _, tag in sorted(wanted, key=lambda item: item[0])]
