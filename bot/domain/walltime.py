"""Wall times, zones and instants (design, section 4).

People give a wall time and a zone; the instant is computed from them. A wall time that the clock jumps over, or that it
shows twice, is never guessed. Pure, but for the zone data that `zoneinfo` reads.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.announcement import Due
from bot.domain.errors import InputError

YEARS = range(1970, 2200)
"""Years that a due time may lie in. Others are slips of the pen, and near the end of the calendar sums overflow."""

OR_NEXT = ", or next"
"""The end of the advice for what cannot be read: a due time may also be the next free slot."""

_BUDDHIST_ERA = 543
_WRITTEN = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]|[ \t]+)"
    r"(?P<hour>[0-9]{1,2})(?P<rest>:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}(?::?[0-9]{2}(?::[0-9]{2})?)?)?"
)
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_NOT_A_PLACE = frozenset({"localtime", "posixrules", "Factory", "posix", "right"})
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def resolve(written: str | datetime, zone: str, *, zone_given: bool = True) -> Due:
    """Turn a written time into the wall time, the zone and the instant.

    Takes `2023-03-30 10:00`, `2023-03-30T10:00:30`, and both with an offset or Z; or a datetime. Without an offset the
    time is the zone's. An offset fixes the instant; Z names an instant and no offset, so that it agrees with every zone.
    `zone_given` False: the zone is only a default (the campaign's), so another offset is no contradiction.

    Raises InputError, in one line that says what to write, when the text is not a time, the zone is unknown, the wall time
    does not exist or occurs twice, or the zone given is not at that offset then.
    """
    rules = zone_rules(zone)
    moment = _read(written) if isinstance(written, str) else written
    if moment.year not in YEARS:
        raise InputError(wrong_year(moment.year))
    if moment.tzinfo is None:
        return Due(moment, zone, _instant(moment, rules))
    instant = moment.astimezone(UTC)
    local = instant.astimezone(rules)
    names_instant = written.rstrip()[-1:] in "Zz" if isinstance(written, str) else moment.tzinfo is UTC
    if zone_given and not names_instant and local.utcoffset() != moment.utcoffset():
        raise InputError(
            f"{_minute(moment)}{_offset(moment)} disagrees with the time zone {zone}, which is at {_offset(local)} then: "
            "change one of the two"
        )
    return Due(local.replace(tzinfo=None, fold=0), zone, instant, fixed=True)


def is_written_out(text: str) -> bool:
    """Tell whether a text begins as a date with its year does; what does not may be a time in words."""
    return re.match(r"[0-9]{4}-", text.lstrip()) is not None


def zone_rules(zone: str) -> ZoneInfo:
    """Give the rules of an IANA time zone. Raises InputError that suggests the nearest name."""
    first = zone.partition("/")[0]
    if _ZONE_NAME.fullmatch(zone) and first not in _NOT_A_PLACE:
        try:
            return ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Asia" is a folder of the zone data
            pass
    near = _nearest_zone(zone)
    advice = f"did you mean {near}?" if near else "write an IANA name such as Asia/Bangkok"
    raise InputError(f"{_quoted(zone)} is not a time zone: {advice}")


def in_zone(instant: datetime, zone: str) -> datetime:
    """Give an instant as the zone's own time (aware). Raises InputError for an unknown zone."""
    return instant.astimezone(zone_rules(zone))


def due_in_zone(due: Due, zone: str) -> Due:
    """Give a due time by the clock of another zone; the instant is the same."""
    if due.zone == zone:
        return due
    return Due(in_zone(due.at, zone).replace(tzinfo=None, fold=0), zone, due.at, fixed=True)


def instants_of(wall: datetime, rules: ZoneInfo) -> tuple[datetime, ...]:
    """Give the instants (UTC) at which the zone's clock shows a wall time: none, one, or two in their order."""
    found = []
    for fold in (0, 1):
        instant = wall.replace(tzinfo=rules, fold=fold).astimezone(UTC)
        if instant.astimezone(rules).replace(tzinfo=None, fold=0) == wall and instant not in found:
            found.append(instant)
    return tuple(found)


def has_moved(due: Due) -> bool:
    """Tell whether the zone's rules were changed since: its clock no longer shows the author's wall time at the instant.

    A time that was given with an offset stays where it is (settled question 21).
    """
    return not due.fixed and due.at not in instants_of(due.wall, zone_rules(due.zone))


def jump_over(wall: datetime, rules: ZoneInfo) -> datetime:
    """Give the instant (UTC) at which the zone's clock jumps over a wall time that does not exist."""
    # Inside a gap fold=1 reads the wall time with the offset after it, which lies before the jump; fold=0 the reverse.
    low = wall.replace(tzinfo=rules, fold=1, microsecond=0).astimezone(UTC)
    high = wall.replace(tzinfo=rules, fold=0, microsecond=0).astimezone(UTC)
    return clock_change(low, high, rules)


def clock_change(low: datetime, high: datetime, rules: ZoneInfo) -> datetime:
    """Give the instant (UTC) after `low` at which the zone's clock changes; `high` if it shows the same offset at both."""
    low = low.replace(microsecond=0)  # clocks change on whole seconds
    before = low.astimezone(rules).utcoffset()
    if high.astimezone(rules).utcoffset() == before:
        return high
    while (seconds := int((high - low).total_seconds())) > 1:
        middle = low + timedelta(seconds=seconds // 2)
        if middle.astimezone(rules).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def to_the_second(due: Due) -> Due:
    """Give a due time as people read it: `now` is an instant to the microsecond, which nobody reads."""
    return replace(due, wall=due.wall.replace(microsecond=0), at=due.at.replace(microsecond=0))


def show(due: Due) -> str:
    """Write a due time as people read it: `Thu 30 Mar 2023 10:00 Asia/Bangkok (03:00 UTC)`."""
    wall, utc = due.wall, due.at.astimezone(UTC)
    text = f"{_day(wall)} {wall.year} {_clock(wall)} {due.zone}"
    if due.zone == "UTC":
        return text
    other_day = "" if wall.date() == utc.date() else f"{_day(utc)} "
    return f"{text} ({other_day}{_clock(utc)} UTC)"


def wrong_year(year: int) -> str:
    """Say of a year that is not among YEARS what to write; one of the Buddhist era is told by its number."""
    common = year - _BUDDHIST_ERA
    if common in YEARS:
        return f"the year {year} looks like one of the Buddhist era: write {common}"
    return f"the year {year} is not between {YEARS.start} and {YEARS.stop - 1}: mend the date"


def _read(text: str) -> datetime:
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise InputError(
            f"{_quoted(text)} is not a time: write it as 2023-03-30 10:00 or 2023-03-30T10:00+07:00{OR_NEXT}"
        )
    offset = (found["offset"] or "").upper()
    try:
        return datetime.fromisoformat(f"{found['date']}T{found['hour']:0>2}{found['rest']}{offset}")
    except ValueError as error:
        raise InputError(f"'{text}' is not a time: {error}; write it as 2023-03-30 10:00") from error


def _instant(wall: datetime, rules: ZoneInfo) -> datetime:
    found = instants_of(wall, rules)
    if len(found) == 1:
        return found[0]
    if found:
        first, second = (f"{_minute(wall)}{_offset(instant.astimezone(rules))}" for instant in found)
        raise InputError(f"{_minute(wall)} occurs twice in {rules.key}: write {first} or {second}")
    jump = jump_over(wall, rules)
    last = _minute((jump - timedelta(minutes=1)).astimezone(rules))
    next_one = _minute(jump.astimezone(rules))
    raise InputError(
        f"{_minute(wall)} does not exist in {rules.key}, where the clock is put forward: write {last} or {next_one}"
    )


@lru_cache(maxsize=64)  # a table with a misspelt zone has it in every row
def _nearest_zone(zone: str) -> str | None:
    wanted = zone.casefold().replace(" ", "_")
    # Names such as Etc/GMT+7 mean the opposite of what people who write GMT+7 have in mind: never suggest them.
    known = {name.casefold(): name for name in available_timezones() if name == "UTC" or "/" in name}
    known = {key: name for key, name in known.items() if not key.startswith("etc/")}
    places = {key.rpartition("/")[2]: name for key, name in sorted(known.items(), reverse=True)}
    if wanted in places:
        return places[wanted]
    near = get_close_matches(wanted[:64], known, n=1, cutoff=0.7)
    if near:
        return known[near[0]]
    near = get_close_matches(wanted[:64], places, n=1, cutoff=0.8)
    return places[near[0]] if near else None


def _quoted(text: str) -> str:
    """Quote what somebody wrote in a message that stays short and one line."""
    return (
        "'" + "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:64]) + "'"
    )


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d} {_clock(moment)}"


def _clock(moment: datetime) -> str:
    if moment.microsecond:
        return f"{moment:%H:%M:%S.%f}"
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _offset(moment: datetime) -> str:
    return moment.isoformat()[len(moment.replace(tzinfo=None).isoformat()) :]


def _day(moment: datetime) -> str:
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"
