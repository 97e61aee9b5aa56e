"""A database that was copied back, restored or lost must not send again what went out (design, section 5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.copies import copied, lose, put_back
from tests.end_to_end.stage import THREAD, Stage


def copied_between(stage: Stage, before: str, after: str) -> Path:
    """Publish two announcements and give a copy that was made between them."""
    stage.queue(before)
    stage.play()
    stage.queue(after, wait=False)
    copy = copied(stage)
    stage.clock.leap(62)
    stage.play()
    assert stage.counted() == (2, 2, 0)
    return copy


def pauses(stage: Stage) -> list[str]:
    return [pause["kind"] for pause in stage.status()["pauses"]]


@pytest.mark.parametrize(
    "lost", ["", "witness", "folder"], ids=["witness there", "witness lost", "folder lost"]
)
def test_a_database_copied_back_sends_nothing_again_and_the_rest_goes_out(stage: Stage, lost: str) -> None:
    stage.queue("Before the copy.")
    stage.play()
    stage.queue("After it, one.", "After it, two.", "After it, three.", "Not out yet.", wait=False)
    copy = copied(stage)
    stage.program().control.cancel("5", "For this test.", actor="ann")
    stage.clock.leap(62)
    stage.play()
    put_back(stage, copy)
    lose(stage, lost)
    began = stage.clock.running()
    stage.play(until=lambda: set(stage.states()) == {"published"})
    assert stage.counted() == (5, 5, 0)
    assert stage.clock.running() - began >= 120
    assert [by for _, by in stage.attempts()] == ["answer", "timeline", "timeline", "timeline", "answer"]
    assert pauses(stage) == []
    assert any("is paused: the database is older" in subject for subject in stage.notices.subjects)


def test_a_lost_witness_alone_costs_a_settling_time_and_nothing_else(stage: Stage) -> None:
    stage.queue("Before.")
    stage.play()
    lose(stage, "witness")
    stage.queue("After.")
    began = stage.clock.running()
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    assert 120 <= stage.clock.running() - began < 300
    assert stage.counted() == (2, 2, 0)


def test_a_thread_that_went_on_after_the_copy_goes_on_from_where_it_stands(stage: Stage) -> None:
    stage.queue(THREAD, thread=True)
    copies: list[Path] = []
    stage.deeds.deeds["after outcome 1"] = lambda: copies.append(copied(stage))
    stage.deeds.deeds["after outcome 2"] = lambda: stage.sandbox.set_faults("400:100%")
    stage.play()
    stage.sandbox.set_faults()
    put_back(stage, copies[0])
    stage.play(until=lambda: stage.states() == ["published"])
    first, second, third = stage.sandbox.posts()
    assert (second["parent"], third["parent"]) == (first["id"], second["id"])
    assert [by for _, by in stage.attempts()] == ["answer", "timeline", "answer"]


def test_a_copy_made_while_a_post_was_being_sent_settles_that_post(stage: Stage) -> None:
    copies: list[Path] = []
    stage.deeds.deeds["after witness 1"] = lambda: copies.append(copied(stage))
    stage.queue("In flight when the copy was made.")
    stage.play()
    put_back(stage, copies[0])
    assert stage.attempts() == [("sending", None)]
    stage.play()
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_a_queue_made_anew_from_its_records_sends_nothing_again(stage: Stage, blank: Path) -> None:
    stage.queue("One.", "Two.")
    stage.play()
    put_back(stage, blank)
    stage.queue("One.", "Two.", "Three.")
    stage.play(until=lambda: stage.states() == ["published"] * 3)
    assert stage.counted() == (3, 3, 0)


def test_posts_that_the_older_database_knows_nothing_of_are_told_to_people(stage: Stage) -> None:
    copy = copied(stage)
    stage.queue("Queued and out after the copy.")
    stage.play()
    put_back(stage, copy)
    stage.queue("Something new.")
    stage.play(until=lambda: stage.states() == ["published"])
    assert any("1 newer posts are not in this database" in subject for subject in stage.notices.subjects)
    assert stage.counted() == (2, 2, 0)


def test_what_was_corrected_by_hand_after_the_copy_is_held_and_not_sent_again(stage: Stage) -> None:
    stage.queue("The forum met in Bangkok with 88 delgates of 24 states.", wait=False)
    copy = copied(stage)
    stage.clock.leap(62)
    stage.play()
    post = stage.sandbox.posts()[0]
    stage.sandbox.state.posts.edit(post["id"], post["text"].replace("delgates", "delegates"))
    put_back(stage, copy)
    stage.play(until=lambda: stage.states() == ["held"])
    assert stage.held() == ["doubt"]
    assert stage.counted()[0] == 1


@pytest.mark.parametrize("fault", ["timeline_503:100%", "errors_200:100%"])
def test_nothing_goes_out_while_the_timeline_cannot_be_compared(stage: Stage, fault: str) -> None:
    copy = copied_between(stage, "Before.", "After.")
    put_back(stage, copy)
    work = stage.start()
    stage.sandbox.set_faults(fault)
    for _ in range(60):
        stage.clock.leap(work.turn("baliprocessrso") or 60)
    assert pauses(stage) == ["older_database"]
    assert stage.counted() == (2, 2, 0)
    stage.sandbox.set_faults()
    stage.play(work, until=lambda: stage.states() == ["published"] * 2)
    assert stage.counted() == (2, 2, 0)


def test_a_stale_timeline_is_not_believed_when_an_older_database_is_compared(stage: Stage) -> None:
    """A reading counts only if it shows the post that the older database knows, here as everywhere."""
    copy = copied_between(stage, "Before.", "After.")
    put_back(stage, copy)
    work = stage.start()
    stage.sandbox.set_faults("stale_reading:100%:500")
    for _ in range(8):
        stage.clock.leap(work.turn("baliprocessrso") or 60)
    assert stage.counted() == (2, 2, 0)
    stage.sandbox.set_faults()
    stage.play(work, until=lambda: stage.states() == ["published"] * 2)
    assert stage.counted() == (2, 2, 0)


def test_a_timeline_that_lags_is_waited_for_before_it_is_compared(stage: Stage) -> None:
    copy = copied_between(stage, "Before.", "After.")
    stage.sandbox.state.posts.posts[stage.sandbox.posts()[0]["id"]].executed -= 1000
    put_back(stage, copy)
    stage.sandbox.set_faults("lag:100%:500")
    stage.clock.plan(110, stage.sandbox.set_faults)
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    assert stage.counted() == (2, 2, 0)


def test_an_account_whose_last_known_post_was_deleted_by_hand_is_compared_all_the_same(stage: Stage) -> None:
    copy = copied_between(stage, "Before, and deleted since.", "After.")
    stage.sandbox.state.posts.delete(stage.sandbox.posts()[0]["id"])
    put_back(stage, copy)
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    assert stage.counted() == (2, 2, 0)


def test_a_person_cannot_resume_an_account_before_it_was_compared(stage: Stage) -> None:
    stage.queue("Out.", wait=False)
    copy = copied(stage)
    stage.clock.leap(62)
    stage.play()
    put_back(stage, copy)
    work = stage.start()
    work.turn("baliprocessrso")
    assert stage.program().control.resume(None, actor="ann") == []
    work.turn("baliprocessrso")
    assert pauses(stage) == ["older_database"]
    assert stage.counted() == (1, 1, 0)
    stage.play(work, until=lambda: stage.states() == ["published"])
    assert stage.counted() == (1, 1, 0)


def test_a_restart_waits_the_whole_settling_time_anew(stage: Stage) -> None:
    stage.queue("Out.", wait=False)
    copy = copied(stage)
    stage.clock.leap(62)
    stage.play()
    put_back(stage, copy)
    stage.start().turn("baliprocessrso")
    stage.clock.leap(110)
    work = stage.start()
    work.turn("baliprocessrso")
    stage.clock.leap(110)
    work.turn("baliprocessrso")
    assert pauses(stage) == ["older_database"]
