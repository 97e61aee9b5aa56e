"""A database that does not answer is told of in one line that says what to do, and sending can go on when it is back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.store.engine import reading_engine, writing_engine
from bot.adapters.store.store import SqlStore
from bot.adapters.store.upgrade import check, upgrade, version
from bot.domain.errors import SettingsMissing, StoreUnavailable
from tests.contract.database import NOW, Database

REPO = Path(__file__).parents[2]
NOBODY = 65534

AS_ANOTHER = """
import os, sys
from tests.contract.database import NOW
from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.store.store import SqlStore
from bot.domain.errors import StoreUnavailable

store = SqlStore("sqlite:///" + sys.argv[1], NoCheckpoint(), patience=0)
if os.getuid() == 0:
    os.setgroups([])
    os.setgid({nobody})
    os.setuid({nobody})
try:
    {deed}
    print("done")
except StoreUnavailable as error:
    print(error)
store.close()
"""

WRITE = """with store.writing() as tx:
        tx.journal.append("seen", at=NOW, actor="me", data={})"""
READ = """with store.reading() as tx:
        tx.journal.head()"""

UNTIL_FULL = """
import resource, sys
from tests.contract.database import NOW
from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.store.store import SqlStore
from bot.domain.errors import StoreUnavailable

store = SqlStore("sqlite:///" + sys.argv[1], NoCheckpoint())

def append():
    with store.writing() as tx:
        return tx.journal.append("seen", at=NOW, actor="me", data={"text": "x" * 5000}).seq

stored = append()
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
try:
    while True:
        stored = append()
except StoreUnavailable as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(append() - stored)
store.close()
"""


def append(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.journal.append("seen", at=NOW, actor="me", data={})


def complaint(store: SqlStore) -> str:
    """What the store says when it is written to."""
    with pytest.raises(StoreUnavailable) as caught:
        append(store)
    message = str(caught.value)
    assert "\n" not in message
    return message


def run(script: str, *arguments: str) -> list[str]:
    """Run a script in a process of its own; gives the lines that it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        cwd=REPO, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach, unlike those that pytest makes."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_missing_database_is_not_made_by_accident(tmp_path: Path) -> None:
    database = Database(tmp_path / "bot.db")
    store = database.store()
    assert complaint(store) == f"no database at {tmp_path}/bot.db: run `bot init` or `bot db upgrade`"
    with pytest.raises(StoreUnavailable, match="no database at"), store.reading():
        pass
    with pytest.raises(StoreUnavailable, match="no database at"):
        store.version()
    assert list(tmp_path.iterdir()) == []
    database.make()
    append(store)
    database.close()


@pytest.mark.parametrize("patience", [0, 0.05])
def test_a_database_that_another_process_locks_is_told_of_after_the_wait(
    database: Database, patience: float
) -> None:
    store = database.store(patience=patience)
    with database.raw() as other:
        other.execute("BEGIN IMMEDIATE")
        message = complaint(store)
        other.execute("ROLLBACK")
    assert message == (
        f"the database {database.path} is locked by another process for {patience:g} s: "
        "try again, or end that process"
    )
    append(store)


def test_a_file_that_is_no_database_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("campaign: tenyears\n" * 1000, "utf-8")
    database = Database(tmp_path / "bot.db")
    expected = f"{tmp_path}/bot.db is not a database of this program: check BOT_DATABASE_URL"
    assert complaint(database.store()) == expected
    for deed in (upgrade, version, check):
        with pytest.raises(StoreUnavailable, match="is not a database of this program"):
            deed(database.url)
    database.close()


def test_a_database_of_another_program_is_told_of_and_left_alone(tmp_path: Path) -> None:
    database = Database(tmp_path / "bot.db")
    database.run("CREATE TABLE songs (name TEXT)")
    assert "is not a database of this program" in complaint(database.store())
    for deed in (upgrade, version, check):
        with pytest.raises(StoreUnavailable, match="is not a database of this program"):
            deed(database.url)
    assert database.run("SELECT name FROM sqlite_master") == [("songs",)]
    database.close()


