"""Where what is taken for granted about X and about time does not hold: it is noticed; where it fails, two are out."""

from __future__ import annotations

import time

from bot.application.work import Work
from tests.end_to_end.stage import IMPATIENT, Stage
from tests.faults.cases import NO_DUPLICATES, TEXT, Case, Deed
from tests.office import HANDLE


def _until_in_doubt(stage: Stage, work: Work, *faults: str) -> None:
    stage.sandbox.set_faults(*faults)
    stage.queue(TEXT)
    stage.play(work, until=lambda: "in_doubt" in dict(stage.attempts()))


def _shown_after(seconds: float, event: str) -> Deed:
    """Let the timeline show the post only so many seconds after it is in doubt."""

    def deed(stage: Stage) -> None:
        work = stage.ready()
        _until_in_doubt(stage, work, "break_after:1", "lag:100%:600")
        stage.clock.plan(seconds, stage.sandbox.set_faults)
        stage.play(work, until=lambda: event in stage.events() and stage.states() == ["published"])

    return deed


def _carried_out_late(stage: Stage, *, after: float) -> Work:
    """Let X carry the request out so many seconds after it came, of the real ones."""
    stage.profile = IMPATIENT
    work = stage.ready()
    _until_in_doubt(stage, work, f"exec_delay:1:{after}")
    return work


def _wait_for_posts(stage: Stage, number: int) -> None:
    while stage.counted()[1] < number:
        time.sleep(0.02)


def _late_within_the_wait(stage: Stage) -> None:
    work = _carried_out_late(stage, after=0.8)
    stage.clock.leap(49)
    _wait_for_posts(stage, 1)
    stage.play(work)


def _late_beyond_the_wait(stage: Stage) -> None:
    work = _carried_out_late(stage, after=1.5)
    stage.play(work)
    _wait_for_posts(stage, 2)
    stage.play(work, until=lambda: "doubled" in stage.events())


def _taken_back(stage: Stage) -> None:
    work = stage.ready()
    shown = stage.by_hand("Posted by hand meanwhile.")
    stage.sandbox.state.posts.posts[shown].executed -= 100_000
    _until_in_doubt(stage, work, "break_after:1", "lag:100%:600")
    stage.clock.leap(31)
    work.turn(HANDLE)
    stage.sandbox.state.posts.delete(shown)
    stage.clock.leap(31)
    work.turn(HANDLE)
    stage.sandbox.set_faults()
    stage.play(work)


def _repeats_a_refused_one(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("400:1")
    stage.queue(TEXT)
    stage.play(work, until=lambda: "refused" in stage.events())
    stage.sandbox.set_faults("dup_no_match:1")
    stage.play(work)


NOTICED = [
    Case("X takes the post a minute late, within the settling time", _late_within_the_wait),
    Case(
        "the timeline shows the post only after more than half of the settling time",
        _shown_after(100, "slow_to_show"),
    ),
    Case("the timeline takes back what it has shown", _taken_back),
    Case("X refuses it once, and then calls it a repetition", _repeats_a_refused_one),
    Case(
        "the timeline shows the post only after the settling time, and X refuses repetitions",
        _shown_after(150, "assumption_broken"),
        NO_DUPLICATES,
    ),
]
LOST = [
    Case(
        "the timeline shows the post only after the settling time: the bet on time is lost",
        _shown_after(150, "doubled"),
    ),
    Case("X takes the post only when it was sent again: the bet on time is lost", _late_beyond_the_wait),
]
