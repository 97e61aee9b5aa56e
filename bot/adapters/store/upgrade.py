"""Making the database, bringing it up to date, checking it. Loads Alembic: only the commands that need it import this."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import StaticPool, create_engine

from bot.adapters.store import faults, invariants
from bot.adapters.store.engine import PATIENCE, database_path, open_file, stored_version, upgrading_engine
from bot.adapters.store.schema import VERSIONS, metadata
from bot.domain.errors import StoreUnavailable


def upgrade(url: str) -> None:
    """Make the database if there is none (mode 0600) and bring it up to date, all or nothing.

    Raises StoreUnavailable when it cannot be, or when the file belongs to something else or to a newer version.
    """
    path = database_path(url)
    made = _make(path)
    try:
        with _opened(path) as connection:
            require_ours(connection, path)
        _migrate(path)
    except BaseException:
        if made:
            _remove(path)
        raise


def version(url: str) -> str | None:
    """Give the revision of the schema, None when there are no tables yet. Raises StoreUnavailable."""
    path = database_path(url)
    with _opened(path) as connection:
        return require_ours(connection, path)


def check(url: str) -> list[str]:
    """Look for damage; gives one line a problem. Raises StoreUnavailable when the database cannot be opened."""
    path = database_path(url)
    try:
        with _opened(path) as connection:
            return problems_in(connection, path)
    except StoreUnavailable as error:
        cause = error.__cause__
        if (
            isinstance(cause, sqlite3.DatabaseError)
            and cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT
        ):
            return [f"damaged: {cause}"]
        raise


def problems_in(connection: sqlite3.Connection, path: Path) -> list[str]:
    """Look for damage in an open database; gives one line a problem. Raises StoreUnavailable if it is none of ours."""
    damage = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
    problems = [f"damaged: {line}" for line in damage]
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        problems.append(f"table {table}, row {row}: the row of {parent} that it names is missing")
    found = require_ours(connection, path)
    if found != VERSIONS[-1]:
        return [*problems, f"the schema is of version {found}, not {VERSIONS[-1]}: run `bot db upgrade`"]
    return problems + _differences(_shape(connection), _expected_shape())


def _make(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return False
    except OSError as error:
        raise StoreUnavailable(f"the database {path} cannot be made: {error.strerror}") from None
    return True


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _migrate(path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    engine = upgrading_engine(path)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with faults.told(path, PATIENCE), closing(open_file(path)) as connection:
        yield connection


def require_ours(connection: sqlite3.Connection, path: Path) -> str | None:
    """Give the revision of the schema, None without tables. Raises StoreUnavailable if it is none of ours, or newer."""
    try:
        found = stored_version(connection)
    except LookupError:
        raise faults.foreign(path) from None
    if found is not None and found not in VERSIONS:
        raise faults.newer(path)
    return found


def _expected_shape() -> dict[str, str]:
    with closing(sqlite3.connect(":memory:")) as empty:
        with create_engine("sqlite://", creator=lambda: empty, poolclass=StaticPool).begin() as connection:
            metadata.create_all(connection)
            invariants.install(connection)
        return _shape(empty)


def _shape(connection: sqlite3.Connection) -> dict[str, str]:
    """Describe each table by its columns, each index and trigger by its text without white space."""
    shape: dict[str, str] = {}
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    for kind, name, text in connection.execute(query).fetchall():
        if name == "alembic_version":
            continue
        if kind == "table":
            columns = connection.execute(
                'SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)
            )
            shape[f"{kind} {name}"] = str(sorted(columns.fetchall()))
        else:
            shape[f"{kind} {name}"] = "".join(text.split()).replace('"', "")
    return shape


def _differences(found: dict[str, str], expected: dict[str, str]) -> list[str]:
    remedy = "run `bot db upgrade`, or restore a backup"
    missing = [f"{name} is missing: {remedy}" for name in sorted(expected.keys() - found.keys())]
    extra = [
        f"{name} does not belong here: somebody added it" for name in sorted(found.keys() - expected.keys())
    ]
    both = sorted(expected.keys() & found.keys())
    return (
        missing + extra + [f"{name} was changed: {remedy}" for name in both if found[name] != expected[name]]
    )
