"""Rules of recurrence by python-dateutil."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, datetime

from bot.domain.recurrence import Rule

_CYCLE = 400
"""After so many years the Gregorian calendar is the same, weekdays too."""


class DateutilRecurrence:
    """Works rules out in wall time."""

    def walls(self, rule: Rule, start: datetime, last: datetime | None) -> Iterator[datetime]:
        """Give the wall times of a rule in their order, none before `start` and none after `last`.

        The library looks for the next one until the end of the calendar, where it gives up: for a rule that never comes true,
        such as the 30th of February, that takes half a minute from here. In the last cycle before that end it is a moment.
        """
        from dateutil.rrule import rrulestr  # noqa: PLC0415 - start-up time

        years = (MAXYEAR - start.year) // _CYCLE * _CYCLE
        begin = start.replace(year=start.year + years)
        for found in rrulestr(rule.parts, dtstart=begin):
            wall = found.replace(year=found.year - years)
            if last is not None and wall > last:
                return
            yield wall
