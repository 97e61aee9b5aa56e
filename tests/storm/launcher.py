"""Starts workers: `bot run` in a process of its own each, split off from one that has loaded the program already.

Run by its path, so that the program on PYTHONPATH is the one that runs. Reads a line of JSON for each worker, answers with its
process id. A worker goes by the machine's clock plus what a file says, and may kill or freeze itself at a checkpoint.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import mmap
import os
import signal
import struct
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import apscheduler.schedulers.base as scheduling

from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.clock import SystemClock
from bot.application.ports.checkpoint import Step
from bot.bootstrap import Program
from bot.entrypoints.cli.main import run
from bot.entrypoints.cli.session import Session

LOADED_AHEAD = (
    "bot.entrypoints.worker", "bot.entrypoints.cli.commands.run", "bot.adapters.store.store", "bot.adapters.locks",
    "bot.adapters.config_files", "bot.adapters.watched_configuration", "bot.adapters.notify", "bot.adapters.witness",
    "bot.adapters.media", "bot.adapters.logs", "bot.adapters.x_api.client", "bot.adapters.dispatch_apscheduler",
    "bot.application.work", "bot.application.report", "bot.settings",
)  # fmt: skip
"""What a worker loads in its first moment. A name that is gone only costs time."""


PR_SET_PDEATHSIG = 1


class SteppedClock(SystemClock):
    """The machine's clock, with the wall clock off by the seconds that a file holds."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        with path.open("rb") as file:
            self._off = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off()

    def off(self) -> timedelta:
        (seconds,) = struct.unpack("d", self._off[:8])
        return timedelta(seconds=seconds)


def step_the_scheduler(clock: SteppedClock) -> None:
    """APScheduler reads the wall clock by itself: on a machine whose clock was set it would see the same one as we do."""

    class SteppedTime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + clock.off()

    scheduling.datetime = SteppedTime


class Striking(NoCheckpoint):
    """Sends a signal to its own process at the n-th time that a place such as `after:intent` is reached.

    Writes into `begun` that it has come to a place at all: until then the worker is only starting.
    """

    def __init__(self, place: str, count: int, number: signal.Signals, begun: int) -> None:
        self._begun: int | None = begun
        self._place = place
        self._left = count
        self._signal = number

    def before(self, step: Step) -> None:
        self._reach(f"before:{step}")

    def after(self, step: Step) -> None:
        self._reach(f"after:{step}")

    def _reach(self, place: str) -> None:
        if self._begun is not None:
            os.pwrite(self._begun, str(os.getpid()).encode(), 0)  # several threads may come at once
            self._begun = None
        if place != self._place:
            return
        self._left -= 1
        if self._left == 0:
            os.write(1, f"process {os.getpid()} strikes itself {place} {self._signal.name}\n".encode())
            # To this very thread: a signal to the process may be taken by another one while this one goes on.
            signal.pthread_kill(threading.get_ident(), self._signal)


def work(wish: Mapping[str, Any]) -> int:
    """Be a worker; gives its exit code."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # no worker outlives its storm
    log = os.open(wish["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    clock = SteppedClock(Path(wish["clock"]))
    step_the_scheduler(clock)
    number = signal.Signals(wish["signal"])
    begun = os.open(wish["begun"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    checkpoint = Striking(wish["place"], wish["count"], number, begun)
    session = Session(checkpoint=checkpoint)
    session.__dict__["program"] = Program(session.settings, clock=clock, checkpoint=checkpoint)
    code = run(["run"], session)
    print(f"process {os.getpid()} ended by itself with {code}", flush=True)
    return code


def split_off(wish: Mapping[str, Any]) -> int:
    """Start a worker; gives its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        code = work(wish)
    finally:
        os._exit(code)


def main() -> None:
    """Start workers until the input ends."""
    for name in LOADED_AHEAD:
        with suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded is shared with the workers, as long as nobody walks over it
    signal.signal(
        signal.SIGCHLD, signal.SIG_IGN
    )  # the system buries them; who waits for one has a pidfd of it
    print(sys.modules["bot"].__file__, flush=True)
    for line in sys.stdin:
        print(split_off(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
