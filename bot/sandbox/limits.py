"""Rate limits of X for each user and application (X API notes, section 4), in windows that begin with the first request."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

QUARTER, DAY = 900, 86_400
PER_USER = {
    "create": (100, QUARTER),
    "delete": (50, QUARTER),
    "timeline": (900, QUARTER),
    "lookup": (900, QUARTER),
    "me": (75, QUARTER),
    "media_initialize": (1_875, QUARTER),
    "media_append": (1_875, QUARTER),
    "media_finalize": (1_875, QUARTER),
    "media_status": (1_000, QUARTER),
    "media_metadata": (500, QUARTER),
}
PER_APP = {"create": (10_000, DAY)}


@dataclass(slots=True)
class _Window:
    began: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one request leaves: `reset` in seconds since 1970 by X's clock."""

    limit: int
    remaining: int
    reset: int
    allowed: bool

    def headers(self) -> dict[str, str]:
        """Give the headers that X sends with every answer."""
        return {
            "x-rate-limit-limit": str(self.limit),
            "x-rate-limit-remaining": str(self.remaining),
            "x-rate-limit-reset": str(self.reset),
        }


@dataclass(slots=True)
class Limits:
    """Counts requests; switched off it allows everything and still says what would be left."""

    on: bool
    per_user: dict[str, tuple[int, int]] = field(default_factory=lambda: dict(PER_USER))
    windows: dict[tuple[str, str], _Window] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def take(self, endpoint: str, user_id: str, clock: float) -> Allowance:
        """Count one request of a user against its window and the application's."""
        with self.guard:
            mine = self._take(endpoint, user_id, self.per_user[endpoint], clock)
            app = PER_APP.get(endpoint)
            whole = self._take(endpoint, "*", app, clock) if app else mine
        return whole if mine.allowed and not whole.allowed else mine

    def _take(self, endpoint: str, who: str, rule: tuple[int, int], clock: float) -> Allowance:
        limit, span = rule
        window = self.windows.get((endpoint, who))
        if window is None or time.monotonic() - window.began >= span:
            window = self.windows[endpoint, who] = _Window(time.monotonic())
        reset = int(clock + span - (time.monotonic() - window.began)) + 1
        if self.on and window.used >= limit:
            return Allowance(limit, 0, reset, allowed=False)
        window.used += 1
        return Allowance(limit, max(0, limit - window.used), reset, allowed=True)
