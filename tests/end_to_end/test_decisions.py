"""What the program cannot know goes to a person with everything needed to decide (design, section 5, reconcile)."""

from __future__ import annotations

import json
import os
import re

import pytest

from bot.application.ports.checkpoint import Step
from bot.domain.errors import Refusal, TooLate
from bot.domain.states import KnownBy
from tests.end_to_end.by_command import command
from tests.end_to_end.stage import THREAD, Deeds, Stage

TEXT = "The forum met in Bangkok with 88 delgates of 24 states."
MENDED = TEXT.replace("delgates", "delegates")
WHY = "I looked at the account: it is not there."


class Killed(BaseException):
    """The process ends here, as by SIGKILL."""


def die() -> None:
    raise Killed


def words(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def in_doubt(stage: Stage) -> bool:
    return "in_doubt" in dict(stage.attempts())


def edited_by_hand(stage: Stage) -> str:
    """Let the answer be lost and somebody mend the typo meanwhile; gives the id of what is there."""
    work = stage.ready()
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    stage.play(work, until=lambda: in_doubt(stage))
    edited = stage.sandbox.state.posts.edit(stage.sandbox.posts()[0]["id"], MENDED).id
    stage.sandbox.set_faults()
    stage.play(work)
    assert (stage.states(), stage.held()) == (["held"], ["doubt"])
    return edited


def unseen(stage: Stage) -> None:
    """Let X call a post a repetition that is not there: only a person can tell."""
    stage.sandbox.set_faults("dup_no_match:1")
    stage.queue(TEXT)
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["duplicate"])


def sent_by_the_dead(stage: Stage) -> None:
    """Let a worker die with its request on the way, and no other run."""
    work = stage.ready()
    stage.queue(TEXT)
    stage.deeds.deeds["after create 1"] = die
    with pytest.raises(Killed):
        work.turn("baliprocessrso")
    assert stage.attempts() == [("sending", None)]


@pytest.mark.parametrize("by", [("queue", "show", "1"), ("settle", "1")])
def test_a_person_sees_the_request_the_times_what_came_near_and_what_each_choice_does(
    stage: Stage, by: tuple[str, ...]
) -> None:
    edited = edited_by_hand(stage)
    shown = command(stage, *by).out
    attempt = stage.shown()["attempts"][0]
    assert attempt["body"] in shown
    assert f"as @baliprocessrso (id 1000000000000000001), {len(attempt['body'])} bytes" in shown
    assert f"sent       {attempt['intent_at'][:10]} {attempt['intent_at'][11:19]} UTC" in shown
    assert f"since {attempt['doubt_at'][:10]} {attempt['doubt_at'][11:19]} UTC" in shown
    assert f"https://x.com/baliprocessrso/status/{edited}" in shown
    assert MENDED in shown
    assert "ours: delgates | there: delegates" in shown
    assert re.search(r"its words come near; X made it at .* UTC, .* the request", shown)
    assert f"bot settle 1 --published {edited}\n" in shown
    assert "Nothing is sent again." in words(shown)
    assert "bot settle 1 --absent --reason " in shown
    assert "if not, the same request is sent again" in words(shown)


def test_a_command_copied_from_the_card_settles_it(stage: Stage) -> None:
    edited_by_hand(stage)
    copied = re.search(r"bot (settle 1 --published \d+)", command(stage, "settle", "1").out)
    assert copied
    assert command(stage, *copied[1].split()).code == 0
    assert stage.states() == ["published"]
    assert stage.counted() == (1, 1, 0)


def test_nothing_is_settled_without_a_decision(stage: Stage) -> None:
    unseen(stage)
    ended = command(stage, "settle", "1")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "nothing was decided" in ended.err
    assert "bot settle 1 --published POST_ID\n" in ended.out
    assert stage.attempts() == [("in_doubt", None)]


def test_of_what_is_not_in_doubt_nothing_can_be_decided(stage: Stage) -> None:
    stage.queue(TEXT)
    stage.play()
    for words in ([], ["--published", "1"], ["--absent", "--reason", WHY]):
        ended = command(stage, "settle", "1", *words)
        assert (ended.code, ended.err.count("\n")) == (1, 1)
        assert "nothing of 1 is in doubt" in ended.err


