"""Copies of the database: made while it is in use, checked, and put in its place."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.store.backup import FileBackups, check_file
from bot.adapters.store.upgrade import check
from bot.application.ports.backups import Backups
from bot.domain.chain import verify
from bot.domain.errors import Refusal, StoreUnavailable
from tests.contract.database import NOW, Database, queue


@pytest.fixture
def backups(database: Database) -> FileBackups:
    return FileBackups(database.path, NoCheckpoint())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "monday.db"


@pytest.fixture(autouse=True)
def folder(copy: Path) -> None:
    copy.parent.mkdir()


def keys(path: Path) -> list[str]:
    """The keys of the announcements in a file."""
    with closing(sqlite3.connect(path)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM announcements ORDER BY id")]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_holds_what_the_database_holds_and_says_so(
    database: Database, backups: Backups, copy: Path
) -> None:
    store = database.store()
    queue(store, "a")
    with store.writing() as tx:
        event = tx.journal.append("seen", at=NOW, actor="me", data={})
    kept = backups.save(copy, overwrite=False)
    assert (kept.announcements, str(kept.head)) == (1, f"1:{event.hash}")
    assert keys(copy) == ["a"]
    assert check_file(copy) == []


def test_a_copy_is_one_file_for_this_user_alone(database: Database, backups: Backups, copy: Path) -> None:
    queue(database.store(), "a")
    backups.save(copy, overwrite=False)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert files(copy.parent) == ["monday.db"]


def test_a_copy_made_while_others_write_is_one_moment_of_it(
    database: Database, backups: Backups, tmp_path: Path
) -> None:
    """Each transaction adds a row to the journal and one to the queue: no copy has the one without the other."""
    ended = threading.Event()

    def write() -> None:
        store = database.store()
        number = 0
        while not ended.is_set():
            number += 1
            with store.writing() as tx:
                tx.journal.append("seen", at=NOW, actor="me", data={"text": "x" * 5000})
                tx.accounts.note_newest("rso", str(number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(20):
            backups.save(tmp_path / f"{number}.db", overwrite=False)
    finally:
        ended.set()
        writer.join()
    rows = []
    for number in range(20):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as connection:
            rows.append(connection.execute("SELECT count(*) FROM journal").fetchone()[0])
            newest = connection.execute("SELECT max(newest_post_id) FROM accounts").fetchone()[0]
            assert int(newest or 0) == rows[-1]
        with Database(tmp_path / f"{number}.db").store().reading() as tx:
            assert verify(tx.journal.events()) == []
    assert rows == sorted(rows)
    assert rows[-1] > rows[0]


def test_a_file_that_is_there_is_replaced_only_by_force(
    database: Database, backups: Backups, copy: Path
) -> None:
    copy.write_text("a letter")
    with pytest.raises(Refusal, match=r"is there already: give another name, or --force"):
        backups.save(copy, overwrite=False)
    assert copy.read_text() == "a letter"
    queue(database.store(), "a")
    backups.save(copy, overwrite=True)
    assert keys(copy) == ["a"]
    assert files(copy.parent) == ["monday.db"]


def test_what_was_left_beside_an_older_copy_does_not_get_into_the_new_one(
    database: Database, backups: Backups, copy: Path, tmp_path: Path
) -> None:
    backups.save(copy, overwrite=False)
    other = Database(tmp_path / "other.db")
    other.make()
    queue(other.store(), "another's")
    shutil.copy(tmp_path / "other.db-wal", copy.with_name("monday.db-wal"))
    other.close()
    queue(database.store(), "a")
    backups.save(copy, overwrite=True)
    assert keys(copy) == ["a"]
    assert check_file(copy) == []


@pytest.mark.parametrize(
    ("target", "says"), [(lambda d: d, "the database itself"), (lambda d: d.parent, "is a folder")],
    ids=["itself", "a folder"],
)  # fmt: skip
def test_a_copy_goes_neither_over_the_database_nor_over_a_folder(
    database: Database, backups: Backups, target: Callable[[Path], Path], says: str
) -> None:
    with pytest.raises(Refusal, match=says):
        backups.save(target(database.path), overwrite=True)
    assert check(database.url) == []


def test_where_no_file_can_be_written_the_copy_says_so(backups: Backups, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"elsewhere/monday\.db cannot be written: No such file"):
        backups.save(tmp_path / "elsewhere" / "monday.db", overwrite=False)


def test_a_damaged_database_is_told_of_and_no_copy_is_left(
    database: Database, backups: Backups, copy: Path
) -> None:
    database.run("DROP INDEX journal_event", "SELECT 1")
    with pytest.raises(Refusal, match=r"bot\.db is not whole: index journal_event is missing"):
        backups.save(copy, overwrite=False)
    assert files(copy.parent) == []


@pytest.fixture
def older(database: Database, backups: Backups, copy: Path) -> Path:
    """A copy with one announcement, of a database that has two by now and is still open."""
    store = database.store()
    queue(store, "a")
    backups.save(copy, overwrite=False)
    queue(store, "b")
    return copy


def test_a_copy_takes_the_place_of_the_database_which_is_kept_whole(
    database: Database, backups: Backups, older: Path
) -> None:
    before = older.read_bytes()
    aside = backups.aside("now")
    assert aside is not None
    prepared = backups.prepare(older)
    with prepared.store.writing() as tx:
        tx.journal.append("seen", at=NOW, actor="me", data={})
    prepared.take_place(aside)
    assert keys(database.path) == ["a"]
    assert database.run("SELECT event FROM journal") == [("seen",)]
    assert keys(aside) == ["a", "b"], "what only its log held is kept, too"
    assert check(database.url) == check_file(aside) == []
    assert older.read_bytes() == before
    assert database.path.stat().st_mode & 0o777 == 0o600


def test_a_copy_that_is_given_up_leaves_everything_as_it_was(
    database: Database, backups: Backups, older: Path
) -> None:
    before = files(database.path.parent)
    backups.prepare(older).discard()
    assert keys(database.path) == ["a", "b"]
    assert files(database.path.parent) == before


def test_a_copy_takes_the_place_of_a_database_that_is_gone(
    database: Database, backups: Backups, older: Path
) -> None:
    database.close()
    for file in database.path.parent.glob("bot.db*"):
        file.unlink()
    assert backups.aside("now") is None
    backups.prepare(older).take_place(None)
    assert keys(database.path) == ["a"]


def test_a_copy_takes_the_place_of_a_database_that_is_damaged(
    database: Database, backups: Backups, older: Path
) -> None:
    database.close()
    database.path.write_bytes(b"nonsense" * 1000)
    aside = backups.aside("now")
    assert aside is not None
    backups.prepare(older).take_place(aside)
    assert keys(database.path) == ["a"]
    assert aside.read_bytes().startswith(b"nonsense")


def test_what_is_put_aside_never_lies_over_what_was_put_aside_before(
    database: Database, backups: Backups, older: Path
) -> None:
    first = backups.aside("now")
    assert first is not None
    first.write_text("an older one")
    second = backups.aside("now")
    assert second is not None
    backups.prepare(older).take_place(second)
    assert first.read_text() == "an older one"
    assert keys(second) == ["a", "b"]


def test_a_database_that_was_copied_by_hand_with_its_log_is_taken_whole(
    database: Database, backups: Backups, tmp_path: Path
) -> None:
    queue(database.store(), "a")
    by_hand = tmp_path / "by hand.db"
    shutil.copy(database.path, by_hand)
    shutil.copy(database.path.with_name("bot.db-wal"), tmp_path / "by hand.db-wal")
    before = by_hand.read_bytes()
    prepared = backups.prepare(by_hand)
    with prepared.store.reading() as tx:
        assert sum(tx.announcements.counts().values()) == 1
    prepared.discard()
    assert by_hand.read_bytes() == before


def of_nothing(copy: Path) -> None:
    copy.unlink()


def of_a_letter(copy: Path) -> None:
    copy.write_text("Dear colleagues, " * 100)


def of_no_bytes(copy: Path) -> None:
    copy.write_bytes(b"")


def of_another_program(copy: Path) -> None:
    copy.unlink()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("CREATE TABLE books (title TEXT)")


def of_a_half(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])


def of_a_spoilt_page(copy: Path) -> None:
    content = bytearray(copy.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    copy.write_bytes(content)


def of_a_row_that_lost_its_parent(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("INSERT INTO approvals VALUES (99, 'me', 'then', 'abc', 0)")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (of_nothing, "there is no backup at"),
        (of_a_letter, "is no backup, or a damaged one: file is not a database"),
        (of_no_bytes, "is no backup of this program's database"),
        (of_another_program, "is no backup of this program's database"),
        (of_a_half, "is not whole|is no backup, or a damaged one"),
        (of_a_spoilt_page, "is not whole|is no backup, or a damaged one"),
        (of_a_row_that_lost_its_parent, "is not whole: table approvals"),
    ],
)
def test_what_is_no_whole_copy_is_refused_and_nothing_changes(
    database: Database, backups: Backups, older: Path, spoil: Callable[[Path], None], says: str
) -> None:
    before = files(database.path.parent)
    spoil(older)
    with pytest.raises(Refusal, match=says):
        backups.prepare(older)
    assert keys(database.path) == ["a", "b"]
    assert files(database.path.parent) == before


def test_a_copy_of_a_newer_version_is_refused(database: Database, backups: Backups, older: Path) -> None:
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(
        StoreUnavailable, match="made by a newer version of this program: upgrade the program"
    ):
        backups.prepare(older)
    assert keys(database.path) == ["a", "b"]
