"""Slots, quiet hours and holidays, also where the clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.campaign import Campaign, QuietHours, Slot
from bot.domain.errors import InputError
from bot.domain.slots import is_holiday, next_free_slot, quiet_until, upcoming_slots
from bot.domain.walltime import in_zone

WEEKDAYS = frozenset(range(5))
BANGKOK = Campaign(
    name="rsotenyears",
    account="rso",
    template="t",
    timezone="Asia/Bangkok",
    slots=(Slot(time(9), WEEKDAYS), Slot(time(16), WEEKDAYS)),
)
LONDON = replace(BANGKOK, timezone="Europe/London", slots=(Slot(time(1, 30)),))

ZONES = st.sampled_from(
    ("Asia/Bangkok", "Europe/London", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Kiritimati")
)
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
INSTANTS = st.datetimes(
    datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2035-01-01"), timezones=st.just(UTC)
).map(lambda moment: moment.replace(microsecond=0))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def next_wall(campaign: Campaign, after: str, taken: tuple[str, ...] = ()) -> str:
    due = next_free_slot(campaign, after=utc(after), taken=[utc(each) for each in taken])
    assert due.zone == campaign.timezone
    return f"{due.wall:%a %Y-%m-%d %H:%M}"


def test_the_next_slot_lies_after_the_instant_on_a_weekday_of_the_slot() -> None:
    assert next_wall(BANGKOK, "2026-11-25T01:59") == "Wed 2026-11-25 09:00"
    assert next_wall(BANGKOK, "2026-11-25T02:00") == "Wed 2026-11-25 16:00"
    assert next_wall(BANGKOK, "2026-11-27T09:00") == "Mon 2026-11-30 09:00"


def test_a_taken_slot_is_passed_over() -> None:
    assert next_wall(BANGKOK, "2026-11-25T00:00", ("2026-11-25T02:00",)) == "Wed 2026-11-25 16:00"


def test_a_slot_nearer_than_the_gap_to_something_taken_is_not_free() -> None:
    spaced = replace(BANGKOK, min_gap=timedelta(minutes=10))
    assert next_wall(spaced, "2026-11-25T00:00", ("2026-11-25T02:09",)) == "Wed 2026-11-25 16:00"
    assert next_wall(spaced, "2026-11-25T00:00", ("2026-11-25T01:51",)) == "Wed 2026-11-25 16:00"
    assert next_wall(spaced, "2026-11-25T00:00", ("2026-11-25T02:10",)) == "Wed 2026-11-25 09:00"
    assert next_wall(spaced, "2026-11-25T00:00", ("2026-11-25T01:50",)) == "Wed 2026-11-25 09:00"


def test_no_slot_falls_on_a_holiday_by_the_date_in_the_campaigns_zone() -> None:
    off = replace(BANGKOK, holidays=frozenset({date(2026, 12, 10)}))
    assert next_wall(off, "2026-12-09T10:00") == "Fri 2026-12-11 09:00"
    assert is_holiday(off, utc("2026-12-09T17:00"))
    assert not is_holiday(off, utc("2026-12-10T17:00"))


def test_no_slot_falls_in_the_quiet_hours() -> None:
    quiet = replace(BANGKOK, quiet_hours=QuietHours(time(8), time(10)))
    assert next_wall(quiet, "2026-11-25T00:00") == "Wed 2026-11-25 16:00"


def test_a_slot_whose_time_does_not_exist_that_day_is_passed_over() -> None:
    assert next_wall(LONDON, "2026-03-28T12:00") == "Mon 2026-03-30 01:30"


def test_a_slot_whose_time_occurs_twice_uses_the_first_and_says_that_it_is_fixed() -> None:
    due = next_free_slot(LONDON, after=utc("2026-10-24T12:00"), taken=())
    assert (due.at, due.fixed) == (utc("2026-10-25T00:30"), True)
    assert next_wall(LONDON, "2026-10-25T00:30") == "Mon 2026-10-26 01:30"


def test_a_campaign_without_slots_says_what_to_write() -> None:
    with pytest.raises(
        InputError, match="'rsotenyears' has no slots: write due as a date and time, or add slots"
    ):
        next_free_slot(replace(BANGKOK, slots=()), after=utc("2026-11-25T00:00"), taken=())


def test_a_campaign_with_no_free_slot_within_a_year_says_so() -> None:
    never = replace(BANGKOK, slots=(Slot(time(9), frozenset()),))
    with pytest.raises(InputError, match="no free slot within a year"):
        next_free_slot(never, after=utc("2026-11-25T00:00"), taken=())


def test_the_upcoming_slots_end_with_the_instant_given() -> None:
    found = upcoming_slots(BANGKOK, utc("2026-11-25T02:00"), utc("2026-11-27T02:00"))
    assert [f"{due.at:%d %H:%M}" for due in found] == ["25 09:00", "26 02:00", "26 09:00", "27 02:00"]
    assert upcoming_slots(replace(BANGKOK, slots=()), utc("2026-11-25T02:00"), utc("2026-11-27T02:00")) == ()


NIGHT = replace(BANGKOK, quiet_hours=QuietHours(time(22), time(7)))


@pytest.mark.parametrize(
    ("instant", "end"),
    [
        ("2026-11-25T14:59", None),
        ("2026-11-25T15:00", "2026-11-26T00:00"),
        ("2026-11-25T23:59:59", "2026-11-26T00:00"),
        ("2026-11-26T00:00", None),
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning(instant: str, end: str | None) -> None:
    assert quiet_until(NIGHT, utc(instant)) == (utc(end) if end else None)


def test_without_quiet_hours_nothing_is_quiet() -> None:
    assert quiet_until(BANGKOK, utc("2026-11-25T15:00")) is None


@pytest.mark.parametrize(
    ("hours", "instant", "end"),
    [
        # The night of 29 March 2026 has an hour less, that of 25 October an hour more.
        ((time(22), time(7)), "2026-03-28T22:00", "2026-03-29T06:00"),
        ((time(22), time(7)), "2026-10-24T21:00", "2026-10-25T07:00"),
        # Their end is jumped over: they end with the jump.
        ((time(22), time(1, 30)), "2026-03-28T23:00", "2026-03-29T01:00"),
        # Their end occurs twice: the first, and then again.
        ((time(22), time(1, 30)), "2026-10-24T23:00", "2026-10-25T00:30"),
        ((time(22), time(1, 30)), "2026-10-25T01:10", "2026-10-25T01:30"),
    ],
)
def test_quiet_hours_end_right_when_the_clock_changes(
    hours: tuple[time, time], instant: str, end: str
) -> None:
    assert quiet_until(replace(LONDON, quiet_hours=QuietHours(*hours)), utc(instant)) == utc(end)


def test_where_the_clock_goes_back_to_before_they_began_quiet_hours_end_until_they_begin_again() -> None:
    london = replace(LONDON, quiet_hours=QuietHours(time(1, 40), time(2, 10)))
    assert quiet_until(london, utc("2026-10-25T00:50:00.300000")) == utc("2026-10-25T01:00")
    assert quiet_until(london, utc("2026-10-25T01:20")) is None
    assert quiet_until(london, utc("2026-10-25T01:40")) == utc("2026-10-25T02:10")


def test_quiet_hours_last_through_a_day_that_was_left_out() -> None:
    apia = replace(NIGHT, timezone="Pacific/Apia")
    assert quiet_until(apia, utc("2011-12-30T09:00")) == utc("2011-12-30T17:00")


@given(instant=INSTANTS, zone=ZONES, start=TIMES, end=TIMES)
@example(instant=utc("2026-10-25T00:10"), zone="Europe/London", start=time(1, 15), end=time(1, 0))
@example(instant=utc("2026-04-04T15:00"), zone="Australia/Lord_Howe", start=time(1, 45), end=time(1, 40))
def test_when_quiet_hours_end_none_hold(instant: datetime, zone: str, start: time, end: time) -> None:
    campaign = replace(BANGKOK, timezone=zone, quiet_hours=QuietHours(start, end))
    found = quiet_until(campaign, instant)
    quiet = QuietHours(start, end).holds(in_zone(instant, zone).time())
    assert (found is not None) == quiet
    if found is not None:
        assert instant < found <= instant + timedelta(hours=25)
        assert found.tzinfo is UTC
        assert quiet_until(campaign, found) is None


@given(
    after=INSTANTS,
    zone=ZONES,
    times=st.lists(TIMES, min_size=1, max_size=4),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    taken=st.lists(st.integers(-3000, 3000), max_size=20),
    gap=st.integers(0, 600),
)
def test_a_free_slot_keeps_every_rule_of_its_campaign(
    after: datetime, zone: str, times: list[time], days: frozenset[int], taken: list[int], gap: int
) -> None:
    quiet = QuietHours(time(22), time(6))
    if all(quiet.holds(at) for at in times):
        times = [time(12)]
    campaign = replace(
        BANGKOK,
        timezone=zone,
        slots=tuple(Slot(at, days) for at in times),
        quiet_hours=quiet,
        min_gap=timedelta(minutes=gap),
    )
    occupied = [after + timedelta(minutes=minutes) for minutes in taken]
    due = next_free_slot(campaign, after=after, taken=occupied)
    local = in_zone(due.at, zone)
    assert due.at > after
    assert local.replace(tzinfo=None, fold=0) == due.wall
    assert due.wall.time() in times
    assert due.wall.weekday() in days
    assert quiet_until(campaign, due.at) is None
    assert all(abs(due.at - each) >= max(campaign.min_gap, timedelta(seconds=1)) for each in occupied)
    assert due in upcoming_slots(campaign, after, due.at)
