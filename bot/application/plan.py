"""When an announcement is to go out: the time that its author wrote, or the next free slot (design, sections 4 and 6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.application.ports.store import Transaction
from bot.domain.announcement import Due, Embargo, Record
from bot.domain.campaign import Campaign
from bot.domain.embargo import floor_of
from bot.domain.errors import InputError
from bot.domain.slots import next_free_slot
from bot.domain.walltime import OR_NEXT, resolve

HORIZON = timedelta(days=400)
NEXT = "next"


def plan_due(
    tx: Transaction, record: Record, campaign: Campaign, embargo: Embargo | None, *, now: datetime
) -> Due | None:
    """Compute when a record is due; None for a draft without a time. `next` is a slot after the embargo.

    Raises InputError for a time that does not exist, occurs twice or cannot be read, and for `next` without free slots.
    """
    if record.due is None:
        return None
    if record.due.strip().lower() == NEXT:
        return next_slot(tx, campaign, record.account or campaign.account, embargo, now=now)
    try:
        zone = record.timezone or campaign.timezone
        return resolve(record.due, zone, zone_given=record.timezone is not None)
    except InputError as error:
        raise InputError(f"due: {error}") from None


def plan_embargo(record: Record, campaign: Campaign) -> Due | None:
    """Compute until when a record is under embargo; None if it is not. Raises InputError as for a due time."""
    if record.embargo is None:
        return None
    try:
        zone = record.timezone or campaign.timezone
        return resolve(record.embargo, zone, zone_given=record.timezone is not None)
    except InputError as error:
        raise InputError(f"embargo: {str(error).removesuffix(OR_NEXT)}") from None


def next_slot(
    tx: Transaction, campaign: Campaign, account: str, embargo: Embargo | None, *, now: datetime
) -> Due:
    """Give the campaign's next slot after the embargo that nothing of the account takes. Raises InputError if it has none."""
    after = max(now, floor_of(embargo) or now)
    taken = tx.announcements.taken(account, now, after + HORIZON)
    try:
        return next_free_slot(campaign, after=after, taken=taken)
    except InputError as error:
        raise InputError(f"due: {error}") from None
