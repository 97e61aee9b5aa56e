"""Every assumption about time and about X shows when it does not hold: in the journal, the status and a notice
(protocol notes, section 7)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.application.ports.checkpoint import Step
from bot.domain.assumptions import MEANINGS, Breach
from bot.domain.errors import Unreachable
from bot.domain.states import KnownBy
from tests.end_to_end.stage import IMPATIENT, Stage, open_stage

TEXT = "The forum met in Bangkok with 88 delegates of 24 states."


def noticed(stage: Stage, breach: Breach) -> bool:
    """It stands in the journal, `bot status` shows it, and people were told."""
    in_journal = breach.value in stage.events()
    in_status = breach.value in {event["event"] for event in stage.status()["breaches"]}
    told = any(MEANINGS[breach].what in subject for subject in stage.notices.subjects)
    assert in_journal == in_status == told
    return told


def none_noticed(stage: Stage) -> bool:
    return not any(noticed(stage, breach) for breach in Breach)


def in_doubt(stage: Stage) -> bool:
    return "in_doubt" in dict(stage.attempts())


def test_a_post_that_shows_within_half_the_settling_time_raises_nothing(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    work = stage.play(until=lambda: in_doubt(stage))
    stage.clock.plan(50, stage.sandbox.set_faults)
    stage.play(work)
    assert stage.attempts() == [("accepted", "timeline")]
    assert none_noticed(stage)


def test_a_post_that_shows_only_after_half_the_settling_time_is_noticed(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    work = stage.play(until=lambda: in_doubt(stage))
    stage.clock.plan(70, stage.sandbox.set_faults)
    stage.play(work)
    assert stage.attempts() == [("accepted", "timeline")]
    assert noticed(stage, Breach.SLOW_TO_SHOW)
    assert not noticed(stage, Breach.LATE_ARRIVAL)


def test_a_request_that_x_carries_out_after_its_time_is_noticed(stage: Stage) -> None:
    stage.profile = IMPATIENT
    stage.sandbox.set_faults("exec_delay:1:0.8")
    stage.queue(TEXT)
    work = stage.play(until=lambda: in_doubt(stage))
    stage.clock.leap(49)  # a minute after the intent, and within the settling time
    while stage.counted()[1] < 1:
        time.sleep(0.02)
    stage.play(work)
    assert stage.attempts() == [("accepted", "timeline")]
    assert noticed(stage, Breach.LATE_ARRIVAL)


def test_a_timeline_that_takes_back_what_it_showed_is_noticed_and_proves_no_absence(stage: Stage) -> None:
    by_hand = stage.by_hand("An older post.")
    work = stage.ready()
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    shown = stage.by_hand("Posted by hand meanwhile.")
    stage.queue(TEXT)
    stage.play(work, until=lambda: in_doubt(stage))
    stage.sandbox.set_faults("lag:100%:600")
    for post_id in (by_hand, shown):
        stage.sandbox.state.posts.posts[post_id].executed = -1000.0
    stage.clock.leap(92)  # late enough to prove something
    work.turn("baliprocessrso")
    stage.sandbox.state.posts.delete(shown)
    stage.clock.leap(31)
    work.turn("baliprocessrso")
    assert in_doubt(stage)  # the first reading counts no more: another one must follow a quarter later
    assert noticed(stage, Breach.READINGS_CONTRADICT)
    stage.sandbox.set_faults()
    stage.play(work)
    assert stage.counted() == (1, 1, 0)


def test_a_deletion_of_ours_that_comes_late_is_no_contradiction(stage: Stage) -> None:
    """Its asker was killed when the request had left; X deletes between two readings that look for something else."""
    stage.profile = IMPATIENT
    stage.queue("Published, then withdrawn.")
    work = stage.play()
    stage.sandbox.set_faults("delete_silence")
    with pytest.raises(Unreachable):
        stage.withdraw("1")
    post = stage.sandbox.posts()[0]["id"]
    stage.sandbox.set_faults("break_before:1")
    stage.queue(TEXT)
    stage.play(work, until=lambda: in_doubt(stage))
    stage.clock.leap(31)
    work.turn("baliprocessrso")
    stage.sandbox.state.posts.delete(post)
    stage.play(work)
    assert stage.states() == ["published", "published"]
    assert none_noticed(stage)


def test_a_repetition_of_what_cannot_be_out_pauses_the_account(tmp_path: Path, blank: Path) -> None:
    with open_stage(tmp_path / "stage", blank, duplicates=True) as stage:
        work = stage.ready()
        stage.sandbox.set_faults("400:1")
        stage.queue(TEXT, "Another announcement.")
        stage.play(work, until=lambda: "refused" in stage.events())
        stage.by_hand(TEXT)
        stage.play(work)
        assert noticed(stage, Breach.ASSUMPTION_BROKEN)
        assert [pause["kind"] for pause in stage.status()["pauses"]] == ["assumption"]
        assert stage.status()["needs_a_person"]
        stage.program().control.resume("baliprocessrso", actor="ann")
        stage.play(work)
        assert stage.states() == ["published"] * 2
        assert stage.counted()[1:] == (1, 0)


def test_a_repetition_of_another_announcement_of_ours_breaks_no_assumption(
    tmp_path: Path, blank: Path
) -> None:
    with open_stage(tmp_path / "stage", blank, duplicates=True) as stage:
        stage.queue(TEXT)
        work = stage.play()
        stage.sandbox.set_faults("400:1")
        stage.queue(TEXT)
        stage.play(work, until=lambda: stage.held()[1] is not None)
        assert "refused" in dict(stage.attempts())
        assert "in_doubt" in dict(stage.attempts())
        assert none_noticed(stage)


def test_a_first_refusal_as_a_repetition_breaks_no_assumption(tmp_path: Path, blank: Path) -> None:
    with open_stage(tmp_path / "stage", blank, duplicates=True) as stage:
        stage.by_hand(TEXT)
        stage.queue(TEXT)
        stage.play(stage.ready())
        assert stage.states() == ["held"]
        assert none_noticed(stage)


def test_an_absent_post_that_turns_out_to_be_out_is_noticed(stage: Stage) -> None:
    stage.profile = IMPATIENT
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    stage.deeds.deeds["after settle 1"] = stage.clock.stop
    stage.play()
    assert stage.attempts() == [("absent", None)]
    attempt = stage.program().report.show("1").attempts[0]
    with stage.ports(stage.program()).concluding(Step.SETTLE) as conclusion:
        conclusion.accept(attempt, stage.sandbox.posts()[0]["id"], KnownBy.ANSWER, {})
    assert noticed(stage, Breach.WRONG_ABSENT)


@pytest.mark.parametrize("age", [6.9, 7.1])
def test_a_request_on_a_connection_older_than_the_guard_allows_is_noticed(stage: Stage, age: float) -> None:
    stage.deeds.deeds["after guard 1"] = lambda: stage.clock.leap(age)
    stage.queue(TEXT)
    stage.play()
    assert stage.states() == ["published"]
    assert noticed(stage, Breach.OLD_CONNECTION) == (age > 7)
