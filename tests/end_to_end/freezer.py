"""`bot`, but it freezes (SIGSTOP) at the checkpoint that FREEZE_AT names, such as `before:guard`, the first time."""

from __future__ import annotations

import os
import signal
import threading

from bot.adapters.checkpoint import NoCheckpoint
from bot.application.ports.checkpoint import Step


class Freezing(NoCheckpoint):
    """Freezes its own process where it was told to."""

    def __init__(self, place: str) -> None:
        self._place = place

    def before(self, step: Step) -> None:
        self._reach(f"before:{step}")

    def after(self, step: Step) -> None:
        self._reach(f"after:{step}")

    def _reach(self, place: str) -> None:
        if place == self._place:
            self._place = ""
            # To this very thread: a signal to the process may be taken by another one while this one goes on.
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


if __name__ == "__main__":
    from bot.entrypoints.cli.main import main

    main(checkpoint=Freezing(os.environ.pop("FREEZE_AT")))
