"""A post that is out gets another text once, within the hour, by the way that every announcement goes (decision 0024)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.application.correct import Wish
from bot.domain.announcement import Announcement
from bot.domain.errors import BotError, Refusal, TooLate, UsageError
from bot.sandbox.accounts import DEFAULT, another
from tests.end_to_end.by_command import command
from tests.end_to_end.copies import copied, put_back
from tests.end_to_end.stage import THREAD, Stage, open_stage
from tests.office import HANDLE

OLD, NEW = "The report is uot.", "The report is out."


@pytest.fixture
def stage(premium: Stage) -> Stage:
    return premium


@pytest.fixture
def out(stage: Stage) -> Stage:
    """A post with a slip of the pen is out."""
    stage.queue(OLD)
    stage.play()
    return stage


@pytest.fixture
def thread(stage: Stage) -> Stage:
    """A thread of three is out."""
    stage.queue(THREAD, thread=True)
    stage.play()
    return stage


def correct(stage: Stage, text: str = NEW, *, name: str = "1", number: int | None = None) -> Announcement:
    """Ask for a correction, and approve it."""
    program = stage.program()
    asked = program.correcting.correct(Wish(name, text, number, "A typo."), actor="ann")
    return program.approval.approve(str(asked.id), program.previewer.card(asked).digest, actor="bob")


def shown(stage: Stage) -> list[str]:
    """The texts that readers see, the oldest post first."""
    posts = stage.sandbox.posts()
    newest = [post for post in posts if post["id"] == post["versions"][-1] and not post["deleted"]]
    return [post["text"] for post in sorted(newest, key=lambda post: int(post["versions"][0]))]


def edits(stage: Stage) -> tuple[int, int]:
    """By the sandbox: edits that it took, and those of them that it took twice."""
    stats = stage.sandbox.stats()
    return stats["edited"], stats["edited_twice"]


def bodies(stage: Stage) -> list[dict[str, Any]]:
    return [json.loads(body) for body in stage.sandbox.state.counters.bodies]


def test_a_correction_edits_the_post_and_the_log_has_both_versions(out: Stage) -> None:
    (old,) = out.sandbox.posts()
    correct(out)
    out.play()
    assert (shown(out), edits(out), out.counted()) == ([NEW], (1, 0), (2, 1, 0))
    assert bodies(out)[-1] == {"text": NEW, "edit_options": {"previous_post_id": old["id"]}}
    first, second = json.loads(command(out, "log", "--json").out)["posts"]
    assert (first["text"], first["corrected_by"]) == (OLD, second["post_id"])
    assert (second["text"], second["corrects"]) == (NEW, first["post_id"])
    assert command(out, "log", "verify").code == 0


def test_queue_show_links_a_post_and_its_correction_both_ways(out: Stage) -> None:
    correct(out)
    out.play()
    (link,) = out.shown("1")["corrections"]
    assert (link["announcement"], link["state"], link["number"]) == ("2", "published", 1)
    assert out.shown("2")["corrects"]["announcement"] == "1"
    assert "post 1 is corrected by 2 (published)" in command(out, "queue", "show", "1").out
    assert "corrects 1, post 1" in command(out, "queue", "show", "2").out
    asked = next(event for event in out.shown("1")["events"] if event["event"] == "correct")
    assert asked["data"] == {"by": 2, "number": 1, "reason": "A typo."}


@pytest.mark.parametrize("fault", ["break_after:1", "no_answer_after:1", "status_after:1", "no_id:1"])
def test_an_edit_whose_answer_was_lost_is_found_and_not_sent_again(out: Stage, fault: str) -> None:
    out.sandbox.set_faults(fault)
    correct(out)
    out.play()
    assert (out.states(), shown(out), edits(out)) == (["published", "published"], [NEW], (1, 0))
    assert out.attempts()[-1] == ("accepted", "timeline")
    assert out.counted()[0] == 2


def test_an_edit_that_never_arrived_is_sent_again_after_the_old_text_was_seen_twice(out: Stage) -> None:
    out.sandbox.set_faults("break_before:1")
    correct(out)
    out.play()
    assert out.attempts() == [("accepted", "answer"), ("absent", None), ("accepted", "answer")]
    assert (shown(out), edits(out)) == ([NEW], (1, 0))
    assert bodies(out)[-1] == bodies(out)[-2]


def test_the_reading_goes_back_to_the_corrected_post_past_newer_ones(out: Stage) -> None:
    out.clock.leap(600)
    out.queue("Something newer.")
    out.play()
    out.clock.leap(600)
    out.sandbox.set_faults("break_before:1")
    correct(out)
    out.play()
    assert out.attempts()[2:] == [("absent", None), ("accepted", "answer")]
    assert sorted(shown(out)) == ["Something newer.", NEW]


def test_an_edit_by_hand_while_the_correction_is_in_doubt_is_shown_to_a_person(out: Stage) -> None:
    out.sandbox.set_faults("break_before:1")
    (post,) = out.sandbox.posts()
    out.deeds.deeds["after outcome 2"] = lambda: out.sandbox.state.posts.edit(post["id"], "A third text.")
    correct(out)
    out.play()
    assert (out.states(), out.held()) == (["published", "held"], [None, "doubt"])
    (doubt,) = out.shown("2")["doubts"]
    assert doubt["near"][0]["why"] == "it is the post that was to be corrected, with another text"


def test_a_correction_in_doubt_is_settled_by_a_person_only_with_a_version_of_the_post(out: Stage) -> None:
    out.sandbox.set_faults("break_before:1", "timeline_503:100%")
    correct(out)
    out.play()
    other = out.by_hand(NEW)
    out.sandbox.set_faults()
    settling = out.program().settling("ann")
    with pytest.raises(Refusal, match="is no version of"):
        settling.published("2", other)
    (post, _) = out.sandbox.posts()
    edited = out.sandbox.state.posts.edit(post["id"], NEW)
    settling.published("2", edited.id)
    assert out.states() == ["published", "published"]


@pytest.mark.parametrize("place", ["before create 2", "after create 2", "after intent 2"])
def test_a_worker_that_ends_around_the_edit_leaves_it_to_the_next_one(stage: Stage, place: str) -> None:
    class Killed(BaseException):
        pass

    def kill() -> None:
        raise Killed

    stage.queue(OLD)
    stage.deeds.deeds[place] = kill
    stage.play()
    correct(stage)
    with pytest.raises(Killed):
        stage.play()
    del stage.deeds.deeds[place]
    stage.restart()
    stage.play()
    assert (stage.states(), shown(stage), edits(stage)) == (["published", "published"], [NEW], (1, 0))


def refused(stage: Stage, text: str = NEW, **wish: Any) -> str:
    """Ask for a correction that is refused; what is said."""
    with pytest.raises(BotError) as told:
        stage.program().correcting.correct(Wish(wish.get("name", "1"), text, wish.get("number")), actor="ann")
    assert stage.counted()[0] == len(stage.attempts())
    return str(told.value)


def test_an_account_without_premium_corrects_nothing(out: Stage) -> None:
    out.account()
    assert "accounts with Premium only" in refused(out)
    assert out.states() == ["published"]


def test_a_premium_that_ended_after_the_approval_holds_the_correction(out: Stage) -> None:
    correct(out)
    out.account()
    out.play()
    assert (out.states(), out.held(), out.counted()[0]) == (["published", "held"], [None, "changed"], 1)


def test_after_the_hour_nothing_is_corrected(out: Stage) -> None:
    out.clock.leap(3_600)
    assert "X allows edits for an hour" in refused(out)


def test_a_correction_that_waited_past_the_hour_is_held_and_the_text_on_x_stays(out: Stage) -> None:
    out.program().control.pause(None, "A meeting.", actor="ann")
    correct(out)
    out.clock.leap(3_600)
    out.program().control.resume(None, actor="ann")
    out.play()
    assert (out.held(), shown(out), out.counted()[0]) == ([None, "late"], [OLD], 1)
    assert "the text on X stays as it is" in out.shown("2")["announcement"]["held"]["detail"]


def test_a_second_correction_waits_for_the_first(out: Stage) -> None:
    program = out.program()
    program.correcting.correct(Wish("1", NEW), actor="ann")
    assert "its correction 2 is submitted" in refused(out, "Another one.")


def test_while_a_correction_is_in_doubt_there_is_no_other(out: Stage) -> None:
    out.sandbox.set_faults("break_after:1", "timeline_503:100%")
    correct(out)
    out.play()
    with pytest.raises(TooLate, match="its correction 2 may be out"):
        out.program().correcting.correct(Wish("1", "Another one."), actor="ann")


def test_a_correction_is_corrected_up_to_five_times(out: Stage) -> None:
    for number in range(5):
        correct(out, f"Version {number}.", name=str(number + 1))
        out.play()
    assert (shown(out), edits(out)) == (["Version 4."], (5, 0))
    assert "lets a post be edited 5 times" in refused(out, "Version 5.")


@pytest.mark.parametrize(
    ("text", "words"), [(OLD, "it changes nothing"), ("   ", "is empty"), ("x" * 25_001, "too long")]
)
def test_a_text_that_cannot_be_is_refused(out: Stage, text: str, words: str) -> None:
    assert words in refused(out, text)


def test_what_is_not_out_is_not_corrected(stage: Stage) -> None:
    stage.queue(OLD, wait=False)
    assert "nothing of it is out" in refused(stage)


def test_a_post_deleted_by_hand_holds_its_correction(out: Stage) -> None:
    out.sandbox.state.posts.delete(out.sandbox.posts()[0]["id"])
    correct(out)
    out.play()
    assert (out.held(), out.counted()[0]) == ([None, "parent"], 1)


def test_a_post_edited_by_hand_holds_its_correction(out: Stage) -> None:
    out.sandbox.state.posts.edit(out.sandbox.posts()[0]["id"], "A third text.")
    correct(out)
    out.play()
    assert (out.held(), out.counted()[0]) == ([None, "changed"], 1)
    assert shown(out) == ["A third text."]


def test_a_reply_to_somebody_else_is_not_corrected(tmp_path: Path, blank: Path) -> None:
    accounts = [replace(DEFAULT, premium=True, access="enterprise"), another(1)]
    with open_stage(tmp_path / "stage", blank, accounts=accounts) as stage:
        stage.account("premium = true", 'access = "enterprise"')
        theirs = stage.by_hand("What do you think?", handle=another(1).handle)
        stage.queue(OLD, reply_to=theirs)
        stage.play()
        assert "does not let replies to others be edited" in refused(stage)


def test_a_reply_to_oneself_is_corrected_where_it_stands(out: Stage) -> None:
    parent = out.sandbox.posts()[0]["id"]
    out.queue("A rpely.", reply_to=parent)
    out.play()
    correct(out, "A reply.", name="2")
    out.play()
    assert shown(out) == [OLD, "A reply."]
    assert out.sandbox.posts()[-1]["parent"] == parent


def test_quiet_hours_and_the_gap_do_not_hold_it_back_and_it_delays_nothing(out: Stage) -> None:
    out.campaign(quiet_hours='"00:00-23:59"', min_gap='"30m"')
    with out.program().store.reading() as tx:
        before = tx.attempts.last_first_post(HANDLE)
    correct(out)
    out.play()
    assert shown(out) == [NEW]
    with out.program().store.reading() as tx:
        assert tx.attempts.last_first_post(HANDLE) == before


def test_a_thread_post_is_named_by_its_number_and_stays_under_the_one_before(thread: Stage) -> None:
    with pytest.raises(UsageError, match="--post N"):
        thread.program().correcting.preview(Wish("1", "Two."))
    correct(thread, "Two.", number=2)
    thread.play()
    assert shown(thread) == ["One of three.", "Two.", "Three of three."]
    first = thread.sandbox.posts()[0]
    assert bodies(thread)[-1]["reply"] == {"in_reply_to_tweet_id": first["id"]}


@pytest.fixture
def resting(stage: Stage) -> Stage:
    """Two posts of a thread of three are out, and the third waits for a person."""
    stage.queue(THREAD, thread=True)
    stage.deeds.deeds["after outcome 2"] = lambda: stage.sandbox.set_faults("400:100%")
    stage.play()
    stage.sandbox.set_faults()
    assert stage.states() == ["partly_published"]
    return stage


def test_a_thread_goes_on_under_the_newest_version_of_what_was_corrected(resting: Stage) -> None:
    correct(resting, "One, corrected.", number=1)
    resting.play(until=lambda: resting.states()[1] == "published")
    correct(resting, "Two, corrected.", number=2)
    resting.play(until=lambda: resting.states()[2] == "published")
    resting.clock.leap(300)
    resting.program().control.reschedule("1", "now", actor="bob")
    resting.play()
    assert resting.states() == ["published"] * 3
    *_, second, third = resting.sandbox.posts()
    assert (second["text"], third["parent"]) == ("Two, corrected.", second["id"])


def test_a_thread_waits_while_a_correction_of_it_is_in_doubt(resting: Stage) -> None:
    resting.sandbox.set_faults("break_after:1", "timeline_503:100%")
    correct(resting, "Two, corrected.", number=2)
    work = resting.play(until=lambda: resting.attempts()[-1][0] == "in_doubt")
    resting.program().control.reschedule("1", "now", actor="bob")
    resting.clock.leap(300)
    for _ in range(5):
        resting.clock.leap(work.turn(HANDLE) or 15)
    assert "Three of three." not in resting.texts()
    assert resting.held() == [None, None]
    resting.sandbox.set_faults()
    resting.play(work)
    assert resting.states() == ["published", "published"]
    *_, second, third = resting.sandbox.posts()
    assert third["parent"] == second["id"]


def test_a_reply_to_the_corrected_announcement_and_to_the_correction_goes_to_the_newest_version(
    out: Stage,
) -> None:
    correct(out)
    out.play()
    out.queue("A reply.", reply_to="1")
    out.queue("Another reply.", reply_to="2")
    out.play()
    newest = out.sandbox.posts()[1]["id"]
    assert [post["parent"] for post in out.sandbox.posts()[2:]] == [newest, newest]


def test_the_account_is_expected_to_show_the_corrected_text(out: Stage) -> None:
    correct(out)
    out.play()
    out.clock.leap(300)
    (compared,) = json.loads(command(out, "log", "verify", "--against-account", "--json").out)["accounts"]
    assert compared["findings"] == []
    newest = out.sandbox.posts()[-1]["id"]
    out.sandbox.state.posts.edit(newest, "By hand.")
    (compared,) = json.loads(command(out, "log", "verify", "--against-account", "--json").out)["accounts"]
    assert [(each["kind"], each["sent"], each["shown"]) for each in compared["findings"]] == [
        ("changed", NEW, "By hand.")
    ]


def test_a_correction_in_doubt_is_no_edit_by_hand(out: Stage) -> None:
    out.sandbox.set_faults("break_after:1")
    correct(out)
    work = out.start()
    out.play(work, until=lambda: out.attempts()[-1][0] == "in_doubt")
    out.sandbox.set_faults()
    (compared,) = json.loads(command(out, "log", "verify", "--against-account", "--json").out)["accounts"]
    assert compared["findings"] == []


def test_withdrawing_takes_every_version_and_is_asked_of_the_first(out: Stage) -> None:
    correct(out)
    out.play()
    with pytest.raises(Refusal, match="`bot withdraw 1`"):
        out.withdraw("2")
    out.withdraw("1")
    assert out.states() == ["withdrawn", "withdrawn"]
    assert shown(out) == []
    assert command(out, "log", "verify").code == 0
    out.clock.leap(300)
    assert command(out, "log", "verify", "--against-account").code == 0
    assert not out.status()["withdrawing"]
    assert "was withdrawn" in refused(out)


def test_a_correction_approved_before_its_post_was_withdrawn_is_held(out: Stage) -> None:
    correct(out)
    out.withdraw("1")
    out.play()
    assert (out.states(), out.held()) == (["withdrawn", "held"], [None, "changed"])


def test_a_copy_of_the_database_that_forgot_the_edit_finds_it_on_the_account(out: Stage) -> None:
    correct(out)
    copy = copied(out)
    out.play()
    put_back(out, copy)
    out.play()
    assert (out.states(), edits(out), out.counted()[0]) == (["published", "published"], (1, 0), 2)
    assert out.attempts()[-1] == ("accepted", "timeline")
