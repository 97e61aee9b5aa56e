"""Notice a clock that jumps: nothing goes out until X's clock agrees or a person says so (design, section 5, policies)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.ports.account_states import EVERY_ACCOUNT, PauseKind
from bot.application.publishing import Publishing
from bot.domain.profile import CLOCK_BACK


@dataclass(slots=True)
class ClockWatch:
    """Compares the wall clock with the running clock from look to look."""

    ports: Publishing
    wall: datetime | None = None
    running: float = 0.0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> None:
        """Stop every account if the wall clock went back, or jumped ahead by more than a minute. Raises StoreUnavailable.

        Safe to call from the turns of several accounts.
        """
        with self.guard:
            self._look()

    def _look(self) -> None:
        wall, running = self._read()
        before, self.wall = self.wall, wall
        passed, self.running = running - self.running, running
        if before is None:
            return
        jump = (wall - before).total_seconds() - passed
        if jump < -CLOCK_BACK or jump > self.ports.profile.clock_jump:
            direction = "back" if jump < 0 else "ahead"
            why = f"the clock jumped {direction} by {abs(jump):.0f} s"
            self.ports.stop(EVERY_ACCOUNT, PauseKind.CLOCK, why)

    def _read(self) -> tuple[datetime, float]:
        """Read both clocks at one moment: a process that is frozen between the two readings reads again."""
        while True:
            first = self.ports.clock.running()
            wall = self.ports.clock.now()
            running = self.ports.clock.running()
            if running - first < CLOCK_BACK / 10:
                return wall, running
