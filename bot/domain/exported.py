"""A record as an export gives it: under the name that the queue knows it by, and with the time that it has by now."""

from __future__ import annotations

import re
from dataclasses import replace

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
    until = announcement.embargo.until if announcement.embargo else None
    if not _is_then(record.due, announcement.due, record, zone):
        record = replace(record, due=_written(announcement.due, record, zone))
    if not _is_then(record.embargo, until, record, zone):
        record = replace(record, embargo=_written(until, record, zone))
    return record


def as_known(announcement: Announcement, record: Record, zone: str) -> Record:
    """Give a record that came in under an announcement's key without what is no change.

    That is the key itself, and a time that is written otherwise and is the one that the announcement has: spreadsheets write
    times in their own way.
    """
    known = announcement.record
    until = announcement.embargo.until if announcement.embargo else None
    same_due = known.due != record.due and _is_then(record.due, announcement.due, record, zone)
    same_embargo = known.embargo != record.embargo and _is_then(record.embargo, until, record, zone)
    return replace(
        record,
        key=known.key,
        due=known.due if same_due else record.due,
        embargo=known.embargo if same_embargo else record.embargo,
    )


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
