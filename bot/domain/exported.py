"""A record as an export gives it: under the name that the queue knows it by, and with the time that it has by now."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.domain.announcement import Announcement, Due, Record
from bot.domain.errors import InputError
from bot.domain.walltime import instants_of, resolve, zone_rules

NAME_BY_CONTENT = re.compile(r"auto:[0-9a-f]{12}(?:-[0-9]+)?")
"""The key that the queue gives to a record without one, by what it said when it came: the same in every database."""


def exported(announcement: Announcement, zone: str) -> Record:
    """Give the record of an announcement so that the import of it finds the announcement, and nothing to change.

    `zone` is its campaign's. Its `key` is always given, and its times are those that it has, from a slot, from words or a
    reschedule as well.
    """
    record = replace(announcement.record, key=announcement.key)
    written: dict[str, Any] = {
        name: _written(planned, record, zone)
        for name, planned in _planned(announcement).items()
        if not _is_then(getattr(record, name), planned, record, zone)
    }
    return replace(record, **written)


def as_known(announcement: Announcement, record: Record, zone: str) -> Record:
    """Give a record that came in under an announcement's key without what is no change.

    That is the key itself, and a time that is written otherwise and is the one that the announcement has: spreadsheets write
    times in their own way. In another time zone the words that stand in the queue would mean another time.
    """
    known = announcement.record
    if record.timezone != known.timezone:
        return replace(record, key=known.key)
    same: dict[str, Any] = {
        name: getattr(known, name)
        for name, planned in _planned(announcement).items()
        if getattr(record, name) != getattr(known, name)
        and _is_then(getattr(record, name), planned, record, zone)
    }
    return replace(record, key=known.key, **same)


def _planned(announcement: Announcement) -> dict[str, Due | None]:
    """Give what became of each time that a record names."""
    until = announcement.embargo.until if announcement.embargo else None
    return {"due": announcement.due, "embargo": until, "expires": announcement.expires}


def _is_then(written: str | None, planned: Due | None, record: Record, zone: str) -> bool:
    """Tell whether a record's time is the one that was planned, or there is neither."""
    if written is None or planned is None:
        return written is None and planned is None
    try:
        found = resolve(written, record.timezone or zone, zone_given=record.timezone is not None)
    except InputError:
        return False
    return found.at == planned.at


def _written(due: Due | None, record: Record, zone: str) -> str | None:
    """Write a time by the record's own clock; with the offset where that shows it twice."""
    if due is None:
        return None
    rules = zone_rules(record.timezone or zone)
    local = due.at.astimezone(rules)
    wall = local.replace(tzinfo=None)
    shown = local if len(instants_of(wall.replace(fold=0), rules)) > 1 else wall
    return shown.isoformat(" ", "auto" if shown.microsecond or shown.second else "minutes")
