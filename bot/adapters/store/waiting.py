"""Who waits for the right to write: SQLite does not tell the one who has it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_TRIES = 20
"""Somebody who asks whether anybody waits has the lock for a moment."""


class WaitingWriters:
    """Each holds a shared `flock` on a file beside the database while it waits; a dead one loses it.

    It is a courtesy: a writer that cannot be announced waits as well as any.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(f"{database.name}.waiting")

    @contextmanager
    def announced(self, *, silently: bool = False) -> Iterator[Callable[[], None]]:
        """Announce a writer, unless it waits silently; gives what it calls when it waits no more."""
        descriptor = None if silently else self._opened()
        if descriptor is None:
            yield lambda: None
            return
        open_files = [descriptor]
        try:
            for _ in range(_TRIES):
                if _locked(descriptor, fcntl.LOCK_SH):
                    break
            yield lambda: os.close(open_files.pop())
        finally:
            for each in open_files:
                os.close(each)

    def anybody(self) -> bool:
        """Tell whether a writer of this or another process waits."""
        descriptor = self._opened()
        if descriptor is None:
            return False
        try:
            return not _locked(descriptor, fcntl.LOCK_EX)
        finally:
            os.close(descriptor)

    def _opened(self) -> int | None:
        if not self._database.exists():
            return None
        with suppress(OSError):
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return None


def _locked(descriptor: int, kind: int) -> bool:
    # Never waiting: somebody who was frozen with the lock would keep everybody from writing.
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
