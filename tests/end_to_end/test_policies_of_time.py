"""Quiet hours, gaps and lateness where something else comes between (design, section 5; settled question 7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from tests.end_to_end.stage import THREAD, Stage


def intents(stage: Stage) -> list[datetime]:
    rows = stage.rows("SELECT intent_at FROM attempts ORDER BY id")
    return [datetime.fromisoformat(at) for (at,) in rows]


def quiet_from(stage: Stage, minutes: int, length: int = 30) -> None:
    """Let quiet hours begin so many minutes after what is queued next is due."""
    begin = stage.clock.now() + timedelta(seconds=61, minutes=minutes)
    end = begin + timedelta(minutes=length)
    stage.campaign(quiet_hours=f'"{begin:%H:%M}-{end:%H:%M}"')


def test_what_became_late_during_a_pause_is_held_for_review_and_the_rest_goes_out_spaced(
    stage: Stage,
) -> None:
    stage.campaign(late_window='"10m"', min_gap='"5m"')
    stage.program().control.pause(None, "Mourning.", actor="ann")
    stage.queue("Late by the end of the pause.", "This one, too.")
    stage.clock.leap(1800)
    stage.queue("Due at the end of the pause.", "And this.")
    stage.program().control.resume(None, actor="ann")
    stage.play()
    assert stage.states() == ["held", "held", "published", "published"]
    assert stage.held()[:2] == ["late", "late"]
    assert all((later - before).total_seconds() >= 300 for before, later in pairwise(intents(stage)))


def test_quiet_hours_that_begin_within_a_thread_do_not_cut_it(stage: Stage) -> None:
    quiet_from(stage, minutes=2)
    stage.deeds.deeds["after outcome 1"] = lambda: stage.clock.leap(180)
    stage.queue(THREAD, thread=True)
    stage.play()
    first, second, third = intents(stage)
    assert (second - first).total_seconds() >= 180
    assert (third - first).total_seconds() < 300
    assert stage.states() == ["published"]


def test_quiet_hours_that_begin_while_the_second_post_of_a_thread_is_in_doubt_do_not_hold_it_back(
    stage: Stage,
) -> None:
    quiet_from(stage, minutes=1)
    stage.deeds.deeds["after outcome 1"] = lambda: stage.sandbox.set_faults("break_before:1")
    stage.queue(THREAD, thread=True)
    stage.play()
    times = intents(stage)
    assert stage.attempts().count(("absent", None)) == 1
    assert (times[-1] - times[0]).total_seconds() < 600
    assert stage.counted() == (4, 3, 0)


def test_a_post_that_is_found_during_quiet_hours_is_settled_at_once(stage: Stage) -> None:
    quiet_from(stage, minutes=1)
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue("Out, and slow to show.")
    began = stage.clock.running()
    stage.clock.plan(100, stage.sandbox.set_faults)
    stage.play()
    assert stage.attempts() == [("accepted", "timeline")]
    assert 60 < stage.clock.running() - began < 300


def test_a_resend_that_quiet_hours_put_beyond_its_late_window_is_held(stage: Stage) -> None:
    quiet_from(stage, minutes=2, length=60)
    text = (stage.folder / "schedules" / "test.toml").read_text()
    (stage.folder / "schedules" / "test.toml").write_text(text.replace('"10h"', '"15m"'))
    stage.sandbox.set_faults("break_before:1")
    stage.queue("Lost on the way.")
    stage.play(until=lambda: stage.states() == ["held"])
    assert (stage.states(), stage.held()) == (["held"], ["late"])
    assert stage.counted() == (1, 0, 0)


def test_the_gap_counts_from_what_may_be_out(stage: Stage) -> None:
    stage.campaign(min_gap='"5m"')
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue("In doubt.", "Five minutes after it.")
    stage.clock.plan(100, stage.sandbox.set_faults)
    stage.play(until=lambda: len(intents(stage)) == 2)
    first, second = intents(stage)
    assert (second - first).total_seconds() >= 300


def test_a_post_is_late_by_the_minute_its_window_ends_and_not_before(stage: Stage) -> None:
    stage.campaign(late_window='"10m"')
    stage.queue("Just in time.")
    stage.clock.leap(595)
    stage.play()
    assert stage.states() == ["published"]
    stage.queue("Just too late.")
    stage.clock.leap(602)
    stage.play()
    assert stage.states() == ["published", "held"]
