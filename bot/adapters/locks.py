"""The sender lock as a file beside the database (design, section 5, step 2)."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from bot.application.ports.clock import Clock
from bot.application.ports.sender_lock import Holder
from bot.domain.errors import StoreUnavailable

_NOTE_SIZE = 512
"""Bytes of the note about the holder, always written whole, so that a reader meets the old one or the new one."""

_TRIES = 5
_BETWEEN_TRIES = 0.002
"""Somebody who asks for the holder has the lock for a moment (seconds)."""

# A process that is split off would keep the lock of a parent that dies, so it closes what it inherits.
_open: set[int] = set()
_opening = threading.Lock()


def _close_in_child() -> None:
    for descriptor in _open:
        os.close(descriptor)
    _open.clear()
    _opening.release()


os.register_at_fork(before=_opening.acquire, after_in_parent=_opening.release, after_in_child=_close_in_child)


def _opened(path: Path) -> int:
    with _opening:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        _open.add(descriptor)
    return descriptor


def _close(descriptor: int) -> None:
    with _opening:
        _open.discard(descriptor)
        os.close(descriptor)


class FileLock:
    """A lock that is held by an open file. A frozen process keeps it, a dead one loses it."""

    connection: object | None = None

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let go of it; letting go twice does no harm."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            _close(descriptor)


class FileSenderLocks:
    """One lock for each account: `flock` on a file in the folder `<database>.locks`, which is never unlinked.

    `flock` is the system's, or what a test puts in its place.
    """

    def __init__(
        self, database: Path, clock: Clock, *, flock: Callable[[int, int], None] = fcntl.flock
    ) -> None:
        real = database.resolve()
        self._folder = real.with_name(real.name + ".locks")
        self._clock = clock
        self._flock = flock

    def try_acquire(self, account: str) -> FileLock | None:
        """Take the lock of an account, or None when another holds it. Raises StoreUnavailable when locks cannot be had."""
        path = self._path(account)
        for _ in range(_TRIES):
            descriptor = self._locked(path, fcntl.LOCK_EX)
            if descriptor is not None:
                break
            self._clock.wait(_BETWEEN_TRIES)
        else:
            return None
        try:
            self._note_holder(descriptor, path)
        except BaseException:
            _close(descriptor)
            raise
        return FileLock(descriptor)

    def holder(self, account: str) -> Holder | None:
        """Tell who holds it now. Raises StoreUnavailable when it cannot be seen."""
        path = self._path(account)
        if not path.exists():
            return None
        descriptor = self._locked(path, fcntl.LOCK_SH)
        if descriptor is not None:
            _close(descriptor)
            return None
        try:
            note = json.loads(path.read_text("utf-8"))
            return Holder(note["host"], note["pid"], datetime.fromisoformat(note["since"]))
        except (OSError, ValueError, LookupError, TypeError):
            # Held, but the note is not written yet, or somebody spoilt it.
            return Holder("unknown", 0, datetime.fromtimestamp(path.stat().st_mtime, UTC))

    def probe(self) -> None:
        """Make sure that a second opening of a held lock fails. Raises StoreUnavailable when it does not."""
        path = self._folder / ".probe.lock"
        first = self._locked(path, fcntl.LOCK_EX)
        if first is None:
            return  # another process probes at this moment, and its lock holds
        try:
            second = self._locked(path, fcntl.LOCK_EX)
        finally:
            _close(first)
        if second is not None:
            _close(second)
            raise StoreUnavailable(
                f"the file system of {self._folder} does not honour locks: keep the database on a local disk"
            )

    def _path(self, account: str) -> Path:
        return self._folder / (quote(account, safe="").replace(".", "%2E") + ".lock")

    def _locked(self, path: Path, kind: int) -> int | None:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = _opened(path)
        except OSError as error:
            raise StoreUnavailable(f"the lock {path} cannot be opened: {error.strerror}") from error
        try:
            self._flock(descriptor, kind | fcntl.LOCK_NB)
        except OSError as error:
            _close(descriptor)
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return None
            raise StoreUnavailable(f"the lock {path} cannot be had: {error.strerror}") from error
        return descriptor

    def _note_holder(self, descriptor: int, path: Path) -> None:
        since = self._clock.now().astimezone(UTC).isoformat()
        note = json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "since": since})
        try:
            os.pwrite(descriptor, note.encode().ljust(_NOTE_SIZE), 0)
        except OSError as error:
            raise StoreUnavailable(f"the lock {path} cannot be written: {error.strerror}") from error
