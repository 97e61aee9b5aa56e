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


def test_a_file_that_is_written_in_a_folder_below_wakes(tmp_path: Path) -> None:
    (tmp_path / "2027").mkdir()
    wakes = WatchfilesFolderWatch(SystemClock(), slowest=NEVER).wakes(tmp_path)
    next(wakes)
    with again_and_again(lambda: (tmp_path / "2027" / "a.tweet").write_text("Hello.")):
        next(wakes)
    wakes.close()  # type: ignore[attr-defined] # a generator, whatever else it may become


def test_it_wakes_though_nothing_is_noticed(tmp_path: Path) -> None:
    wakes = WatchfilesFolderWatch(SystemClock(), slowest=0.05).wakes(tmp_path)
    for _ in range(3):
        next(wakes)


def test_it_ends_when_the_program_is_asked_to_stop(tmp_path: Path) -> None:
    clock = SystemClock()
    wakes = WatchfilesFolderWatch(clock, slowest=NEVER).wakes(tmp_path)
    next(wakes)
    with again_and_again(clock.stop):
        assert list(wakes) == []


def test_a_folder_that_goes_and_comes_back_is_watched_again(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    wakes = WatchfilesFolderWatch(SystemClock(), slowest=0.05).wakes(folder)
    next(wakes)
    next(wakes)
    shutil.rmtree(folder)
    for _ in range(3):
        next(wakes)
    folder.mkdir()
    next(wakes)
    (folder / "a.tweet").write_text("Hello.")
    next(wakes)
