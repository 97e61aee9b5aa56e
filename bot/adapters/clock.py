"""The machine's clock."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime


class SystemClock:
    """The wall clock, a clock that runs on in suspend, and waiting that ends when the program is asked to stop."""

    def __init__(self) -> None:
        self._running_id = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        # Not a threading.Event: stop() is called in signal handlers, where Event.set() can meet the very lock that
        # the interrupted thread holds; SimpleQueue.put() is made to be called from there.
        self._stops: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._stopping = False

    def now(self) -> datetime:
        """Give the wall time, UTC, with tzinfo."""
        return datetime.now(UTC)

    def running(self) -> float:
        """Give seconds of the boot clock where there is one (it counts suspend), else of the monotonic one."""
        return time.clock_gettime(self._running_id)

    def wait(self, seconds: float) -> None:
        """Let that many seconds pass, or return at once when the program is asked to stop."""
        if self._stopping:
            return
        with suppress(queue.Empty):
            self._stops.get(timeout=min(max(seconds, 0.0), threading.TIMEOUT_MAX))
            self._stops.put(None)  # for whoever else waits

    def stopping(self) -> bool:
        """Tell whether the program is asked to stop."""
        return self._stopping

    def stop(self) -> None:
        """Ask the program to stop: every wait ends, now and later. May be called from a signal handler."""
        self._stopping = True
        self._stops.put(None)
