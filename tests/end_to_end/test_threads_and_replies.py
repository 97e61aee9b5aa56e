"""Posts that follow one another: under the right post, never from the top, and not without their parent."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import Unreachable
from tests.end_to_end.stage import THREAD, Stage, open_stage


@pytest.mark.parametrize("fate", ["cancelled", "withdrawn", "missed"])
def test_a_reply_is_held_when_what_it_replies_to_does_not_go_out(stage: Stage, fate: str) -> None:
    stage.campaign(late_window='"4m"', on_late='"skip"')
    stage.queue("The parent.", wait=False)
    stage.queue("The reply.", reply_to="1", due_in=300, wait=False)
    control = stage.program().control
    if fate == "cancelled":
        control.cancel("1", "Not now.", actor="ann")
    if fate == "withdrawn":
        stage.clock.leap(62)
        stage.play(until=lambda: stage.states()[0] == "published")
        stage.withdraw("1")
    stage.clock.leap(362)
    stage.play()
    assert stage.states() == [fate, "held"]
    assert stage.held() == [None, "parent"]
    assert "1 is held: parent" not in stage.notices.subjects
    assert "2 is held: parent" in stage.notices.subjects
    assert "The reply." not in stage.texts()


def test_a_reply_waits_while_its_parent_is_in_doubt_and_stands_under_it(stage: Stage) -> None:
    stage.sandbox.set_faults("break_before:1")
    stage.queue("The parent.")
    stage.queue("The reply.", reply_to="1")
    stage.play()
    parent, reply = stage.sandbox.posts()
    assert (parent["text"], reply["parent"]) == ("The parent.", parent["id"])


def test_a_reply_to_a_thread_stands_under_its_last_post(stage: Stage) -> None:
    stage.queue(THREAD, thread=True)
    stage.queue("The reply.", reply_to="1")
    stage.play()
    *_, last, reply = stage.sandbox.posts()
    assert reply["parent"] == last["id"]


def test_a_worker_stopped_in_the_middle_of_a_thread_leaves_the_rest_to_the_next_one(stage: Stage) -> None:
    stage.deeds.deeds["before create 2"] = stage.clock.stop
    stage.queue(THREAD, thread=True)
    stage.play()
    assert stage.counted() == (2, 2, 0)
    stage.restart()
    stage.play()
    first, second, third = stage.sandbox.posts()
    assert (second["parent"], third["parent"]) == (first["id"], second["id"])
    assert stage.counted() == (3, 3, 0)


def test_a_withdrawal_that_broke_off_leaves_nothing_to_go_on_under_a_deleted_post(
    tmp_path: Path, blank: Path
) -> None:
    with open_stage(tmp_path / "stage", blank, limits=True) as stage:
        stage.sandbox.state.limits.per_user["delete"] = (1, 900)
        stage.deeds.deeds["after outcome 2"] = lambda: stage.sandbox.set_faults("400:100%")
        stage.queue(THREAD, thread=True)
        stage.play()
        stage.sandbox.set_faults()
        with pytest.raises(Unreachable, match=r"429.*1 of 2 posts are deleted. `bot withdraw 1` goes on"):
            stage.withdraw("1")
        assert [post["deleted"] for post in stage.sandbox.posts()] == [False, True]
        stage.program().control.reschedule("1", "now", actor="bob")
        stage.play()
        assert (stage.states(), stage.held()) == (["partly_published"], ["parent"])
        assert stage.counted()[1] == 2
        stage.sandbox.state.limits.per_user["delete"] = (9, 900)
        stage.withdraw("1", None)
        assert stage.states() == ["withdrawn"]
        assert all(post["deleted"] for post in stage.sandbox.posts())


def test_a_middle_post_that_may_be_out_is_settled_before_the_next_one(stage: Stage) -> None:
    stage.queue(THREAD, thread=True)
    stage.deeds.deeds["after outcome 1"] = lambda: stage.sandbox.set_faults("break_after:1", "lag:2:600")
    stage.play()
    first, second, third = stage.sandbox.posts()
    assert (second["parent"], third["parent"]) == (first["id"], second["id"])
    assert stage.attempts() == [("accepted", "answer"), ("accepted", "timeline"), ("accepted", "answer")]
    assert stage.counted() == (3, 3, 0)


def test_a_post_deleted_by_hand_in_the_middle_of_a_thread_holds_the_rest(stage: Stage) -> None:
    stage.queue(THREAD, thread=True)
    stage.deeds.deeds["after outcome 2"] = lambda: stage.sandbox.state.posts.delete(
        stage.sandbox.posts()[1]["id"]
    )
    stage.play()
    assert stage.states() == ["partly_published"]
    assert "was deleted by hand" in stage.shown()["announcement"]["held"]["detail"]
    assert stage.texts() == ["One of three.", "Two of three."]
    assert stage.status()["needs_a_person"]


def test_a_thread_half_out_is_withdrawn_last_post_first(stage: Stage) -> None:
    stage.queue(THREAD, thread=True)
    stage.deeds.deeds["after outcome 2"] = lambda: stage.sandbox.set_faults("400:100%")
    stage.play()
    assert stage.states() == ["partly_published"]
    stage.withdraw("1")
    assert stage.states() == ["withdrawn"]
    gone = stage.rows(
        "SELECT json_extract(data, '$.post_id') FROM journal WHERE event = 'withdrawn' ORDER BY seq"
    )
    assert [post_id for (post_id,) in gone] == [post["id"] for post in reversed(stage.sandbox.posts())]
    assert all(post["deleted"] for post in stage.sandbox.posts())
    stage.sandbox.set_faults()
    stage.play()
    assert stage.counted()[1] == 2


def broken_off(stage: Stage) -> None:
    """Let a thread stand with two posts of three while the worker is away for a while."""
    stage.queue(THREAD, thread=True)
    stage.deeds.deeds["after outcome 2"] = stage.clock.stop
    stage.play()
    assert len(stage.texts()) == 2
    stage.restart()
    stage.clock.leap(60)


@pytest.mark.parametrize("number", [1, 2])
def test_a_post_edited_by_hand_while_the_thread_rests_holds_the_rest_until_a_person_lets_it_go_on(
    stage: Stage, number: int
) -> None:
    broken_off(stage)
    stage.sandbox.state.posts.edit(stage.sandbox.posts()[number - 1]["id"], "Quite another wording.")
    stage.play()
    assert (stage.states(), stage.held()) == (["partly_published"], ["parent"])
    detail = stage.shown()["announcement"]["held"]["detail"]
    assert f"post {number} of the thread" in detail
    assert "Quite another wording." in detail
    assert stage.counted() == (2, 2, 0)
    stage.clock.leap(1)
    stage.program().control.reschedule("1", "now", actor="bob")
    stage.play()
    assert stage.states() == ["published"]
    assert stage.counted() == (3, 3, 0)


@pytest.mark.parametrize("number", [1, 2])
def test_a_post_deleted_by_hand_while_the_thread_rests_holds_the_rest(stage: Stage, number: int) -> None:
    broken_off(stage)
    stage.sandbox.state.posts.delete(stage.sandbox.posts()[number - 1]["id"])
    stage.play()
    assert (stage.states(), stage.held()) == (["partly_published"], ["parent"])
    assert f"post {number} of the thread" in stage.shown()["announcement"]["held"]["detail"]
    assert stage.counted() == (2, 2, 0)


def test_a_thread_that_nobody_touched_goes_on_under_its_last_post(stage: Stage) -> None:
    broken_off(stage)
    stage.play()
    first, second, third = stage.sandbox.posts()
    assert (second["parent"], third["parent"]) == (first["id"], second["id"])


def test_a_thread_whose_posts_cannot_be_read_waits(stage: Stage) -> None:
    broken_off(stage)
    stage.sandbox.set_faults("look_up_503:100%")
    work = stage.start()
    for _ in range(3):
        stage.clock.leap(work.turn("baliprocessrso") or 1)
    assert stage.states() == ["publishing"]
    assert len(stage.texts()) == 2
    stage.sandbox.set_faults()
    stage.play(work)
    assert stage.states() == ["published"]
