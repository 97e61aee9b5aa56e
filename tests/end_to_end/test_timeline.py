"""What is in doubt is settled by the account's own timeline (design, section 5, reconcile)."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace

import pytest

from bot.sandbox.faults import CREATE
from tests.end_to_end.stage import IMPATIENT, Stage

TEXT = "The forum met in Bangkok with 88 delegates of 24 states."


def in_doubt(stage: Stage) -> bool:
    return "in_doubt" in dict(stage.attempts())


def test_a_post_of_which_the_answer_was_lost_is_found_at_the_first_look(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1")
    stage.queue(TEXT)
    began = stage.clock.running()
    stage.play()
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)
    assert stage.clock.running() - began < 10  # of the 120 s that absence would need


TAKEN = [
    "break_after",
    "status_after",
    "no_answer_after",
    "unreadable",
    "no_id",
    "truncated",
    "redirect",
    "trickle",
]
NOT_TAKEN = [
    "break_before",
    "status_before",
    "no_answer_before",
    "unreadable_before",
    "redirect_before",
    "403",
]


@pytest.mark.parametrize("fault", TAKEN)
def test_a_post_that_x_took_is_not_sent_again_whatever_became_of_the_answer(stage: Stage, fault: str) -> None:
    stage.profile = IMPATIENT
    stage.sandbox.set_faults(f"{fault}:1")
    stage.queue(TEXT)
    stage.play()
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


@pytest.mark.parametrize("fault", NOT_TAKEN)
def test_a_post_that_x_did_not_take_is_sent_again(stage: Stage, fault: str) -> None:
    stage.profile = IMPATIENT
    stage.sandbox.set_faults(f"{fault}:1")
    stage.queue(TEXT)
    stage.play()
    assert stage.attempts() == [("absent", None), ("accepted", "answer")]
    assert stage.counted() == (2, 1, 0)


def test_every_way_in_which_a_create_breaks_is_tried_here() -> None:
    refused = {"400", "401", "402", "429", "dup_no_match"}  # in test_policies and test_words_of_people
    assert {*TAKEN, *NOT_TAKEN, *refused, "exec_delay"} == set(CREATE)


def test_a_request_that_x_carries_out_long_after_the_settling_time_is_told_to_everyone(stage: Stage) -> None:
    """The bet on time is lost on purpose (protocol, what it cannot promise): two are out, and people learn of it."""
    stage.profile = IMPATIENT
    stage.sandbox.set_faults("exec_delay:1:1.5")
    stage.queue(TEXT)
    work = stage.play()
    assert stage.attempts() == [("absent", None), ("accepted", "answer")]
    while stage.counted()[1] < 2:
        time.sleep(0.05)
    stage.play(work, until=lambda: "doubled" in stage.events())
    assert any("more than once" in subject for subject in stage.notices.subjects)


def test_a_wall_clock_set_ahead_does_not_shorten_the_wait(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    work = stage.play(until=lambda: in_doubt(stage))
    stage.clock.set_wall(86_400)
    stage.clock.plan(110, stage.sandbox.set_faults)
    stage.play(work, until=lambda: not in_doubt(stage))
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_a_restart_waits_the_whole_settling_time_anew(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    stage.play(until=lambda: in_doubt(stage))
    for _ in range(3):
        work = stage.start()
        for _ in range(10):
            work.turn("baliprocessrso")
            stage.clock.leap(11)
    assert stage.attempts() == [("in_doubt", None)]
    stage.sandbox.set_faults()
    stage.play(stage.start())
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


@pytest.mark.parametrize("fault", ["break_before", "break_after"])
def test_where_the_post_known_before_was_deleted_nothing_is_sent_again_without_a_person(
    stage: Stage, fault: str
) -> None:
    stage.queue("Known before, deleted since.")
    stage.play()
    stage.sandbox.set_faults(f"{fault}:1")
    stage.queue(TEXT)
    work = stage.play(until=lambda: in_doubt(stage))
    stage.sandbox.state.posts.delete(stage.sandbox.posts()[0]["id"])
    stage.play(work)
    if fault == "break_after":
        assert stage.attempts()[1:] == [("accepted", "timeline")]
    else:
        assert (stage.states()[1], stage.held()[1]) == ("held", "doubt")
        assert "which was there before" in stage.shown("2")["announcement"]["held"]["detail"]
    assert stage.counted()[0] == 2


def test_other_announcements_go_out_while_one_is_in_doubt(stage: Stage) -> None:
    stage.sandbox.set_faults("break_before:1")
    stage.queue("In doubt for two minutes.", "Goes out at once.")
    began = stage.clock.running()
    stage.play(until=lambda: stage.states()[1] == "published")
    assert stage.states() == ["publishing", "published"]
    assert stage.clock.running() - began < 10


def test_a_timeline_that_lags_a_minute_behind_does_not_make_a_post_absent(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    stage.clock.plan(100, stage.sandbox.set_faults)
    stage.play()
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_one_stale_reading_at_the_end_of_the_wait_does_not_make_a_post_absent(stage: Stage) -> None:
    stage.queue("Known before.")
    stage.play()
    for post in stage.sandbox.state.posts.posts.values():
        post.executed -= 1000  # old enough for a stale reading to show it
    stage.sandbox.set_faults("break_after:1", "errors_200:100%")
    stage.queue(TEXT)
    stage.clock.plan(119, lambda: stage.sandbox.set_faults("stale_reading:1:500"))
    stage.play()
    assert stage.sandbox.stats()["faults"]["stale_reading"] == 1
    assert stage.attempts() == [("accepted", "answer"), ("accepted", "timeline")]
    assert stage.counted() == (2, 2, 0)


def test_a_reading_that_does_not_show_the_post_known_before_proves_nothing(stage: Stage) -> None:
    stage.queue("Known before.")
    stage.play()
    stage.sandbox.set_faults("break_before:1", "lag:100%:600")
    stage.queue(TEXT)
    stage.clock.plan(500, stage.sandbox.set_faults)
    began = stage.clock.running()
    stage.play()
    assert stage.clock.running() - began > 500
    assert stage.attempts()[1:] == [("absent", None), ("accepted", "answer")]
    assert stage.counted() == (3, 2, 0)


@pytest.mark.parametrize(
    "text",
    [
        "Report & annexes <here>, “quoted”: https://example.org/a?b=1&c=2",
        unicodedata.normalize("NFD", "Café déjà vu à Phnom Penh, naïve Zürich"),
        "รายงานผลการประชุม ความร่วมมือ https://www.baliprocess.net/ 🇹🇭",
        "Folded   spaces\n\nand lines\tof all kinds",
        "A bare domain: baliprocess.net and one with a path: example.org/x",
    ],
    ids=["entities", "decomposed", "thai", "spaces", "bare domain"],
)
@pytest.mark.parametrize("links", ["as written", "resolved"])
def test_a_text_that_x_shows_otherwise_is_known_again_among_three_pages(
    stage: Stage, text: str, links: str
) -> None:
    stage.sandbox.set_faults("break_after:1", *(["resolved_links"] if links == "resolved" else []))
    stage.queue(text)
    work = stage.play(until=lambda: in_doubt(stage))
    for number in range(250):
        stage.by_hand(f"Posted by hand, number {number}.")
    stage.play(work)
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)
    assert stage.sandbox.stats()["requests"]["timeline"] >= 1 + 3


def test_a_clock_of_x_that_is_forty_seconds_off_hides_nothing(stage: Stage) -> None:
    for change in (40.0, -80.0):  # 40 s ahead of ours, then 40 s behind it
        stage.sandbox.state.posts.offset += change
        stage.sandbox.set_faults("break_after:1")
        stage.queue(f"{TEXT} X's clock was moved by {change} s.")
        stage.play()
    assert stage.attempts() == [("accepted", "timeline")] * 2
    assert stage.counted() == (2, 2, 0)


def test_a_twin_posted_by_hand_while_x_has_taken_ours_goes_to_a_person(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("break_after:1", "errors_200:100%")
    stage.queue(TEXT)
    stage.play(work, until=lambda: in_doubt(stage))
    twin = stage.by_hand(TEXT)
    stage.sandbox.set_faults()
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["doubt"])
    near = stage.shown()["attempts"][0]["evidence"]["near"]
    assert {post["post_id"] for post in near} == {twin, stage.sandbox.posts()[0]["id"]}
    assert stage.counted() == (1, 1, 0)


def test_a_text_that_a_person_posted_meanwhile_is_not_posted_again(stage: Stage) -> None:
    stage.sandbox.set_faults("break_before:1")
    stage.queue(TEXT)
    stage.play(until=lambda: in_doubt(stage))
    stage.by_hand(TEXT)
    stage.play()
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.texts() == [TEXT]


def test_the_same_text_as_an_answer_to_somebody_is_not_taken_for_ours(stage: Stage) -> None:
    other = stage.by_hand("A question that came up.")
    stage.sandbox.set_faults("break_before:1")
    stage.queue(TEXT)
    stage.play(until=lambda: in_doubt(stage))
    stage.by_hand(TEXT, parent=other)
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["doubt"])
    assert "replies to" in stage.shown()["attempts"][0]["evidence"]["near"][0]["why"]


def test_a_post_edited_by_hand_is_held_and_shown_and_a_person_names_it(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("break_after:1", "errors_200:100%")
    stage.queue(TEXT)
    stage.play(work, until=lambda: in_doubt(stage))
    edited = stage.sandbox.state.posts.edit(stage.sandbox.posts()[0]["id"], TEXT.replace("88", "89")).id
    stage.sandbox.set_faults()
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["doubt"])
    assert stage.shown()["attempts"][0]["evidence"]["near"][0]["post_id"] == edited
    assert any("held" in subject for subject in stage.notices.subjects)
    stage.program().settling("carol").published("1", edited)
    stage.play()
    assert stage.states() == ["published"]
    assert stage.counted() == (1, 1, 0)


def test_what_is_absent_only_after_its_late_window_is_held_and_never_sent(stage: Stage) -> None:
    stage.campaign(late_window='"1m"')
    stage.sandbox.set_faults("break_before:1")
    stage.queue(TEXT)
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["late"])
    assert stage.attempts() == [("absent", None)]
    assert stage.counted() == (1, 0, 0)


@pytest.mark.parametrize("on_late", ["publish", "skip"])
def test_what_may_be_published_late_is_not_sent_again_late(stage: Stage, on_late: str) -> None:
    stage.campaign(late_window='"1m"', on_late=f'"{on_late}"')
    stage.sandbox.set_faults("break_before:1")
    stage.queue(TEXT)
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["late"])
    assert stage.counted() == (1, 0, 0)


def test_an_absent_post_is_sent_again_three_times_each_after_twice_the_wait(stage: Stage) -> None:
    stage.sandbox.set_faults("break_before:100%")
    stage.queue(TEXT)
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["resends"])
    assert stage.attempts() == [("absent", None)] * 4
    assert stage.counted() == (4, 0, 0)
    waits = stage.rows(
        "SELECT (julianday(settled_at) - julianday(doubt_at)) * 86400 FROM attempts ORDER BY id"
    )
    assert [round(seconds / 120) for (seconds,) in waits] == [1, 2, 4, 8]


def test_a_resend_that_finds_its_twin_at_last_is_accepted_as_that(stage: Stage) -> None:
    """X's filter of duplicates is the last net: the first request landed unseen, the second is refused."""
    stage.sandbox.state.api = replace(stage.sandbox.state.api, refuse_duplicates=True)
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    stage.play(until=lambda: len(stage.attempts()) == 2)
    stage.sandbox.set_faults()
    stage.play()
    assert stage.attempts() == [("absent", None), ("accepted", "timeline")]
    assert stage.counted() == (2, 1, 0)


