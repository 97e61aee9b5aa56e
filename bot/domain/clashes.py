"""Clashes: posts of one account that take readers from each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.domain.announcement import Announcement

CLASH = timedelta(minutes=15)
"""How near two posts of an account may be without a word about it, where the campaign's own gap is not longer."""


def clashes_of(
    announcement: Announcement, near: Sequence[Announcement], gap: timedelta
) -> Iterator[Announcement]:
    """Give those of an account that are due too near to an announcement; `gap` is its campaign's.

    Each language has its own readers, so a family takes none from itself.
    """
    for other in near:
        if other.id == announcement.id or _family(other) == _family(announcement):
            continue
        if _apart(announcement, other) <= max(CLASH, gap):
            yield other


def _family(announcement: Announcement) -> tuple[str, str]:
    return announcement.record.campaign, announcement.record.translation_of or announcement.key


def _apart(one: Announcement, other: Announcement) -> timedelta:
    return abs(_at(one) - _at(other))


def _at(announcement: Announcement) -> datetime:
    assert announcement.due is not None  # noqa: S101 - what is near in time has one
    return announcement.due.at
