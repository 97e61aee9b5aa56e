"""What else happens to the program, on its machine and by people, and the faults of X that need more than one post."""

from __future__ import annotations

import resource
import shutil
import time

import pytest

from bot.domain.announcement import MediaItem
from bot.domain.errors import Refusal
from tests.end_to_end.stage import Stage
from tests.faults.cases import TEXT, Case, play_on, while_a_thread_rests, while_in_doubt
from tests.office import HANDLE, ROOT


def _upload_breaks(stage: Stage) -> None:
    shutil.copy(ROOT / "tests" / "data" / "media" / "convert.jpg", stage.folder / "picture.jpg")
    work = stage.ready()
    stage.sandbox.set_faults("upload_503:1", "upload_break:1")
    stage.queue(TEXT, media=(MediaItem("picture.jpg", "Delegates around a table"),))
    stage.play(work)


def _keys_refused_for_long(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("401:1", "identity_401:2")
    stage.queue(TEXT)
    stage.play(work, until=lambda: stage.states() == ["published"])


def _two_workers_and_a_slow_x(stage: Stage) -> None:
    stage.sandbox.set_faults("latency:100%:0.05")
    second = stage.start()
    stage.queue(TEXT, "A second announcement.")
    stage.deeds.deeds["after claim 1"] = lambda: second.turn(HANDLE)
    play_on(stage)


def _second_worker_beside_a_frozen_one(stage: Stage) -> None:
    second = stage.start()
    stage.queue(TEXT)

    def stand_still() -> None:
        for _ in range(20):
            stage.clock.leap(second.turn(HANDLE) or 30)

    stage.deeds.deeds["before create 1"] = stand_still
    play_on(stage)


def _silence_that_x_ends(stage: Stage) -> None:
    stage.queue(TEXT)
    stage.sandbox.set_faults("silent_close:100%:0.1")

    def stand_still() -> None:
        while not stage.sandbox.stats()["silent_connections"]:
            time.sleep(0.01)
        stage.sandbox.set_faults()
        stage.clock.leap(600)

    stage.deeds.deeds["before create 1"] = stand_still
    play_on(stage)


def _full_disk(stage: Stage) -> None:
    """No file of this process may grow beyond a page: to the database that is a full disk."""
    work = stage.ready()
    stage.queue(TEXT)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        for _ in range(4):
            work.turn(HANDLE)
            work.beat()
            stage.clock.leap(25)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    stage.play(work)


def _cancelled(stage: Stage) -> None:
    with pytest.raises(Refusal):
        stage.program().control.cancel("1", "Not now.", actor="ann")


def _template_broken(stage: Stage) -> None:
    stage.queue(TEXT)
    (stage.folder / "templates" / "plain.txt.j2").write_text("{{ nobody can read this")
    play_on(stage)


def _limit_used_up(stage: Stage) -> None:
    stage.account("[baliprocessrso.limits]", "per_15_minutes = 1", "per_3_hours = 9", "per_day = 9")
    stage.queue(TEXT, "A second announcement.")
    play_on(stage)


MACHINE_AND_PEOPLE = [
    Case("X does not take the keys (401) for some minutes", _keys_refused_for_long),
    Case("X closes the connection of a sender that stood still before the first byte", _silence_that_x_ends),
    Case("X answers slowly, and two workers run", _two_workers_and_a_slow_x),
    Case("a picture's upload is refused (503), and breaks", _upload_breaks),
    Case(
        "a resting thread goes on while X does not show it",
        while_a_thread_rests(lambda s: s.sandbox.set_faults("look_up_503:3")),
    ),
    Case("a worker stands still with the sender lock; another one waits", _second_worker_beside_a_frozen_one),
    Case("the disk is full for two minutes", _full_disk),
    Case(
        "a person cancels the post while it is in doubt, which is refused",
        while_in_doubt("break_after:1", _cancelled),
    ),
    Case("the template is broken after the approval", _template_broken),
    Case("the account's own limit is used up after the first of two posts", _limit_used_up),
]
