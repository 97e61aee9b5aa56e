"""Which announcements a series has, in which words, and why one cannot be made: nothing is changed (decision 0029)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.application.plan import Planner
from bot.application.ports.configuration import Configuration
from bot.application.ports.recurrence import Recurrence
from bot.application.ports.store import Transaction
from bot.application.preview import Previewer
from bot.application.record_times import times_of
from bot.application.text_uses import TextUses
from bot.domain.announcement import Announcement, Due, Record
from bot.domain.campaign import Campaign
from bot.domain.campaign_bounds import is_after_end, is_before_start
from bot.domain.errors import InputError
from bot.domain.expiry import has_expired
from bot.domain.recurrence import (
    Use,
    ahead_of,
    bar_of,
    due_of,
    parse_repeat,
    record_of,
    rest_of,
    skipped_days,
    wordings_of,
)
from bot.domain.series import OPEN
from bot.domain.slots import is_holiday, quiet_until
from bot.domain.states import State
from bot.domain.walltime import in_zone, show

MOST_MADE = 500
"""Announcements that may come of a series within the time ahead."""

MOST_PASSED = 100_000
"""Wall times that may lie between the beginning of a series and now."""

NAMES_SHOWN = 3
LONG_AGO = datetime.min.replace(tzinfo=UTC)
SETTLED = timedelta(hours=1)
"""By then, what was due is out, or somebody looks at it."""

LOOK_AGAIN = timedelta(days=1)
"""After so long a series is looked at again of which something could not be made."""

A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Planned:
    """An announcement to be made."""

    wall: datetime
    due: Due
    record: Record


@dataclass(frozen=True, slots=True)
class Missing:
    """An occurrence of which nothing is made now, and why. `trouble`: somebody may want to do something about it; `repeats`:
    each of its texts would repeat another one."""

    wall: datetime
    why: str
    trouble: bool = False
    repeats: bool = False


@dataclass(slots=True)
class Plan:
    """What is to be made of a series, what is not, and when it wants looking at next (UTC)."""

    planned: list[Planned] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    wake_at: datetime | None = None

    @property
    def trouble(self) -> str:
        """Give a line for each occurrence that somebody may want to do something about."""
        return "\n".join(each.why for each in self.missing if each.trouble)

    def wake_by(self, at: datetime) -> None:
        """Look again at an instant, if not before."""
        self.wake_at = at if self.wake_at is None else min(self.wake_at, at)


@dataclass(frozen=True, slots=True)
class Source:
    """What a series is made of: its record, where it begins, and the number that the store gave it, if it has one.

    `thorough`: of a rule that ends all is looked at, a year ahead.
    """

    record: Record
    key: str
    begins: datetime
    series: int | None = None
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class SeriesPlanner:
    """Works out what is to be made of a series."""

    previewer: Previewer
    recurrence: Recurrence
    times: Planner
    configuration: Callable[[], Configuration]

    def plan(self, tx: Transaction, source: Source, kept: Sequence[Announcement], now: datetime) -> Plan:
        """Plan a series; `kept` are its announcements that stay as they are.

        Raises InputError for a record that cannot be a series, and for a rule that never comes true or comes too often.
        """
        return _Planning(self, tx, source, now).plan(kept)


class _Planning:
    """One plan being made."""

    def __init__(self, planner: SeriesPlanner, tx: Transaction, source: Source, now: datetime) -> None:
        record = source.record
        assert record.repeat is not None  # noqa: S101 - what makes it a series
        configuration = planner.configuration()
        self._recurrence = planner.recurrence
        self._tx, self._source, self._now = tx, source, now
        self._record, self._rule = record, parse_repeat(record.repeat)
        self._campaign: Campaign = configuration.campaign(record.campaign)
        self._account = configuration.account_of(self._campaign, record).name
        self._zone = record.timezone or self._campaign.timezone
        times = times_of(planner.times, tx, record, self._campaign)
        self._embargo, self._expires = times.embargo, times.expires
        self._rest, self._ahead = rest_of(record.repeat), ahead_of(record.repeat)
        self._skipped, self._on_holidays = skipped_days(record.repeat), record.repeat.on_holidays
        self._uses = TextUses(tx, planner.previewer, self._account, source.series)
        self._last_used: dict[str, datetime] = {}
        self._there: set[datetime] = set()
        self._beyond: datetime | None = None
        self._plan = Plan()

    def plan(self, kept: Sequence[Announcement]) -> Plan:
        """Make it."""
        self._note(kept)
        self._there = {each.occurrence.wall for each in kept if each.occurrence}
        for wall, due in self._coming():
            at = due.at if due else wall.replace(tzinfo=UTC)
            if why := self._why_no_more(at):
                self._plan.missing.append(Missing(wall, why))
                self._plan.wake_by(self._now + LOOK_AGAIN)
                break
            if at > self._now + self._ahead and not self._goes_on_beyond(wall, due, at):
                break
            if wall not in self._there:
                self._plan_one(wall, due)
            if len(self._plan.planned) + len(self._plan.missing) > MOST_MADE:
                raise InputError(
                    f"repeat: comes more than {MOST_MADE} times ahead: write a rule that comes less often"
                )
        self._plan.planned = [each for each in self._plan.planned if each.due.at <= self._now + self._ahead]
        if self._plan.trouble:
            self._plan.wake_by(self._now + LOOK_AGAIN)
        return self._plan

    def _why_no_more(self, at: datetime) -> str | None:
        if is_after_end(self._campaign, at):
            return f"nothing comes after campaign '{self._campaign.name}' ends"
        return "nothing comes after it expires" if has_expired(self._expires, at) else None

    def _goes_on_beyond(self, wall: datetime, due: Due | None, at: datetime) -> bool:
        """A rule that ends needs a text for each time it comes: that is looked at once, when the series is taken in."""
        if self._beyond is None:
            self._beyond = at
            self._plan.wake_by(at - self._ahead)
            if due and wall not in self._there and not self._why_nothing(wall, due)[0]:
                made = in_zone(at - self._ahead, self._zone)
                self._plan.missing.append(Missing(wall, f"{show(due)}: made from {made:%Y-%m-%d} on"))
        return self._source.thorough and self._rule.ends and at <= self._beyond + A_YEAR

    def _coming(self) -> Iterator[tuple[datetime, Due | None]]:
        """Give what is still to come, in its order; no due time where the clock jumps over it."""
        count, last = 0, self._rule.last_wall(self._zone)
        for count, wall in enumerate(self._recurrence.walls(self._rule, self._source.begins, last), 1):
            due = due_of(wall, self._zone)
            if (due.at if due else wall.replace(tzinfo=UTC)) > self._now:
                yield wall, due
            elif count > MOST_PASSED:
                raise InputError("due: lies too far back for this rule: let the series begin later")
        if not count:
            raise InputError("repeat: never comes true: mend the rule, or begin before it ends")

    def _plan_one(self, wall: datetime, due: Due | None) -> None:
        why, trouble = self._why_nothing(wall, due)
        if due is None or why:
            self._plan.missing.append(Missing(wall, why, trouble))
            return
        try:
            self._give_words(wall, due)
        except InputError as error:
            self._plan.missing.append(Missing(wall, f"{show(due)}: {error}", trouble=True))

    def _why_nothing(self, wall: datetime, due: Due | None) -> tuple[str, bool]:
        if due is None:
            return (
                f"{wall:%Y-%m-%d %H:%M} does not exist in {self._zone}, where the clock is put forward",
                False,
            )
        if wall.date() in self._skipped:
            return f"{show(due)}: skipped, as the record says", False
        if is_before_start(self._campaign, due.at):
            return f"{show(due)}: is before campaign '{self._campaign.name}' starts", False
        if not self._on_holidays and is_holiday(self._campaign, due.at):
            return f"{show(due)}: skipped, a holiday of the campaign", False
        if quiet_until(self._campaign, due.at):
            return f"{show(due)}: lies in the campaign's quiet hours", True
        return "", False

    def _give_words(self, wall: datetime, due: Due) -> None:
        bars: list[Use] = []
        for wording in self._in_turn():
            record = record_of(self._record, due, wording, self._key(wall))
            mark = self._uses.mark_of(record, due, self._embargo)
            bar = bar_of(self._uses.of(mark, record), due.at, self._rest)
            if bar is None:
                self._uses.note(mark, Use(due.at, record.key or ""))
                self._last_used[wording] = due.at
                self._plan.planned.append(Planned(wall, due, record))
                return
            bars.append(bar)
        self._miss(wall, due, bars)

    def _miss(self, wall: datetime, due: Due, bars: Sequence[Use]) -> None:
        """Each of its texts stands somewhere; one that will have rested by then is waited for."""
        rest = self._rest
        coming = [each.at for each in bars if rest is not None and not each.out and due.at - each.at >= rest]
        if coming:
            self._plan.wake_by(max(min(coming), self._now) + SETTLED)
            self._plan.missing.append(Missing(wall, f"{show(due)}: made when its text has gone out before"))
            return
        names = ", ".join(dict.fromkeys(each.name for each in bars[:NAMES_SHOWN]))
        if rest is None:
            why = f"{show(due)}: its text would repeat {names}, and X refuses that: add a wording, or give a rest"
        else:
            why = f"{show(due)}: none of its {len(bars)} texts will have rested ({names}): add a wording"
        self._plan.missing.append(Missing(wall, why, trouble=True, repeats=rest is None))

    def _in_turn(self) -> Iterable[str]:
        """Give the texts, those that were not used for the longest time first."""
        texts = list(enumerate(wordings_of(self._record)))
        texts.sort(key=lambda each: (self._last_used.get(each[1], LONG_AGO), each[0]))
        return [wording for _, wording in texts]

    def _key(self, wall: datetime) -> str:
        """Name an announcement by its day, and by its time where the day has another one of the series already."""
        day = f"{self._source.key}.{wall:%Y-%m-%d}"
        known = self._tx.announcements.by_key(self._record.campaign, day)
        free = known is None or (
            known.occurrence is not None
            and known.occurrence.series == self._source.series
            and known.occurrence.wall == wall
        )
        taken = any(each.record.key == day for each in self._plan.planned)
        return day if free and not taken else f"{day}T{wall:%H%M}"

    def _note(self, kept: Sequence[Announcement]) -> None:
        """Note the texts of what is there already; approved ones are known by their fingerprint."""
        for each in kept:
            if each.state is State.CANCELLED or each.due is None:
                continue
            text, at = each.record.body, each.due.at
            self._last_used[text] = max(at, self._last_used.get(text, LONG_AGO))
            if each.state in OPEN and at > self._now:
                with suppress(InputError):
                    self._uses.note(
                        self._uses.mark_of(each.record, each.due, each.embargo), Use(at, each.name)
                    )
