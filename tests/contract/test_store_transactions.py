"""Transactions: whole or not at all, one writer at a time, readers beside it."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from bot.adapters.store.engine import open_file
from bot.adapters.store.store import SqlStore
from bot.application.ports.announcements import Filter
from bot.application.ports.checkpoint import Step
from bot.domain.errors import StoreUnavailable
from tests.contract.database import NOW, Database, queue


class Stopped(Exception):
    """The process ends here."""


@dataclass
class Recorder:
    """A checkpoint that notes what another connection sees at each step, and stops at one of them."""

    database: Database
    stop_at: tuple[str, Step] | None = None
    seen: list[tuple[str, Step, int]] = field(default_factory=list)

    def before(self, step: Step) -> None:
        self._note("before", step)

    def after(self, step: Step) -> None:
        self._note("after", step)

    def _note(self, when: str, step: Step) -> None:
        self.seen.append((when, step, rows(self.database)))
        if self.stop_at == (when, step):
            raise Stopped


def rows(database: Database) -> int:
    return int(database.run("SELECT count(*) FROM journal")[0][0])


def write_and_stop(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.journal.append("seen", at=NOW, actor="me", data={})
        raise Stopped


def append(store: SqlStore, step: Step | None = None) -> None:
    with store.writing(step) as tx:
        tx.journal.append("seen", at=NOW, actor="me", data={})


def test_a_block_that_fails_leaves_nothing(database: Database, store: SqlStore) -> None:
    with pytest.raises(Stopped):
        write_and_stop(store)
    assert rows(database) == 0
    append(store)
    assert rows(database) == 1


def test_a_named_commit_stands_between_its_checkpoints(database: Database) -> None:
    recorder = Recorder(database)
    store = database.store(recorder)
    append(store, Step.INTENT)
    append(store)
    assert recorder.seen == [("before", Step.INTENT, 0), ("after", Step.INTENT, 1)]


@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("after", 1)])
def test_a_process_that_dies_at_a_checkpoint_has_or_has_not_committed(
    database: Database, when: str, stored: int
) -> None:
    store = database.store(Recorder(database, (when, Step.OUTCOME)))
    with pytest.raises(Stopped):
        append(store, Step.OUTCOME)
    assert rows(database) == stored
    append(store)
    assert rows(database) == stored + 1


def test_a_commit_without_anything_written_passes_its_checkpoints_too(database: Database) -> None:
    recorder = Recorder(database)
    with database.store(recorder).writing(Step.CLAIM):
        pass
    assert [(when, step) for when, step, _ in recorder.seen] == [
        ("before", Step.CLAIM),
        ("after", Step.CLAIM),
    ]


def test_a_reader_is_not_held_up_by_a_writer_and_sees_what_was_before(
    database: Database, store: SqlStore
) -> None:
    queue(store, "a")
    with store.writing() as writer:
        writer.journal.append("seen", at=NOW, actor="me", data={})
        for reader in (store, database.store(patience=0)):
            with reader.reading() as tx:
                assert tx.announcements.count(Filter()) == 1
                assert tx.journal.head() is None


def test_a_writer_is_alone_from_its_first_moment(database: Database, store: SqlStore) -> None:
    impatient = database.store(patience=0)
    with store.writing(), pytest.raises(StoreUnavailable, match="is locked by another process"):
        append(impatient)
    append(impatient)


def test_a_reading_is_one_view_while_others_write(store: SqlStore) -> None:
    with store.reading() as tx:
        assert tx.announcements.count(Filter()) == 0
        queue(store, "a")
        assert tx.announcements.count(Filter()) == 0
    with store.reading() as tx:
        assert tx.announcements.count(Filter()) == 1


def test_a_reading_cannot_write(database: Database, store: SqlStore) -> None:
    with pytest.raises(StoreUnavailable), store.reading() as tx:
        tx.journal.append("seen", at=NOW, actor="me", data={})
    assert rows(database) == 0


def test_writers_of_one_process_take_turns(store: SqlStore) -> None:
    def write() -> None:
        for _ in range(25):
            append(store)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as tx:
        assert [event.seq for event in tx.journal.events()] == list(range(1, 101))


def test_a_writer_in_the_same_process_that_does_not_let_go_is_told_of(database: Database) -> None:
    store = database.store(patience=0.05)
    entered, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with store.writing():
            entered.set()
            leave.wait()

    thread = threading.Thread(target=stay)
    thread.start()
    entered.wait()
    try:
        with pytest.raises(StoreUnavailable, match=r"locked by another process for 0\.05 s"):
            append(store)
    finally:
        leave.set()
        thread.join()
    append(store)


def test_the_version_changes_when_another_process_writes_and_not_when_this_one_does(
    database: Database, store: SqlStore
) -> None:
    before = store.version()
    append(store)
    with store.reading() as tx:
        tx.journal.head()
    assert store.version() == before
    append(database.store())
    assert store.version() != before


def test_a_store_that_was_closed_opens_again(store: SqlStore) -> None:
    append(store)
    store.close()
    append(store)


def test_a_commit_is_on_the_disk_when_it_returns(database: Database) -> None:
    with closing(open_file(database.path)) as connection:
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}


def waiting(store: SqlStore, *, gives_way: bool = False) -> threading.Thread:
    """Another writer, which writes one row when it has its turn."""

    def write() -> None:
        with store.writing(gives_way=gives_way) as tx:
            tx.journal.append("seen", at=NOW, actor="me", data={})

    thread = threading.Thread(target=write)
    thread.start()
    return thread


@pytest.mark.parametrize("same_process", [True, False])
def test_a_writer_can_ask_whether_another_waits_and_let_it_pass(
    database: Database, store: SqlStore, same_process: bool
) -> None:
    others: list[threading.Thread] = []

    def write_until_another_waits() -> None:
        with store.writing(gives_way=True) as tx:
            assert not store.others_wait()
            tx.journal.append("seen", at=NOW, actor="long", data={})
            others.append(waiting(store if same_process else database.store()))
            while not store.others_wait():
                others[0].join(0.01)
            raise Stopped

    with pytest.raises(Stopped):
        write_until_another_waits()
    others[0].join()
    assert not store.others_wait()
    assert database.run("SELECT actor FROM journal") == [("me",)]


def test_one_that_gives_way_itself_is_not_waited_for(database: Database, store: SqlStore) -> None:
    with store.writing(gives_way=True) as tx:
        other = waiting(database.store(), gives_way=True)
        tx.journal.append("seen", at=NOW, actor="me", data={})
        assert not store.others_wait()
    other.join()
    assert rows(database) == 2


def test_a_writer_that_waited_in_vain_is_not_waited_for_any_more(database: Database, store: SqlStore) -> None:
    impatient = database.store(patience=0.01)
    with store.writing():
        with pytest.raises(StoreUnavailable, match="locked"):
            append(impatient)
        assert not store.others_wait()


def test_where_nobody_can_be_announced_writing_goes_on(database: Database, store: SqlStore) -> None:
    database.path.with_name(f"{database.path.name}.waiting").mkdir()
    append(store)
    assert not store.others_wait()
    assert rows(database) == 1