def test_what_the_timeline_said_is_shown_reading_by_reading(stage: Stage) -> None:
    first = stage.by_hand("Known before.")
    work = stage.ready()
    stage.sandbox.set_faults("break_before:1", "errors_200:2")
    stage.queue(TEXT)
    stage.play(work, until=lambda: len(stage.shown()["doubts"][0]["readings"]) >= 3)
    shown = command(stage, "queue", "show", "1").out
    assert shown.count("proves nothing: ") == 2
    assert f"read whole: 1 post, the newest {first}" in shown


def test_until_when_the_word_that_it_is_not_out_is_not_taken_is_shown(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("break_before:1")
    stage.queue(TEXT)
    stage.play(work, until=lambda: in_doubt(stage))
    stage.clock.leap(60)
    early = command(stage, "settle", "1", "--absent", "--reason", WHY)
    opens = re.search(r"until (\d\d:\d\d:\d\d) UTC", early.err)
    assert early.code == 1
    assert opens
    shown = command(stage, "queue", "show", "1").out
    assert re.search(rf"X may carry it out until \S+ {opens[1]} UTC \((59s|1m) left\)", shown)
    assert "asks you only if it cannot tell" in words(shown)
    stage.clock.leap(61)
    assert "over since" in command(stage, "queue", "show", "1").out
    assert command(stage, "settle", "1", "--absent", "--reason", WHY).code == 0


def test_in_a_thread_it_is_said_which_post_is_in_doubt_and_that_the_rest_follows(stage: Stage) -> None:
    stage.deeds.deeds["after outcome 1"] = lambda: stage.sandbox.set_faults("dup_no_match:1")
    stage.queue(THREAD, thread=True)
    stage.play()
    assert stage.states() == ["partly_published"]
    shown = command(stage, "settle", "1").out
    first = stage.sandbox.posts()[0]["id"]
    assert "in doubt: post 2 of 3 of 1, attempt 1" in shown
    assert f"in reply to https://x.com/i/web/status/{first}" in shown
    assert "The rest of the thread follows under it." in words(shown)
    second = stage.by_hand("Two of three.", parent=first)
    command(stage, "settle", "1", "--published", second)
    stage.play()
    assert [post["parent"] for post in stage.sandbox.posts()] == [None, first, second]
    assert stage.states() == ["published"]


def test_both_words_stand_in_the_journal_with_name_and_reason_and_are_shown_afterwards(stage: Stage) -> None:
    unseen(stage)
    stage.program().settling("carol").absent("1", WHY)
    assert re.search(
        rf"settled by carol at \S+: it is not out: {WHY}", command(stage, "queue", "show", "1").out
    )
    stage.sandbox.set_faults("dup_no_match:1")
    stage.play()
    out = stage.by_hand(TEXT)
    stage.program().settling("dave").published("1", out, "Seen by eye.")
    shown = command(stage, "queue", "show", "1").out
    assert f"it is out as {out}: Seen by eye." in shown
    events = [(e["event"], e["actor"], e["data"].get("reason")) for e in stage.shown()["events"]]
    assert ("absent", "carol", WHY) in events
    assert ("accepted", "dave", "Seen by eye.") in events


def test_a_fact_that_corrects_a_persons_word_is_shown_with_it(stage: Stage) -> None:
    unseen(stage)
    program = stage.program()
    wrong, right = stage.by_hand(TEXT), stage.by_hand(MENDED)
    program.settling("carol").published("1", wrong)
    with program.publishing.concluding(Step.SETTLE) as conclusion:
        attempt = conclusion.tx.attempts.get(1)
        assert conclusion.accept(attempt, right, KnownBy.ANSWER, {})
    shown = command(stage, "queue", "show", "1").out
    assert f"it is out as {wrong}" in shown
    assert f"X itself says {right} (answer), not {wrong}" in shown


def test_what_its_sender_left_behind_can_be_looked_for_though_no_worker_runs(stage: Stage) -> None:
    sent_by_the_dead(stage)
    assert "sender     gone" in command(stage, "queue", "show", "1").out
    assert command(stage, "reconcile").out == "1 is out: found on the timeline\n"
    assert stage.attempts() == [("accepted", "timeline")]


def test_the_settling_time_of_what_its_sender_left_behind_counts_from_when_it_was_noticed(
    stage: Stage,
) -> None:
    sent_by_the_dead(stage)
    stage.clock.leap(10_000)
    with pytest.raises(TooLate, match="until"):
        stage.program().settling("carol").absent("1", WHY)
    assert stage.attempts() == [("in_doubt", None)]


def test_while_it_is_being_sent_its_sender_is_named_and_nothing_is_settled(stage: Stage) -> None:
    told: list[str] = []

    def try_all() -> None:
        told.append(command(stage, "settle", "1", "--absent", "--reason", WHY).err)
        told.append(command(stage, "settle", "1").out)
        told.append(command(stage, "reconcile", "1").out)

    stage.deeds.deeds["after witness 1"] = try_all
    stage.queue(TEXT)
    stage.play()
    refused, shown, looked = told
    assert f"being sent by process {os.getpid()} on " in refused
    assert f"sender     process {os.getpid()} on " in shown
    assert "being sent at this moment" in looked
    assert stage.attempts() == [("accepted", "answer")]


def test_after_a_jump_of_the_clock_nobody_can_say_that_the_settling_time_is_over(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("break_before:1")
    stage.queue(TEXT)
    stage.play(work, until=lambda: in_doubt(stage))
    stage.clock.set_wall(3600)
    with pytest.raises(TooLate, match=r"clock is 360\d s ahead of X's"):
        stage.program().settling("carol").absent("1", WHY)
    work.clock_watch.look()
    with pytest.raises(TooLate, match="the clock jumped"):
        stage.program().settling("carol").absent("1", WHY, unread=True)
    assert stage.attempts() == [("in_doubt", None)]


def test_of_two_people_at_once_the_first_word_counts(stage: Stage) -> None:
    unseen(stage)
    dave = stage.program().settling("dave")
    stage.deeds = Deeds(before_reading_1=lambda: dave.absent("1", WHY, unread=True))
    with pytest.raises(Refusal, match="settled by another meanwhile"):
        stage.program().settling("carol").absent("1", "I looked as well.")
    assert stage.attempts() == [("absent", None)]
    assert "settled by dave" in command(stage, "queue", "show", "1").out


def test_of_two_people_who_disagree_the_timeline_knows_better(stage: Stage) -> None:
    unseen(stage)
    out = stage.by_hand(TEXT)
    dave = stage.program().settling("dave")
    stage.deeds = Deeds(before_reading_1=lambda: dave.published("1", out))
    stage.program().settling("carol").absent("1", WHY)
    assert stage.attempts() == [("accepted", "timeline")]
    assert f"confirmed by X itself (timeline): it is out as {out}" in command(stage, "queue", "show", "1").out
    stage.play()
    assert stage.counted() == (1, 0, 0)


def test_a_program_reads_the_same_from_json(stage: Stage) -> None:
    edited = edited_by_hand(stage)
    ended = command(stage, "settle", "1", "--json")
    (doubt,) = json.loads(ended.out)["doubts"]
    assert ended.code == 2
    assert doubt == stage.shown()["doubts"][0]
    assert doubt["near"][0]["link"] == f"https://x.com/baliprocessrso/status/{edited}"
    assert doubt["near"][0]["differences"] == [{"ours": "delgates", "theirs": "delegates"}]
    assert doubt["needs_a_person"]
    assert [each["command"].split(" --reason")[0] for each in doubt["choices"]] == [
        f"bot settle 1 --published {edited}",
        "bot settle 1 --absent",
    ]


def test_what_one_person_saw_is_shown_to_the_next(stage: Stage) -> None:
    unseen(stage)
    before = len(stage.shown()["doubts"][0]["readings"])
    near = stage.by_hand(MENDED)
    assert command(stage, "reconcile", "1").code == 1
    shown = command(stage, "settle", "1").out
    assert len(stage.shown()["doubts"][0]["readings"]) == before + 1
    assert f"bot settle 1 --published {near}\n" in shown
    stage.sandbox.set_faults("errors_200:100%")
    command(stage, "reconcile", "1")
    shown = command(stage, "settle", "1").out
    assert "proves nothing" in shown
    assert near in shown
