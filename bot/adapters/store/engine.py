"""Connections to the database."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from bot.adapters.store import faults
from bot.adapters.store.schema import VERSIONS
from bot.domain.errors import SettingsMissing


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


def writing_engine(path: Path) -> Engine:
    """Give an engine whose transactions write, alone among writers from their first moment."""
    return _engine(path, begin="BEGIN IMMEDIATE", query_only=False, connections=1)


def reading_engine(path: Path) -> Engine:
    """Give an engine whose transactions only read; a write is an error."""
    return _engine(path, begin="BEGIN", query_only=True, connections=4)


def upgrading_engine(path: Path) -> Engine:
    """Give an engine that takes a database of any version."""
    return _engine(path, begin="BEGIN IMMEDIATE", query_only=False, connections=0)


def stored_version(connection: sqlite3.Connection) -> str | None:
    """Give the revision of the schema; None if there are no tables. Raises LookupError for tables of something else."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" in names:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    if names:
        raise LookupError("alembic_version")
    return None


def open_file(path: Path, *, query_only: bool = False) -> sqlite3.Connection:
    """Open a database that is there; one is never made by accident."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=faults.BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # So that an INSERT OR REPLACE meets the triggers that forbid deleting.
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute(f"PRAGMA query_only = {int(query_only)}")
    except BaseException:
        connection.close()
        raise
    return connection


def _require_version(connection: sqlite3.Connection, path: Path) -> None:
    try:
        found = stored_version(connection)
    except LookupError:
        raise faults.foreign(path) from None
    if found is None:
        raise faults.no_tables(path)
    if found not in VERSIONS:
        raise faults.newer(path)
    if found != VERSIONS[-1]:
        raise faults.older(path)


def _engine(path: Path, *, begin: str, query_only: bool, connections: int) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = open_file(path, query_only=query_only)
        try:
            if connections:
                _require_version(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine(
        "sqlite:///file",  # the dialect only; the connections come from `connect`
        creator=connect,
        pool_size=max(connections, 1),
        max_overflow=-1,
        pool_use_lifo=True,
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    event.listen(engine, "handle_error", lambda context: faults.translated(context.original_exception, path))
    return engine
