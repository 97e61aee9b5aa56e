"""Slots, quiet hours and holidays: when a campaign may publish (design, section 2; decision 0027), in its own zone."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.announcement import Due
from bot.domain.campaign import Campaign, QuietHours, Slot
from bot.domain.campaign_bounds import is_after_end, is_before_start
from bot.domain.errors import InputError
from bot.domain.walltime import clock_change, in_zone, instants_of, jump_over, show, zone_rules

HORIZON = timedelta(days=366)
"""How far ahead a free slot is looked for."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Place:
    """A slot of one day: the instant (UTC) that its file gives, the last that its jitter may give, and what it does give."""

    slot: Slot
    base: datetime
    last: datetime
    due: Due


def next_free_slot(
    campaign: Campaign, *, after: datetime, taken: Collection[datetime], planned: Collection[datetime] = ()
) -> Due:
    """Give the campaign's first slot after an instant that is at least `min_gap` away from every taken instant.

    Slots on holidays, in quiet hours, and those whose wall time does not exist that day are passed over; of a wall time that
    occurs twice the first is the slot. A slot with jitter is taken by whatever lies within its span. `planned`: the instants at
    which something of this campaign is due, for `max_a_day`: days that are full are passed over.
    Raises InputError when the campaign has no slots, or none is free within a year or before the campaign's end.
    """
    if not campaign.slots:
        raise InputError(
            f"campaign '{campaign.name}' has no slots: write due as a date and time, or add slots to its file"
        )
    occupied, full = sorted(taken), full_days(campaign, planned)
    for place in _places(campaign, after):
        if place.due.wall.date() not in full and _is_free(place, occupied, campaign.min_gap):
            return place.due
    raise InputError(_why_none(campaign, after))


def upcoming_slots(campaign: Campaign, after: datetime, until: datetime) -> tuple[Due, ...]:
    """Give the campaign's slots after an instant, up to and with another; at most a year of them."""
    found = []
    for place in _places(campaign, after):
        if place.due.at > until:
            break
        found.append(place.due)
    return tuple(found)


def free_slots(
    campaign: Campaign,
    after: datetime,
    until: datetime,
    *,
    taken: Collection[datetime],
    planned: Collection[datetime] = (),
) -> tuple[Due, ...]:
    """Give the slots of a span that `next_free_slot` would give one of: each is free as things stand."""
    occupied, full = sorted(taken), full_days(campaign, planned)
    found = []
    for place in _places(campaign, after):
        if place.due.at > until:
            break
        if place.due.wall.date() not in full and _is_free(place, occupied, campaign.min_gap):
            found.append(place.due)
    return tuple(found)


def full_days(campaign: Campaign, planned: Collection[datetime]) -> frozenset[date]:
    """Give the dates on which as much of the campaign is planned as may go out; none without a maximum."""
    if campaign.max_a_day is None:
        return frozenset()
    counted = Counter(in_zone(instant, campaign.timezone).date() for instant in planned)
    return frozenset(day for day, number in counted.items() if number >= campaign.max_a_day)


def quiet_until(campaign: Campaign, instant: datetime) -> datetime | None:
    """Give the end (UTC) of the quiet hours that hold at an instant, or None if none hold.

    Where the clock jumps over their end, they end with the jump; where it shows their end twice, with the next of the two; and
    where it goes back to a time before they began, they end until they begin again.
    """
    quiet = campaign.quiet_hours
    if quiet is None:
        return None
    rules = zone_rules(campaign.timezone)
    moment = instant.astimezone(UTC)
    while quiet.holds(moment.astimezone(rules).time()):
        end = _next_end(quiet, moment, rules)
        change = clock_change(moment, end, rules)
        moment = end if quiet.holds(change.astimezone(rules).time()) else change
    return None if moment == instant else moment


def is_holiday(campaign: Campaign, instant: datetime) -> bool:
    """Tell whether an instant falls on a holiday of the campaign, by the date in its zone."""
    return bool(holidays_on(campaign, in_zone(instant, campaign.timezone).date()))


def holidays_on(campaign: Campaign, day: date) -> Sequence[str]:
    """Name the holidays of a day: public ones with their country, and the campaign's own."""
    own = ("a holiday of the campaign",) if day in campaign.holidays else ()
    return (*campaign.public_holidays.on(day), *own)


def slots_on(campaign: Campaign, day: date) -> Sequence[Slot]:
    """Give what the campaign's file says for a day.

    Entries that name the date stand in place of those of its weekday, and hold on a holiday, too.
    """
    dated = [slot for slot in campaign.slots if day in slot.dates]
    if dated or holidays_on(campaign, day):
        return dated
    return [slot for slot in campaign.slots if not slot.dates and day.weekday() in slot.weekdays]


