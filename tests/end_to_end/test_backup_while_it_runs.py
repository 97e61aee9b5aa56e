"""Copies made while real workers publish, put back after a kill; the sandbox counts."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.bootstrap import Program
from bot.settings import load_settings
from tests.office import Office, open_office

BODIES = [f"Announcement number {number}." for number in range(24)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        yield office


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it does not come to pass"
        time.sleep(0.02)


def accepted(office: Office) -> int:
    return int(office.sandbox.stats()["accepted"])


def backed_up(office: Office, copy: Path) -> None:
    """In this process, for the posts do not wait until another one has started."""
    program = Program(load_settings(office.folder, environ=office.env))
    try:
        program.backup.save(copy)
    finally:
        program.close()


def restored(office: Office, copy: Path) -> None:
    """By command; a worker that was killed counts as gone three heartbeats later."""
    done = []

    def restore() -> bool:
        done.append(office.bot("db", "restore", str(copy)))
        return done[-1].returncode == 0

    until(restore)


def copied_back_without_its_witness(office: Office, copy: Path) -> None:
    for file in office.folder.glob("bot.db-*"):
        file.unlink()
    shutil.copy(copy, office.folder / "bot.db")
    shutil.rmtree(office.folder / "bot.db.locks")


@pytest.mark.parametrize(
    "put_back", [restored, copied_back_without_its_witness], ids=["by command", "by hand, witness lost"]
)
def test_a_copy_made_in_a_storm_of_posts_and_put_back_after_a_kill_sends_nothing_twice(
    office: Office, tmp_path: Path, put_back: Callable[[Office, Path], None]
) -> None:
    office.sandbox.set_faults("break_after:15%", "latency:100%:0.15")
    office.queue(*BODIES, due_in=10.0)
    worker = office.worker()
    until(lambda: accepted(office) >= 6)
    copy = tmp_path / "copy.db"
    backed_up(office, copy)
    at_copy = accepted(office)
    until(lambda: accepted(office) >= at_copy + 4)
    worker.kill()
    worker.wait()
    assert office.bot("db", "check", str(copy)).returncode == 0
    put_back(office, copy)
    office.sandbox.set_faults()
    drained = office.bot("run", "--until-drained")
    assert drained.returncode == 0, drained
    assert set(office.states()) == {"published"}
    stats = office.sandbox.stats()
    assert (stats["accepted"], stats["distinct"], stats["doubled"]) == (len(BODIES), len(BODIES), 0)
    assert office.bot("log", "verify", "--against-account").returncode == 0


def test_a_copy_is_not_put_back_under_a_worker_that_runs(office: Office, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    office.bot("db", "backup", str(copy), check=True)
    worker = office.worker()
    until(lambda: bool(office.rows("SELECT 1 FROM workers WHERE NOT ended")))
    refused = office.bot("db", "restore", str(copy))
    assert refused.returncode == 1
    assert "runs (last seen 0 s ago): end it first" in refused.stderr
    worker.terminate()
    assert worker.wait(timeout=30) == 0
    assert office.bot("db", "restore", str(copy)).returncode == 0


def test_a_worker_under_which_the_database_was_exchanged_ends_and_the_next_one_compares(
    office: Office, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    office.queue("Before.")
    assert office.bot("run", "--until-drained").returncode == 0
    office.bot("db", "backup", str(copy), check=True)
    office.queue("After the copy.")
    worker = office.worker()
    until(lambda: accepted(office) == 2)
    new = office.folder / "new.db"
    shutil.copy(copy, new)
    for file in office.folder.glob("bot.db-*"):
        file.unlink()
    new.replace(office.folder / "bot.db")
    assert worker.wait(timeout=30) == 0
    assert len(office.states()) == 1
    office.queue("After the copy.")
    assert office.bot("run", "--until-drained").returncode == 0
    assert accepted(office) == 2
