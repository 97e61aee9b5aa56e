"""Dates in a text: which day is meant, wherever the languages of `date_words` write one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from bot.domain.lint.date_words import MONTHS, RELATIVE, WEEKDAYS, either

_BUDDHIST_ERA = 543
_YEARS = range(1900, 2201)
_OF_A_NUMBER = frozenset("0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹๐๑๒๓๔๕๖๗๘๙.,/")
_ALSO_WORDS = {"may", "march", "mar", "mon", "wed", "sat", "sun"}
"""English names that without their capital are other words."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text; `day` was completed with the nearest year if `year_given` is False."""

    start: int
    end: int
    day: date
    year_given: bool


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A weekday (Monday is 0), or a number of days from the day of publication, in a text."""

    start: int
    end: int
    value: int


@lru_cache(maxsize=16)
def written_dates(text: str, near: date | None) -> tuple[WrittenDate, ...]:
    """Find dates. Those without a year are taken for the nearest to `near`, and left out without one."""
    folded = text.casefold()
    found = [
        _read(match, near)
        for signs, pattern in _date_patterns()
        if any(sign in folded for sign in signs)
        for match in pattern.finditer(text)
    ]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.start))


def written_weekdays(text: str) -> list[WrittenDay]:
    """Find names of weekdays."""
    folded = text.casefold()
    if not any(name in folded for name in WEEKDAYS):
        return []
    return [
        WrittenDay(match.start(), match.end(), WEEKDAYS[match.group().casefold()])
        for match in _weekday_pattern().finditer(text)
        if match.group() not in _ALSO_WORDS
    ]


def written_relative_days(text: str) -> list[WrittenDay]:
    """Find 'today', 'tomorrow', 'yesterday'."""
    folded = text.casefold()
    return [
        WrittenDay(match.start(), match.end(), days)
        for days, signs, pattern in _relative_patterns()
        if any(sign in folded for sign in signs)
        for match in pattern.finditer(text)
    ]


def _read(match: re.Match[str], near: date | None) -> WrittenDate | None:
    written_year, written_month, written_day = match["year"], match["month"], match["day"]
    goes_on = match.start() > 0 and match.string[match.start() - 1] in _OF_A_NUMBER
    if written_month in _ALSO_WORDS or (goes_on and match.group()[0].isdecimal()):
        return None
    year = int(written_year) if written_year else None
    if year is not None and year - _BUDDHIST_ERA in _YEARS:
        year -= _BUDDHIST_ERA
    day = int(written_day)
    month = int(written_month) if written_month.isdecimal() else MONTHS[written_month.casefold()]
    meant = _day(year, month, day) if year is not None else _nearest(month, day, near)
    return WrittenDate(match.start(), match.end(), meant, year is not None) if meant else None


def _nearest(month: int, day: int, near: date | None) -> date | None:
    if near is None:
        return None
    found = [_day(year, month, day) for year in (near.year - 1, near.year, near.year + 1)]
    return min((each for each in found if each), key=lambda each: abs(each - near), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _date_patterns() -> list[tuple[list[str], re.Pattern[str]]]:
    """Ways to write a date, each with signs of which one is in every text that has it, in small letters.

    Most begin with a digit, which lets them be found fast; what stands before it is looked at when one is found.
    """
    edge, english = r"(?![A-Za-z\xc0-\u024f\u0400-\u04ff])", {name: 0 for name in MONTHS if name.isascii()}
    era = r"(?:\.?,?\s*(?:(?:de|del|tahun|พ\.ศ\.|ค\.ศ\.|года|г\.|سنة|عام)\s*)?(?P<year>\d{4}))?(?!\d)"
    ways = [
        (
            list(MONTHS),
            r"(?P<day>\d\d?)(?:st|nd|rd|th|er|º|°)?\.?\s*(?:of\s+|de\s+)?"
            rf"(?P<month>{either(MONTHS)}){edge}{era}",
        ),
        (
            list(english),
            rf"(?<![^\W_])(?P<month>{either(english)}){edge}\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?(?![\d:.]\d|\d)"
            r"(?:,?\s+(?P<year>\d{4}))?(?!\d)",
        ),
        (["-"], r"(?P<year>\d\d\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"),
        (
            ["月", "월"],
            r"(?:(?P<year>\d{4})\s*[年년]\s*)?(?<!\d)(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]",
        ),
    ]
    return [(signs, re.compile(way, re.IGNORECASE)) for signs, way in ways]


@cache
def _weekday_pattern() -> re.Pattern[str]:
    spaced = {name: day for name, day in WEEKDAYS.items() if name[0] < "\u0e00"}
    unspaced = {name: day for name, day in WEEKDAYS.items() if name not in spaced}
    # A word that only begins like a weekday (Sunni, Monitor) is none; where there are no spaces, nobody can tell.
    return re.compile(rf"(?<![\w–—-])(?:{either(spaced)})(?!\w)|(?:{either(unspaced)})", re.IGNORECASE)


@cache
def _relative_patterns() -> list[tuple[int, list[str], re.Pattern[str]]]:
    def branch(word: str) -> str:
        return rf"(?<!\w){word}(?!\w)" if word[0] < "\u0e00" else word

    return [
        (
            days,
            [word.partition("[")[0] for word in words.split("|")],
            re.compile("|".join(branch(word) for word in words.split("|")), re.IGNORECASE),
        )
        for days, words in RELATIVE.items()
    ]
