"""The database or the witness cannot be written: nothing is sent, and what is known is kept until it can be stored."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bot.adapters.store.store import SqlStore
from bot.bootstrap import Program
from tests.end_to_end.stage import Stage


def impatient(stage: Stage) -> Program:
    """The program, but it waits a tenth of a second for another writer."""
    program = stage.program()
    program.__dict__["store"] = SqlStore(program.settings.database_url, stage.deeds, patience=0.1)
    return program


def locked(stage: Stage) -> sqlite3.Connection:
    """Let another process write for long."""
    other = sqlite3.connect(stage.folder / "bot.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_nothing_is_sent_while_the_database_is_locked_and_it_goes_on_afterwards(stage: Stage) -> None:
    stage.queue("Not without its intent.")
    work = stage.start(impatient(stage))
    with closing(locked(stage)):
        for _ in range(5):
            stage.clock.leap(work.turn("baliprocessrso") or 1)
        assert stage.counted() == (0, 0, 0)
    stage.play(work)
    assert stage.counted() == (1, 1, 0)


def test_an_answer_that_cannot_be_stored_is_kept_until_it_can_be_and_nothing_else_is_sent(
    stage: Stage,
) -> None:
    others: list[sqlite3.Connection] = []

    def lock() -> None:
        others.append(locked(stage))
        stage.clock.plan(10, others[0].close)

    stage.deeds.deeds["after create 1"] = lock
    stage.queue("Out, and not yet written down.", "Waits for that.")
    began = stage.clock.running()
    stage.play(stage.start(impatient(stage)))
    assert stage.clock.running() - began >= 10
    assert stage.attempts() == [("accepted", "answer")] * 2
    assert stage.counted() == (2, 2, 0)


def test_a_worker_that_ends_before_it_could_store_an_answer_leaves_it_to_the_timeline(stage: Stage) -> None:
    others: list[sqlite3.Connection] = []

    def lock_and_stop() -> None:
        others.append(locked(stage))
        stage.clock.plan(5, stage.clock.stop)

    stage.deeds.deeds["after create 1"] = lock_and_stop
    stage.queue("Out, and never written down.")
    stage.play(stage.start(impatient(stage)))
    others[0].close()
    assert stage.attempts() == [("sending", None)]
    stage.restart()
    stage.play()
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_without_its_witness_nothing_is_sent(stage: Stage) -> None:
    stage.queue("Not without its witness.")
    work = stage.ready()
    obstacle = stage.folder / "bot.db.locks" / "baliprocessrso.intent.new"
    obstacle.mkdir(parents=True)
    stage.play(work, until=lambda: stage.attempts() == [("not_sent", None)])
    assert stage.counted() == (0, 0, 0)
    assert "witness" in stage.shown()["attempts"][0]["reason"]
    obstacle.rmdir()
    stage.play(work)
    assert stage.counted() == (1, 1, 0)


@pytest.mark.parametrize("gone", ["schedules/accounts.toml", "schedules/test.toml"])
def test_files_that_are_gone_or_wrong_while_it_runs_stop_nothing_that_was_approved(
    stage: Stage, gone: str
) -> None:
    stage.queue("Approved before.")
    work = stage.ready()
    (stage.folder / gone).write_text("this is no TOML [")
    stage.clock.leap(5)
    stage.play(work)
    assert stage.states() == ["published"]
