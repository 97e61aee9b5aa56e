"""What the database complains of, in one line for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.store.invariants import MARK
from bot.domain.errors import BotError, Refusal, StoreReplaced, StoreUnavailable

_REFUSALS = {
    "announcements.source, announcements.key": "a record with this key is queued already: use another key or edit that one",
    "posts.account, posts.fingerprint": "the same text is queued for this account already and not finished: change one of them",
    "posts.announcement_id, posts.position": "the posts of this announcement are frozen already",
    "announcements.series, announcements.occurrence": "this announcement of the series was made already",
    "series.source, series.key": "a series with this key is there already: use another key",
    "announcements.corrects": "another correction of this post is not finished: wait for it, or cancel it",
    "attempts.post": "another attempt of this post is being sent, is in doubt or is accepted",
    "attempts.account": "another post of this account is being sent",
    "attempts.account, attempts.post_id": "this post id belongs to another attempt",
    "attempts.post, attempts.number": "this attempt was begun already",
}
"""The columns of an index that holds an invariant → what its refusal means."""


def not_there(path: Path) -> StoreUnavailable:
    """Say that there is no database."""
    return StoreUnavailable(f"no database at {path}: run `bot init` or `bot db upgrade`")


def replaced(path: Path) -> StoreReplaced:
    """Say that another file lies in the database's place."""
    return StoreReplaced(f"the database {path} was replaced by another file while this ran: start it again")


def no_tables(path: Path) -> StoreUnavailable:
    """Say that the database is empty."""
    return StoreUnavailable(f"the database {path} has no tables yet: run `bot db upgrade`")


def older(path: Path) -> StoreUnavailable:
    """Say that the schema is of an older version."""
    return StoreUnavailable(f"the database {path} is of an older version: run `bot db upgrade`")


def newer(path: Path) -> StoreUnavailable:
    """Say that the schema is of a newer version."""
    return StoreUnavailable(
        f"the database {path} was made by a newer version of this program: upgrade the program"
    )


def foreign(path: Path) -> StoreUnavailable:
    """Say that the file belongs to something else."""
    return StoreUnavailable(f"{path} is not a database of this program: check BOT_DATABASE_URL")


def locked(path: Path, patience: float) -> StoreUnavailable:
    """Say that another writer did not let go for so many seconds."""
    return StoreUnavailable(
        f"the database {path} is locked by another process for {patience:g} s: try again, or end that process"
    )


def translated(error: BaseException | None, path: Path, patience: float) -> BotError | None:
    """Give the one-line error for what SQLite raised; None for what is a fault of ours."""
    if not isinstance(error, sqlite3.Error):
        return None
    if isinstance(error, sqlite3.IntegrityError):
        return _refusal(str(error))
    if "no such table" in str(error):
        return no_tables(path)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the detail of an extended code
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return locked(path, patience)
    return _unavailable(code, path)


@contextmanager
def told(path: Path, patience: float) -> Iterator[None]:
    """Translate what SQLite raises in the block where no engine does."""
    try:
        yield
    except sqlite3.Error as error:
        known = translated(error, path, patience)
        if known is None:
            raise
        raise known from error


def _refusal(message: str) -> Refusal | None:
    if message.startswith(MARK):
        return Refusal(message.removeprefix(MARK))
    sentence = _REFUSALS.get(message.removeprefix("UNIQUE constraint failed: "))
    return Refusal(sentence) if sentence else None


def _unavailable(code: int, path: Path) -> StoreUnavailable | None:
    if code == sqlite3.SQLITE_CANTOPEN and not path.exists():
        return not_there(path)
    if code == sqlite3.SQLITE_NOTADB:
        return foreign(path)
    line = {
        sqlite3.SQLITE_CANTOPEN: "cannot be opened: check the permissions of the file and of its folder",
        sqlite3.SQLITE_PERM: "cannot be opened: check the permissions of the file and of its folder",
        sqlite3.SQLITE_READONLY: "is read-only: let this user write the file and its folder",
        sqlite3.SQLITE_FULL: "has no room (database or disk is full): free some space",
        sqlite3.SQLITE_IOERR: "cannot be written or read (disk I/O error): check the disk, its space and file-size limit",
        sqlite3.SQLITE_CORRUPT: "is damaged: run `bot db check` and restore a backup",
    }.get(code)
    return StoreUnavailable(f"the database {path} {line}") if line else None
