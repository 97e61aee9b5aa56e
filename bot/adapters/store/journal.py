"""The append-only log, in the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from bot.adapters.store.schema import journal
from bot.adapters.store.types import instant_text, json_text
from bot.application.ports.journal import Entry
from bot.domain.journal import GENESIS, Event, event_hash, written_hash

_PAGE = 1000

_j = journal.c
_LAST = select(journal).order_by(_j.seq.desc()).limit(1)
_HEAD = select(_j.seq, _j.hash).order_by(_j.seq.desc()).limit(1)
_APPEND = insert(journal)
_RECENT = (
    select(journal)
    .where(_j.event.in_(bindparam("events_", expanding=True)), _j.at >= bindparam("since_"))
    .order_by(_j.seq)
)
_ROW = select(journal).where(_j.seq == bindparam("seq_"))


class SqlJournal:
    """One event a row, each with the hash of the one before."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: tuple[int, str] | None = None

    def append(
        self,
        event: str,
        *,
        at: datetime,
        actor: str,
        announcement_id: int | None = None,
        data: Mapping[str, Any],
    ) -> Event:
        """Write one event; `data` must be JSON. Gives the row with its number and hash."""
        text = json_text(data)
        seq, previous = self._head()
        # The hash is taken of what will be read back: the instant in UTC, the data as JSON gives it.
        content: dict[str, Any] = {
            "seq": seq + 1,
            "at": at.astimezone(UTC),
            "actor": actor,
            "event": event,
            "announcement_id": announcement_id,
            "data": json.loads(text),
            "previous": previous,
        }
        row = Event(**content, hash=event_hash(**content))
        stored = content | {"at": instant_text(at), "data": text, "hash": row.hash}
        self._connection.execute(_APPEND, stored)
        self._last = row.seq, row.hash
        return row

    def append_all(self, entries: Iterable[Entry]) -> None:
        """Write many events in a few statements, in order."""
        seq, previous = self._head()
        rows = []
        for entry in entries:
            row = _row_of(entry, seq + 1, previous)
            seq, previous = row["seq"], row["hash"]
            rows.append(row)
        if rows:
            self._connection.execute(_APPEND, rows)
            self._last = seq, previous

    def _head(self) -> tuple[int, str]:
        """Give the number and the hash of the last row. Who has appended is alone among writers until its transaction ends."""
        if self._last is None:
            row = self._connection.execute(_HEAD).one_or_none()
            self._last = (row.seq, row.hash) if row else (0, GENESIS)
        return self._last

    def head(self) -> Event | None:
        """Give the last row."""
        row = self._connection.execute(_LAST).one_or_none()
        return None if row is None else _event(row)

    def row(self, seq: int) -> Event | None:
        """Give one row."""
        row = self._connection.execute(_ROW, {"seq_": seq}).one_or_none()
        return None if row is None else _event(row)

    def recent(self, events: Collection[str], *, since: datetime) -> Sequence[Event]:
        """Give the rows of these kinds from an instant (UTC) on, the oldest first."""
        given = {"events_": sorted(events), "since_": instant_text(since)}
        return [_event(row) for row in self._connection.execute(_RECENT, given)]

    def events(self, *, announcement_id: int | None = None) -> Iterator[Event]:
        """Walk all rows in order, or those of one announcement, a page at a time."""
        query = select(journal).where(_j.seq > bindparam("after_")).order_by(_j.seq).limit(_PAGE)
        if announcement_id is not None:
            query = query.where(_j.announcement_id == announcement_id)
        after = -(2**62)  # a forged row may have any number
        while rows := self._connection.execute(query, {"after_": after}).all():
            yield from map(_event, rows)
            after = rows[-1].seq


def _row_of(entry: Entry, seq: int, previous: str) -> dict[str, Any]:
    """Give the row of an event whose data have texts for names, so that they are read back as they are written."""
    text = json_text(entry.data)
    before = (seq, entry.at.astimezone(UTC).isoformat(), entry.actor, entry.event, entry.announcement_id)
    return {
        "seq": seq,
        "at": instant_text(entry.at),
        "actor": entry.actor,
        "event": entry.event,
        "announcement_id": entry.announcement_id,
        "data": text,
        "previous": previous,
        "hash": written_hash(before, text, previous),
    }


def _event(row: Row[Any]) -> Event:
    """Read a row as it stands: one that was spoilt by hand is shown too, its hash then tells."""
    at, data = datetime.min.replace(tzinfo=UTC), None
    with suppress(ValueError, TypeError):
        at = datetime.fromisoformat(row.at)
    with suppress(ValueError, TypeError):
        data = json.loads(row.data)
    return Event(
        seq=row.seq,
        at=at,
        actor=str(row.actor),
        event=str(row.event),
        announcement_id=row.announcement_id,
        data=data if isinstance(data, dict) else {"unreadable": str(row.data)},
        previous=str(row.previous),
        hash=str(row.hash),
    )
