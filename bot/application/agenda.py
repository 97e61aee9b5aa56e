"""What is to go out in a span of time: announcements, slots that are taken or free, what bars a slot, and clashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.application.plan import planned_of
from bot.application.ports.announcements import Filter
from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement, Due
from bot.domain.campaign import Campaign
from bot.domain.campaign_bounds import bounds_on
from bot.domain.clashes import CLASH, clashes_of
from bot.domain.slots import free_slots, full_days, holidays_on, upcoming_slots
from bot.domain.states import State
from bot.domain.walltime import due_in_zone, in_zone

NOT_SHOWN = frozenset({State.CANCELLED, State.WITHDRAWN})
"""States of what nobody plans around any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A time of a campaign by its own clock: an announcement, or a slot that has none.

    `is_slot`: it lies on a slot. `is_free`: `next` may take it. `barred_by`: what stands too near to a slot that is not free.
    `clashes`: what of the same account is due too near, of another campaign with its name before it.
    """

    campaign: str
    account: str
    due: Due
    announcement: Announcement | None = None
    is_slot: bool = False
    is_free: bool = False
    barred_by: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Why a day of a campaign is as it is, such as a holiday."""

    campaign: str
    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """The entries of campaigns in order of time, and notes on days."""

    entries: tuple[Entry, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant (UTC) up to, and without, another; `slots_from`: slots before it have passed."""

    after: datetime
    until: datetime
    slots_from: datetime


def agenda_of(tx: Transaction, campaigns: Sequence[Campaign], span: Span) -> Agenda:
    """Gather what campaigns have in a span of at most a year."""
    entries: list[Entry] = []
    notes: list[Note] = []
    traffic = _traffic(tx, campaigns, span)
    for campaign in campaigns:
        own = [*_announcements(campaign, traffic)]
        entries += own
        entries += _open_slots(tx, campaign, traffic, {each.due.at for each in own if each.is_slot}, span)
        notes += _notes(tx, campaign, span)
    return Agenda(
        tuple(sorted(entries, key=lambda each: (each.due.at, each.campaign))),
        tuple(sorted(notes, key=lambda each: (each.day, each.campaign))),
    )


def clashes_ahead(tx: Transaction, campaign: Campaign, *, now: datetime, ahead: timedelta) -> list[str]:
    """Tell which announcements of a campaign are due too near to those of another campaign of the same account."""
    traffic = _traffic(tx, [campaign], Span(now, now + ahead, now))
    return [
        f"{entry.announcement.name} and {other}"
        for entry in _announcements(campaign, traffic)
        for other in entry.clashes
        if entry.announcement and "/" in other
    ]


@dataclass(frozen=True, slots=True)
class _Traffic:
    """What is due in and around a span: by account in order of time, and the slots of each campaign."""

    span: Span
    by_account: Mapping[str, Sequence[Announcement]]
    slots: Mapping[str, frozenset[datetime]]


def _traffic(tx: Transaction, campaigns: Sequence[Campaign], span: Span) -> _Traffic:
    margin = max([CLASH, *(each.min_gap for each in campaigns)])
    wanted = Filter(due_from=span.after - margin, due_until=span.until + margin)
    by_account: dict[str, list[Announcement]] = {each.account: [] for each in campaigns}
    for each in tx.announcements.list(wanted):
        if each.state not in NOT_SHOWN and each.corrects is None:
            by_account.setdefault(each.account, []).append(each)
    slots = {each.name: frozenset(due.at for due in _slots(each, span)) for each in campaigns}
    return _Traffic(span, by_account, slots)


def _slots(campaign: Campaign, span: Span) -> Iterator[Due]:
    before = span.after - timedelta(microseconds=1)
    return (due for due in upcoming_slots(campaign, before, span.until) if due.at < span.until)


def _announcements(campaign: Campaign, traffic: _Traffic) -> Iterator[Entry]:
    span, slots = traffic.span, traffic.slots[campaign.name]
    for account, found in traffic.by_account.items():
        for each in found:
            due = each.due
            if due is None or each.record.campaign != campaign.name or not span.after <= due.at < span.until:
                continue
            near = clashes_of(each, found, campaign.min_gap) if each.state is not State.MISSED else ()
            clashes = tuple(_name_in(other, campaign) for other in near if other.state is not State.MISSED)
            on_slot = account == campaign.account and due.at in slots
            local = due_in_zone(due, campaign.timezone)
            yield Entry(campaign.name, account, local, each, is_slot=on_slot, clashes=clashes)


def _open_slots(
    tx: Transaction, campaign: Campaign, traffic: _Traffic, used: set[datetime], span: Span
) -> Iterator[Entry]:
    account = campaign.account
    begin = max(span.after, span.slots_from)
    on_account = traffic.by_account[account]
    taken = [each.due.at for each in on_account if each.due]
    planned = planned_of(tx, campaign, account, begin)
    free = {due.at for due in free_slots(campaign, begin, span.until, taken=taken, planned=planned)}
    for due in _slots(campaign, span):
        if due.at in used or due.at <= span.slots_from:
            continue
        is_free = due.at in free
        barred_by = (
            ()
            if is_free
            else tuple(_name_in(each, campaign) for each in _too_near(campaign, due, on_account))
        )
        yield Entry(campaign.name, account, due, is_slot=True, is_free=is_free, barred_by=barred_by)


def _too_near(campaign: Campaign, slot: Due, found: Sequence[Announcement]) -> Iterator[Announcement]:
    reach = max([campaign.min_gap, *(each.jitter for each in campaign.slots)])
    return (each for each in found if each.due and abs(each.due.at - slot.at) <= reach)


def _name_in(other: Announcement, campaign: Campaign) -> str:
    return other.name if other.record.campaign == campaign.name else f"{other.record.campaign}/{other.name}"


def _notes(tx: Transaction, campaign: Campaign, span: Span) -> Iterator[Note]:
    last_instant = span.until - timedelta(microseconds=1)
    day, last = (in_zone(at, campaign.timezone).date() for at in (span.after, last_instant))
    stop = tx.campaign_stops.get(campaign.name)
    if stop:
        yield Note(campaign.name, day, stop.told)
    full = full_days(campaign, planned_of(tx, campaign, campaign.account, span.after))
    while day <= last:
        of_the_day = [*bounds_on(campaign, day), *holidays_on(campaign, day)]
        if day in full:
            of_the_day.append(f"full: {campaign.max_a_day} a day")
        yield from (Note(campaign.name, day, why) for why in of_the_day)
        day += timedelta(days=1)
