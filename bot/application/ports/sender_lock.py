"""The sender lock: one request at a time for each account (design, section 5, step 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, and since when (UTC)."""

    host: str
    pid: int
    since: datetime


class HeldLock(Protocol):
    """A lock that is held. A frozen process keeps it, a dead one loses it; it is never stolen."""

    @property
    def connection(self) -> object | None:
        """The database connection that carries the lock, None when a file carries it."""
        ...

    def release(self) -> None:
        """Let go of it."""
        ...


class SenderLocks(Protocol):
    """One lock for each account."""

    def try_acquire(self, account: str) -> HeldLock | None:
        """Take the lock of an account, or None when another holds it. Raises StoreUnavailable when locks cannot be had."""
        ...

    def holder(self, account: str) -> Holder | None:
        """Tell who holds it now."""
        ...
