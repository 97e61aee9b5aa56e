"""`bot`, but it dies at a checkpoint: BOT_TEST-free, the place is the first argument (`before:intent:1`)."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter

from bot.adapters.checkpoint import NoCheckpoint
from bot.application.ports.checkpoint import Step


class Dying(NoCheckpoint):
    """Kills its own process at the n-th time that a place is reached."""

    def __init__(self, place: str, *, signal_: int = signal.SIGKILL) -> None:
        self._when, self._step, count = place.split(":")
        self._left = int(count)
        self._signal = signal_
        self.seen: Counter[str] = Counter()

    def before(self, step: Step) -> None:
        self._reach("before", step)

    def after(self, step: Step) -> None:
        self._reach("after", step)

    def _reach(self, when: str, step: Step) -> None:
        if (when, step.value) == (self._when, self._step):
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), self._signal)


if __name__ == "__main__":
    from bot.entrypoints.cli.main import main

    place = os.environ.pop("CRASH_AT")
    main(checkpoint=Dying(place))
    sys.exit(0)
