"""Calendars that other programs open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.announcement import Due


class EventStatus(StrEnum):
    """How sure an event is, in the words of RFC 5545."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event. `uid` is the same in every calendar that names it; `sequence` rises with every change of it.

    `url`: where it can be seen, once it is out.
    """

    uid: str
    start: Due
    summary: str
    description: str
    status: EventStatus
    sequence: int = 0
    created: datetime | None = None
    changed: datetime | None = None
    url: str | None = None


class CalendarWriter(Protocol):
    """Writes iCalendar (RFC 5545)."""

    def write(self, events: Sequence[CalendarEvent], *, name: str, now: datetime) -> bytes:
        """Give a calendar of that name with these events, as of an instant (UTC); its lines end with CRLF.

        Each event stands in its own time zone, whose rules come with it. No text can end a line or begin a property.
        """
        ...
