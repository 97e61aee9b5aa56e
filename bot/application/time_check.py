"""What speaks against the time of an announcement: past, quiet hours, embargo, and what its campaign allows (decision 0027)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.ports.store import Store, Transaction
from bot.domain.announcement import Due, Embargo
from bot.domain.campaign import Campaign
from bot.domain.campaign_bounds import day_of, is_after_end, why_full, why_outside
from bot.domain.card import Finding
from bot.domain.embargo import bars, why_not
from bot.domain.errors import Refusal
from bot.domain.expiry import has_expired, why_too_late
from bot.domain.slots import holidays_on, quiet_until
from bot.domain.states import State
from bot.domain.walltime import in_zone, show, to_the_second

TIME_RULES = frozenset({"outside", "full-day", "embargo", "expires"})
"""Rules whose messages say what to do themselves."""

_GOING_OUT = (State.SCHEDULED, State.PUBLISHING, State.PUBLISHED, State.PARTLY_PUBLISHED, State.WITHDRAWN)
"""States that take a place of a campaign's day: approved, or out. What is held has to find a day anew."""


@dataclass(frozen=True, slots=True)
class Timed:
    """An announcement, or what may become one, with its time.

    `number` is its own in the queue; `begun`: something of it is out, it corrects what is, or it goes on with a thread.
    """

    name: str
    campaign: Campaign
    account: str
    due: Due
    embargo: Embargo | None = None
    number: int | None = None
    begun: bool = False
    expires: Due | None = None


def problems_of_time(store: Store, timed: Timed, *, now: datetime) -> Iterator[Finding]:
    """Find what bars its approval."""
    due = timed.due
    if due.at <= now:
        yield Finding("due", f"due: {show(due)} is past; reschedule it")
    yield from standing_problems(store, timed)


def standing_problems(store: Store, timed: Timed) -> Iterator[Finding]:
    """Find what would keep it from going out even if it is approved: its campaign may have changed since."""
    if timed.embargo and bars(timed.embargo, timed.due.at):
        yield Finding("embargo", why_not(timed.name, timed.due, timed.embargo))
    if timed.expires and has_expired(timed.expires, timed.due.at):
        yield Finding("expires", why_too_late(timed.name, timed.due, timed.expires))
    if timed.begun:
        return
    quiet = _why_quiet(timed)
    if quiet:
        yield Finding("quiet", quiet)
    outside = why_outside(timed.campaign, timed.due)
    if outside:
        yield Finding("outside", outside)
    elif timed.campaign.max_a_day is not None:
        with store.reading() as tx:
            if _is_full(tx, timed):
                yield Finding("full-day", why_full(timed.campaign, timed.due))


def refuse_if_campaign_bars(tx: Transaction, timed: Timed) -> None:
    """Raise Refusal where its campaign would not let it go out at its time."""
    if timed.begun:
        return
    against = why_outside(timed.campaign, timed.due) or _why_quiet(timed)
    if against is None and _is_full(tx, timed):
        against = why_full(timed.campaign, timed.due)
    if against:
        raise Refusal(against)


def warnings_of_time(tx: Transaction, timed: Timed, *, now: datetime) -> Iterator[Finding]:
    """Find what a person should know before saying yes: holidays, and that the campaign is stopped."""
    holidays = holidays_on(timed.campaign, in_zone(timed.due.at, timed.campaign.timezone).date())
    if holidays:
        yield Finding("holiday", f"due: {'; '.join(holidays)}")
    # Not asked for what is not in the queue: an import makes thousands of such cards.
    stop = tx.campaign_stops.get(timed.campaign.name) if timed.number is not None else None
    if stop and not is_after_end(timed.campaign, now):
        yield Finding("stopped", stop.warning)


def _why_quiet(timed: Timed) -> str | None:
    if quiet_until(timed.campaign, timed.due.at) is None:
        return None
    return f"due: {show(to_the_second(timed.due))} lies in the campaign's quiet hours"


def _is_full(tx: Transaction, timed: Timed) -> bool:
    campaign = timed.campaign
    if campaign.max_a_day is None:
        return False
    first, following = day_of(campaign, timed.due.at)
    of_the_day = tx.announcements.due_between(timed.account, first, following - timedelta(microseconds=1))
    others = [
        each
        for each in of_the_day
        if each.record.campaign == campaign.name and each.state in _GOING_OUT and each.id != timed.number
    ]
    return len(others) >= campaign.max_a_day
