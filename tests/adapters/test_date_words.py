"""Words of days and months in other languages: dateparser translates, CLDR (by Babel) says whether it did so rightly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from babel.dates import get_day_names, get_month_names
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.date_words import DateparserWords
from bot.domain.errors import InputError
from bot.domain.written_times import folded, resolve_words

WORDS = DateparserWords()
NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
"""Wednesday, 10:30 in Bangkok."""

WELL_KNOWN = ("th", "fr", "de", "es", "id", "ar", "vi", "ru", "my", "lo", "km")
LANGUAGES = (
    *WELL_KNOWN,
    "ja",
    "zh",
    "ko",
    "fa",
    "pt",
    "hi",
    "bn",
    "ms",
    "ur",
    "it",
    "nl",
    "pl",
    "tr",
    "uk",
    "si",
    "ne",
    "ta",
)


def wall(written: str, language: str) -> str | None:
    english = WORDS.in_english(folded(written), language)
    due = resolve_words(english, "Asia/Bangkok", now=NOW) if english else None
    return None if due is None else f"{due.wall:%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        ("th", "วันนี้ 15:00", "Wed 2026-11-25 15:00"),
        ("th", "พรุ่งนี้ 9.30 น.", "Thu 2026-11-26 09:30"),
        ("th", "พรุ่งนี้ เวลา ๙:๓๐", "Thu 2026-11-26 09:30"),
        ("th-TH", "วันศุกร์ 9:00", "Fri 2026-11-27 09:00"),
        ("th", "1 ธันวาคม 10:00", "Tue 2026-12-01 10:00"),
        ("th", "1 ธ.ค. 10:00", "Tue 2026-12-01 10:00"),
        ("th", "30 มี.ค. 2027 10:00", "Tue 2027-03-30 10:00"),
        ("th", "อีก 2 ชั่วโมง", "Wed 2026-11-25 12:30"),
        ("th", "อีก 3 วัน 9:00", "Sat 2026-11-28 09:00"),
        ("id", "besok pukul 9.30", "Thu 2026-11-26 09:30"),
        ("fr", "demain à 9:30", "Thu 2026-11-26 09:30"),
        ("fr", "1er décembre 10:00", "Tue 2026-12-01 10:00"),
        ("es", "1 de diciembre 10:00", "Tue 2026-12-01 10:00"),
        ("de", "1. Dezember um 10:00", "Tue 2026-12-01 10:00"),
        ("ar", "الجمعة 9:00", "Fri 2026-11-27 09:00"),
        ("my", "မနက်ဖြန် 9:30", "Thu 2026-11-26 09:30"),
        ("ja", "明日 9:30", "Thu 2026-11-26 09:30"),
    ],
)
def test_the_forms_are_read_in_the_language_of_the_record(language: str, written: str, meant: str) -> None:
    assert wall(written, language) == meant


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("th", "วันศุกร์"),
        ("th", "พฤษภาคม 10:00"),
        ("th", "เมื่อวานนี้ 10:00"),
        ("th", "สัปดาห์หน้า 10:00"),
        ("th", "วันนี้หรือพรุ่งนี้ 10:00"),
        ("fr", "environ demain 9:30"),
        ("de", "etwa morgen 9:30"),
        ("ru", "примерно завтра 9:30"),
        ("ja", "約明日 9:30"),
        ("zh", "约明天 9:30"),
        ("es", "mañana y viernes 9:30"),
        ("id", "minggu depan 9:00"),
        ("th", "friday or so 9:00"),
        ("tlh", "wa'leS 9:30"),
        ("", "พรุ่งนี้ 9:30"),
    ],
)
def test_what_is_vague_in_another_language_is_no_time_either(language: str, written: str) -> None:
    assert wall(written, language) is None


def names(language: str) -> Iterator[tuple[str, str, int]]:
    """Every name of a month and of a weekday that CLDR knows, in the form that is read, and its number."""
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                yield "%m", f"5 {name} 2027 10:00", number
            for number, name in get_day_names(width, context, language).items():
                yield "%w", f"{name} 10:00", (number + 1) % 7


def read(written: str, language: str, part: str) -> int | None:
    english = WORDS.in_english(folded(written), language)
    try:
        due = resolve_words(english, "Asia/Bangkok", now=NOW) if english else None
    except InputError as error:
        return NOW.isoweekday() if "that day is today" in str(error) else -1
    return None if due is None else int(f"{due.wall:{part}}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_of_a_month_or_weekday_is_taken_for_another(language: str) -> None:
    found = [(written, number, read(written, language, part)) for part, written, number in names(language)]
    assert [each for each in found if each[2] not in (each[1], None)] == []
    if language in WELL_KNOWN[:4]:
        assert sum(each[2] is None for each in found) <= 2


@given(st.text(max_size=40), st.sampled_from((*LANGUAGES, "en", "xx", "../x", "th-TH")))
def test_any_text_in_any_language_is_translated_or_not_and_breaks_nothing(text: str, language: str) -> None:
    english = WORDS.in_english(folded(text), language)
    try:
        due = resolve_words(english, "Asia/Bangkok", now=NOW) if english else None
    except InputError:
        return
    assert due is None or any(char.isdecimal() for char in text)