def test_two_of_a_post_on_the_timeline_after_a_resend_are_told_to_everyone(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    work = stage.play(until=lambda: len(stage.attempts()) == 2)
    stage.sandbox.set_faults()
    stage.play(work, until=lambda: "doubled" in stage.events())
    assert stage.sandbox.stats()["doubled"] == 1
    assert any("more than once" in subject for subject in stage.notices.subjects)


def test_a_timeline_that_cannot_be_read_for_a_quarter_of_an_hour_brings_a_person(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("break_after:1", "timeline_503:100%")
    stage.queue(TEXT)
    began = stage.clock.running()
    stage.play(work)
    assert 900 <= stage.clock.running() - began < 1300
    assert (stage.states(), stage.held()) == (["held"], ["doubt"])
    assert "503" in stage.shown()["announcement"]["held"]["detail"]
    assert stage.status()["in_doubt"][0]["name"] == "1"


@pytest.mark.parametrize(
    ("fault", "word"),
    [("timeline_503:100%", "503"), ("timeline_429:100%", "429"), ("errors_200:100%", "errors")],
)
def test_whoever_drains_the_queue_does_not_wait_for_a_timeline_that_never_comes(
    stage: Stage, fault: str, word: str
) -> None:
    stage.sandbox.set_faults(fault)
    stage.queue(TEXT)
    work = stage.play()
    assert word in work.readiness.stuck["baliprocessrso"]
    assert stage.counted() == (0, 0, 0)
    stage.sandbox.set_faults()
    stage.play(work, until=lambda: stage.states() == ["published"])
    assert work.readiness.stuck == {}
