"""A plan of a series is carried out, all of it in one transaction (decision 0029)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.application.intake import void_approval
from bot.application.occurrences import Plan, Planned
from bot.application.plan import Planner
from bot.application.ports.announcements import NewAnnouncement
from bot.application.ports.configuration import Configuration
from bot.application.ports.store import Transaction
from bot.application.record_times import times_after, times_of, write_limits
from bot.domain.announcement import Announcement, Occurrence, record_data
from bot.domain.series import OPEN, Series, is_left_to_series, was_taken_back
from bot.domain.states import State


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to what came of a series, each by its name; `made` are the numbers of what was written, `kept` says why
    something stays as it is, `told` of what nothing is made, a line each."""

    made: tuple[int, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def did_nothing(self) -> bool:
        """Tell whether the queue is as it was."""
        return not (self.added or self.changed or self.cancelled)


@dataclass(frozen=True, slots=True)
class Making:
    """One series in one transaction, and who does it."""

    tx: Transaction
    configuration: Callable[[], Configuration]
    times: Planner
    series: Series
    actor: str
    now: datetime

    def carry_out(self, plan: Plan) -> Done:
        """Write what is planned; what another worker has made meanwhile, and what people changed, stays."""
        found = self.tx.series.occurrences(self.series.id)
        there = {each.occurrence.wall: each for each in found if each.occurrence}
        added, changed = [], []
        for each in plan.planned:
            known = there.get(each.wall)
            if known is None:
                added.append(self._add(each))
            elif (was_taken_back(known) or is_left_to_series(known)) and self._write_again(known, each):
                changed.append(known)
        self.tx.series.looked_at(self.series.id, wake_at=plan.wake_at, trouble=plan.trouble)
        return Done(
            made=tuple(each.id for each in (*added, *changed)),
            added=tuple(each.name for each in added),
            changed=tuple(each.name for each in changed),
            told=tuple(each.why for each in plan.missing),
        )

    def cancel_what_is_left(self, reason: str, *, but: Iterable[datetime] = ()) -> tuple[str, ...]:
        """Cancel what is still to come and left to the series, but for these wall times; gives the names."""
        left = [each for each in self.coming() if is_left_to_series(each)]
        gone = [each for each in left if each.occurrence and each.occurrence.wall not in set(but)]
        for each in gone:
            facts = {"wake_at": None, "at": self.now}
            self.tx.announcements.move(each.id, OPEN, State.CANCELLED, facts)
            self.tx.series.note_written(each.id, 0)
            self._journal("cancel", each.id, {"reason": reason})
        return tuple(each.name for each in gone)

    def coming(self) -> list[Announcement]:
        """Give what came of the series and is still to go out."""
        found = self.tx.series.occurrences(self.series.id)
        return [each for each in found if each.due and each.due.at > self.now and each.state in COMING]

    def journal(self, event: str, data: dict[str, Any]) -> None:
        """Write of the series as a whole."""
        of_series = {"series": self.series.key, "campaign": self.series.source}
        self.tx.journal.append(event, at=self.now, actor=self.actor, data={**of_series, **data})

    def _add(self, planned: Planned) -> Announcement:
        record, series = planned.record, self.series
        configuration = self.configuration()
        campaign = configuration.campaign(record.campaign)
        times = times_of(self.times, self.tx, record, campaign)
        new = NewAnnouncement(
            record=record,
            source=series.source,
            key=record.key or "",
            account=configuration.account_of(campaign, record).name,
            due=planned.due,
            author=series.author,
            at=self.now,
            embargo=times.until,
            expires=times.expires,
            occurrence=Occurrence(series.id, planned.wall),
        )
        added = self.tx.announcements.add(new)
        data: dict[str, Any] = {
            "key": new.key,
            "record": record_data(record),
            "where": None,
            "series": series.key,
            **replace(times, due=planned.due).data,
        }
        self._journal("intake", added.id, data)
        return added

    def _write_again(self, known: Announcement, planned: Planned) -> bool:
        """Give an announcement that is left to the series its new record; False if it says that already."""
        came_back = was_taken_back(known)
        record = planned.record
        if not came_back and (known.record, known.due) == (record, planned.due):
            return False
        if came_back:
            self.tx.announcements.move(known.id, [State.CANCELLED], State.DRAFT, {"at": self.now})
        configuration = self.configuration()
        campaign = configuration.campaign(record.campaign)
        account = configuration.account_of(campaign, record).name
        times = replace(times_after(self.times, self.tx, known, record, campaign), due=planned.due)
        self.tx.announcements.edit(known.id, record, planned.due, account=account, at=self.now)
        write_limits(self.tx, known, times, at=self.now)
        void_approval(self.tx, self.tx.announcements.get(known.id), State.DRAFT, at=self.now)
        self.tx.series.note_written(known.id, self.tx.announcements.get(known.id).revision)
        before, after = record_data(known.record), record_data(record)
        data: dict[str, Any] = {
            "changed": {name: after[name] for name in after if after[name] != before[name]},
            "approval_void": False,
            "series": self.series.key,
            **times.changed_data(known),
        }
        self._journal("edit", known.id, data)
        return True

    def _journal(self, event: str, announcement_id: int, data: dict[str, Any]) -> None:
        self.tx.journal.append(
            event, at=self.now, actor=self.actor, announcement_id=announcement_id, data=data
        )


COMING = frozenset(State) - {
    State.CANCELLED,
    State.PUBLISHED,
    State.PARTLY_PUBLISHED,
    State.WITHDRAWN,
    State.MISSED,
}
"""States of what may still go out."""


def why_kept(announcement: Announcement) -> str:
    """Say why a change or a stop of its series leaves an announcement as it is."""
    if announcement.approvals or announcement.state not in OPEN:
        return f"{announcement.name} stays: it is {announcement.state}" + (
            ", approved" if announcement.approvals else ""
        )
    return f"{announcement.name} stays: somebody edited it or gave it another time"
