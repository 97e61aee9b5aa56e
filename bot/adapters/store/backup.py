"""Copies of the database file: SQLite's online backup, and the exchange of one file for another."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from bot.adapters.store import faults
from bot.adapters.store.engine import PATIENCE, open_file
from bot.adapters.store.store import SqlStore
from bot.adapters.store.upgrade import problems_in, require_ours, upgrade
from bot.application.ports.backups import Kept
from bot.application.ports.checkpoint import Checkpoint
from bot.domain.errors import Refusal, StoreUnavailable

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database that is in use."""


class FileCopy:
    """A checked copy beside the database."""

    def __init__(self, path: Path, database: Path, store: SqlStore) -> None:
        self._path = path
        self._database = database
        self.store = store

    def take_place(self, aside: Path | None) -> None:
        """Take the place of the database, durable before this returns; what lay there is kept as `aside`."""
        self.store.close()
        _make_one_file(self._path)
        with _told(self._database, "cannot be replaced"):
            _sync(self._path)
            if aside is not None:
                _keep_owner(self._path, self._database)
                _put_aside(self._database, aside)
            self._path.replace(self._database)
            _sync(self._database.parent)

    def discard(self) -> None:
        """Remove the copy, unless it has taken its place."""
        self.store.close()
        _remove(self._path)


class FileBackups:
    """Copies of the database at one path."""

    def __init__(self, database: Path, checkpoint: Checkpoint) -> None:
        self._database = database.resolve()
        self._checkpoint = checkpoint

    def save(self, target: Path, *, overwrite: bool) -> Kept:
        """Write a consistent copy of the database, whoever writes to it meanwhile (see the port)."""
        target = _real(target)
        self._refuse_to_write(target, overwrite=overwrite)
        new = _made(target)
        try:
            self._copy_online(new, target)
            kept = self._held_by(new)
            with _told(target, "cannot be written"):
                _sync(new)
                self._publish(new, target, overwrite=overwrite)
                _sync(target.parent)
        finally:
            _remove(new)
        return kept

    def aside(self, stamp: str) -> Path | None:
        """Name the file that will hold what is now the database, None if there is no database."""
        if not self._database.exists():
            return None
        first = self._database.with_name(f"{self._database.name}.replaced-{stamp}")
        later = (first.with_name(f"{first.name}-{number}") for number in range(2, 1000))
        return next(path for path in (first, *later) if not path.exists())

    def prepare(self, source: Path) -> FileCopy:
        """Copy a backup beside the database, bring it to this version and check it (see the port)."""
        if not source.is_file():
            raise Refusal(
                f"there is no backup at {source}: give the path of a file that `bot db backup` made"
            )
        new = _made(self._database)
        try:
            with _told(source, "cannot be copied"), _no_backup_told(source):
                _copy_with_its_log(source, new)
                _refuse_damaged(new, source, this_version=False)
            upgrade(f"sqlite:///{new}")
            _refuse_damaged(new, source, this_version=True)
        except BaseException:
            _remove(new)
            raise
        return FileCopy(new, self._database, self._store(new))

    def _refuse_to_write(self, target: Path, *, overwrite: bool) -> None:
        if target.exists() and self._database.exists() and target.samefile(self._database):
            raise Refusal(f"{target} is the database itself: give another file")
        if target.is_dir():
            raise Refusal(f"{target} is a folder: name a file in it")
        if target.exists() and not overwrite:
            raise Refusal(f"{target} is there already: give another name, or --force to replace it")

    def _copy_online(self, new: Path, target: Path) -> None:
        with faults.told(self._database, PATIENCE), closing(open_file(self._database)) as source:
            require_ours(source, self._database)
            with faults.told(target, PATIENCE), closing(sqlite3.connect(new, isolation_level=None)) as copy:
                # All pages in one step: one moment of the database, for which nobody who writes has to wait.
                source.backup(copy, pages=-1)
                copy.execute("PRAGMA journal_mode = DELETE")
        _refuse_damaged(new, self._database, this_version=True)

    def _held_by(self, copy: Path) -> Kept:
        store = self._store(copy)
        try:
            return Kept.of(store)
        finally:
            store.close()
            _make_one_file(copy)

    def _store(self, copy: Path) -> SqlStore:
        return SqlStore(f"sqlite:///{copy}", self._checkpoint)

    def _publish(self, new: Path, target: Path, *, overwrite: bool) -> None:
        if overwrite:
            for suffix in BESIDE:  # of an older file: they would be taken for the new one's
                target.with_name(target.name + suffix).unlink(missing_ok=True)
            new.replace(target)
            return
        try:
            os.link(new, target)  # fails if somebody else was faster, where a rename would write over it
        except FileExistsError:
            raise Refusal(f"{target} is there already: give another name, or --force to replace it") from None
        except OSError:  # a file system without links
            new.replace(target)


