"""What a written time means in a zone, and that nothing is guessed where the clock jumps."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.announcement import Due
from bot.domain.errors import InputError
from bot.domain.walltime import in_zone, instants_of, jump_over, resolve, show, zone_rules

# Half-hour and quarter-hour zones, a half-hour summer time, one that falls back for Ramadan, and the first to see a day.
ZONES = (
    "Asia/Bangkok",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Asia/Tehran",
    "Europe/Dublin",
)


def wall_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


WALLS = st.datetimes(wall_time("1995-01-01"), wall_time("2060-01-01")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
INSTANTS = WALLS.map(lambda moment: moment.replace(tzinfo=UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "wall", "instant"),
    [
        ("2023-03-30 10:00", "2023-03-30T10:00", "2023-03-30T03:00"),
        ("  2023-03-30   9:05 ", "2023-03-30T09:05", "2023-03-30T02:05"),
        ("2023-03-30T10:00:30", "2023-03-30T10:00:30", "2023-03-30T03:00:30"),
        ("2023-03-30t10:00:30.250", "2023-03-30T10:00:30.250", "2023-03-30T03:00:30.250"),
    ],
)
def test_a_time_without_an_offset_is_the_zones(written: str, wall: str, instant: str) -> None:
    due = resolve(written, "Asia/Bangkok")
    assert due == Due(datetime.fromisoformat(wall), "Asia/Bangkok", utc(instant), fixed=False)


@pytest.mark.parametrize(
    "written",
    ["2023-03-30T10:00+07:00", "2023-03-30 10:00 +07:00", "2023-03-30 10:00+0700", "2023-03-30T10:00+07"],
)
def test_an_offset_fixes_the_instant(written: str) -> None:
    due = resolve(written, "Asia/Bangkok")
    assert due == Due(wall_time("2023-03-30T10:00"), "Asia/Bangkok", utc("2023-03-30T03:00"), fixed=True)


def test_z_names_an_instant_and_agrees_with_every_zone() -> None:
    due = resolve("2023-03-30T03:00Z", "Asia/Bangkok")
    assert due == Due(wall_time("2023-03-30T10:00"), "Asia/Bangkok", utc("2023-03-30T03:00"), fixed=True)
    assert resolve(utc("2023-03-30T03:00"), "Asia/Bangkok") == due


def test_a_datetime_is_taken_as_a_text_is() -> None:
    assert resolve(wall_time("2023-03-30T10:00"), "Asia/Bangkok") == resolve(
        "2023-03-30 10:00", "Asia/Bangkok"
    )
    aware = datetime(2023, 3, 30, 10, tzinfo=timezone(timedelta(hours=7)))
    assert resolve(aware, "Asia/Bangkok") == resolve("2023-03-30 10:00+07:00", "Asia/Bangkok")


def test_an_offset_that_the_given_zone_does_not_have_then_is_an_error() -> None:
    with pytest.raises(InputError) as refused:
        resolve("2023-07-01 10:00+00:00", "Europe/London")
    assert str(refused.value) == (
        "2023-07-01 10:00+00:00 disagrees with the time zone Europe/London, which is at +01:00 then: change one of the two"
    )


def test_an_offset_does_not_contradict_a_zone_that_is_only_the_campaigns() -> None:
    due = resolve("2023-03-30 05:00+02:00", "Asia/Bangkok", zone_given=False)
    assert due == Due(wall_time("2023-03-30T10:00"), "Asia/Bangkok", utc("2023-03-30T03:00"), fixed=True)


@pytest.mark.parametrize(
    ("written", "zone", "nearest"),
    [
        ("2026-03-29 01:30", "Europe/London", ("2026-03-29 00:59", "2026-03-29 02:00")),
        ("2026-10-04 02:15", "Australia/Lord_Howe", ("2026-10-04 01:59", "2026-10-04 02:30")),
        ("2011-12-30 12:00", "Pacific/Apia", ("2011-12-29 23:59", "2011-12-31 00:00")),
    ],
)
def test_a_time_that_does_not_exist_is_refused_with_the_two_nearest_that_do(
    written: str, zone: str, nearest: tuple[str, str]
) -> None:
    with pytest.raises(InputError) as refused:
        resolve(written, zone)
    assert str(refused.value) == (
        f"{written} does not exist in {zone}, where the clock is put forward: write {nearest[0]} or {nearest[1]}"
    )
    for each in nearest:
        assert resolve(each, zone).wall == datetime.fromisoformat(each)


def test_a_time_that_occurs_twice_is_refused_with_both_offsets() -> None:
    with pytest.raises(InputError) as refused:
        resolve("2026-10-25 01:30", "Europe/London")
    assert str(refused.value) == (
        "2026-10-25 01:30 occurs twice in Europe/London: write 2026-10-25 01:30+01:00 or 2026-10-25 01:30+00:00"
    )
    assert resolve("2026-10-25 01:30+01:00", "Europe/London").at == utc("2026-10-25T00:30")
    assert resolve("2026-10-25 01:30+00:00", "Europe/London").at == utc("2026-10-25T01:30")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "tomorrow",
        "2023-03-30",
        "30/03/2023 10:00",
        "2023-02-30 10:00",
        "2023-03-30 24:00",
        "2023-03-30 10:61",
        "2023-03-30 10:00+25:00",
        "๒๐๒๓-๐๓-๓๐ 10:00",
        "2023-03-30 10:00 ICT",
        "x" * 100_000,
        "10\n00",
    ],
)
def test_what_is_no_time_is_refused_in_one_short_line(written: str) -> None:
    with pytest.raises(InputError, match=r"is not a time: .*write it as 2023-03-30 10:00") as refused:
        resolve(written, "UTC")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250


def test_a_year_of_the_buddhist_era_is_refused_with_the_common_one() -> None:
    with pytest.raises(InputError, match="the year 2569 looks like one of the Buddhist era: write 2026"):
        resolve("2569-11-25 10:00", "Asia/Bangkok")
    with pytest.raises(InputError, match="the year 9999 is not between 1970 and 2199"):
        resolve("9999-12-31 23:59", "Pacific/Kiritimati")
    with pytest.raises(InputError, match="the year 1 is not between 1970 and 2199"):
        resolve("0001-01-01 00:00+14:00", "Asia/Bangkok")


@pytest.mark.parametrize(
    ("zone", "advice"),
    [
        ("Asia/Bangkog", "did you mean Asia/Bangkok?"),
        ("asia/bangkok", "did you mean Asia/Bangkok?"),
        ("Bangkok", "did you mean Asia/Bangkok?"),
        ("Kuala Lumpur", "did you mean Asia/Kuala_Lumpur?"),
        ("Asia", "write an IANA name such as Asia/Bangkok"),
        ("GMT+7", "write an IANA name such as Asia/Bangkok"),
        ("", "write an IANA name such as Asia/Bangkok"),
        ("localtime", "write an IANA name such as Asia/Bangkok"),
        ("a\nb", "write an IANA name such as Asia/Bangkok"),
        ("../../etc/passwd", "write an IANA name such as Asia/Bangkok"),
        ("Asia/Bangkok\0", "did you mean Asia/Bangkok?"),
    ],
)
def test_an_unknown_zone_suggests_the_nearest_name(zone: str, advice: str) -> None:
    with pytest.raises(InputError, match=f"is not a time zone: {re.escape(advice)}$"):
        zone_rules(zone)


def test_a_due_time_is_shown_in_its_zone_and_in_utc() -> None:
    assert (
        show(resolve("2023-03-30 10:00", "Asia/Bangkok")) == "Thu 30 Mar 2023 10:00 Asia/Bangkok (03:00 UTC)"
    )
    assert show(resolve("2023-03-30 10:00:30", "Asia/Bangkok")) == (
        "Thu 30 Mar 2023 10:00:30 Asia/Bangkok (03:00:30 UTC)"
    )


def test_another_day_in_utc_is_shown_with_its_date() -> None:
    assert show(resolve("2027-01-01 10:00", "Pacific/Kiritimati")) == (
        "Fri 1 Jan 2027 10:00 Pacific/Kiritimati (Thu 31 Dec 20:00 UTC)"
    )


def test_utc_is_shown_once() -> None:
    assert show(resolve("2023-03-30 10:00", "UTC")) == "Thu 30 Mar 2023 10:00 UTC"


@given(instant=INSTANTS, zone=st.sampled_from(ZONES))
@example(instant=utc("2026-04-04T15:15"), zone="Australia/Lord_Howe")
@example(instant=utc("2026-02-15T02:30"), zone="Africa/Casablanca")
@example(instant=utc("2026-10-25T01:30"), zone="Europe/London")
def test_every_instant_can_be_written_in_every_zone(instant: datetime, zone: str) -> None:
    local = in_zone(instant, zone)
    with_offset = resolve(local.isoformat(), zone)
    assert (with_offset.at, with_offset.wall) == (instant, local.replace(tzinfo=None, fold=0))
    wall = f"{local:%Y-%m-%d %H:%M}"
    try:
        assert resolve(wall, zone).at == instant
    except InputError as twice:
        choices = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d\d:\d\d", str(twice))
        assert len(choices) == 2
        assert instant in {resolve(choice, zone).at for choice in choices}


@given(wall=WALLS, zone=st.sampled_from(ZONES))
@example(wall=wall_time("2026-03-29T01:30"), zone="Europe/London")
@example(wall=wall_time("2026-10-04T02:15"), zone="Australia/Lord_Howe")
def test_a_wall_time_is_shown_by_the_clock_or_jumped_over(wall: datetime, zone: str) -> None:
    rules = zone_rules(zone)
    found = instants_of(wall, rules)
    assert [in_zone(instant, zone).replace(tzinfo=None, fold=0) for instant in found] == [wall] * len(found)
    assert sorted(found) == list(found)
    if not found:
        jump = jump_over(wall, rules)
        before = in_zone(jump - timedelta(seconds=1), zone).replace(tzinfo=None)
        after = in_zone(jump, zone).replace(tzinfo=None)
        assert before < wall < after
