"""Jitter: each day another minute, the same whenever it is asked, and never over an edge (decision 0027)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.campaign import Campaign, QuietHours, Slot
from bot.domain.slots import next_free_slot, quiet_until, upcoming_slots
from bot.domain.walltime import in_zone

MINUTE = timedelta(minutes=1)
ZONES = ("Asia/Bangkok", "Europe/London", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def campaign(*times: time, jitter: int = 7, **more: object) -> Campaign:
    slots = tuple(Slot(at, jitter=jitter * MINUTE) for at in times)
    made = Campaign(name="rsotenyears", account="rso", template="t", timezone="Asia/Bangkok", slots=slots)
    return replace(made, **more)  # type: ignore[arg-type]


def walls(of: Campaign, first: str, last: str) -> list[datetime]:
    return [due.wall for due in upcoming_slots(of, utc(first), utc(last))]


YEAR = ("2026-01-01", "2026-12-31T17:00")


def test_every_minute_of_the_jitter_is_used_and_none_beyond_it() -> None:
    minutes = Counter(wall.minute for wall in walls(campaign(time(9)), *YEAR))
    assert sorted(minutes) == list(range(8))
    assert min(minutes.values()) > 365 / 8 / 2


def test_the_same_campaign_day_and_slot_give_the_same_minute_whenever_they_are_asked() -> None:
    # A date that is told to people must not move with the program, so these are written down.
    assert [f"{wall:%d %H:%M}" for wall in walls(campaign(time(9), time(14)), "2026-03-30", "2026-04-01T10:00")] == [
        "30 09:04", "30 14:07", "31 09:01", "31 14:03", "01 09:06", "01 14:04",
    ]  # fmt: skip
    # In the middle of the span it is the same slot still, or gone.
    assert walls(campaign(time(9)), "2026-03-30T02:03:59", "2026-03-30T10:00")[0].minute == 4
    assert walls(campaign(time(9)), "2026-03-30T02:04", "2026-03-30T10:00") == []


def test_another_campaign_another_day_or_another_slot_have_other_minutes() -> None:
    mine = walls(campaign(time(9)), *YEAR)
    other = walls(campaign(time(9), name="other"), *YEAR)
    evening = walls(campaign(time(19)), *YEAR)
    assert sum(a.minute == b.minute for a, b in zip(mine, other, strict=True)) < 100
    assert sum(a.minute == b.minute for a, b in zip(mine, evening, strict=True)) < 100


def test_a_slot_with_jitter_is_taken_by_whatever_lies_within_its_span() -> None:
    of = campaign(time(9), time(14))
    free = next_free_slot(of, after=utc("2026-03-30"), taken=())
    for minute in range(8):
        taken = [utc(f"2026-03-30T02:{minute:02}")]
        assert next_free_slot(of, after=utc("2026-03-30"), taken=taken).wall.hour == 14
    for beside in ("2026-03-30T01:59", "2026-03-30T02:08"):
        assert next_free_slot(of, after=utc("2026-03-30"), taken=[utc(beside)]) == free


def test_jitter_ends_where_the_quiet_hours_begin() -> None:
    of = campaign(time(20, 57), quiet_hours=QuietHours(time(21), time(7)))
    assert {wall.minute for wall in walls(of, *YEAR)} == {57, 58, 59}


def test_jitter_ends_with_the_day() -> None:
    assert {(wall.hour, wall.minute) for wall in walls(campaign(time(23, 58)), *YEAR)} == {(23, 58), (23, 59)}


def test_jitter_leaves_the_gap_before_the_next_slot_also_over_midnight() -> None:
    of = campaign(time(9), time(9, 10), min_gap=5 * MINUTE)
    assert {wall.minute for wall in walls(of, *YEAR) if wall.minute < 10} == set(range(6))
    night = campaign(time(0), time(23, 52), min_gap=5 * MINUTE)
    assert {wall.minute for wall in walls(night, *YEAR) if wall.hour == 23} == {52, 53, 54, 55}


def test_jitter_does_not_cross_a_change_of_the_clock() -> None:
    late = campaign(time(0, 57), timezone="Europe/London")
    assert [f"{wall:%H:%M}" for wall in walls(late, "2026-03-28T12:00", "2026-03-29T12:00")] in (
        [["00:57"], ["00:58"], ["00:59"]]
    )
    back = campaign(time(1, 57), timezone="Europe/London", jitter=30)
    (due,) = upcoming_slots(back, utc("2026-10-24T12:00"), utc("2026-10-25T12:00"))
    assert utc("2026-10-25T00:57") <= due.at < utc("2026-10-25T01:00")
    assert due.fixed


def test_of_two_entries_for_one_time_the_wider_jitter_holds() -> None:
    slots = (Slot(time(9)), Slot(time(9), jitter=7 * MINUTE), Slot(time(9), jitter=2 * MINUTE))
    assert len({wall.minute for wall in walls(campaign(slots=slots), *YEAR)}) == 8


TIMES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


@given(
    zone=st.sampled_from(ZONES),
    times=st.lists(TIMES, min_size=1, max_size=6, unique=True),
    jitter=st.integers(0, 120),
    gap=st.integers(0, 30),
    quiet=st.tuples(TIMES, TIMES).filter(lambda both: both[0] != both[1]),
    after=st.datetimes(
        datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-12-28"), timezones=st.just(UTC)
    ),
)
@example("Europe/London", [time(0, 57), time(1, 30)], 60, 5, (time(2), time(3)), utc("2026-10-24T12:00"))
@example("Australia/Lord_Howe", [time(1, 40)], 60, 5, (time(2), time(3)), utc("2026-04-04T03:00"))
def test_whatever_the_jitter_slots_keep_their_day_their_gap_and_out_of_quiet_hours(
    zone: str, times: list[time], jitter: int, gap: int, quiet: tuple[time, time], after: datetime
) -> None:
    hours = QuietHours(*quiet)
    plain = campaign(*times, jitter=0, timezone=zone, min_gap=gap * MINUTE, quiet_hours=hours)
    moved = replace(plain, slots=tuple(replace(slot, jitter=jitter * MINUTE) for slot in plain.slots))
    bases = {due.at for due in upcoming_slots(plain, after - timedelta(hours=3), after + timedelta(days=3))}
    found = upcoming_slots(moved, after, after + timedelta(days=2))
    for due in found:
        assert any(timedelta(0) <= due.at - base <= jitter * MINUTE for base in bases)
        base = max(base for base in bases if base <= due.at)
        assert in_zone(base, zone).date() == due.wall.date()
        assert quiet_until(moved, due.at) is None
        assert in_zone(due.at, zone).replace(tzinfo=None, fold=0) == due.wall
    for one, other in pairwise(found):
        before, behind = (max(base for base in bases if base <= due.at) for due in (one, other))
        assert other.at - one.at >= min(max(gap, 1) * MINUTE, behind - before)
