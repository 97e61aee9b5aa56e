"""`bot queue sync --watch`: the real program beside a folder in which people, editors and git write."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import REPO

PATIENCE = 60.0


@dataclass
class Watch:
    """A watch that runs, and what it says, line by line."""

    process: subprocess.Popen[str]
    lines: queue.Queue[str] = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line)

    def told(self) -> dict[str, str]:
        """Wait for the next sync in which anything happened; gives what became of each announcement."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            if line.startswith("{") and (rows := changed(json.loads(line))):
                return rows

    def told_until(self, name: str, action: str) -> None:
        """Wait until this became of an announcement."""
        while self.told().get(name) != action:
            pass

    def heard(self, words: str) -> None:
        """Wait for a line with these words."""
        while words not in self.lines.get(timeout=PATIENCE):
            pass


def changed(synced: dict[str, Any]) -> dict[str, str]:
    return {row["key"]: row["action"] for row in synced["rows"] if row["action"] != "unchanged"}


def environ() -> dict[str, str]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "X_", "GIT_"))}
    return {**keep, "PYTHONPATH": str(REPO)}


@pytest.fixture
def posts(queue: Path) -> Path:
    posts = queue / "posts"
    posts.mkdir()
    (posts / "report.tweet").write_text("The report is out.\n")
    return posts


@pytest.fixture
def watch(posts: Path) -> Iterator[Watch]:
    command = [
        sys.executable,
        "-m",
        "bot",
        "queue",
        "sync",
        "posts",
        "--campaign",
        "rsotenyears",
        "--watch",
        "--json",
    ]
    process = subprocess.Popen(
        command, cwd=posts.parent, env=environ(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    with process:
        yield Watch(process)
        process.kill()


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Mali", "-c", "user.email=mali@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *arguments], cwd=folder, env=environ(), check=True, capture_output=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_syncs_what_is_there_and_each_change_and_ends_in_good_order(
    posts: Path, watch: Watch, number: signal.Signals
) -> None:
    assert watch.told() == {"report.tweet": "added"}
    (posts / "2027").mkdir()
    (posts / "2027" / "forum.tweet").write_text("Come to the forum.\n")
    assert watch.told() == {"2027/forum.tweet": "added"}
    (posts / "report.tweet").write_text("---\nreplay: 1\n---\n")
    watch.heard("replay: is not a field of a .tweet file")
    (posts / "report.tweet").write_text("The report is out at last.\n")
    assert watch.told() == {"report.tweet": "changed"}
    watch.process.send_signal(number)
    assert watch.process.wait(timeout=PATIENCE) == 0


def test_an_editor_that_writes_beside_the_file_and_puts_it_in_place_makes_one_edit(
    posts: Path, watch: Watch
) -> None:
    watch.told()
    for name in (".report.tweet.swp", "4913", "report.tweet~", ".#report.tweet"):
        (posts / name).write_text("Half a rep")
    (posts / "report.tweet").rename(posts / "report.tweet~")
    (posts / ".new").write_text("The report is out at last.\n")
    (posts / ".new").rename(posts / "report.tweet")
    assert watch.told() == {"report.tweet": "changed"}


def test_after_a_checkout_of_another_branch_the_queue_says_what_that_branch_says(
    posts: Path, watch: Watch
) -> None:
    watch.told()
    git(posts, "init")
    git(posts, "add", ".")
    git(posts, "commit", "-m", "one")
    git(posts, "checkout", "-b", "many")
    for number in range(60):
        (posts / f"{number}.tweet").write_text(f"Number {number}.\n")
    git(posts, "add", ".")
    git(posts, "commit", "-m", "many")
    watch.told_until("59.tweet", "added")
    git(posts, "checkout", "main")
    watch.told_until("59.tweet", "cancelled")
    git(posts, "checkout", "many")
    watch.told_until("59.tweet", "restored")


def test_a_folder_that_vanishes_ends_nothing_and_cancels_nothing(posts: Path, watch: Watch) -> None:
    watch.told()
    posts.rename(posts.with_name("away"))
    watch.heard("error: posts: cannot be read")
    posts.with_name("away").rename(posts)
    (posts / "forum.tweet").write_text("Come to the forum.\n")
    assert watch.told() == {"forum.tweet": "added"}
