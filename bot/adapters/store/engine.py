"""Connections to the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError

from bot.adapters.store import faults
from bot.adapters.store.schema import VERSIONS
from bot.domain.errors import SettingsMissing

PATIENCE = 10.0
"""How many seconds a writer waits for another one."""


def database_path(url: str) -> Path:
    """Give the file that a database URL names. Raises SettingsMissing for a URL that is none of a file."""
    try:
        parts: URL | None = make_url(url)
    except ArgumentError:
        parts = None
    if parts is None or parts.get_backend_name() != "sqlite" or parts.database in (None, "", ":memory:"):
        shown = "it" if parts is None else f"'{parts.render_as_string()}'"
        raise SettingsMissing(
            f"BOT_DATABASE_URL: {shown} does not name a database file: write sqlite:///bot.db"
        )
    return Path(str(parts.database)).resolve()


def writing_engine(path: Path, patience: float) -> Engine:
    """Give an engine whose transactions write, alone among writers from their first moment."""

    def connect() -> sqlite3.Connection:
        return _checked(open_file(path, patience), path)

    return _engine(connect, "BEGIN IMMEDIATE", path=path, patience=patience, connections=1)


def reading_engine(path: Path, patience: float) -> Engine:
    """Give an engine whose transactions only read; a write is an error."""

    def connect() -> sqlite3.Connection:
        connection = _checked(open_file(path, patience), path)
        connection.execute("PRAGMA query_only = ON")
        return connection

    return _engine(connect, "BEGIN", path=path, patience=patience, connections=4)


def upgrading_engine(path: Path) -> Engine:
    """Give an engine that takes a database of any version."""
    return _engine(lambda: open_file(path), "BEGIN IMMEDIATE", path=path, patience=PATIENCE, connections=1)


def stored_version(connection: sqlite3.Connection) -> str | None:
    """Give the revision of the schema; None if there are no tables. Raises LookupError for tables of something else."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" in names:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    if names:
        raise LookupError("alembic_version")
    return None


def open_file(path: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open a database that is there; one is never made by accident."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # So that an INSERT OR REPLACE meets the triggers that forbid deleting.
        connection.execute("PRAGMA recursive_triggers = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _checked(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Give the connection back if the schema is of this version, else close it and raise StoreUnavailable."""
    try:
        found = stored_version(connection)
        if found == VERSIONS[-1]:
            return connection
        if found is None:
            raise faults.no_tables(path)
        raise faults.older(path) if found in VERSIONS else faults.newer(path)
    except LookupError:
        connection.close()
        raise faults.foreign(path) from None
    except BaseException:
        connection.close()
        raise


def _engine(
    connect: Callable[[], sqlite3.Connection], begin: str, *, path: Path, patience: float, connections: int
) -> Engine:
    def told(context: ExceptionContext) -> BaseException | None:
        return faults.translated(context.original_exception, path, patience)

    def begun(connection: Connection) -> None:
        # Straight to the driver: every transaction begins so, and by way of the engine it takes three times as long.
        with faults.told(path, patience):
            connection.connection.cursor().execute(begin)

    engine = create_engine(
        "sqlite:///file",  # the dialect only; the connections come from `connect`
        creator=connect,
        pool_size=connections,
        max_overflow=-1,
        pool_use_lifo=True,
    )
    event.listen(engine, "begin", begun)
    event.listen(engine, "handle_error", told)
    return engine
