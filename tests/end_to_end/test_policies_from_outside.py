"""The policies of the design, section 5, as people meet them."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.test_doubt import attempts, counted, drain, until
from tests.office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        yield office


def test_what_the_preview_shows_is_what_stands_in_the_body_on_the_wire(office: Office) -> None:
    body = "ความร่วมมือ & “quotes” <tags> 🇹🇭\nSecond line — https://www.baliprocess.net/x?a=1&b=2"
    office.queue(body, due_in=1.5)
    office.queue("One.\n---\nTwo.", thread=True, due_in=1.5)
    shown = [post["text"] for card in office.json("preview")["announcements"] for post in card["posts"]]
    drain(office)
    assert [post["text"] for post in office.sandbox.posts()] == shown
    assert [row[0] for row in office.rows("SELECT text FROM attempts ORDER BY id")] == shown


def test_a_pause_by_command_stops_before_the_next_post_and_resume_lets_it_go_on(office: Office) -> None:
    office.queue("Not while we mourn.", due_in=1.5)
    office.bot("pause", "--why", "National mourning.", check=True)
    assert "National mourning." in office.bot("run", "--until-drained").stdout
    assert counted(office) == (0, 0)
    office.bot("resume", check=True)
    drain(office)
    assert counted(office) == (1, 0)


def test_a_file_named_pause_stops_a_running_worker(office: Office) -> None:
    (office.folder / "PAUSE").touch()
    office.queue("Not while the file is there.", due_in=1.5)
    worker = office.worker()
    until(lambda: office.json("status")["worker_alive"])
    assert office.json("status")["pause_file"]
    assert counted(office) == (0, 0)
    (office.folder / "PAUSE").unlink()
    until(lambda: counted(office) == (1, 0))
    worker.terminate()
    assert worker.wait(timeout=45) == 0


def test_what_became_late_during_a_pause_is_held_and_does_not_burst(office: Office) -> None:
    campaign = office.folder / "schedules" / "test.toml"
    campaign.write_text(campaign.read_text().replace('"10h"', '"1s"'))
    office.queue("Late one.", "Late two.", "Late three.", due_in=1.5)
    time.sleep(1.1)  # the late window of one second has passed
    drain(office, code=1)
    assert office.states() == ["held"] * 3
    assert counted(office) == (0, 0)
    office.bot("queue", "reschedule", "1", "--due", "now", check=True)
    drain(office, code=1)
    assert counted(office) == (1, 0)


def test_a_limit_that_x_gives_holds_for_all_posts_and_over_a_restart(office: Office) -> None:
    office.sandbox.set_faults("429:1:6")
    office.queue("First.", "Second.", "Third.", due_in=1.5)
    worker = office.worker()
    until(lambda: ("refused", None) in attempts(office))
    worker.kill()
    worker.wait()
    reset = office.rows("SELECT wait_until FROM accounts")[0][0]
    drain(office)
    assert counted(office) == (3, 0)
    assert office.sandbox.stats()["creates_received"] == 4
    later = office.rows("SELECT min(intent_at) FROM attempts WHERE state = 'accepted'")[0][0]
    assert later >= reset


def test_401_pauses_tells_and_is_lifted_when_x_takes_the_keys_again(office: Office) -> None:
    office.sandbox.set_faults("401:1")
    office.queue("X had an outage.", due_in=1.5)
    worker = office.worker()
    until(lambda: counted(office) == (1, 0))
    worker.terminate()
    worker.wait(timeout=45)
    events = [event for (event,) in office.rows("SELECT event FROM journal ORDER BY seq")]
    assert events.index("pause") < events.index("resume") < events.index("accepted")
    assert "is paused" in office.said()


def test_402_stops_the_account_until_a_person_resumes(office: Office) -> None:
    office.sandbox.set_faults("402:1")
    office.queue("No credit.", "Nor for this.", due_in=1.5)
    drain(office, code=1)
    drain(office, code=1)
    assert office.sandbox.stats()["creates_received"] == 1
    office.bot("resume", check=True)
    drain(office)
    assert counted(office) == (2, 0)


def test_a_poisonous_post_is_held_after_the_third_refusal_and_the_rest_goes_out(office: Office) -> None:
    office.sandbox.set_faults("400:3")
    office.queue("Refused three times.", due_in=1.5)
    drain(office, code=1)
    office.queue("Nothing wrong with this.", due_in=1.5)
    drain(office, code=1)
    assert office.states() == ["held", "published"]
    assert "poison" in office.bot("status").stdout


def test_money_is_reserved_before_a_post_and_the_account_stops_when_it_is_spent(office: Office) -> None:
    office.account(office.sandbox.credentials().user_id, more="budget_usd = 0.03\n")
    office.queue("One.", "Two.", "Three.", due_in=1.5)
    assert "budget" in office.bot("run", "--until-drained").stdout
    assert counted(office) == (2, 0)


def test_a_reply_waits_for_its_parent_and_stands_under_it(office: Office) -> None:
    office.queue("The parent.", due_in=1.5)
    office.queue("The reply.", reply_to="1", due_in=1.5)
    drain(office)
    parent, reply = office.sandbox.posts()
    assert reply["parent"] == parent["id"]


def test_a_reply_to_what_was_cancelled_is_held(office: Office) -> None:
    office.queue("The parent.", due_in=2)
    office.queue("The reply.", reply_to="1", due_in=2)
    office.bot("queue", "cancel", "1", "--reason", "Not now.", check=True)
    drain(office, code=1)
    assert office.states() == ["cancelled", "held"]
    assert counted(office) == (0, 0)


def test_a_thread_is_withdrawn_last_post_first(office: Office) -> None:
    office.queue("One.\n---\nTwo.\n---\nThree.", thread=True, due_in=1.5)
    drain(office)
    assert office.bot("withdraw", "1", "--reason", "Wrong figure.").returncode == 0
    assert office.states() == ["withdrawn"]
    gone = office.rows(
        "SELECT json_extract(data, '$.post') FROM journal WHERE event = 'withdrawn' ORDER BY seq"
    )
    assert gone == [(3,), (2,), (1,)]
    assert all(post["deleted"] for post in office.sandbox.posts())
    assert "withdrawn" in office.bot("log").stdout


def test_sigterm_finishes_the_request_in_flight_and_takes_no_other(office: Office) -> None:
    office.sandbox.set_faults("latency:100%:0.4")
    office.queue("In flight.", "Not begun.", due_in=1.5)
    worker = office.worker()
    until(lambda: attempts(office) == [("sending", None)])
    worker.terminate()
    assert worker.wait(timeout=45) == 0
    assert attempts(office) == [("accepted", "answer")]
    assert counted(office) == (1, 0)
    office.sandbox.set_faults()
    drain(office)
    assert counted(office) == (2, 0)


def test_a_worker_frozen_in_the_middle_and_another_beside_it_send_each_post_once(office: Office) -> None:
    office.sandbox.set_faults("latency:100%:0.3")
    office.queue(*[f"Announcement {n}." for n in range(6)], due_in=1.5)
    first = office.worker()
    until(lambda: attempts(office))
    os.kill(first.pid, signal.SIGSTOP)
    second = office.worker()
    until(lambda: len(office.json("status")["workers"]) == 2)
    frozen = office.json("status")["accounts"][0]["lock_holder"]
    os.kill(first.pid, signal.SIGCONT)
    until(lambda: set(office.states()) == {"published"})
    for worker in (first, second):
        worker.terminate()
        assert worker.wait(timeout=45) == 0
    assert frozen is None or frozen["pid"] in (first.pid, second.pid)
    assert counted(office) == (6, 0)


@pytest.mark.parametrize("witness_too", [False, True], ids=["database only", "with the witness lost"])
def test_an_older_copy_of_the_database_sends_nothing_again(office: Office, witness_too: bool) -> None:
    database, copy = office.folder / "bot.db", office.folder / "copy.db"
    office.queue("Before the copy.", due_in=1.5)
    drain(office)
    office.queue("After the copy, one.", "After the copy, two.", "After the copy, three.", due_in=3)
    shutil.copy(database, copy)
    office.bot("run", "--once", check=True)
    assert counted(office) == (4, 0)
    for leftover in office.folder.glob("bot.db-*"):
        leftover.unlink()
    shutil.move(copy, database)
    if witness_too:
        for file in (office.folder / "bot.db.locks").glob("*.intent"):
            file.unlink()
    office.queue("Not yet out.", due_in=1.5)
    worker = office.worker()
    until(lambda: set(office.states()) == {"published"})
    worker.terminate()
    assert worker.wait(timeout=45) == 0
    assert counted(office) == (5, 0)
    known = [row[0] for row in office.rows("SELECT known_by FROM attempts ORDER BY id")]
    assert known.count("timeline") == 3
