"""The program as people run it: real processes, real signals, the command line, each post out once by the sandbox's count."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.outside import attempts, counted, drain, until
from tests.office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        yield office


@pytest.mark.parametrize("fault", ["break_after", "no_answer_after"])
def test_a_post_that_x_took_before_the_line_broke_is_not_sent_again(office: Office, fault: str) -> None:
    office.sandbox.set_faults(f"{fault}:1")
    office.queue("Taken, and the answer lost.", due_in=1.5)
    drain(office)
    assert counted(office) == (1, 1, 0)
    assert attempts(office) == [("accepted", "timeline")]


def test_a_post_that_x_did_not_take_is_sent_again(office: Office) -> None:
    office.sandbox.set_faults("no_answer_before:1")
    office.queue("Lost on the way.", due_in=1.5)
    drain(office)
    assert counted(office) == (2, 1, 0)
    assert attempts(office) == [("absent", None), ("accepted", "answer")]


def test_a_person_sees_the_evidence_and_settles_by_command(office: Office) -> None:
    office.queue("The forum met with 88 delgates in Bangkok.", due_in=1.5)
    office.sandbox.set_faults("break_after:1", "lag:100%:600")
    worker = office.worker("--until-drained")
    post = until(office.sandbox.posts)[0]
    office.sandbox.state.posts.edit(post["id"], "The forum met with 88 delegates in Bangkok.")
    office.sandbox.set_faults()
    assert worker.wait(timeout=120) == 1, office.said()
    near = office.json("queue", "show", "1")["attempts"][0]["evidence"]["near"]
    shown = office.bot("queue", "show", "1").stdout
    assert near[0]["post_id"] in shown
    assert "delegates" in shown
    assert "bot settle 1 --published" in shown
    assert office.bot("status").returncode == 1
    wrong = office.bot("settle", "1", "--published", "1234567890123456789")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    office.bot("settle", "1", "--published", near[0]["post_id"], check=True)
    assert office.states() == ["published"]
    assert "person" in office.bot("log", "--format", "json").stdout
    assert counted(office) == (1, 1, 0)


def test_nothing_can_be_changed_or_said_too_early_of_what_is_in_doubt(office: Office) -> None:
    office.env["BOT_TIME_SCALE"] = "1"
    office.sandbox.set_faults("status_before:1")
    office.queue("In doubt for two minutes.", due_in=1.5)
    worker = office.worker()
    until(lambda: attempts(office) == [("in_doubt", None)])
    early = office.bot("settle", "1", "--absent", "--reason", "I looked.")
    assert early.returncode == 1
    assert "ask again in" in early.stderr
    for command in (
        ["queue", "cancel", "1", "--reason", "x"],
        ["queue", "edit", "1", "--body", "y"],
        ["queue", "reschedule", "1", "--due", "next"],
    ):
        late = office.bot(*command)
        assert late.returncode == 1
        assert "too late" in late.stderr or "settle it first" in late.stderr
    worker.terminate()
    assert worker.wait(timeout=45) == 0
    assert counted(office) == (1, 0, 0)


def test_a_pause_by_command_stops_before_the_next_post_and_resume_lets_it_go_on(office: Office) -> None:
    office.queue("Not while we mourn.", due_in=1.5)
    office.bot("pause", "--why", "National mourning.", check=True)
    assert "National mourning." in office.bot("run", "--until-drained").stdout
    assert counted(office) == (0, 0, 0)
    office.bot("resume", check=True)
    drain(office)
    assert counted(office) == (1, 1, 0)


def test_a_file_named_pause_stops_a_running_worker_until_it_is_gone(office: Office) -> None:
    (office.folder / "PAUSE").touch()
    office.queue("Not while the file is there.", due_in=1.5)
    worker = office.worker()
    until(lambda: office.json("status")["worker_alive"])
    assert office.json("status")["pause_file"]
    assert counted(office) == (0, 0, 0)
    (office.folder / "PAUSE").unlink()
    until(lambda: counted(office) == (1, 1, 0))
    worker.terminate()
    assert worker.wait(timeout=45) == 0


def test_a_running_worker_goes_on_by_itself_when_x_takes_the_keys_again(office: Office) -> None:
    office.sandbox.set_faults("401:1")
    office.queue("X had an outage.", due_in=1.5)
    worker = office.worker()
    until(lambda: counted(office)[1] == 1)
    worker.terminate()
    assert worker.wait(timeout=45) == 0
    events = [event for (event,) in office.rows("SELECT event FROM journal ORDER BY seq")]
    assert events.index("pause") < events.index("resume") < events.index("accepted")
    assert "is paused" in office.said()


def test_a_worker_killed_by_a_limit_of_x_leaves_the_next_one_to_wait_for_the_reset(office: Office) -> None:
    office.sandbox.set_faults("429:1:4")
    office.queue("First.", "Second.", due_in=1.5)
    worker = office.worker()
    until(lambda: ("refused", None) in attempts(office))
    worker.kill()
    worker.wait()
    reset = office.rows("SELECT wait_until FROM accounts")[0][0]
    drain(office)
    assert counted(office) == (3, 2, 0)
    assert office.rows("SELECT min(intent_at) FROM attempts WHERE state = 'accepted'")[0][0] >= reset


def answered(office: Office, answer: str) -> str:
    """Withdraw at a terminal, where somebody types; gives all that stood on it."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "bot", "withdraw", "1", "--reason", "Wrong figure."]
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        words, cwd=office.folder, env=office.environ, stdin=theirs, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    return done.stdout + done.stderr


def test_what_is_withdrawn_at_a_terminal_is_deleted_after_a_yes_and_stays_in_the_log(office: Office) -> None:
    office.queue("One.\n---\nTwo.", thread=True, due_in=1.5)
    drain(office)
    assert "1 is not withdrawn" in answered(office, "n")
    assert [post["deleted"] for post in office.sandbox.posts()] == [False, False]
    said = answered(office, "y")
    assert "Delete it for good?" in said
    assert "1 is withdrawn: Wrong figure." in said
    assert office.states() == ["withdrawn"]
    assert [post["deleted"] for post in office.sandbox.posts()] == [True, True]
    assert "Wrong figure." in office.bot("log").stdout
    assert office.bot("log", "verify").returncode == 0


def test_an_older_database_copied_back_by_hand_sends_nothing_again(office: Office) -> None:
    database, copy = office.folder / "bot.db", office.folder / "copy.db"
    office.queue("Before the copy.", due_in=1.5)
    drain(office)
    office.queue("After the copy, one.", "After the copy, two.", due_in=2)
    shutil.copy(database, copy)
    office.bot("run", "--once", check=True)
    assert counted(office) == (3, 3, 0)
    for leftover in office.folder.glob("bot.db-*"):
        leftover.unlink()
    shutil.move(copy, database)
    office.queue("Not yet out.", due_in=1.5)
    worker = office.worker()
    until(lambda: office.states() == ["published"] * 4)
    worker.terminate()
    assert worker.wait(timeout=45) == 0
    assert counted(office) == (4, 4, 0)
    assert "the database is older" in office.said()