def check_file(path: Path) -> list[str]:
    """Look for damage in a copy without touching it; gives one line a problem. Raises StoreUnavailable."""
    if not path.is_file():
        raise faults.not_there(path)
    with faults.told(path, PATIENCE), closing(_opened_to_read(path)) as connection:
        return problems_in(connection, path)


def _refuse_damaged(copy: Path, source: Path, *, this_version: bool) -> None:
    """Look for damage; what an upgrade would mend is none yet. A file without tables is no copy of anything."""
    with faults.told(source, PATIENCE), closing(_opened_to_read(copy)) as connection:
        found = problems_in(connection, source)
        if require_ours(connection, source) is None:
            raise faults.no_tables(source)
    if not this_version:
        found = [line for line in found if line.startswith("damaged")]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise Refusal(f"{source} is not whole: {found[0]}{more}")


def _opened_to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)


def _made(target: Path) -> Path:
    """Make an empty file beside another, for this user alone, to be put in its place when it is whole."""
    new = target.with_name(f".{target.name}.new-{os.getpid()}")
    with _told(target, "cannot be written"):
        _remove(new)
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    return new


def _copy_with_its_log(source: Path, new: Path) -> None:
    """A database that was copied by hand may have its newest rows in the file beside it."""
    shutil.copyfile(source, new)
    log = source.with_name(source.name + "-wal")
    if log.exists():
        shutil.copyfile(log, new.with_name(new.name + "-wal"))
    _make_one_file(new)


def _make_one_file(path: Path) -> None:
    with faults.told(path, PATIENCE), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _put_aside(database: Path, aside: Path) -> None:
    """Keep the database with what belongs to it under another name; at no moment is there none in its place."""
    with suppress(sqlite3.Error, OSError), closing(open_file(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # one that is damaged is kept as it is
    try:
        os.link(database, aside)
    except OSError:  # a file system without links
        shutil.copy2(database, aside)
        _sync(aside)
    for suffix in BESIDE:
        beside = database.with_name(database.name + suffix)
        if suffix == "-shm" or (beside.exists() and beside.stat().st_size == 0):
            beside.unlink(missing_ok=True)  # there is nothing in it that is not made anew
        elif beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))


def _keep_owner(path: Path, database: Path) -> None:
    """Whoever restores as root leaves the file to the user whose worker reads it."""
    found = database.stat()
    if os.geteuid() == 0:
        os.chown(path, found.st_uid, found.st_gid)


def _remove(path: Path) -> None:
    for suffix in ("", *BESIDE):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _real(path: Path) -> Path:
    return path.parent.resolve() / path.name


@contextmanager
def _no_backup_told(source: Path) -> Iterator[None]:
    """Say that a file is no backup, where the same trouble with the database in use would have another remedy."""
    try:
        yield
    except StoreUnavailable as error:
        code = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise Refusal(f"{source} is no backup, or a damaged one: {error.__cause__}") from error
        if str(error) in (str(faults.foreign(source)), str(faults.no_tables(source))):
            raise Refusal(f"{source} is no backup of this program's database") from error
        raise


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"{path} {what}: {error.strerror}") from error
