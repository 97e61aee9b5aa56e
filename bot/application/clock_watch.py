"""Notice a clock that jumps: nothing goes out until X's clock agrees or a person says so (design, section 5, policies)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.application.ports.account_states import EVERY_ACCOUNT, PauseKind
from bot.application.publishing import Publishing


@dataclass(slots=True)
class ClockWatch:
    """Compares the wall clock with the running clock from look to look."""

    ports: Publishing
    wall: datetime | None = None
    running: float = 0.0

    def look(self) -> None:
        """Stop every account if the wall clock went back, or jumped ahead by more than a minute. Raises StoreUnavailable."""
        wall, running = self.ports.clock.now(), self.ports.clock.running()
        before, self.wall = self.wall, wall
        passed, self.running = running - self.running, running
        if before is None:
            return
        jump = (wall - before).total_seconds() - passed
        if jump < -self.ports.profile.clock_back or jump > self.ports.profile.clock_jump:
            direction = "back" if jump < 0 else "ahead"
            why = f"the clock jumped {direction} by {abs(jump):.0f} s"
            self.ports.stop(EVERY_ACCOUNT, PauseKind.CLOCK, why)
