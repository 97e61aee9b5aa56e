"""Expiry: nothing of an announcement goes out at or after the time that its author gave (decision 0028)."""

from __future__ import annotations

from datetime import datetime

from bot.domain.announcement import Due
from bot.domain.walltime import instants_of, show, zone_rules


def ceiling_of(expires: Due | None) -> datetime | None:
    """Give the instant (UTC) from which on nothing goes out, or None if there is none.

    Where the rules of the zone were changed since, it is the earlier of the stored instant and the one of today's rules.
    """
    if expires is None:
        return None
    moved = () if expires.fixed else instants_of(expires.wall, zone_rules(expires.zone))
    return min([expires.at, *moved])


def has_expired(expires: Due | None, at: datetime) -> bool:
    """Tell whether nothing goes out any more at an instant."""
    ceiling = ceiling_of(expires)
    return ceiling is not None and at >= ceiling


def why_too_late(name: str, due: Due, expires: Due) -> str:
    """Say in one line that a due time does not lie before the expiry, and what to do."""
    return (
        f"due: {show(due)} is not before it expires, which is {show(expires)}: give an earlier time, or another expiry "
        f"(`bot queue edit {name} --expires …`)"
    )
