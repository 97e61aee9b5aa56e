"""A clone and a package index are enough; `.venv` follows the locks, the interpreter and the folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files of the repository as they are now, in a folder of another name."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (REPO / name).is_file():
            (tmp_path / "clone" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPO / name, tmp_path / "clone" / name)
    return tmp_path / "clone"


def make(folder: Path, target: str) -> str:
    environment = {
        name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    }
    done = subprocess.run(
        ["make", "--no-print-directory", target],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def answer_of_bot(folder: Path) -> str:
    bot = folder / ".venv" / "bin" / "bot"
    return subprocess.run(
        [bot, "--help"], cwd=folder.parent, capture_output=True, text=True, check=True
    ).stdout


def test_one_command_sets_up_a_clone_and_again_wherever_something_changed(clone: Path) -> None:
    assert "Making .venv" in make(clone, "demo")
    assert "Making .venv" not in make(clone, "demo"), "what is in order is left alone"

    moved = clone.with_name("moved")
    clone.rename(moved)
    assert "Making .venv" in make(moved, "setup")
    assert answer_of_bot(moved).startswith("Usage: bot")

    with (moved / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# another lock\n")
    assert "Making .venv" in make(moved, "setup")
    assert answer_of_bot(moved).startswith("Usage: bot")
