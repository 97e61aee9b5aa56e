"""The times of a record that comes in or is changed: when it is due, not before, and not after (decisions 0021 and 0028)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.application.plan import Planner, slots_later
from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement, Due, Embargo, Record
from bot.domain.campaign import Campaign
from bot.domain.embargo import after_edit, bars


@dataclass(frozen=True, slots=True)
class RecordTimes:
    """When it is due; nothing of it goes out before the embargo ends, nor once it expires."""

    due: Due | None
    embargo: Embargo | None
    expires: Due | None

    @property
    def until(self) -> Due | None:
        """When the embargo ends."""
        return self.embargo.until if self.embargo else None

    @property
    def data(self) -> dict[str, Any]:
        """What the log keeps of them when the record comes in."""
        limits = {"embargo_at": _instant(self.until), "expires_at": _instant(self.expires)}
        return {"due_at": _instant(self.due), **{name: at for name, at in limits.items() if at}}

    def changed_data(self, before: Announcement) -> dict[str, Any]:
        """What the log keeps of them when a record is changed: of a limit nothing, if it stays."""
        data: dict[str, Any] = {"due_at": _instant(self.due)}
        if self.embargo != before.embargo:
            asked = self.embargo.asked if self.embargo else None
            void = bool(before.embargo and before.embargo.asked and not asked)
            data |= {"embargo_at": _instant(self.until), "embargo_lift_void": void}
        if self.expires != before.expires:
            data["expires_at"] = _instant(self.expires)
        return data


def takes_a_slot(record: Record) -> bool:
    """Tell whether its time depends on what else is queued."""
    return record.due is not None and slots_later(record.due) is not None


def times_of(planner: Planner, tx: Transaction, record: Record, campaign: Campaign) -> RecordTimes:
    """Compute the times of a record that is not in the queue. Raises InputError."""
    until = planner.limit("embargo", record, campaign)
    embargo = Embargo(until) if until else None
    due = planner.due(tx, record, campaign, embargo)
    return RecordTimes(due, embargo, planner.limit("expires", record, campaign))


def times_after(
    planner: Planner, tx: Transaction, announcement: Announcement, record: Record, campaign: Campaign
) -> RecordTimes:
    """Compute the times of an announcement whose record becomes another: what is written as before means what it did.

    Raises InputError, and Refusal where an embargo would end earlier.
    """
    before, due = announcement.record, announcement.due
    other_zone = record.timezone != before.timezone
    embargo = _embargo_after(planner, announcement, record, campaign)
    if record.due != before.due or other_zone or (due and takes_a_slot(record) and bars(embargo, due.at)):
        due = planner.due_again(tx, announcement, record, campaign, embargo)
    expires = announcement.expires
    if record.expires != before.expires or other_zone:
        expires = planner.limit_again("expires", announcement, record, campaign)
    return RecordTimes(due, embargo, expires)


def until_of_copy(planner: Planner, original: Announcement, record: Record, campaign: Campaign) -> None:
    """Raise Refusal where a copy's embargo would end before the one that holds for the original."""
    until = planner.limit("embargo", record, campaign)
    after_edit(original.name, original.embargo, until, now=planner.clock.now())


def write_limits(tx: Transaction, before: Announcement, times: RecordTimes, *, at: datetime) -> None:
    """Store the limits of a changed record that are other than before."""
    if times.embargo != before.embargo:
        tx.announcements.set_embargo(before.id, times.embargo, at=at)
    if times.expires != before.expires:
        tx.announcements.set_expires(before.id, times.expires, at=at)


def _embargo_after(
    planner: Planner, announcement: Announcement, record: Record, campaign: Campaign
) -> Embargo | None:
    """The embargo of a changed record: what one person asked for is void, what two lifted stays lifted (decision 0021)."""
    before, embargo = announcement.record, announcement.embargo
    if (record.embargo, record.timezone) != (before.embargo, before.timezone):
        until = planner.limit_again("embargo", announcement, record, campaign)
        if embargo is None or until != embargo.until:
            return after_edit(announcement.name, embargo, until, now=planner.clock.now())
    return replace(embargo, asked=None) if embargo and not embargo.lifted else embargo


def _instant(due: Due | None) -> str | None:
    return due.at.isoformat() if due else None
