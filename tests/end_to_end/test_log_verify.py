"""`bot log verify` against somebody who writes the database file past the program, its triggers taken away."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Ended
from tests.end_to_end.by_command import command
from tests.end_to_end.copies import copied, put_back
from tests.end_to_end.stage import THREAD, Stage


def tamper(stage: Stage, *statements: str) -> None:
    """Write past the program, as whoever has the file can."""
    with closing(sqlite3.connect(stage.folder / "bot.db", isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def row_of(stage: Stage, event: str, attempt: int = 1) -> int:
    """The number of the row in which the journal says this."""
    sql = "SELECT seq FROM journal WHERE event = ? AND json_extract(data, '$.attempt') IS ?"
    return int(stage.rows(sql, event, attempt)[0][0])


def findings(stage: Stage, *options: str) -> list[str]:
    """What `bot log verify` finds, a line each."""
    ended = command(stage, "log", "verify", *options)
    assert ended.code == (1 if "broken" in ended.out else 0), ended
    return [line.removeprefix("the log is broken: ") for line in ended.lines]


@pytest.fixture
def published(stage: Stage) -> Stage:
    """One announcement and a thread are out, and the log holds."""
    stage.queue("The report is out.")
    stage.queue(THREAD, thread=True)
    stage.play()
    assert command(stage, "log", "verify").out.startswith("the log holds: ")
    return stage


def test_every_way_to_settle_leaves_a_log_that_holds(stage: Stage) -> None:
    stage.queue("One.", "Two.", "Three.", "Four.")
    stage.sandbox.set_faults("break_after:1", "break_before:1", "400:1")
    stage.play()
    assert {state for state, _ in stage.attempts()} == {"accepted", "absent", "refused"}
    assert {by for _, by in stage.attempts()} == {"answer", "timeline", None}
    assert command(stage, "log", "verify").code == 0


def test_the_log_of_a_withdrawn_announcement_holds(published: Stage) -> None:
    command(published, "withdraw", "2", "--reason", "A wrong number.", "--yes")
    assert published.states() == ["published", "withdrawn"]
    assert command(published, "log", "verify").code == 0


def test_the_json_names_each_finding_and_keeps_its_older_keys(published: Stage) -> None:
    tamper(published, "UPDATE journal SET actor = 'sam' WHERE seq IN (2, 4)")
    ended: Ended = command(published, "log", "verify", "--json")
    what = "its content was changed after it was written"
    assert ended.code == 1
    assert ended.json["verified"] is ended.json["ok"] is False
    assert ended.json["findings"] == [{"seq": 2, "what": what}, {"seq": 4, "what": what}]
    assert ended.json["broken"] == {"row": 2, "what": what}


WITHDRAW = "UPDATE posts SET withdrawn_at = '2026-01-01T00:00:00.000000Z' WHERE id = 1"


@pytest.mark.parametrize(
    ("statement", "event", "found"),
    [
        ("UPDATE attempts SET post_id = '7' WHERE id = 1", "accepted", "the database says accepted as 7"),
        ("UPDATE attempts SET state = 'absent', post_id = NULL, known_by = NULL WHERE id = 1", "accepted",
         "the database says absent"),
        ("UPDATE attempts SET known_by = 'person' WHERE id = 1", "accepted", "the database says person"),
        ("UPDATE attempts SET text = 'Another.' WHERE id = 1", "accepted",
         "attempt 1 was made with another text than the database holds"),
        ("DELETE FROM attempts WHERE id = 1", "accepted", "the database has no such attempt"),
    ],
)  # fmt: skip
def test_an_attempt_that_was_changed_beside_the_log_is_named_with_its_row(
    published: Stage, statement: str, event: str, found: str
) -> None:
    seq = row_of(published, event)
    tamper(published, statement)
    (line,) = findings(published)
    assert line.startswith(f"row {seq}: ")
    assert line.endswith(found)


def test_an_attempt_that_was_put_in_beside_the_log_is_named(published: Stage) -> None:
    columns = [name for _, name, *_ in published.rows("PRAGMA table_info(attempts)")]
    new = {"id": "9", "post": "9", "post_id": "'9'"}
    values = ", ".join(new.get(name, f'"{name}"') for name in columns)
    tamper(published, f"INSERT INTO attempts SELECT {values} FROM attempts WHERE id = 1")
    assert findings(published) == [
        "attempt 9 is accepted as 9 in the database, and no row of the log speaks of it"
    ]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE announcements SET state = 'held' WHERE id = 1",
         "it says that announcement 1 was published; the database does not"),
        ("DELETE FROM announcements WHERE id = 1",
         "it says that announcement 1 was published; the database does not"),
        ("UPDATE announcements SET state = 'withdrawn' WHERE id = 1",
         "announcement 1 is withdrawn in the database, and no row of the log says so"),
        ("UPDATE announcements SET state = 'published' WHERE id = 3",
         "announcement 3 is published in the database, and no row of the log says so"),
        (WITHDRAW, "post 1 is withdrawn in the database, and no row of the log says so"),
    ],
)  # fmt: skip
def test_an_announcement_that_was_changed_beside_the_log_is_named(
    published: Stage, statement: str, found: str
) -> None:
    published.queue("Not out yet.", wait=False)
    tamper(published, statement)
    (line,) = findings(published)
    assert line.endswith(found)


def test_a_deletion_of_which_the_database_does_not_know_is_named(published: Stage) -> None:
    command(published, "withdraw", "1", "--reason", "A wrong number.", "--yes")
    tamper(published, "UPDATE posts SET withdrawn_at = NULL")
    (line,) = findings(published)
    assert line.endswith("it says that post 1 was withdrawn; the database does not")


def test_a_cut_tail_is_seen_without_a_head_by_what_the_database_and_the_host_know(published: Stage) -> None:
    seq = row_of(published, "accepted", 4)
    tamper(published, f"DELETE FROM journal WHERE seq >= {seq - 1}")
    lines = findings(published)
    assert any(line.startswith("attempt 4 is accepted") for line in lines)
    assert any("an older copy was put back, or the log was cut or replaced" in line for line in lines)


@pytest.mark.parametrize("empty", [False, True], ids=["an older copy", "an empty one"])
def test_another_file_in_the_place_of_the_database_is_named(stage: Stage, blank: Path, empty: bool) -> None:
    stage.queue("Before.")
    stage.play()
    copy = blank if empty else copied(stage)
    stage.queue("After.")
    stage.play()
    head = command(stage, "log", "verify", "--json").json
    put_back(stage, copy)
    (by_witness,) = findings(stage)
    assert "this host has sent for baliprocessrso by a log whose row" in by_witness
    assert len(findings(stage, "--head", head["head"])) == 2
    assert any("cut off" in line for line in findings(stage, "--head", f"{head['rows']}:{head['head']}"))


def test_an_older_copy_holds_again_once_it_was_compared_with_the_account(stage: Stage) -> None:
    stage.queue("Before.")
    stage.play()
    stage.queue("After.", wait=False)
    copy = copied(stage)
    stage.clock.leap(62)
    stage.play()
    put_back(stage, copy)
    assert command(stage, "log", "verify").code == 1
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    assert command(stage, "log", "verify").code == 0


def test_a_head_that_is_none_is_wrong_usage(stage: Stage) -> None:
    ended = command(stage, "log", "verify", "--head", "abc")
    assert (ended.code, ended.err.count("\n")) == (2, 1)


def test_the_log_can_be_checked_while_the_schedules_are_wrong(published: Stage) -> None:
    published.campaign(nonsense='"x"')
    assert command(published, "log", "verify").code == 0
