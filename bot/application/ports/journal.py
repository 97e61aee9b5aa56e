"""The append-only log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.journal import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written: an event without its place in the chain. The names of `data` are texts."""

    event: str
    at: datetime
    actor: str
    announcement_id: int | None
    data: Mapping[str, Any]


class Journal(Protocol):
    """One event a row, each with the hash of the one before."""

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
        ...

    def append_all(self, entries: Iterable[Entry]) -> None:
        """Write many events in a few statements, in order."""
        ...

    def head(self) -> Event | None:
        """Give the last row."""
        ...

    def row(self, seq: int) -> Event | None:
        """Give one row."""
        ...

    def recent(self, events: Collection[str], *, since: datetime) -> Sequence[Event]:
        """Give the rows of these kinds from an instant (UTC) on, the oldest first."""
        ...

    def events(self, *, announcement_id: int | None = None) -> Iterator[Event]:
        """Walk all rows in order, or those of one announcement."""
        ...
