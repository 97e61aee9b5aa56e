"""Recurrence: which rules a series may have, and when and in which words it comes (RFC 5545, section 3.3.10; decision 0029).

A rule is worked out in the wall time of its author: 09:00 stays 09:00 when the clock is changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches

from bot.domain.announcement import Due, Record, Repeat
from bot.domain.durations import parse_duration
from bot.domain.errors import InputError
from bot.domain.walltime import instants_of, is_written_out, zone_rules

AHEAD = timedelta(days=60)
"""How long before its time an announcement of a series is made, where the series does not say."""

MOST_AHEAD = timedelta(days=366)
MOST_REST = timedelta(days=3660)
LONGEST_RULE = 500
MOST_A_DAY = 24
MOST_PLACES = 10
MOST_WORDINGS = 500
MOST_SKIPPED = 400

_WORDS = {"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "yearly": "YEARLY"}
_TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_SIGN = "[+-]?"


def _list_of(one: str) -> str:
    return f"{one}(?:,{one})*"


_PARTS: Mapping[str, str] = {
    "FREQ": "YEARLY|MONTHLY|WEEKLY|DAILY",
    "INTERVAL": "[1-9][0-9]{0,2}",
    "COUNT": "[1-9][0-9]{0,3}",
    "UNTIL": "[0-9]{8}(?:T[0-9]{6}Z?)?",
    "BYMONTH": _list_of("(?:0?[1-9]|1[0-2])"),
    "BYMONTHDAY": _list_of(f"{_SIGN}(?:0?[1-9]|[12][0-9]|3[01])"),
    "BYDAY": _list_of(f"(?:{_SIGN}(?:0?[1-9]|[1-4][0-9]|5[0-3]))?{_DAY}"),
    "BYHOUR": _list_of("(?:[01]?[0-9]|2[0-3])"),
    "BYMINUTE": _list_of("[0-5]?[0-9]"),
    "BYSETPOS": _list_of(f"{_SIGN}(?:[1-9][0-9]?|[12][0-9]{{2}}|3[0-5][0-9]|36[0-6])"),
    "WKST": _DAY,
}
"""The parts that a rule may have, and what each may hold."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was checked: its parts in one form, without UNTIL, which is given as written."""

    parts: str
    until: str | None = None
    count: int | None = None

    @property
    def ends(self) -> bool:
        """Tell whether it has a last occurrence."""
        return self.count is not None or self.until is not None

    def last_wall(self, zone: str) -> datetime | None:
        """Give the last wall time that it may have; a day holds to its end, and Z names an instant."""
        if self.until is None:
            return None
        day = datetime.combine(date.fromisoformat(self.until[:8]), time.max)
        if "T" not in self.until:
            return day
        moment = datetime.fromisoformat(self.until.removesuffix("Z"))
        if not self.until.endswith("Z"):
            return moment
        return moment.replace(tzinfo=UTC).astimezone(zone_rules(zone)).replace(tzinfo=None)


def parse_rule(text: str) -> Rule:
    """Read a rule: RRULE as in `FREQ=WEEKLY;BYDAY=FR;COUNT=8`, or one word. Raises InputError in one line."""
    if len(text) > LONGEST_RULE:
        raise InputError(f"has {len(text):,} characters and may have {LONGEST_RULE}: make it shorter")
    written = text.strip()
    if written.lower() in _WORDS:
        return Rule(f"FREQ={_WORDS[written.lower()]}")
    if written and "=" not in written:
        raise InputError(
            f"'{_shown(written)}' is no rule: write daily, weekly, monthly, yearly, or FREQ=WEEKLY;BYDAY=FR"
        )
    parts = _parts_of(re.sub(r"(?i)\ARRULE:", "", written).upper())
    _refuse_what_does_not_go_together(parts)
    count = int(parts["COUNT"]) if "COUNT" in parts else None
    until = parts.pop("UNTIL", None)
    rule = Rule(";".join(f"{name}={value}" for name, value in parts.items()), until, count)
    try:
        rule.last_wall("UTC")
    except ValueError:
        raise InputError(f"UNTIL={until} is no date: write it as UNTIL=20261231") from None
    return rule


def _parts_of(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for each in filter(None, (part.strip() for part in text.split(";"))):
        name, _, value = (piece.strip() for piece in each.partition("="))
        if name not in _PARTS:
            near = get_close_matches(name[:20], _PARTS, n=1)
            meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(_PARTS)}"
            raise InputError(f"'{_shown(name)}' is no part of a rule: {meant}")
        if name in parts:
            raise InputError(f"{name} stands twice: keep one of them")
        if value in _TOO_OFTEN and name == "FREQ":
            raise InputError(f"{value} is too often for announcements: write DAILY, with BYHOUR=9,15")
        if not re.fullmatch(_PARTS[name], value):
            raise InputError(f"{name}={_shown(value)} cannot be: write it as in FREQ=WEEKLY;BYDAY=MO,FR")
        parts[name] = value
    if "FREQ" not in parts:
        raise InputError("FREQ is missing: write daily, weekly, monthly, yearly or FREQ=WEEKLY;BYDAY=FR")
    return parts


