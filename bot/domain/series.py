"""A series: a recurring announcement, from which ordinary announcements are made ahead of their time (decision 0029)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.announcement import Announcement, Record, Repeat
from bot.domain.states import State

OPEN = frozenset({State.DRAFT, State.SUBMITTED})
"""States in which a series may still change or cancel what it made, if nobody approved or edited it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody's word that nothing more comes of a series."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Series:
    """A record that comes again, named by its key. `begins`: the wall time, in the record's or the campaign's zone, at which it
    begins; `revision` counts its changes; `trouble`: why an announcement could not be made, a line each; `wake_at` is when it
    wants looking at next (UTC), None for never. A stopped series makes nothing more."""

    id: int
    source: str
    key: str
    account: str
    record: Record
    begins: datetime
    author: str
    created_at: datetime
    revision: int = 1
    wake_at: datetime | None = None
    trouble: str = ""
    stopped: Stop | None = None

    @property
    def repeat(self) -> Repeat:
        """When it comes again, and in which words."""
        assert self.record.repeat is not None  # noqa: S101 - what makes it a series
        return self.record.repeat


def is_left_to_series(announcement: Announcement) -> bool:
    """Tell whether a series may change or cancel what it made: nobody has approved it, edited it or given it another time."""
    place, due = announcement.occurrence, announcement.due
    if place is None or announcement.state not in OPEN or announcement.approvals:
        return False
    return announcement.revision == place.written and due is not None and due.wall == place.wall


def was_taken_back(announcement: Announcement) -> bool:
    """Tell whether the series itself cancelled it, so that it may come back; what a person cancelled stays so."""
    place = announcement.occurrence
    return place is not None and announcement.state is State.CANCELLED and place.written == 0
