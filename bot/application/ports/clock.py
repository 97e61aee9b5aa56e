"""The clock."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only reader of time."""

    def now(self) -> datetime:
        """Give the wall time, UTC, with tzinfo."""
        ...

    def running(self) -> float:
        """Give seconds of a clock that never jumps and goes on in suspend; only differences mean anything."""
        ...

    def wait(self, seconds: float) -> None:
        """Let that many seconds pass, or return at once when the program is asked to stop."""
        ...

    def stopping(self) -> bool:
        """Tell whether the program is asked to stop."""
        ...

    def stop(self) -> None:
        """Ask the program to stop: every wait ends, now and later."""
        ...
