"""A clock that jumps is noticed, and nothing goes out until X's own agrees or a person says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.end_to_end.stage import Stage


@pytest.mark.parametrize("jump", [-3600.0, -5.0, 90.0, 86_400.0])
def test_a_clock_that_jumps_stops_everything_until_x_agrees(stage: Stage, jump: float) -> None:
    stage.queue("Before the jump.")
    work = stage.play()
    stage.queue("After the jump.")
    stage.clock.set_wall(jump)
    stage.sandbox.state.posts.offset -= 200.0
    stage.play(work, until=lambda: bool(stage.status()["pauses"]))
    for _ in range(3):
        stage.clock.leap(work.turn("baliprocessrso") or 60)
    assert stage.counted() == (1, 1, 0)
    assert "the clock jumped" in stage.status()["pauses"][0]["why"]
    assert any("the clock jumped" in subject for subject in stage.notices.subjects)


def test_a_clock_that_is_set_right_again_goes_on_when_x_agrees(stage: Stage) -> None:
    stage.queue("Before the jump.")
    work = stage.play()
    stage.clock.set_wall(-120)
    work.turn("baliprocessrso")
    assert stage.status()["pauses"][0]["kind"] == "clock"
    stage.queue("After the jump.")
    stage.sandbox.state.posts.offset = (stage.clock.now() - datetime.now(UTC)).total_seconds()
    stage.play(work, until=lambda: stage.states() == ["published"] * 2)
    assert stage.status()["pauses"] == []


def test_a_person_may_say_that_the_clock_is_right(stage: Stage) -> None:
    stage.queue("Before the jump.")
    work = stage.play()
    stage.clock.set_wall(3600)
    work.turn("baliprocessrso")
    assert stage.status()["pauses"][0]["kind"] == "clock"
    stage.program().control.resume(None, actor="ann")
    stage.queue("After the jump.")
    stage.play(work)
    assert stage.states() == ["published"] * 2


def test_a_clock_that_jumps_in_the_middle_of_a_turn_stops_the_next_announcement(stage: Stage) -> None:
    stage.queue("Due.", "Due as well.")
    stage.deeds.deeds["after outcome 1"] = lambda: stage.clock.set_wall(7200)
    stage.play(until=lambda: bool(stage.status()["pauses"]))
    assert stage.counted() == (1, 1, 0)


@pytest.mark.parametrize("off", [-90.0, 3600.0])
def test_a_clock_that_was_wrong_before_the_worker_started_stops_everything(stage: Stage, off: float) -> None:
    stage.queue("Due by a wrong clock.")
    stage.sandbox.state.posts.offset -= off
    work = stage.play(until=lambda: bool(stage.status()["pauses"]))
    assert "s off X's: set it right" in stage.status()["pauses"][0]["why"]
    assert stage.counted() == (0, 0, 0)
    stage.sandbox.state.posts.offset += off
    stage.play(work, until=lambda: stage.states() == ["published"])


def test_a_clock_that_a_person_calls_right_is_not_stopped_again_by_the_same_worker(stage: Stage) -> None:
    stage.queue("Due by a wrong clock.")
    stage.sandbox.state.posts.offset -= 120.0
    work = stage.play(until=lambda: bool(stage.status()["pauses"]))
    stage.program().control.resume(None, actor="ann")
    stage.play(work)
    assert stage.states() == ["published"]
