"""Both languages say everything, and the right one is chosen."""

import datetime as dt
import string

import pytest

from backend.tracking.words import WORDS, Language, choose, day_text, money_text

CHINESE, ENGLISH = WORDS[Language.CHINESE], WORDS[Language.ENGLISH]
MONDAY = dt.date(2026, 11, 23)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_words() -> None:
    assert set(CHINESE) == set(ENGLISH)


@pytest.mark.parametrize("key", sorted(CHINESE))
def test_both_languages_fill_in_the_same_places(key: str) -> None:
    assert placeholders(CHINESE[key]) == placeholders(ENGLISH[key])
    assert CHINESE[key].strip()
    assert ENGLISH[key].strip()


@pytest.mark.parametrize(
    ("asked", "preferred", "accept_language", "expected"),
    [
        ("en", "zh-CN", "zh-CN", Language.ENGLISH),  # the switch on the page wins
        ("", "en", "zh-CN", Language.ENGLISH),  # then what the customer is known to speak
        ("", "zh-CN", "en-GB,en;q=0.9", Language.ENGLISH),  # a default says nothing, so the browser may
        ("", "zh-CN", "fr,de;q=0.8", Language.CHINESE),
        ("", "zh-CN", "fr,en;q=0.3,zh;q=0.7", Language.CHINESE),
        ("", "zh-CN", "en;q=0", Language.CHINESE),
        ("", "zh-CN", "", Language.CHINESE),
        ("fr", "zh-CN", "", Language.CHINESE),
        ("'\"><script>", "zh-CN", ";;q=,,=x;q=y", Language.CHINESE),
        ("", "zh-CN", "en;q=nan," * 5000, Language.CHINESE),
        ("ZH-tw", "en", "en", Language.CHINESE),
    ],
)
def test_the_language_is_the_readers(
    asked: str, preferred: str, accept_language: str, expected: Language
) -> None:
    assert choose(asked, preferred, accept_language, "zh-CN") is expected


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (MONDAY, "今天", "Today"),
        (MONDAY + dt.timedelta(1), "明天", "Tomorrow"),
        (MONDAY - dt.timedelta(1), "昨天", "Yesterday"),
        (MONDAY + dt.timedelta(9), "12月2日 周三", "Wed 2 Dec"),
    ],
)
def test_near_days_have_names(day: dt.date, chinese: str, english: str) -> None:
    assert day_text(day, MONDAY, Language.CHINESE) == chinese
    assert day_text(day, MONDAY, Language.ENGLISH) == english


@pytest.mark.parametrize(
    ("fen", "currency", "text"),
    [
        (123_450, "CNY", "¥1,234.50"),
        (5, "CNY", "¥0.05"),
        (-250, "CNY", "-¥2.50"),
        (100, "HKD", "HKD 1.00"),
    ],
)
def test_money_is_written_to_the_fen(fen: int, currency: str, text: str) -> None:
    assert money_text(fen, currency) == text
