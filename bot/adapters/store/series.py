"""Series, in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from bot.adapters.store.announcements import SqlAnnouncements
from bot.adapters.store.schema import announcements, series
from bot.application.ports.announcements import Filter
from bot.application.ports.series import NewSeries, Waiting
from bot.domain.announcement import Announcement, Record
from bot.domain.errors import InputError
from bot.domain.series import OPEN, Series, Stop

_s = series.c
_a = announcements.c

_WAKING = select(_s.id).where(_s.wake_at <= bindparam("now_")).order_by(_s.wake_at, _s.id)
_WAITING = (
    select(_a.series, func.count(), func.min(_a.due_at))
    .where(_a.series.is_not(None), _a.state.in_(sorted(OPEN)), _a.due_at > bindparam("now_"))
    .group_by(_a.series)
)


class SqlAllSeries:
    """Series by number and by key, and what was made of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: NewSeries) -> Series:
        """Keep a series. Raises Refusal if its source has the key already."""
        values = {
            "source": new.source,
            "key": new.key,
            "account": new.account,
            "record": new.record,
            "begins": new.begins,
            "author": new.author,
            "created_at": new.at,
            "revision": 1,
            "wake_at": new.at,
            "trouble": "",
        }
        return _series(self._connection.execute(insert(series).returning(*_s), values).one())

    def get(self, series_id: int) -> Series:
        """Give one. Raises InputError if there is none."""
        found = self._given(select(series).where(_s.id == series_id))
        if not found:
            raise InputError(f"there is no series {series_id}: `bot series list` shows them")
        return found[0]

    def find(self, name: str) -> Series:
        """Give the one that people call by this key. Raises InputError (none, or several have the key)."""
        found = self._given(select(series).where(_s.key == name).order_by(_s.id).limit(10))
        if not found:
            raise InputError(f"there is no series '{name}': `bot series list` shows them")
        if len(found) > 1:
            campaigns = ", ".join(each.source for each in found)
            raise InputError(f"several campaigns have a series '{name}': {campaigns}; give one another key")
        return found[0]

    def by_key(self, source: str, key: str) -> Series | None:
        """Give the one that an import knows by this key."""
        found = self._given(select(series).where(_s.source == source, _s.key == key))
        return found[0] if found else None

    def list(self) -> Sequence[Series]:
        """List all of them by key."""
        return self._given(select(series).order_by(_s.key, _s.id))

    def change(self, series_id: int, record: Record, *, account: str, begins: datetime, at: datetime) -> None:
        """Put another record in its place and count the revision up; it wants looking at from `at` on."""
        values = {
            "record": record,
            "account": account,
            "begins": begins,
            "revision": _s.revision + 1,
            "wake_at": at,
        }
        self._connection.execute(update(series).where(_s.id == series_id).values(values))

    def looked_at(self, series_id: int, *, wake_at: datetime | None, trouble: str) -> None:
        """Note when it wants looking at next (UTC), and what could not be made."""
        noted = update(series).where(_s.id == series_id, _s.stopped_at.is_(None))
        self._connection.execute(noted.values(wake_at=wake_at, trouble=trouble))

    def stop(self, series_id: int, stop: Stop) -> bool:
        """Let nothing more come of it; False if it was stopped already."""
        values = {
            "stopped_at": stop.at,
            "stopped_by": stop.by,
            "stopped_reason": stop.reason,
            "wake_at": None,
            "trouble": "",
        }
        stopped = update(series).where(_s.id == series_id, _s.stopped_at.is_(None)).values(values)
        return self._connection.execute(stopped.returning(_s.id)).one_or_none() is not None

    def waking(self, now: datetime) -> Sequence[int]:
        """List the series that want looking at."""
        return self._connection.execute(_WAKING, {"now_": now}).scalars().all()

    def occurrences(self, series_id: int) -> Sequence[Announcement]:
        """List what was made of a series, by wall time."""
        found = SqlAnnouncements(self._connection).list(Filter(series=series_id))
        return sorted(found, key=lambda each: str(each.occurrence.wall if each.occurrence else ""))

    def waiting(self, now: datetime) -> Mapping[int, Waiting]:
        """Tell what waits for approval and is due after an instant (UTC): number of the series → how many."""
        rows = self._connection.execute(_WAITING, {"now_": now})
        return {number: Waiting(count, first) for number, count, first in rows}

    def note_written(self, announcement_id: int, revision: int) -> None:
        """Note which revision of an announcement its series wrote; 0 that it took it back."""
        noted = update(announcements).where(_a.id == announcement_id).values(series_wrote=revision)
        self._connection.execute(noted)

    def _given(self, query: Select[Any]) -> Sequence[Series]:
        return [_series(row) for row in self._connection.execute(query)]


def _series(row: Row[Any]) -> Series:
    stopped = Stop(row.stopped_by, row.stopped_at, row.stopped_reason) if row.stopped_at else None
    return Series(
        id=row.id,
        source=row.source,
        key=row.key,
        account=row.account,
        record=row.record,
        begins=row.begins,
        author=row.author,
        created_at=row.created_at,
        revision=row.revision,
        wake_at=row.wake_at,
        trouble=row.trouble,
        stopped=stopped,
    )
