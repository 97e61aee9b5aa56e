"""Calendars in iCalendar (RFC 5545), by the library icalendar."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.application.ports.calendar_writer import CalendarEvent
from bot.domain.walltime import in_zone, instants_of, zone_rules

PRODUCT = "-//announcement bot//calendar//EN"
LASTS = timedelta(minutes=15)
"""A post takes no time, but a calendar does not show what lasts none."""
YEAR = timedelta(days=366)


class IcalendarWriter:
    """Writes calendars."""

    def write(self, events: Sequence[CalendarEvent], *, name: str, now: datetime) -> bytes:
        """Give a calendar with these events."""
        from icalendar import Calendar, Event, vText  # noqa: PLC0415 - start-up time

        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("x-wr-calname", vText(_text(name)))  # by itself it is written as it stands
        for each in events:
            event = Event()
            for key, value in _properties(each, now):
                event.add(key, value)
            calendar.add_component(event)
        if events:
            instants = [each.start.at for each in events]
            calendar.add_missing_timezones((min(instants) - YEAR).date(), (max(instants) + YEAR).date())
        return bytes(calendar.to_ical())


def _properties(event: CalendarEvent, now: datetime) -> list[tuple[str, object]]:
    """Give the properties in order; what is not known is left out."""
    found: list[tuple[str, object | None]] = [
        ("uid", _text(event.uid)),
        ("dtstamp", _whole(now)),
        ("dtstart", _start(event)),
        ("duration", LASTS),
        ("summary", _text(event.summary)),
        ("description", _text(event.description)),
        ("status", event.status.value),
        ("sequence", event.sequence),
        ("transp", "TRANSPARENT"),
        ("created", _whole(event.created) if event.created else None),
        ("last-modified", _whole(event.changed) if event.changed else None),
        ("url", event.url),
    ]
    return [(key, value) for key, value in found if value is not None]


def _start(event: CalendarEvent) -> datetime:
    """By the clock of its zone; as an instant where that clock shows the wall time twice, which RFC 5545 reads as the first."""
    local = in_zone(event.start.at, event.start.zone)
    if len(instants_of(local.replace(tzinfo=None, fold=0), zone_rules(event.start.zone))) == 1:
        return _whole(local)
    return _whole(event.start.at)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _text(text: str) -> str:
    """Give a text without control characters, which RFC 5545 allows nowhere; every end of a line is one."""
    lines = "\n".join(text.splitlines())
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
