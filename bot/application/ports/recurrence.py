"""Rules of recurrence, worked out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from bot.domain.recurrence import Rule


class Recurrence(Protocol):
    """Works rules out in wall time: what a clock shows, without a zone."""

    def walls(self, rule: Rule, start: datetime, last: datetime | None) -> Iterator[datetime]:
        """Give the wall times of a rule in their order, none before `start` and none after `last`.

        It begins anew each time, and ends by itself in bounded time, whatever the rule (decision 0029).
        """
        ...
