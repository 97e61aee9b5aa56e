"""What is in doubt ends as the account shows it, or with a person who has the evidence (design, section 5, reconcile)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office import Office, open_office

PATIENCE = 60.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        yield office


def drain(office: Office, code: int = 0) -> str:
    """Run a worker to the end of its work."""
    worker = office.worker("--until-drained")
    assert worker.wait(timeout=120) == code, office.said()
    return office.said()


def until(fact: Callable[[], Any]) -> Any:
    """Wait for a fact to come true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := fact():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come true in time")


def attempts(office: Office) -> list[tuple[str, str | None]]:
    return [
        (state, known_by)
        for state, known_by in office.rows("SELECT state, known_by FROM attempts ORDER BY id")
    ]


def counted(office: Office) -> tuple[int, int]:
    stats = office.sandbox.stats()
    return stats["accepted"], stats["doubled"]


@pytest.mark.parametrize(
    "fault", ["break_after", "status_after", "no_answer_after", "unreadable", "no_id", "truncated"]
)
def test_a_post_that_x_took_before_the_line_broke_is_not_sent_again(office: Office, fault: str) -> None:
    office.sandbox.set_faults(f"{fault}:1")
    office.queue("Taken, and the answer lost.", due_in=1.5)
    drain(office)
    assert counted(office) == (1, 0)
    assert office.sandbox.stats()["creates_received"] == 1
    assert attempts(office) == [("accepted", "timeline")]


@pytest.mark.parametrize(
    "fault", ["break_before", "status_before", "no_answer_before", "unreadable_before", "redirect_before"]
)
def test_a_post_that_x_did_not_take_is_sent_again_with_the_same_bytes(office: Office, fault: str) -> None:
    office.sandbox.set_faults(f"{fault}:1")
    office.queue("Lost on the way.", due_in=1.5)
    drain(office)
    assert counted(office) == (1, 0)
    assert attempts(office) == [("absent", None), ("accepted", "answer")]
    bodies = office.rows("SELECT DISTINCT body FROM attempts")
    assert len(bodies) == 1


def test_a_text_that_x_rewrites_is_known_again_among_three_pages_of_others(office: Office) -> None:
    office.env["BOT_TIME_SCALE"] = "0.05"
    office.queue("Café & Forum: 88 delegates, see https://www.baliprocess.net/rso/ <soon>", due_in=2)
    office.sandbox.set_faults("break_after:1", "resolved_links", "timeline_503:100%")
    office.sandbox.state.posts.offset = 40.0
    worker = office.worker("--until-drained")
    office.sandbox.set_faults("break_after:1", "resolved_links")
    until(lambda: office.sandbox.stats()["accepted"] == 1)
    office.sandbox.set_faults("resolved_links")
    user = office.sandbox.credentials().user_id
    for number in range(250):
        office.sandbox.state.posts.create(
            user, f"Something else, number {number}, written by hand.", None, by_hand=True
        )
    assert worker.wait(timeout=120) == 0, office.said()
    assert attempts(office) == [("accepted", "timeline")]


def test_a_stale_timeline_does_not_make_a_post_absent(office: Office) -> None:
    office.queue("Known before.", due_in=1.5)
    drain(office)
    office.sandbox.set_faults("break_after:1", "stale_reading:100%:30")
    office.queue("Taken, but the timeline answers as it was.", due_in=1.5)
    worker = office.worker("--until-drained")
    until(lambda: attempts(office)[-1][0] == "in_doubt")
    office.sandbox.set_faults()
    assert worker.wait(timeout=120) == 0, office.said()
    assert counted(office) == (2, 0)
    assert attempts(office)[-1] == ("accepted", "timeline")


def test_a_post_corrected_by_hand_while_in_doubt_is_held_with_the_evidence(office: Office) -> None:
    office.queue("The forum met with 88 delgates in Bangkok.", due_in=1.5)
    office.sandbox.set_faults("break_after:1", "lag:100%:600")
    worker = office.worker("--until-drained")
    post = until(office.sandbox.posts)[0]
    office.sandbox.state.posts.edit(post["id"], "The forum met with 88 delegates in Bangkok.")
    office.sandbox.set_faults()
    assert worker.wait(timeout=120) == 1, office.said()
    shown = office.json("queue", "show", "1")
    assert shown["announcement"]["held"]["reason"] == "doubt"
    near = shown["attempts"][0]["evidence"]["near"]
    assert "delegates" in near[0]["text"]
    assert counted(office)[0] == 1
    settled = office.bot("settle", "1", "--published", near[0]["post_id"])
    assert settled.returncode == 0, settled.stderr
    assert office.states() == ["published"]


