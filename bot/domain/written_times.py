"""Times in words, in English: a day and a time of day, or a span from now (decision 0028).

Only the forms below are read. What leaves anything to guess (a day alone, a time alone, `12am`) is refused.

    DAY [at] TIME     today, tomorrow, in N days, friday, 1 December [2026], December 1[, 2026]
                      15:00, 9:30, 9.30, 9am, 9:30 pm
    in N minutes, in N hours
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NoReturn

from bot.domain.announcement import Due
from bot.domain.errors import InputError
from bot.domain.walltime import OR_NEXT, YEARS, in_zone, resolve, show

FORMS = (
    "today 15:00",
    "tomorrow 9:30",
    "friday 9am",
    "1 December 10:00",
    "30 March 2027 10am",
    "in 3 days 9:00",
    "in 2 hours",
)
"""An example of each form, as messages and pages give them."""

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SOON = timedelta(days=182)
"""How far ahead a day without a year may lie: the one before it is then further away."""

_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS) + "|sept"
_WEEKDAY = "|".join(f"{name}|{name[:3]}" for name in _WEEKDAYS) + "|tues|weds|thur|thurs"
_DAY = re.compile(
    r"(?P<today>today)|(?P<tomorrow>tomorrow)"
    r"|in (?P<days>[0-9]{1,3}) days?"
    rf"|(?P<weekday>{_WEEKDAY})"
    rf"|(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})(?:,? (?P<year>[0-9]{{4}}))?"
    rf"|(?P<month2>{_MONTH}) (?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year2>[0-9]{{4}}))?"
)
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2})(?: ?(?P<half>am|pm))?| ?(?P<half2>am|pm))"
)
_SPAN = re.compile(r"in (?P<number>[0-9]{1,4}) (?P<unit>minute|hour)s?")
_DAY_AND_CLOCK = re.compile(
    rf"(?P<date>.+?)(?:,? at|,)? (?P<clock>{_CLOCK.pattern.replace('?P<', '?P<c_')})", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Halves:
    """A text taken apart: the words of its day, and its time of day as it is written."""

    day: str
    clock: str


def folded(text: str) -> str:
    """Give a text as its forms are compared: small letters, digits 0 to 9, one space where there is any."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in unicodedata.normalize("NFC", text))
    return " ".join(plain.lower().split())


def halves(text: str) -> Halves | None:
    """Take a folded text that ends with a time of day apart; None if it does not."""
    found = _DAY_AND_CLOCK.fullmatch(text)
    return Halves(found["date"], found["clock"]) if found else None


def resolve_words(written: str, zone: str, *, now: datetime) -> Due | None:
    """Give the time that English words name, by the clock of a zone; None for what has none of the forms.

    Raises InputError, in one line that says what to write, for what has one and names no time to come, or more than one.
    """
    text = folded(written)
    if span := _SPAN.fullmatch(text):
        return _after(span, zone, now)
    parts = halves(text)
    day = _DAY.fullmatch(parts.day) if parts else None
    clock = _CLOCK.fullmatch(parts.clock) if parts else None
    if day is None or clock is None:
        return None
    today = in_zone(now, zone).date()
    wall = datetime.combine(_date(day, today, written), _time(clock, written))
    due = resolve(wall, zone)
    if due.at <= now and not (day["year"] or day["year2"]):
        raise InputError(f"'{written}' was {show(due)}, which has passed: write the date with its year")
    return due


def refuse(written: str) -> NoReturn:
    """Say what is missing in a text that is no time. Raises InputError."""
    text, shown = folded(written), _quoted(written)
    if _DAY.fullmatch(text):
        raise InputError(f"{shown} has no time of day: write one behind it, such as {text} 9:30")
    if _CLOCK.fullmatch(text):
        raise InputError(f"{shown} has no day: write today {text}, tomorrow {text} or a date before it")
    raise InputError(
        f"{shown} is not a time: write it as 2023-03-30 10:00 or 2023-03-30T10:00+07:00, in words such as "
        f"{', '.join(FORMS[:3])}{OR_NEXT}"
    )


def _after(span: re.Match[str], zone: str, now: datetime) -> Due:
    """So long from now, to the minute; it is an instant, whatever the zone's clock does until then."""
    number = int(span["number"])
    if number == 0:
        raise InputError(f"'{span[0]}' is now: write in 5 minutes, or more")
    ahead = timedelta(minutes=number) if span["unit"] == "minute" else timedelta(hours=number)
    instant = (now + ahead).astimezone(UTC).replace(second=0, microsecond=0)
    return resolve(instant, zone, zone_given=False)


def _date(found: re.Match[str], today: date, written: str) -> date:
    if found["weekday"]:
        return _next_weekday(_number(found["weekday"], _WEEKDAYS), today, written)
    if found["month"] or found["month2"]:
        return _date_of_year(found, today, written)
    days = {"today": 0, "tomorrow": 1}.get(found[0])
    return today + timedelta(days=int(found["days"]) if days is None else days)


def _next_weekday(weekday: int, today: date, written: str) -> date:
    ahead = (weekday - today.weekday()) % 7
    if ahead == 0:
        raise InputError(
            f"{_quoted(written)}: that day is today: write today, or {today + timedelta(days=7)}"
        )
    return today + timedelta(days=ahead)


def _date_of_year(found: re.Match[str], today: date, written: str) -> date:
    month = _number(found["month"] or found["month2"], _MONTHS) + 1
    day, year = int(found["day"] or found["day2"]), found["year"] or found["year2"]
    if year:
        return _made(int(year), month, day, written)
    coming = [
        made for made in (_try(today.year + more, month, day) for more in (0, 1)) if made and made >= today
    ]
    if not coming:
        return _made(today.year, month, day, written)
    if coming[0] - today > _SOON:
        raise InputError(f"{_quoted(written)}: the next is {coming[0]}: write its year, too")
    return coming[0]


def _time(found: re.Match[str], written: str) -> time:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = found["half"] or found["half2"]
    if half and hour == 12:
        raise InputError(f"{_quoted(written)}: 12{half} is read as noon and as midnight: write 0:00 or 12:00")
    if minute > 59 or hour > (11 if half else 23) or (half and hour == 0):
        raise InputError(
            f"{_quoted(written)}: '{found[0]}' is not a time of day: write it as 9:30, 15:00 or 9am"
        )
    return time(hour + 12 if half == "pm" else hour, minute)


def _made(year: int, month: int, day: int, written: str) -> date:
    made = (
        _try(year, month, day) if year in YEARS else date(year or 1, 1, 1)
    )  # a wrong year is told by `resolve`
    if made is None:
        raise InputError(
            f"{_quoted(written)}: there is no {day} {_MONTHS[month - 1].title()} {year}: mend the date"
        )
    return made


def _try(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(name: str, names: tuple[str, ...]) -> int:
    return next(number for number, each in enumerate(names) if each.startswith(name[:3]))


def _quoted(text: str) -> str:
    return (
        "'" + "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text[:64]) + "'"
    )
