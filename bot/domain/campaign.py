"""A campaign: one TOML file under `schedules/` (design, section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

from bot.domain.announcement import Due
from bot.domain.holidays import NO_PUBLIC_HOLIDAYS, PublicHolidays
from bot.domain.lint.house import HouseRules


class Approval(StrEnum):
    """How many people must say yes. Ordered by strictness: none, one, two."""

    NONE = "none"
    ONE = "one"
    TWO = "two"

    @property
    def needed(self) -> int:
        """How many approvals are needed."""
        return {"none": 0, "one": 1, "two": 2}[self.value]


class OnLate(StrEnum):
    """What happens to an announcement that is later than the late window."""

    HOLD = "hold"
    PUBLISH = "publish"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Slot:
    """A wall time at which the campaign may publish, on some weekdays (Monday is 0), or on some dates instead of them.

    `jitter`: up to how much later it may be, in whole minutes; each day by another span (`domain/slots.py`).
    """

    at: time
    weekdays: frozenset[int] = frozenset(range(7))
    dates: frozenset[date] = frozenset()
    jitter: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Wall times between which nothing goes out; `start` later than `end` runs over midnight."""

    start: time
    end: time

    def holds(self, moment: time) -> bool:
        """Tell whether a wall time lies in the quiet hours (`end` itself does not)."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, slots=True)
class Campaign:
    """What the announcements of one campaign share.

    `hashtag` is without #; `timezone` an IANA name; `handles` maps a short name to an account's handle.
    `languages`: those in which each of its announcements is to appear. Nothing of it begins to go out before `start` or after
    `end`, nor more than `max_a_day` on one account on one day of its zone.
    `late_window`, `on_late`, `min_gap` and `approval` are already merged with the settings: a campaign's
    value wins, but the stricter approval wins (design, section 8).
    """

    name: str
    account: str
    template: str
    timezone: str
    hashtag: str = ""
    language: str = "en"
    slots: tuple[Slot, ...] = ()
    quiet_hours: QuietHours | None = None
    holidays: frozenset[date] = frozenset()
    public_holidays: PublicHolidays = NO_PUBLIC_HOLIDAYS
    max_a_day: int | None = None
    start: Due | None = None
    end: Due | None = None
    late_window: timedelta = timedelta(minutes=60)
    on_late: OnLate = OnLate.HOLD
    approval: Approval = Approval.ONE
    min_gap: timedelta = timedelta(0)
    variables: Mapping[str, str] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)
    lint: HouseRules = field(default_factory=HouseRules)
    languages: tuple[str, ...] = ()
