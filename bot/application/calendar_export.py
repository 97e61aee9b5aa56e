"""The queue as events of a calendar (decision 0028)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.application.agenda import Entry
from bot.application.ports.announcements import Filter
from bot.application.ports.calendar_writer import CalendarEvent, CalendarWriter, EventStatus
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.store import Store, Transaction
from bot.domain.account import Account
from bot.domain.announcement import Announcement
from bot.domain.campaign import Campaign
from bot.domain.post import link_of
from bot.domain.states import State

LONGEST_SUMMARY = 80

STATUS = {
    State.SCHEDULED: EventStatus.CONFIRMED,
    State.PUBLISHING: EventStatus.CONFIRMED,
    State.PUBLISHED: EventStatus.CONFIRMED,
    State.PARTLY_PUBLISHED: EventStatus.CONFIRMED,
    State.MISSED: EventStatus.CANCELLED,
    State.CANCELLED: EventStatus.CANCELLED,
    State.WITHDRAWN: EventStatus.CANCELLED,
}
"""What is approved or out is confirmed, what will not go out any more is cancelled; all else is tentative."""


@dataclass(frozen=True, slots=True)
class CalendarExport:
    """Gives campaigns as a calendar for other programs."""

    store: Store
    clock: Clock
    configuration: Callable[[], Configuration]
    writer: CalendarWriter

    def of(self, campaigns: Sequence[Campaign], slots: Sequence[Entry] = ()) -> bytes:
        """Give every announcement of campaigns that has a time, whatever became of it, and free slots."""
        events = [_of_slot(each) for each in slots]
        with self.store.reading() as tx:
            for campaign in campaigns:
                events += self._events(tx, campaign)
        names = ", ".join(each.name for each in campaigns)
        events.sort(key=lambda each: (each.start.at, each.uid))
        return self.writer.write(events, name=names, now=self.clock.now())

    def _events(self, tx: Transaction, campaign: Campaign) -> Iterator[CalendarEvent]:
        accounts = self.configuration().accounts
        for each in tx.announcements.list(Filter(campaign=campaign.name)):
            if each.due is not None and each.corrects is None:
                yield _of_announcement(tx, each, accounts.get(each.account))


def _of_announcement(tx: Transaction, each: Announcement, account: Account | None) -> CalendarEvent:
    assert each.due is not None  # noqa: S101 - the caller chose those with a time
    posts = tx.posts.of(each.id)
    handle = account.handle if account else each.account
    texts = [post.text for post in posts] or [each.record.body]
    what = each.record.title or " ".join(texts[0].split())
    facts = [f"{each.name} · {each.state} · campaign {each.record.campaign} · @{handle}"]
    if each.held:
        facts.append(f"held: {each.held.reason}: {each.held.detail}")
    out = next((post.post_id for post in posts if post.post_id and not post.withdrawn), None)
    return CalendarEvent(
        uid=_uid(each.account, each.record.campaign, each.key),
        start=each.due,
        summary=f"[{each.state}] {_shortened(what)}",
        description="\n\n".join(["\n---\n".join(texts), *facts]),
        status=STATUS.get(each.state, EventStatus.TENTATIVE),
        sequence=each.epoch,
        created=each.created_at,
        changed=each.updated_at,
        url=link_of(handle, out) if out else None,
    )


def _of_slot(entry: Entry) -> CalendarEvent:
    return CalendarEvent(
        uid=_uid(entry.account, entry.campaign, "slot", entry.due.at.isoformat()),
        start=entry.due,
        summary=f"[free slot] {entry.campaign}",
        description="`due: next` takes the first of these.",
        status=EventStatus.TENTATIVE,
    )


def _uid(*parts: str) -> str:
    """The same in every export: a calendar that has the event already changes it."""
    return f"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}@announcement-bot"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 1].rstrip()}…"