def _refuse_what_does_not_go_together(parts: Mapping[str, str]) -> None:
    if "COUNT" in parts and "UNTIL" in parts:
        raise InputError("COUNT and UNTIL: give one of the two")
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE"}:
        raise InputError("BYSETPOS chooses among days: give BYDAY or BYMONTHDAY, too")
    if parts["FREQ"] == "WEEKLY" and "BYMONTHDAY" in parts:
        raise InputError("BYMONTHDAY does not go with WEEKLY: write MONTHLY or DAILY")
    if parts.get("BYSETPOS", "").count(",") >= MOST_PLACES:
        raise InputError(f"BYSETPOS has more than {MOST_PLACES} places: take some out")
    numbered = any(char.isdigit() for char in parts.get("BYDAY", ""))
    if numbered and parts["FREQ"] not in ("MONTHLY", "YEARLY"):
        raise InputError(f"BYDAY={parts['BYDAY']} counts the days of a month or a year: write MONTHLY")
    times = [len(set(parts.get(name, "").split(","))) for name in ("BYHOUR", "BYMINUTE")]
    if times[0] * times[1] > MOST_A_DAY:
        raise InputError(f"gives {times[0] * times[1]} times a day and may give {MOST_A_DAY}: take some out")


def refuse_unfit(record: Record) -> None:
    """Raise InputError, which names the field, for a record that cannot be a series."""
    repeat = record.repeat
    if repeat is None:
        return
    if not record.key:
        raise InputError("key: is missing: a series needs one, to call its announcements KEY.2026-12-04")
    if record.due is None:
        raise InputError("due: is missing: a series needs the date and time at which it begins")
    for name, written in (("embargo", record.embargo), ("expires", record.expires)):
        if written and not is_written_out(written):
            raise InputError(f"{name}: with repeat it is a date and a time: write it as 2026-12-04 10:00")
    if record.translation_of:
        raise InputError("translation_of: does not go with repeat: give each language a series of its own")
    parse_repeat(repeat)


def parse_repeat(repeat: Repeat) -> Rule:
    """Check everything that is said of a recurrence; give its rule. Raises InputError that names the field."""
    try:
        rule = parse_rule(repeat.rule)
    except InputError as error:
        raise InputError(f"repeat: {error}") from None
    rest_of(repeat), ahead_of(repeat), skipped_days(repeat)
    for name, given, most in (
        ("wordings", repeat.wordings, MOST_WORDINGS),
        ("skip", repeat.skip, MOST_SKIPPED),
    ):
        if len(given) > most:
            raise InputError(f"repeat.{name}: has {len(given):,} items and may have {most}: take some out")
    return rule


def rest_of(repeat: Repeat) -> timedelta | None:
    """Give how long a text rests; None: it never comes again. Raises InputError."""
    return None if repeat.rest is None else _span("rest", repeat.rest, MOST_REST)


def ahead_of(repeat: Repeat) -> timedelta:
    """Give how long before its time an announcement is made. Raises InputError."""
    return AHEAD if repeat.ahead is None else _span("ahead", repeat.ahead, MOST_AHEAD)


def skipped_days(repeat: Repeat) -> frozenset[date]:
    """Give the days on which nothing comes. Raises InputError."""
    days = set()
    for written in repeat.skip:
        try:
            days.add(date.fromisoformat(written))
        except ValueError:
            raise InputError(
                f"repeat.skip: '{_shown(written)}' is not a date: write it as 2026-12-25"
            ) from None
    return frozenset(days)


def wordings_of(record: Record) -> tuple[str, ...]:
    """Give the texts that take turns, in their order: the body, then the wordings."""
    others = record.repeat.wordings if record.repeat else ()
    return tuple(dict.fromkeys(filter(None, (record.body, *others)))) or ("",)


def due_of(wall: datetime, zone: str) -> Due | None:
    """Give when an occurrence is due: None on a day when the clock jumps over the time; of two instants the first."""
    instants = instants_of(wall, zone_rules(zone))
    return Due(wall, zone, instants[0], fixed=len(instants) > 1) if instants else None


def record_of(record: Record, due: Due, wording: str, key: str) -> Record:
    """Make the record of one occurrence."""
    moment = due.at.astimezone(zone_rules(due.zone)) if due.fixed else due.wall
    precision = "seconds" if moment.second else "minutes"
    return replace(record, body=wording, due=moment.isoformat(" ", precision), key=key, repeat=None)


def _span(name: str, text: str, most: timedelta) -> timedelta:
    try:
        found = parse_duration(text)
    except (InputError, OverflowError):
        raise InputError(f"repeat.{name}: '{_shown(text)}' is no span of time: write it as 60d") from None
    if not timedelta(0) < found <= most:
        raise InputError(f"repeat.{name}: '{_shown(text)}' is more than nothing and at most {most.days}d")
    return found


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:40])


@dataclass(frozen=True, slots=True)
class Use:
    """A text stands somewhere: when it went out or is due, in which announcement, and whether it is out."""

    at: datetime
    name: str
    out: bool = False


def bar_of(uses: Sequence[Use], at: datetime, rest: timedelta | None) -> Use | None:
    """Give the use because of which a text cannot come at an instant, None if it may.

    Without a rest it comes once. With one it has to have gone out before it is queued again: the queue holds a text once.
    """
    for use in uses:
        if rest is None or abs(at - use.at) < rest:
            return use
    return next((use for use in uses if not use.out), None)
