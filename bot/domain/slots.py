"""Slots, quiet hours and holidays: when a campaign may publish (design, section 2). All in the campaign's zone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.announcement import Due
from bot.domain.campaign import Campaign, QuietHours
from bot.domain.errors import InputError
from bot.domain.walltime import in_zone, instants_of, jump_over, zone_rules

HORIZON = timedelta(days=366)
"""How far ahead a free slot is looked for."""


def next_free_slot(campaign: Campaign, *, after: datetime, taken: Collection[datetime]) -> Due:
    """Give the campaign's first slot after an instant that is at least `min_gap` away from every taken instant.

    Slots on holidays, in quiet hours, and those whose wall time does not exist that day are passed over; of a wall time that
    occurs twice the first is the slot. Raises InputError when the campaign has no slots, or none is free within a year.
    """
    if not campaign.slots:
        raise InputError(
            f"campaign '{campaign.name}' has no slots: write due as a date and time, or add slots to its file"
        )
    occupied = sorted(taken)
    for due in _slots(campaign, after):
        if _is_free(due.at, occupied, campaign.min_gap):
            return due
    raise InputError(
        f"campaign '{campaign.name}' has no free slot within a year: write due as a date and time, or add slots"
    )


def upcoming_slots(campaign: Campaign, after: datetime, until: datetime) -> tuple[Due, ...]:
    """Give the campaign's slots after an instant, up to and with another; at most a year of them."""
    found = []
    for due in _slots(campaign, after):
        if due.at > until:
            break
        found.append(due)
    return tuple(found)


def quiet_until(campaign: Campaign, instant: datetime) -> datetime | None:
    """Give the end (UTC) of the quiet hours that hold at an instant, or None if none hold.

    Where the clock jumps over their end, they end with the jump; where it shows their end twice, with the next of the two.
    """
    quiet = campaign.quiet_hours
    if quiet is None:
        return None
    rules = zone_rules(campaign.timezone)
    moment = instant.astimezone(UTC)
    while quiet.holds(moment.astimezone(rules).time()):
        moment = _next_end(quiet, moment, rules)
    return None if moment == instant else moment


def is_holiday(campaign: Campaign, instant: datetime) -> bool:
    """Tell whether an instant falls on a holiday of the campaign, by the date in its zone."""
    return in_zone(instant, campaign.timezone).date() in campaign.holidays


def _slots(campaign: Campaign, after: datetime) -> Iterator[Due]:
    rules = zone_rules(campaign.timezone)
    first = after.astimezone(rules).date()
    for days in range(HORIZON.days):
        day = first + timedelta(days=days)
        if day not in campaign.holidays:
            yield from (due for due in _slots_of_day(campaign, day, rules) if due.at > after)


def _slots_of_day(campaign: Campaign, day: date, rules: ZoneInfo) -> Sequence[Due]:
    times = {slot.at for slot in campaign.slots if day.weekday() in slot.weekdays}
    if campaign.quiet_hours is not None:
        times = {at for at in times if not campaign.quiet_hours.holds(at)}
    found = []
    for wall in (datetime.combine(day, at) for at in times):
        instants = instants_of(wall, rules)
        if instants:
            # Of two instants the first was chosen here, so that wall time and zone alone no longer tell it.
            found.append(Due(wall, campaign.timezone, instants[0], fixed=len(instants) > 1))
    return sorted(found, key=lambda due: due.at)


def _is_free(at: datetime, occupied: Sequence[datetime], gap: timedelta) -> bool:
    place = bisect_left(occupied, at)
    distances = [abs(other - at) for other in occupied[max(place - 1, 0) : place + 1]]
    return all(distance > timedelta(0) and distance >= gap for distance in distances)


def _next_end(quiet: QuietHours, moment: datetime, rules: ZoneInfo) -> datetime:
    today = moment.astimezone(rules).date()
    ends: list[datetime] = []
    for days in range(3):
        wall = datetime.combine(today + timedelta(days=days), quiet.end)
        ends += instants_of(wall, rules) or (jump_over(wall, rules),)
    return min(end for end in ends if end > moment)
