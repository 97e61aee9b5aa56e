"""Copies of the database: made while it is in use, checked, and put in its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.application.ports.store import Store
from bot.domain.journal import Head


@dataclass(frozen=True, slots=True)
class Kept:
    """What a copy holds: how many announcements, and the log's head."""

    announcements: int
    head: Head | None

    @classmethod
    def of(cls, store: Store) -> Kept:
        """Look at what is there. Raises StoreUnavailable."""
        with store.reading() as tx:
            last = tx.journal.head()
            announcements = sum(tx.announcements.counts().values())
        return Kept(announcements, Head(last.hash, last.seq) if last else None)


class Copy(Protocol):
    """A checked copy that lies beside the database and is not in its place yet; `store` opens transactions on it."""

    @property
    def store(self) -> Store:
        """The store on the copy."""
        ...

    def take_place(self, aside: Path | None) -> None:
        """Take the place of the database, durable before this returns; what lay there is kept as `aside` (None if nothing did).

        Raises StoreUnavailable when files cannot be moved; the database is then as it was.
        """
        ...

    def discard(self) -> None:
        """Remove the copy, unless it has taken its place."""
        ...


class Backups(Protocol):
    """Makes copies of the database and takes them back."""

    def save(self, target: Path, *, overwrite: bool) -> Kept:
        """Write a consistent copy of the database, whoever writes to it meanwhile; durable before this returns, mode 0600.

        Raises Refusal when there is a file already or the copy would be damaged, StoreUnavailable when a file cannot be read
        or written.
        """
        ...

    def aside(self, stamp: str) -> Path | None:
        """Name the file that will hold what is now the database, None if there is no database."""
        ...

    def prepare(self, source: Path) -> Copy:
        """Copy a backup beside the database, bring it to this version and check it; the backup is left as it is.

        Raises Refusal when it is damaged or of a newer version, StoreUnavailable when it cannot be read or copied.
        """
        ...
