"""Kill a real worker at every checkpoint, start another: each post is out once, by the sandbox's own count."""

from __future__ import annotations

import ast
import shutil
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from bot.application.ports.checkpoint import WITHDRAWAL, Step
from bot.bootstrap import Program
from bot.domain.announcement import MediaItem
from bot.settings import load_settings
from tests.office import CRASHER, ROOT, Office, open_office

PLACES = [f"{when}:{step}" for step in Step if step not in WITHDRAWAL for when in ("before", "after")]
PLACES_OF_A_WITHDRAWAL = [f"{when}:{step}" for step in WITHDRAWAL for when in ("before", "after")]

PRELUDES: dict[Step, tuple[list[str], str | None]] = {
    Step.READING: (["break_after:1"], None),
    Step.SETTLE: (["break_after:1"], None),
    Step.ORPHAN: ([], "after:witness:1"),
    Step.AFTERMATH: (["status_before:1"], None),
}
"""What has to happen first so that a step is reached: faults of the sandbox, and a first worker's death."""


def kill_at(office: Office, place: str) -> None:
    worker = office.worker("--until-drained", program=CRASHER, CRASH_AT=place)
    assert worker.wait(timeout=120) == -signal.SIGKILL, f"{place} was never reached:\n{office.said()}"


@pytest.mark.parametrize("place", PLACES)
def test_a_worker_killed_at_this_checkpoint_leaves_each_post_out_once(place: str, tmp_path: Path) -> None:
    step = Step(place.split(":")[1])
    faults, first_death = PRELUDES.get(step, ([], None))
    with open_office(tmp_path / "office", faults=faults) as office:
        if step is Step.AFTERMATH:
            office.env["BOT_SETTLING_TIME"] = "61s"
        thread = "First of three.\n---\nSecond of three.\n---\nThird of three."
        media = (picture_of(office),) if step is Step.UPLOAD else ()
        office.queue("One announcement on its own.", due_in=1.5, media=media)
        office.queue(thread, thread=True, due_in=1.5)
        if first_death:
            kill_at(office, first_death)
        if step is Step.AFTERMATH:
            drain_past_the_recheck(office, place)
        else:
            kill_at(office, f"{place}:1")
        done = office.worker("--until-drained")
        assert done.wait(timeout=120) == 0, office.said()
        stats = office.sandbox.stats()
        assert (stats["accepted"], stats["distinct"], stats["doubled"]) == (4, 4, 0)
        assert office.states() == ["published", "published"]
        with_picture = [post["text"] for post in office.sandbox.posts() if post["media"]]
        assert with_picture == ["One announcement on its own."] * len(media)
        assert office.bot("log", "verify").returncode == 0


def picture_of(office: Office) -> MediaItem:
    shutil.copy(ROOT / "tests" / "data" / "media" / "convert.jpg", office.folder)
    return MediaItem("convert.jpg", "Delegates around a table")


def drain_past_the_recheck(office: Office, place: str) -> None:
    """The reading after a resend comes a settling time later: a worker without an end waits for it, and dies there."""
    worker = office.worker(program=CRASHER, CRASH_AT=f"{place}:1")
    assert worker.wait(timeout=120) == -signal.SIGKILL, f"{place} was never reached:\n{office.said()}"


def test_a_withdrawal_killed_at_any_checkpoint_is_told_and_finished_by_asking_again(tmp_path: Path) -> None:
    with open_office(tmp_path / "office", fsync=False) as office:
        threads = [f"First, {place}.\n---\nSecond." for place in PLACES_OF_A_WITHDRAWAL]
        office.queue(*threads, thread=True, due_in=2)
        assert office.bot("run", "--until-drained").returncode == 0
        for name, place in enumerate(PLACES_OF_A_WITHDRAWAL, 1):
            killed = subprocess.run(
                [*CRASHER, "withdraw", str(name), "--reason", "Wrong figure.", "--yes"], cwd=office.folder,
                env={**office.environ, "CRASH_AT": f"{place}:1"}, timeout=60, check=False, capture_output=True,
            )  # fmt: skip
            assert killed.returncode == -signal.SIGKILL, (
                f"{place} was never reached: {killed.stderr.decode()}"
            )
            with closing(Program(load_settings(office.folder, environ=office.env))) as program:
                asked = place != "before:withdraw"
                left = {announcement.id for announcement, _ in program.report.status().withdrawing}
                assert left == ({name} if asked else set()), place
                withdrawing = program.withdrawing("ann")
                withdrawing.carry_out(withdrawing.plan(str(name), None if asked else "Wrong figure."))
                assert not program.report.status().withdrawing
        assert office.states() == ["withdrawn"] * len(PLACES_OF_A_WITHDRAWAL)
        assert all(post["deleted"] for post in office.sandbox.posts())
        assert office.bot("log", "verify").returncode == 0


def test_every_commit_and_call_of_the_protocol_has_its_checkpoint() -> None:
    """Read off the code: each step is used, and no transaction of the protocol is without one."""
    used: set[str] = set()
    unnamed: list[str] = []
    protocol = ["publish", "intend", "reconcile", "readiness", "older_database", "publishing", "settle"]
    protocol += ["media_uploads", "thread_check", "withdraw"]
    paths = [ROOT / "bot" / "application" / f"{name}.py" for name in protocol]
    for path in [*paths, *(ROOT / "bot" / "adapters" / "x_api").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Step":
                used.add(node.attr)
            if isinstance(node, ast.Call) and not node.args:
                unnamed += [f"{path.name}:{node.lineno}"] if is_transaction(node) else []
    assert used == {step.name for step in Step}
    assert unnamed == []


def is_transaction(call: ast.Call) -> bool:
    return ast.unparse(call.func).endswith((".writing", ".concluding"))
