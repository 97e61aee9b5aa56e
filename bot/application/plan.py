"""When an announcement is to go out: the time that its author wrote, or the next free slot (design, sections 4 and 6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.application.ports.store import Transaction
from bot.domain.announcement import Due, Record
from bot.domain.campaign import Campaign
from bot.domain.errors import InputError
from bot.domain.slots import next_free_slot
from bot.domain.walltime import resolve

HORIZON = timedelta(days=400)
NEXT = "next"


def plan_due(tx: Transaction, record: Record, campaign: Campaign, *, now: datetime) -> Due | None:
    """Compute when a record is due; None for a draft without a time.

    Raises InputError for a time that does not exist, occurs twice or cannot be read, and for `next` without free slots.
    """
    if record.due is None:
        return None
    if record.due.strip().lower() == NEXT:
        return next_slot(tx, campaign, now=now)
    try:
        zone = record.timezone or campaign.timezone
        return resolve(record.due, zone, zone_given=record.timezone is not None)
    except InputError as error:
        raise InputError(f"due: {error}") from None


def next_slot(tx: Transaction, campaign: Campaign, *, now: datetime) -> Due:
    """Give the campaign's next slot that nothing of its account takes. Raises InputError if it has none."""
    taken = tx.announcements.taken(campaign.account, now, now + HORIZON)
    try:
        return next_free_slot(campaign, after=now, taken=taken)
    except InputError as error:
        raise InputError(f"due: {error}") from None
