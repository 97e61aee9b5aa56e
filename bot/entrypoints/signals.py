"""What a worker does when the system signals to it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from bot.bootstrap import Program

LONGEST_END = 45
"""Seconds after which a worker that was told to stop ends in any case: what was in flight is settled at the next start."""

Handler = Callable[[int, FrameType | None], Any] | int | None


class Signals:
    """For the length of a `with` block: SIGTERM and SIGINT stop the program, and end it at once when they come again;
    SIGHUP has the schedules read again, but of a worker on a terminal it is the end of that terminal.

    The handlers take no lock and write by the system's own call: they may interrupt anything.
    """

    def __init__(self, program: Program, *, longest_end: int = LONGEST_END) -> None:
        self._program = program
        self._longest_end = longest_end
        self._on_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._before: dict[int, Handler] = {}

    def __enter__(self) -> None:
        handlers = {
            signal.SIGTERM: self._stop,
            signal.SIGINT: self._stop,
            signal.SIGHUP: self._stop if self._on_terminal else self._reload,
            signal.SIGALRM: self._give_up,
        }
        self._before = {number: signal.signal(number, handler) for number, handler in handlers.items()}

    def __exit__(self, *_: object) -> None:
        # A program that is told to stop stays so until its end: what still closes then is watched by the alarm, too.
        if not self._program.clock.stopping():
            for number, handler in self._before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, _: FrameType | None) -> None:
        if self._program.clock.stopping():
            os._exit(128 + number)
        self._program.clock.stop()
        signal.alarm(self._longest_end)
        if self._on_terminal:
            os.write(2, b"\nstopping; the request in flight is finished first (once more: at once)\n")

    def _reload(self, *_: object) -> None:
        self._program.configuration.reload()

    def _give_up(self, *_: object) -> None:
        os.write(2, b"the worker did not end in time; what was in flight is settled at the next start\n")
        os._exit(1)