def test_an_empty_database_asks_for_an_upgrade(tmp_path: Path) -> None:
    database = Database(tmp_path / "bot.db")
    database.path.touch()
    expected = f"the database {tmp_path}/bot.db has no tables yet: run `bot db upgrade`"
    assert complaint(database.store()) == expected
    database.close()


def test_a_database_of_a_newer_version_is_not_touched(database: Database) -> None:
    database.run("UPDATE alembic_version SET version_num = '9999'")
    expected = (
        f"the database {database.path} was made by a newer version of this program: upgrade the program"
    )
    assert complaint(database.store()) == expected
    for deed in (upgrade, version, check):
        with pytest.raises(StoreUnavailable, match="made by a newer version"):
            deed(database.url)


def test_a_damaged_database_is_told_of(database: Database, store: SqlStore) -> None:
    for _ in range(200):
        append(store)
    store.close()
    size = database.path.stat().st_size
    with database.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 8192))
    assert (
        complaint(store)
        == f"the database {database.path} is damaged: run `bot db check` and restore a backup"
    )


@pytest.mark.parametrize("deed", [READ, WRITE], ids=["read", "write"])
def test_a_database_that_this_user_may_not_open_is_told_of(open_folder: Path, deed: str) -> None:
    database = Database(open_folder / "bot.db")
    database.make()
    if os.getuid() != 0:
        database.path.chmod(0)
    (line,) = run(AS_ANOTHER.format(nobody=NOBODY, deed=deed), str(database.path))
    assert line == (
        f"the database {database.path} cannot be opened: check the permissions of the file and of its folder"
    )


def test_a_read_only_database_is_told_of_when_it_is_written(open_folder: Path) -> None:
    database = Database(open_folder / "bot.db")
    database.make()
    open_folder.chmod(0o777)
    database.path.chmod(0o444)
    (line,) = run(AS_ANOTHER.format(nobody=NOBODY, deed=WRITE), str(database.path))
    assert line == f"the database {database.path} is read-only: let this user write the file and its folder"


def test_a_disk_that_takes_no_more_is_told_of_and_writing_goes_on_when_there_is_room(
    database: Database,
) -> None:
    message, more = run(UNTIL_FULL, str(database.path))
    assert message == (
        f"the database {database.path} cannot be written or read (disk I/O error): "
        "check the disk, its space and file-size limit"
    )
    assert more == "1", "what was refused left no row behind"
    assert check(database.url) == []


def fill(engine: Engine) -> None:
    with engine.begin() as connection:
        for number in range(1000):
            connection.exec_driver_sql("INSERT INTO accounts VALUES (?, NULL, NULL)", (str(number) * 500,))


@contextmanager
def connected(engine: Engine) -> Iterator[Engine]:
    yield engine
    engine.dispose()


def test_a_full_disk_is_told_of(database: Database) -> None:
    with connected(writing_engine(database.path, 1)) as engine:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(
            StoreUnavailable, match=r"has no room \(database or disk is full\): free some space"
        ):
            fill(engine)


def test_a_mistake_in_our_own_sql_is_not_put_down_to_the_database(database: Database) -> None:
    with connected(reading_engine(database.path, 1)) as engine, engine.connect() as connection:
        with pytest.raises(Exception, match="no such column") as caught:
            connection.exec_driver_sql("SELECT unknown FROM journal")
        assert isinstance(caught.value.__cause__, sqlite3.OperationalError)


@pytest.mark.parametrize(
    "url",
    ["", "bot.db", "sqlite://", "sqlite:///:memory:", "mysql://me:secret@host/bot", "postgresql://host/bot"],
)
def test_a_setting_that_names_no_file_is_told_of_without_its_password(url: str) -> None:
    with pytest.raises(SettingsMissing, match=r"BOT_DATABASE_URL: .* write sqlite:///bot.db") as caught:
        SqlStore(url, NoCheckpoint())
    assert "secret" not in str(caught.value)
