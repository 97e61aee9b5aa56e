"""A year of slots in five zones, over every change of clock, as a table that people can read; `whenever` reads it, too.

The table is `tests/data/clocks/slots_of_2026.txt`. It was written by the second library, not by the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from whenever import Instant, PlainDateTime, RepeatedTime, SkippedTime

from bot.domain.campaign import Campaign, QuietHours, Slot
from bot.domain.slots import quiet_until, upcoming_slots

CLOCKS = Path(__file__).parents[1] / "data" / "clocks"
ZONES = ("Asia/Bangkok", "Europe/London", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe")
TIMES = tuple(
    time.fromisoformat(f"{text}:00")
    for text in ("00:30", "01:00", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00", "09:00")
)
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
QUIET = tuple(
    QuietHours(time.fromisoformat(start), time.fromisoformat(end))
    for start, end in [
        ("21:00", "07:00"),
        ("22:00", "01:30"),
        ("22:00", "01:45"),
        ("22:00", "02:15"),
        ("01:40", "02:10"),
    ]
)


def rows(name: str) -> list[list[str]]:
    lines = (CLOCKS / name).read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")]


def by_whenever(zone: str, day: date, at: time) -> list[datetime]:
    """The instants at which the second library's clock shows a wall time."""
    wall = PlainDateTime(day.year, day.month, day.day, at.hour, at.minute)
    try:
        return [wall.assume_tz(zone, disambiguation="raise").to_instant().to_stdlib()]
    except SkippedTime:
        return []
    except RepeatedTime:
        both = [wall.assume_tz(zone, disambiguation="earlier"), wall.assume_tz(zone, disambiguation="later")]
        return [each.to_instant().to_stdlib() for each in both]


def told(day: date, instants: list[datetime]) -> str:
    """How the table tells what becomes of a slot on a day."""
    if not instants:
        return "no slot: the clock jumps over it"
    first = f"{instants[0]:%H:%M} UTC"
    if instants[0].date() != day:
        first += " the day before"
    return first if len(instants) == 1 else f"{first}, the first of two ({instants[1]:%H:%M} UTC)"


def in_runs(zone: str, at: time, days: dict[date, str]) -> Iterator[list[str]]:
    """Days in a row of which the same is told make one row of the table."""
    for what, run in groupby(DAYS, key=lambda day: days[day]):
        of_run = list(run)
        yield [zone, f"{at:%H:%M}", f"{of_run[0]}", f"{of_run[-1]}", what]


def table_of_slots(instants: dict[tuple[str, date, time], list[datetime]]) -> list[list[str]]:
    return [
        row
        for zone in ZONES
        for at in TIMES
        for row in in_runs(zone, at, {day: told(day, instants[zone, day, at]) for day in DAYS})
    ]


def test_the_second_library_says_what_the_table_says() -> None:
    found = {(zone, day, at): by_whenever(zone, day, at) for zone in ZONES for day in DAYS for at in TIMES}
    assert table_of_slots(found) == rows("slots_of_2026.txt")


@pytest.mark.parametrize("zone", ZONES)
def test_the_slots_of_a_year_are_those_of_the_table(zone: str) -> None:
    campaign = Campaign("c", "a", "t", zone, slots=tuple(Slot(at) for at in TIMES))
    since, month = datetime(2025, 12, 30, tzinfo=UTC), timedelta(days=28)
    slots = {
        (due.wall.date(), due.wall.time()): due
        for number in range(14)
        for due in upcoming_slots(campaign, since + number * month, since + (number + 1) * month)
    }
    table = [row for row in rows("slots_of_2026.txt") if row[0] == zone]
    assert sum(
        (date.fromisoformat(last) - date.fromisoformat(first)).days + 1 for _, _, first, last, _ in table
    ) == (365 * len(TIMES))
    for _, at, first, last, what in table:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            due = slots.get((day, time.fromisoformat(at)))
            instants = by_whenever(zone, day, time.fromisoformat(at))
            assert (due.at if due else None) == (instants[0] if instants else None), (zone, day, at)
            assert told(day, instants if due else []) == what
            assert due is None or due.fixed == (len(instants) == 2)
            day += timedelta(days=1)


def quiet_by_whenever(quiet: QuietHours, zone: str, instant: datetime) -> datetime | None:
    """The first minute that is not quiet, by walking through the night on the second library's clock."""
    minute = instant
    while True:
        local = Instant(minute).to_tz(zone).to_stdlib().time()
        over = quiet.start > quiet.end
        within = (local >= quiet.start or local < quiet.end) if over else quiet.start <= local < quiet.end
        if not within:
            return None if minute == instant else minute
        minute += timedelta(minutes=1)


def changes(zone: str) -> list[date]:
    """The days of 2026 on which the zone's clock changes."""
    noons = [
        PlainDateTime(day.year, day.month, day.day, 12).assume_tz(zone) for day in [date(2025, 12, 31), *DAYS]
    ]
    return [
        day for day, (before, noon) in zip(DAYS, pairwise(noons), strict=True) if before.offset != noon.offset
    ]


def test_every_change_of_clock_of_the_year_is_in_the_tables() -> None:
    assert {zone: [f"{day:%d %b}" for day in changes(zone)] for zone in ZONES} == {
        "Asia/Bangkok": [],
        "Europe/London": ["29 Mar", "25 Oct"],
        "America/New_York": ["08 Mar", "01 Nov"],
        "Africa/Casablanca": ["15 Feb", "22 Mar"],
        "Australia/Lord_Howe": ["05 Apr", "04 Oct"],
    }
    assert {row[1] for row in rows("quiet_hours_of_2026.txt") if row[0] == "Europe/London"} == {
        "2026-03-29",
        "2026-10-25",
    }


def nights() -> Iterator[tuple[str, date, QuietHours]]:
    for zone in ZONES:
        for day in changes(zone) or [date(2026, 4, 13)]:
            for quiet in QUIET:
                yield zone, day, quiet


def moments(zone: str, day: date) -> Iterator[datetime]:
    """Every quarter of an hour from the evening before the change until its noon, and the second before each."""
    noon = PlainDateTime(day.year, day.month, day.day, 12).assume_tz(zone).to_instant().to_stdlib()
    for quarter in range(4 * 16):
        yield noon - timedelta(minutes=15 * quarter)


def ends(zone: str, day: date, quiet: QuietHours) -> list[str]:
    """When the quiet hours of a night end, each end once, as the zone's clock shows it and in UTC."""
    found = {quiet_by_whenever(quiet, zone, moment) for moment in moments(zone, day)}
    shown = [
        f"{Instant(end).to_tz(zone).to_stdlib():%H:%M} ({end:%H:%M} UTC)"
        for end in sorted(filter(None, found))
    ]
    return [zone, f"{day}", f"{quiet.start:%H:%M}-{quiet.end:%H:%M}", ", ".join(shown)]


def test_quiet_hours_end_in_every_night_of_a_change_as_the_table_says() -> None:
    assert [ends(*night) for night in nights()] == rows("quiet_hours_of_2026.txt")


@pytest.mark.parametrize("zone", ZONES)
def test_quiet_hours_end_as_the_second_library_says_at_every_quarter_of_such_a_night(zone: str) -> None:
    for of_zone, day, quiet in nights():
        campaign = Campaign("c", "a", "t", zone, quiet_hours=quiet)
        if of_zone == zone:
            for moment in moments(zone, day):
                assert quiet_until(campaign, moment) == quiet_by_whenever(quiet, zone, moment), (
                    moment,
                    quiet,
                )