def test_a_refusal_as_a_duplicate_without_a_twin_goes_to_a_person(office: Office) -> None:
    office.sandbox.set_faults("dup_no_match:1")
    office.queue("X says that it has this already.", due_in=1.5)
    drain(office, code=1)
    shown = office.json("queue", "show", "1")["announcement"]
    assert (shown["state"], shown["held"]["reason"]) == ("held", "duplicate")
    assert counted(office) == (0, 0)


def test_a_request_that_arrives_after_all_is_reported_as_doubled(office: Office) -> None:
    """The bet on time is lost on purpose: X executes long after the settling time. Everyone is told."""
    office.sandbox.set_faults("exec_delay:1:4.5")
    office.queue("Twice, through no fault of ours.", due_in=1.5)
    worker = office.worker()
    until(lambda: office.sandbox.stats()["accepted"] == 2)
    office.bot("queue", "list")
    until(lambda: "doubled" in [event for (event,) in office.rows("SELECT event FROM journal")])
    worker.terminate()
    assert worker.wait(timeout=45) == 0
    assert "is out more than once" in office.said() or "is out twice" in office.said()


def test_a_person_may_not_say_absent_before_the_settling_time(office: Office) -> None:
    office.env["BOT_TIME_SCALE"] = "1"
    office.sandbox.set_faults("status_before:1")
    office.queue("In doubt for two minutes.", due_in=1.5)
    worker = office.worker()
    until(lambda: attempts(office) and attempts(office)[0][0] == "in_doubt")
    early = office.bot("settle", "1", "--absent", "--reason", "I looked.")
    worker.terminate()
    worker.wait(timeout=45)
    assert early.returncode == 1
    assert "ask again in" in early.stderr
    for command in (
        ["queue", "cancel", "1", "--reason", "x"],
        ["queue", "edit", "1", "--body", "y"],
        ["queue", "reschedule", "1", "--due", "next"],
    ):
        late = office.bot(*command)
        assert late.returncode == 1
        assert "settle it first" in late.stderr or "too late" in late.stderr
    assert counted(office) == (0, 0)


def test_a_person_names_the_post_and_its_author_and_text_are_checked(office: Office) -> None:
    office.sandbox.set_faults("dup_no_match:1")
    office.queue("Only a person knows.", due_in=1.5)
    drain(office, code=1)
    posts, user = office.sandbox.state.posts, office.sandbox.credentials().user_id
    wrong = posts.create(user, "A wholly different message about something else.", None, by_hand=True).id
    right = posts.create(user, "Only a person knows.", None, by_hand=True).id
    assert "says something else" in office.bot("settle", "1", "--published", wrong).stderr
    assert "does not show" in office.bot("settle", "1", "--published", "1234567890123456789").stderr
    assert office.bot("settle", "1", "--published", right).returncode == 0
    assert office.states() == ["published"]
    assert attempts(office) == [("accepted", "person")]


def test_a_person_says_absent_and_it_goes_out_again_after_one_more_look(office: Office) -> None:
    office.sandbox.set_faults("dup_no_match:1")
    office.queue("Not there, send it again.", due_in=1.5)
    drain(office, code=1)
    done = office.bot("settle", "1", "--absent", "--reason", "I looked at the account.")
    assert done.returncode == 0, done.stderr
    drain(office)
    assert counted(office) == (1, 0)
    assert office.states() == ["published"]


def test_a_thread_broken_in_the_middle_goes_on_under_the_right_post_after_a_restart(office: Office) -> None:
    office.sandbox.set_faults("latency:100%:0.3")
    office.queue("One of three.\n---\nTwo of three.\n---\nThree of three.", due_in=1.5, thread=True)
    worker = office.worker("--until-drained")
    until(office.sandbox.posts)
    office.sandbox.set_faults("400:100%")
    assert worker.wait(timeout=120) == 1, office.said()
    assert office.states() == ["partly_published"]
    office.sandbox.set_faults()
    office.bot("queue", "reschedule", "1", "--due", "now", check=True)
    drain(office)
    first, second, third = office.sandbox.posts()
    assert (first["parent"], second["parent"], third["parent"]) == (None, first["id"], second["id"])
    assert counted(office) == (3, 0)
