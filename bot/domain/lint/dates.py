"""Dates in a text: which day is meant, wherever the languages of `date_words` write one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.domain.lint.date_words import MONTHS, RELATIVE, WEEKDAYS, either

_BUDDHIST_ERA = 543
_YEARS = range(1900, 2201)
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


def written_dates(text: str, near: date | None) -> list[WrittenDate]:
    """Find dates. Those without a year are taken for the nearest to `near`, and left out without one."""
    found = (_read(match, near) for match in _date_pattern().finditer(text))
    return [each for each in found if each is not None]


def written_weekdays(text: str) -> list[WrittenDay]:
    """Find names of weekdays."""
    return [
        WrittenDay(match.start(), match.end(), WEEKDAYS[match.group().casefold()])
        for match in _weekday_pattern().finditer(text)
        if match.group() not in _ALSO_WORDS
    ]


def written_relative_days(text: str) -> list[WrittenDay]:
    """Find 'today', 'tomorrow', 'yesterday'."""
    return [
        WrittenDay(match.start(), match.end(), days)
        for days, pattern in _relative_patterns()
        for match in pattern.finditer(text)
    ]


def _read(match: re.Match[str], near: date | None) -> WrittenDate | None:
    parts = match.groupdict()
    year = next((int(parts[name]) for name in ("y1", "y2", "y3", "y4") if parts[name]), None)
    if year is not None and year - _BUDDHIST_ERA in _YEARS:
        year -= _BUDDHIST_ERA
    day = int(next(parts[name] for name in ("d1", "d2", "d3", "d4") if parts[name]))
    name = parts["m1"] or parts["m2"]
    if name in _ALSO_WORDS:
        return None
    month = MONTHS[name.casefold()] if name else int(parts["m3"] or parts["m4"])
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
def _date_pattern() -> re.Pattern[str]:
    months, edge = either(MONTHS), r"(?![A-Za-z\xc0-\u024f\u0400-\u04ff])"
    year = r"(?:\.?,?\s*(?:(?:de|del|tahun|พ\.ศ\.|ค\.ศ\.|года|г\.|سنة|عام)\s*)?"
    return re.compile(
        r"(?<![\d.,/])(?P<d1>\d{1,2})(?:st|nd|rd|th|er|º|°)?\.?\s*(?:of\s+|de\s+)?"
        rf"(?P<m1>{months}){edge}{year}(?P<y1>\d{{4}}))?(?!\d)"
        rf"|(?<![^\W_])(?P<m2>{months}){edge}\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]\d|\d)"
        r"(?:,?\s+(?P<y2>\d{4}))?(?!\d)"
        r"|(?<!\d)(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})(?!\d)"
        r"|(?:(?P<y4>\d{4})\s*[年년]\s*)?(?<!\d)(?P<m4>\d{1,2})\s*[月월]\s*(?P<d4>\d{1,2})\s*[日일]",
        re.IGNORECASE,
    )


@cache
def _weekday_pattern() -> re.Pattern[str]:
    spaced = {name: day for name, day in WEEKDAYS.items() if name[0] < "\u0e00"}
    unspaced = {name: day for name, day in WEEKDAYS.items() if name not in spaced}
    # A word that only begins like a weekday (Sunni, Monitor) is none; where there are no spaces, nobody can tell.
    return re.compile(rf"(?<![\w–—-])(?:{either(spaced)})(?!\w)|(?:{either(unspaced)})", re.IGNORECASE)


@cache
def _relative_patterns() -> list[tuple[int, re.Pattern[str]]]:
    def branch(word: str) -> str:
        return rf"(?<!\w){word}(?!\w)" if word[0] < "\u0e00" else word

    return [
        (days, re.compile("|".join(branch(word) for word in words.split("|")), re.IGNORECASE))
        for days, words in RELATIVE.items()
    ]
