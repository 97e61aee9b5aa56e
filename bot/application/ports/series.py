"""Series: the recurring announcements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.announcement import Announcement, Record
from bot.domain.series import Series, Stop


@dataclass(frozen=True, slots=True)
class NewSeries:
    """A record that comes again. `source` and `key` name it once and for all; it wants looking at from `at` on."""

    record: Record
    source: str
    key: str
    account: str
    begins: datetime
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of a series waits for approval: how many, and when the first of them is due (UTC)."""

    count: int
    first: datetime


class AllSeries(Protocol):
    """Series by number and by key, and what was made of them."""

    def add(self, new: NewSeries) -> Series:
        """Keep a series. Raises Refusal if its source has the key already."""
        ...

    def get(self, series_id: int) -> Series:
        """Give one. Raises InputError if there is none."""
        ...

    def find(self, name: str) -> Series:
        """Give the one that people call by this key. Raises InputError (none, or several have the key)."""
        ...

    def by_key(self, source: str, key: str) -> Series | None:
        """Give the one that an import knows by this key."""
        ...

    def list(self) -> Sequence[Series]:
        """List all of them by key."""
        ...

    def change(self, series_id: int, record: Record, *, account: str, begins: datetime, at: datetime) -> None:
        """Put another record in its place and count the revision up; it wants looking at from `at` on."""
        ...

    def looked_at(self, series_id: int, *, wake_at: datetime | None, trouble: str) -> None:
        """Note when it wants looking at next (UTC), and what could not be made."""
        ...

    def stop(self, series_id: int, stop: Stop) -> bool:
        """Let nothing more come of it; False if it was stopped already."""
        ...

    def waking(self, now: datetime) -> Sequence[int]:
        """List the series that want looking at."""
        ...

    def occurrences(self, series_id: int) -> Sequence[Announcement]:
        """List what was made of a series, by wall time."""
        ...

    def waiting(self, now: datetime) -> Mapping[int, Waiting]:
        """Tell what waits for approval and is due after an instant (UTC): number of the series → how many."""
        ...

    def note_written(self, announcement_id: int, revision: int) -> None:
        """Note which revision of an announcement its series wrote; 0 that it took it back."""
        ...
