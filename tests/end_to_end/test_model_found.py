"""What the model of the protocol found (`tests/model`): the same counterexamples, played with the real program."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.end_to_end.copies import copied, put_back
from tests.end_to_end.outside import attempts, counted, until
from tests.end_to_end.stage import THREAD, Stage
from tests.office import ROOT, open_office

FREEZER = [sys.executable, str(ROOT / "tests" / "end_to_end" / "freezer.py")]
HANDLE = "baliprocessrso"


def looks(stage: Stage) -> int:
    """How often the timeline was read for the first attempt."""
    return len(json.loads(stage.rows("SELECT evidence FROM attempts")[0][0]).get("readings", ()))


def queue_hidden(stage: Stage) -> None:
    """Queue a post whose answer is lost, and which X shows only after a minute, well within the settling time."""
    stage.by_hand("Known before.")
    stage.sandbox.state.posts.posts[stage.sandbox.posts()[0]["id"]].executed -= 1000
    stage.sandbox.set_faults("break_after:1", "lag:100%:500")
    stage.queue("Out, and not shown yet.")
    stage.clock.plan(60, stage.sandbox.set_faults)


def test_a_reading_counts_as_of_when_it_was_asked_for_and_not_as_of_when_a_frozen_worker_went_on(
    stage: Stage,
) -> None:
    """The guard `DATED_WHEN_ASKED`: both readings come early, and the process stands still before it judges the second."""
    queue_hidden(stage)
    work = stage.play(until=lambda: len(stage.attempts()) == 1 and looks(stage) == 1)
    stage.deeds.deeds["after reading 2"] = lambda: stage.clock.leap(200)
    stage.play(work)
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_an_early_empty_reading_and_a_stale_one_prove_no_absence(stage: Stage) -> None:
    """The guard `READINGS_LATE`: the first reading is too early to show the post, and the only other one is stale."""
    queue_hidden(stage)
    work = stage.play(until=lambda: len(stage.attempts()) == 1 and looks(stage) == 1)
    stage.clock.leap(150)  # the process stands still, and the looks in between are missed
    stage.sandbox.set_faults("stale_reading:1:400")
    stage.play(work)
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_a_thread_of_which_a_copy_was_made_in_flight_is_compared_whole(stage: Stage) -> None:
    """The guard `OLDER_OPEN`: the copy knows post 1 as `sending`; posts 2 and 3 hang on it, and are out as well."""
    copies: list[Path] = []
    stage.deeds.deeds["after witness 1"] = lambda: copies.append(copied(stage))
    stage.queue(THREAD, thread=True)
    stage.play()
    assert stage.counted() == (3, 3, 0)
    put_back(stage, copies[0])
    stage.play(until=lambda: stage.states() == ["published"])
    assert stage.counted() == (3, 3, 0)


def test_an_older_database_is_not_compared_while_a_sender_is_left_over(stage: Stage) -> None:
    """The guard `OLDER_ALONE`: a worker stands still before its first byte while the database is replaced."""
    queued: list[Path] = []

    def replaced_and_compared() -> None:
        put_back(stage, queued[0], while_it_runs=True)
        stage.deeds.deeds.clear()
        other = stage.start()
        for _ in range(6):
            stage.clock.leap(other.turn(HANDLE) or 60)

    stage.queue("Left over.", wait=False)
    queued.append(copied(stage))
    stage.clock.leap(62)
    stage.deeds.deeds["before create 1"] = replaced_and_compared
    stage.start().turn(HANDLE)
    assert any("is out as" in subject for subject in stage.notices.subjects)
    stage.restart()  # whoever had the old file open ends
    stage.play(until=lambda: stage.states() == ["published"])
    assert stage.counted() == (1, 1, 0)


def test_what_is_in_doubt_is_settled_while_the_account_is_paused(tmp_path: Path) -> None:
    """The guard `DOUBT_RESTS`: its sender dies when another worker has claimed it, and people have paused the account."""
    with open_office(tmp_path / "office", fsync=False) as office:
        office.env["BOT_TIME_SCALE"] = "0.1"
        office.queue("Its sender died.", due_in=1.5)
        sender = office.worker(program=FREEZER, FREEZE_AT="after:create")
        until(lambda: counted(office) == (1, 1, 0))
        other = office.worker()
        until(
            lambda: office.rows("SELECT epoch FROM announcements WHERE claimed_by LIKE ?", f"%{other.pid}%")
        )
        office.bot("pause", "--why", "For this test.")
        sender.kill()
        until(lambda: "sending" not in dict(attempts(office)))
        until(lambda: attempts(office) == [("accepted", "timeline")])
        other.terminate()
        assert other.wait(timeout=45) == 0
        assert counted(office) == (1, 1, 0)
