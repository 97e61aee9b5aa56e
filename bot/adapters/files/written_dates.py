"""Dates as people and spreadsheets write them in tables, turned into the one form that the program reads.

Which of the first two numbers of 03/04/2023 is the day is never guessed, not even from other rows: the user says it, or the
tool whose table it is has one order only. Words such as `friday 9am` are not read here, and go on as they are.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from bot.adapters.files.located import shown
from bot.application.ports.record_files import DateOrder
from bot.domain.walltime import YEARS, wrong_year

NUMERIC = re.compile(
    r"\s*(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4})(?![0-9])"
)
"""What a cell with a date in numbers begins with."""

_DATE = re.compile(
    r"(?:(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})"
    r"|(?P<one>[0-9]{1,2})(?P<sep2>[-/.])(?P<two>[0-9]{1,2})(?P=sep2)(?P<last>[0-9]{2}|[0-9]{4}))"
    r"(?P<rest>(?![0-9]).*)"
)
_TIME = re.compile(
    r"(?:T|, ?| )(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?P<second>:[0-9]{2}(?:\.[0-9]{1,6})?)?)?"
    r" ?(?P<half>[ap]\.?m\.?)? ?(?P<offset>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?",
    re.IGNORECASE,
)
_OUR_OWN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ] ?[0-9]{1,2}:[^apAP]*")
"""What the program reads anyway, wherever it is written: it stays as it is, offsets and seconds too."""

_SERIAL = re.compile(r"[2-9][0-9]{4}(?:[.,][0-9]{1,15})?")
_FIRST_DAYS = (datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01"))
"""Day 0 of Excel's two ways of counting, for dates after February 1900 (ECMA-376-1, 18.17.4.1)."""
_NOON = 12
_MONTHS = set(range(1, 13))


class WrongDate(Exception):
    """A cell that looks like a date and cannot be read for certain; says why and what to write."""


def read_date(text: str, order: DateOrder | None) -> str:
    """Give a date with its time as `2023-03-30 10:00`; what is no date in numbers stays as it is. Raises WrongDate."""
    plain = " ".join(text.split())  # hard and narrow spaces, too: some write 2:30 PM with one
    if _SERIAL.fullmatch(plain):
        raise WrongDate(_serial(plain))
    found = _DATE.fullmatch(plain)
    if found is None or _OUR_OWN.fullmatch(plain):
        return plain
    day = _day(found, order, shown(plain))
    return f"{day.isoformat()} {_clock(found['rest'], shown(plain))}"


def has_offset(text: str) -> bool:
    """Tell whether a time that was read says how far it is from UTC."""
    return bool(re.search(r":[0-9.]+ ?(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)$", text))


def _day(found: re.Match[str], order: DateOrder | None, text: str) -> date:
    if found["year"]:
        return _calendar_day(int(found["year"]), int(found["month"]), int(found["day"]), text)
    if len(found["last"]) < len("2023"):
        raise WrongDate(f"'{text}': write its year with four digits")
    year, one, two = int(found["last"]), int(found["one"]), int(found["two"])
    if order is None and one != two and {one, two} <= _MONTHS:
        raise WrongDate(
            f"'{text}' may be {_spoken(one, two)} or {_spoken(two, one)}: say which with --dates dmy or --dates mdy"
        )
    day_first = order is DateOrder.DMY or (order is None and one > 12)
    day, month = (one, two) if day_first else (two, one)
    if order and month > 12 >= day:
        raise WrongDate(
            f"'{text}' has no month {month}, and --dates {order} was said: mend the date or the order"
        )
    return _calendar_day(year, month, day, text)


def _calendar_day(year: int, month: int, day: int, text: str) -> date:
    if year not in YEARS:
        raise WrongDate(f"'{text}': {wrong_year(year)}")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise WrongDate(f"'{text}' is no day of the calendar: mend the date") from error


def _spoken(day: int, month: int) -> str:
    return f"{day} {date(2000, month, 1):%B}"


def _clock(rest: str, text: str) -> str:
    if not rest:
        raise WrongDate(f"'{text}' has no time: write it as 2023-03-30 10:00")
    found = _TIME.fullmatch(rest)
    if not found or not (found["minute"] or found["half"]):
        raise WrongDate(f"'{text}' has a time that cannot be read: write it as 2023-03-30 10:00")
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= _NOON:
            raise WrongDate(f"'{text}' has the hour {hour} of a clock with twelve: write it as 14:30")
        hour = hour % _NOON + (_NOON if found["half"][0] in "pP" else 0)
    minute = int(found["minute"] or 0)
    if hour > 23 or minute > 59:
        raise WrongDate(f"'{text}' has a time that no clock shows: write it as 2023-03-30 10:00")
    return f"{hour:02}:{minute:02}{found['second'] or ''}{(found['offset'] or '').upper()}"


def _serial(text: str) -> str:
    days = timedelta(days=float(text.replace(",", ".")))
    readings = [first + days + timedelta(seconds=30) for first in _FIRST_DAYS]
    written = " or ".join(f"{reading:%Y-%m-%d %H:%M}" for reading in readings)
    return f"'{text}' is a spreadsheet's number for {written}, by its way of counting: write the one that is meant"
