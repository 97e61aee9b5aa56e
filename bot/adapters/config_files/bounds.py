"""`start` and `end` of a campaign's file: a date, or a time in the campaign's zone."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from bot.adapters.config_files.table import Table
from bot.domain.announcement import Due
from bot.domain.errors import InputError
from bot.domain.walltime import OR_NEXT, in_zone, instants_of, jump_over, resolve, show, zone_rules

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LAST_SECOND = time(23, 59, 59)
_NOON = time(12)


def read_bounds(file: Table, zone: str) -> tuple[Due | None, Due | None]:
    """Read both: a date alone is a whole day, from its first instant for the start to its last second for the end.

    Raises InputError.
    """
    start, end = _bound(file, "start", zone, time()), _bound(file, "end", zone, _LAST_SECOND)
    if start and end and end.at <= start.at:
        raise file.wrong(
            "end", f"{show(end)} does not lie after the start, {show(start)}: change one of the two"
        )
    return start, end


def _bound(file: Table, key: str, zone: str, of_a_day: time) -> Due | None:
    value = file.raw(key)
    if value is None:
        return None
    try:
        if isinstance(value, str) and _DATE.fullmatch(value.strip()):
            value = _date(value.strip())
        if isinstance(value, date) and not isinstance(value, datetime):
            resolve(
                datetime.combine(value, _NOON), zone
            )  # the calendars of few places have ever left out a day
            return _edge(datetime.combine(value, of_a_day), zone)
        if isinstance(value, str | datetime):
            return resolve(value, zone, zone_given=False)
    except InputError as error:
        raise file.wrong(key, str(error).removesuffix(OR_NEXT)) from None
    raise file.wrong(key, "must be a date or a time: write 2026-12-10, or 2026-12-10T18:00:00")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"'{text}' is not a date: {error}; write it as 2026-12-10") from error


def _edge(wall: datetime, zone: str) -> Due:
    """The edge of a day: where the clock shows it twice the outer one, where it jumps over it the jump."""
    rules = zone_rules(zone)
    found = instants_of(wall, rules) or (jump_over(wall, rules),)
    at = found[-1] if wall.time() == _LAST_SECOND else found[0]
    return Due(in_zone(at, zone).replace(tzinfo=None, fold=0), zone, at, fixed=len(found) > 1)