def _places(campaign: Campaign, after: datetime) -> Iterator[_Place]:
    rules = zone_rules(campaign.timezone)
    begin = max(after, campaign.start.at) if campaign.start else after
    first = begin.astimezone(rules).date()
    for days in range(HORIZON.days):
        for place in _places_of_day(campaign, first + timedelta(days=days), rules):
            if is_after_end(campaign, place.due.at):
                return
            if place.due.at > after and not is_before_start(campaign, place.due.at):
                yield place


def _places_of_day(campaign: Campaign, day: date, rules: ZoneInfo) -> list[_Place]:
    bases = _bases(campaign, day, rules)
    if not any(slot.jitter for slot, _ in bases):
        return [_Place(slot, at, at, _due(at, rules)) for slot, at in bases]
    following = [*bases, *_bases(campaign, day + timedelta(days=1), rules)[:1]]
    nexts = [at for _, (_, at) in pairwise(following)]
    nexts += [datetime.max.replace(tzinfo=UTC)] * (len(bases) - len(nexts))
    return [
        _jittered(campaign, slot, at, upto, rules)
        for (slot, at), upto in zip(bases, nexts[: len(bases)], strict=True)
    ]


def _bases(campaign: Campaign, day: date, rules: ZoneInfo) -> list[tuple[Slot, datetime]]:
    """Give the slots of a day with the instants that the file gives, in order; two entries for one time are one slot."""
    by_time: dict[time, Slot] = {}
    for slot in slots_on(campaign, day):
        known = by_time.get(slot.at)
        if known is None or slot.jitter > known.jitter:
            by_time[slot.at] = slot
    quiet = campaign.quiet_hours
    walls = [
        (slot, datetime.combine(day, at)) for at, slot in by_time.items() if not (quiet and quiet.holds(at))
    ]
    found = [(slot, instants_of(wall, rules)) for slot, wall in walls]
    return sorted(((slot, at[0]) for slot, at in found if at), key=lambda each: each[1])


def _jittered(campaign: Campaign, slot: Slot, base: datetime, upto: datetime, rules: ZoneInfo) -> _Place:
    """Move a slot by minutes that follow from the campaign, the day and the slot alone: asked again, it is the same."""
    wall = base.astimezone(rules)
    room = _room(campaign, slot, base, upto, rules)
    seed = f"{campaign.name}\n{wall:%Y-%m-%d}\n{slot.at:%H:%M:%S}".encode()
    minutes = int.from_bytes(hashlib.sha256(seed).digest()[:8]) % (room + 1)
    return _Place(slot, base, base + room * MINUTE, _due(base + minutes * MINUTE, rules))


def _room(campaign: Campaign, slot: Slot, base: datetime, upto: datetime, rules: ZoneInfo) -> int:
    """Tell how many minutes later a slot may be: within its day, out of quiet hours, clear of the next slot and of a change of
    the clock."""
    wall, quiet = base.astimezone(rules), campaign.quiet_hours
    clear = min(slot.jitter, max(upto - base - max(campaign.min_gap, MINUTE), timedelta(0)))
    for minutes in range(1, clear // MINUTE + 1):
        moved = (base + minutes * MINUTE).astimezone(rules)
        other_day = (moved.date(), moved.utcoffset()) != (wall.date(), wall.utcoffset())
        if other_day or (quiet and quiet.holds(moved.time())):
            return minutes - 1
    return clear // MINUTE


def _due(at: datetime, rules: ZoneInfo) -> Due:
    wall = at.astimezone(rules).replace(tzinfo=None, fold=0)
    # Of two instants one was chosen here, so that wall time and zone alone no longer tell it.
    return Due(wall, rules.key, at, fixed=len(instants_of(wall, rules)) > 1)


def _is_free(place: _Place, occupied: Sequence[datetime], gap: timedelta) -> bool:
    at = place.due.at
    if bisect_left(occupied, place.base) < bisect_left(occupied, place.last + timedelta(microseconds=1)):
        return False
    nearest = bisect_left(occupied, at)
    return all(abs(other - at) >= gap for other in occupied[max(nearest - 1, 0) : nearest + 1])


def _why_none(campaign: Campaign, after: datetime) -> str:
    name, otherwise = f"campaign '{campaign.name}'", "write due as a date and time, or add slots"
    if campaign.end and is_after_end(campaign, after):
        return f"{name} ended {show(campaign.end)}: nothing of it goes out any more, unless its file gives a later end"
    if campaign.end and campaign.end.at - after < HORIZON:
        return f"{name} has no free slot before its end, {show(campaign.end)}: {otherwise}"
    return f"{name} has no free slot within a year: {otherwise}"


def _next_end(quiet: QuietHours, moment: datetime, rules: ZoneInfo) -> datetime:
    today = moment.astimezone(rules).date()
    ends: list[datetime] = []
    for days in range(3):
        wall = datetime.combine(today + timedelta(days=days), quiet.end)
        ends += instants_of(wall, rules) or (jump_over(wall, rules),)
    return min(end for end in ends if end > moment)
