"""Slots, quiet hours and own holidays of a campaign's file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.adapters.config_files.table import Table
from bot.domain.campaign import QuietHours, Slot
from bot.domain.errors import InputError
from bot.setting_values import duration

SLOT_KEYS = ("days", "dates", "times", "jitter")
LONGEST_JITTER = timedelta(hours=2)

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def read_slots(file: Table, quiet: QuietHours | None) -> Iterator[Slot]:
    """Read `slots`, with the campaign's `jitter` for the entries that give none. Raises InputError."""
    jitter = file.parsed("jitter", _jitter, timedelta(0))
    for number, entry in enumerate(file.array("slots"), 1):
        key = f"slots[{number}]"
        if isinstance(entry, dict):
            found = _entry(Table(entry, where=file.where, prefix=f"{key}."), jitter)
        else:
            found = [Slot(_time(file, key, entry), jitter=jitter)]
        for slot in found:
            if quiet is not None and quiet.holds(slot.at):
                raise file.wrong(
                    key, f"{slot.at:%H:%M} lies in the quiet hours and would never be used: move one of them"
                )
            yield slot


def quiet_hours(text: str) -> QuietHours | None:
    """Read `22:00-07:00`."""
    start, dash, end = text.replace("–", "-").partition("-")
    if not dash:
        raise InputError(f"'{text[:40]}' is not a span of hours: write it as 22:00-07:00")
    quiet = QuietHours(_clock(start), _clock(end))
    if quiet.start == quiet.end:
        raise InputError(f"'{text}' ends when it starts: write it as 22:00-07:00, or leave the key out")
    return quiet


def read_dates(file: Table, key: str) -> Iterator[date]:
    """Read a list of dates. Raises InputError."""
    for number, value in enumerate(file.array(key), 1):
        if isinstance(value, date) and not isinstance(value, datetime):
            yield value
            continue
        try:
            yield date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            raise file.wrong(f"{key}[{number}]", f"'{value}' is not a date: write it as 2026-12-10") from None


def _entry(table: Table, jitter: timedelta) -> list[Slot]:
    table.refuse_unknown(SLOT_KEYS)
    if "days" in table and "dates" in table:
        raise table.wrong("dates", "stands beside days: write two entries, one for each")
    weekdays, dates = frozenset(_days(table)), frozenset(read_dates(table, "dates"))
    if "dates" in table and not dates:
        raise table.wrong("dates", "is empty: write dates = [2026-12-10], or leave the entry out")
    jitter = table.parsed("jitter", _jitter, jitter)
    times = [_time(table, f"times[{place}]", value) for place, value in enumerate(_times(table), 1)]
    return [Slot(at, weekdays, dates, jitter) for at in times]


def _jitter(text: str) -> timedelta:
    found = duration(text)
    if found > LONGEST_JITTER or found % timedelta(minutes=1):
        raise InputError(f"'{text[:40]}' is no span of whole minutes up to 2h: write it as 7m")
    return found


def _times(table: Table) -> list[object]:
    times = table.array("times")
    if not times:
        raise table.wrong("times", 'is missing: write times = ["09:00"]')
    return times


def _days(table: Table) -> Iterator[int]:
    if "days" not in table:
        yield from range(7)
    elif not table.array("days"):
        raise table.wrong("days", "is empty, so that the slot never comes: name days, or leave the key out")
    for number, value in enumerate(table.array("days"), 1):
        word = value.lower() if isinstance(value, str) else ""
        found = [day for day, name in enumerate(_DAYS) if word in (name, name[:3])]
        if not found:
            raise table.wrong(
                f"days[{number}]", f"'{value}' is not a day: write mon, tue, wed, thu, fri, sat or sun"
            )
        yield from found


def _time(table: Table, key: str, value: object) -> time:
    if isinstance(value, time):
        return value
    try:
        return _clock(value if isinstance(value, str) else "")
    except InputError:
        raise table.wrong(key, f"'{value}' is not a time of day: write it as \"09:00\"") from None


def _clock(text: str) -> time:
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise InputError(f"'{text[:40]}' is not a time of day: write it as 09:00")
    return time(int(found[1]), int(found[2]))
