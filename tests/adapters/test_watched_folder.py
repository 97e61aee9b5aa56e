"""A folder that is watched: a written file wakes, and neither a folder that goes nor a stop leaves anybody waiting."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.watched_folder import WatchfilesFolderWatch

NEVER = 3600.0
PATIENCE = 60.0


@contextmanager
def again_and_again(deed: Callable[[], object]) -> Iterator[None]:
    """Do something every half second beside the test: when the watching begins, nobody can tell."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.5):
            deed()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()


def wakes_within_patience(wakes: Iterator[None], clock: SystemClock) -> bool:
    """Tell whether it wakes; what sleeps on is stopped."""
    waiting = threading.Thread(target=lambda: next(wakes, None), daemon=True)
    waiting.start()
    waiting.join(PATIENCE)
    woke = not waiting.is_alive()
    if not woke:
        clock.stop()
    return woke


def test_a_file_that_is_written_in_a_folder_below_wakes(tmp_path: Path) -> None:
    clock = SystemClock()
    (tmp_path / "2027").mkdir()
    wakes = WatchfilesFolderWatch(clock, slowest=NEVER).wakes(tmp_path)
    next(wakes)
    with again_and_again(lambda: (tmp_path / "2027" / "a.tweet").write_text("Hello.")):
        assert wakes_within_patience(wakes, clock)


def test_it_wakes_though_nothing_is_noticed(tmp_path: Path) -> None:
    wakes = WatchfilesFolderWatch(SystemClock(), slowest=0.05).wakes(tmp_path)
    for _ in range(3):
        next(wakes)


def test_it_ends_when_the_program_is_asked_to_stop(tmp_path: Path) -> None:
    clock = SystemClock()
    wakes = WatchfilesFolderWatch(clock, slowest=NEVER).wakes(tmp_path)
    next(wakes)
    with again_and_again(clock.stop):
        assert wakes_within_patience(wakes, clock)
    assert list(wakes) == []


def test_a_folder_that_goes_and_comes_back_is_watched_again(tmp_path: Path) -> None:
    clock = SystemClock()
    folder = tmp_path / "posts"
    folder.mkdir()
    wakes = WatchfilesFolderWatch(clock, slowest=NEVER).wakes(folder)
    next(wakes)
    with again_and_again(lambda: (folder / "a.tweet").write_text("Hello.")):
        assert wakes_within_patience(wakes, clock)
    shutil.rmtree(folder)
    folder.mkdir()
    assert wakes_within_patience(wakes, clock)
    with again_and_again(lambda: (folder / "a.tweet").write_text("Hello.")):
        assert wakes_within_patience(wakes, clock)


def test_a_folder_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    wakes = WatchfilesFolderWatch(SystemClock(), slowest=0.05).wakes(folder)
    for _ in range(3):
        next(wakes)
    folder.mkdir()
    next(wakes)
    next(wakes)
