"""Rules of recurrence: what is taken, and when it comes, against two other libraries' opinions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from whenever import PlainDateTime, RepeatedTime, SkippedTime

from bot.adapters.recurrence import DateutilRecurrence
from bot.domain.announcement import Due, Record, Repeat
from bot.domain.errors import InputError
from bot.domain.recurrence import (
    Rule,
    Use,
    bar_of,
    due_of,
    parse_repeat,
    parse_rule,
    record_of,
    refuse_unfit,
    wordings_of,
)

ZONES = ("Asia/Bangkok", "Europe/London", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe")
FRIDAY = datetime.fromisoformat("2026-12-04T09:30")
DAY = timedelta(days=1)


def walls(rule: str, start: datetime = FRIDAY, zone: str = "UTC") -> Iterator[datetime]:
    parsed = parse_rule(rule)
    return DateutilRecurrence().walls(parsed, start, parsed.last_wall(zone))


def days(rule: str, start: datetime = FRIDAY, zone: str = "UTC") -> list[str]:
    return [f"{wall:%d %b}" for wall in islice(walls(rule, start, zone), 9)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=FR;COUNT=3", ["04 Dec", "11 Dec", "18 Dec"]),
        ("RRULE:FREQ=WEEKLY;COUNT=2", ["04 Dec", "11 Dec"]),
        ("freq=daily; interval=2; count=3;", ["04 Dec", "06 Dec", "08 Dec"]),
        ("FREQ=DAILY;UNTIL=20261206", ["04 Dec", "05 Dec", "06 Dec"]),
        ("FREQ=DAILY;UNTIL=20261206T093000", ["04 Dec", "05 Dec", "06 Dec"]),
        ("FREQ=DAILY;UNTIL=20261206T092959", ["04 Dec", "05 Dec"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["25 Dec", "29 Jan"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", ["31 Dec", "31 Jan", "31 Mar"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["31 Dec", "29 Jan"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=1", ["29 Feb"]),
        ("FREQ=DAILY;BYHOUR=9,15;BYMINUTE=30;COUNT=3", ["04 Dec", "04 Dec", "05 Dec"]),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=1", ["07 Dec"]),
    ],
)
def test_a_rule_comes_when_it_says(rule: str, expected: list[str]) -> None:
    assert days(rule) == expected


@pytest.mark.parametrize(
    ("word", "second"),
    [("daily", "05 Dec"), ("Weekly", "11 Dec"), ("monthly", "04 Jan"), ("YEARLY", "04 Dec")],
)
def test_a_word_is_a_rule_too(word: str, second: str) -> None:
    assert days(word)[1] == second


def test_an_end_that_names_an_instant_is_read_in_the_zone() -> None:
    assert days("FREQ=DAILY;UNTIL=20261206T023000Z", zone="Asia/Bangkok")[-1] == "06 Dec"
    assert days("FREQ=DAILY;UNTIL=20261206T022959Z", zone="Asia/Bangkok")[-1] == "05 Dec"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("FREQ=SECONDLY", "SECONDLY is too often for announcements"),
        ("FREQ=MINUTELY;INTERVAL=90", "MINUTELY is too often"),
        ("FREQ=HOURLY", "HOURLY is too often"),
        ("FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY cannot be"),
        (
            "every friday",
            "'every friday' is no rule: write daily, weekly, monthly, yearly, or FREQ=WEEKLY;BYDAY=FR",
        ),
        ("BYDAY=FR", "FREQ is missing: write daily, weekly"),
        ("", "FREQ is missing"),
        ("FREQ=WEEKLY;BYDAYS=FR", "'BYDAYS' is no part of a rule: did you mean BYDAY?"),
        ("FREQ=WEEKLY;BYDAY=FRI", "BYDAY=FRI cannot be"),
        ("FREQ=WEEKLY;BYDAY=FR;BYDAY=MO", "BYDAY stands twice"),
        ("FREQ=WEEKLY;BYDAY=2FR", "BYDAY=2FR counts the days of a month or a year"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY does not go with WEEKLY"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "COUNT and UNTIL: give one of the two"),
        ("FREQ=DAILY;UNTIL=20271345", "UNTIL=20271345 is no date"),
        ("FREQ=DAILY;COUNT=0", "COUNT=0 cannot be"),
        ("FREQ=DAILY;COUNT=99999", "COUNT=99999 cannot be"),
        ("FREQ=DAILY;INTERVAL=5000", "INTERVAL=5000 cannot be"),
        ("FREQ=MONTHLY;BYSETPOS=-1", "BYSETPOS chooses among days"),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=" + ",".join(["366"] * 11), "BYSETPOS has more than 10 places"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=32 cannot be"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR=24 cannot be"),
        ("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40", "gives 25 times a day and may give 24"),
        ("FREQ=YEARLY;BYWEEKNO=3", "'BYWEEKNO' is no part of a rule"),
        ("FREQ=YEARLY;BYEASTER=0", "'BYEASTER' is no part of a rule"),
        ("FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 400), "characters and may have 500"),
        ("FREQ=DAILY\x1b[31m;X", "cannot be"),
    ],
)
def test_what_is_no_rule_is_told_in_one_line_with_what_to_write(rule: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_rule(rule)
    assert told in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,0;BYSETPOS=366",
        "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=300",
        "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11;BYSETPOS=-366",
    ],
)
@pytest.mark.timeout(20)
def test_a_rule_that_never_comes_true_comes_to_its_end_all_the_same(rule: str) -> None:
    assert list(walls(rule)) == []


def test_a_rule_is_followed_for_some_centuries_and_not_for_all_that_the_calendar_has() -> None:
    assert list(walls("FREQ=YEARLY;INTERVAL=372")) == [FRIDAY, FRIDAY.replace(year=2398)]
    assert list(walls("FREQ=YEARLY;INTERVAL=374")) == [FRIDAY]


_numbers = st.integers(1, 28)
_weekdays = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=4, unique=True
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules of all kinds that come at least once in a while."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 3))}"]
    if frequency != "DAILY" and draw(st.booleans()):
        numbered = frequency != "WEEKLY" and draw(st.booleans())
        sign = draw(st.sampled_from(["1", "2", "-1", "-2"])) if numbered else ""
        parts.append("BYDAY=" + ",".join(f"{sign}{day}" for day in draw(_weekdays)))
        if frequency == "MONTHLY" and draw(st.booleans()):
            parts.append(f"BYSETPOS={draw(st.sampled_from([1, -1]))}")
    elif frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(_numbers)}")
    if draw(st.booleans()):
        parts.append(f"BYHOUR={draw(st.sampled_from(['1', '2', '1,2,3', '0,12']))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU']))}")
    return ";".join(parts)


starts = st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2028-12-31")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(rules(), starts)
def test_wall_times_are_those_of_dateutil_from_where_the_series_begins(rule: str, start: datetime) -> None:
    expected = islice(rrulestr(rule, dtstart=start), 40)
    assert list(islice(walls(rule, start), 40)) == list(expected)


_names = st.sampled_from(
    [
        *[
            "FREQ",
            "INTERVAL",
            "COUNT",
            "UNTIL",
            "BYMONTH",
            "BYMONTHDAY",
            "BYDAY",
            "BYHOUR",
            "BYMINUTE",
            "BYSETPOS",
            "WKST",
        ],
        "X",
    ]
)
_values = st.one_of(
    st.sampled_from(
        ["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "MO", "-1FR", "53SU", "20261231", "20261231T235959Z"]
    ),
    st.lists(st.integers(-400, 400), min_size=1, max_size=5).map(lambda found: ",".join(map(str, found))),
    st.text(max_size=8),
)
_shaped = st.lists(st.tuples(_names, _values).map("=".join), max_size=7).map(";".join)


@pytest.mark.timeout(120)
@given(_shaped.map(lambda rest: f"FREQ=DAILY;{rest}") | _shaped | st.text(max_size=60))
def test_whatever_is_written_is_a_rule_with_an_end_to_its_search_or_an_error_of_one_line(text: str) -> None:
    told, found = "", list[datetime]()
    try:
        rule = parse_rule(text)
        found = list(islice(DateutilRecurrence().walls(rule, FRIDAY, rule.last_wall("UTC")), 3))
    except InputError as error:
        told = str(error)
    assert told.isprintable()
    assert found == sorted(found)


def as_the_second_library_says(wall: datetime, zone: str) -> Due | None:
    """What `whenever` makes of a wall time, with our choice where there is one: none in a gap, the first of two."""
    moment = PlainDateTime(wall)
    try:
        return Due(wall, zone, moment.assume_tz(zone, disambiguation="raise").to_instant().to_stdlib())
    except SkippedTime:
        return None
    except RepeatedTime:
        first = moment.assume_tz(zone, disambiguation="earlier").to_instant().to_stdlib()
        return Due(wall, zone, first, fixed=True)


@given(rules(), starts, st.sampled_from(ZONES))
def test_instants_are_those_of_a_second_library_and_of_two_the_first(
    rule: str, start: datetime, zone: str
) -> None:
    for wall in islice(walls(rule, start), 60):
        assert due_of(wall, zone) == as_the_second_library_says(wall, zone)


CHANGES = {
    "Asia/Bangkok": (0, 0),
    "Europe/London": (1, 1),
    "America/New_York": (1, 1),
    "Africa/Casablanca": (1, 1),
    "Australia/Lord_Howe": (1, 1),
}
"""How many of a year's days lack a wall time that the clock jumps over, and on how many it is shown twice."""

JUMPED = {
    "Asia/Bangkok": "02:30",
    "Europe/London": "01:30",
    "America/New_York": "02:30",
    "Africa/Casablanca": "02:30",
    "Australia/Lord_Howe": "02:15",
}
SHOWN_TWICE = {
    "Asia/Bangkok": "01:30",
    "Europe/London": "01:30",
    "America/New_York": "01:30",
    "Africa/Casablanca": "02:30",
    "Australia/Lord_Howe": "01:45",
}


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_days_in_a_zone_keeps_its_wall_time_over_every_change_of_clock(zone: str) -> None:
    year = datetime.fromisoformat("2026-01-01T09:00")
    dues = [due_of(wall, zone) for wall in islice(walls("daily", year), 365)]
    assert {due.at.astimezone(ZoneInfo(zone)).time() for due in dues if due} == {year.time()}
    apart = {second.at - first.at for first, second in pairwise(due for due in dues if due)}
    assert (apart == {DAY}) is (zone == "Asia/Bangkok")
    for wall_time, place in ((JUMPED, 0), (SHOWN_TWICE, 1)):
        start = datetime.fromisoformat(f"2026-01-01T{wall_time[zone]}")
        year_of_walls = list(islice(walls("daily", start), 365))
        found = [due_of(wall, zone) for wall in year_of_walls]
        assert found == [as_the_second_library_says(wall, zone) for wall in year_of_walls]
        strange = (sum(due is None for due in found), sum(bool(due and due.fixed) for due in found))
        assert strange[place] == CHANGES[zone][place]


def test_the_first_of_two_instants_is_written_with_its_offset_and_read_back_as_the_same() -> None:
    wall = datetime.fromisoformat("2026-10-25T01:30")
    due = due_of(wall, "Europe/London")
    assert due is not None
    record = record_of(Record("rso", key="tip", repeat=Repeat("daily")), due, "Words.", "tip.2026-10-25")
    assert (record.due, record.body, record.repeat) == ("2026-10-25 01:30+01:00", "Words.", None)
    assert due.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (Record("rso", repeat=Repeat("daily"), due="2026-12-04 09:30"), "key: is missing"),
        (Record("rso", repeat=Repeat("daily"), key="a"), "due: is missing"),
        (
            Record("rso", repeat=Repeat("daily"), key="a", due="2026-12-04 09:30", embargo="friday 9am"),
            "embargo: with repeat it is a date and a time",
        ),
        (
            Record("rso", repeat=Repeat("daily"), key="a", due="2026-12-04 09:30", translation_of="b"),
            "translation_of: does not go with repeat",
        ),
        (
            Record("rso", repeat=Repeat("hourly"), key="a", due="2026-12-04 09:30"),
            "repeat: 'hourly' is no rule",
        ),
    ],
)
def test_what_cannot_be_a_series_is_told_by_its_field(record: Record, told: str) -> None:
    with pytest.raises(InputError, match=told):
        refuse_unfit(record)


@pytest.mark.parametrize(
    ("repeat", "told"),
    [
        (Repeat("daily", rest="long"), r"repeat\.rest: 'long' is no span of time: write it as 60d"),
        (Repeat("daily", rest="0d"), r"repeat\.rest: '0d' is more than nothing and at most 3660d"),
        (Repeat("daily", ahead="400d"), r"repeat\.ahead: '400d' is more than nothing and at most 366d"),
        (Repeat("daily", ahead="9" * 400 + "d"), r"repeat\.ahead: "),
        (
            Repeat("daily", skip=("Christmas",)),
            r"repeat\.skip: 'Christmas' is not a date: write it as 2026-12-25",
        ),
        (Repeat("daily", skip=("2026-12-25",) * 401), r"repeat\.skip: has 401 items and may have 400"),
        (Repeat("daily", wordings=("a",) * 501), r"repeat\.wordings: has 501 items and may have 500"),
    ],
)
def test_what_a_repeat_cannot_say_is_told_by_its_field(repeat: Repeat, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse_repeat(repeat)


def test_a_rule_ends_by_a_count_or_a_day() -> None:
    assert [parse_rule(f"FREQ=DAILY{end}").ends for end in ("", ";COUNT=3", ";UNTIL=20270101")] == [
        False,
        True,
        True,
    ]
    assert parse_rule("FREQ=DAILY;UNTIL=20270101") == Rule("FREQ=DAILY", until="20270101")


def test_the_body_is_the_first_of_the_words_and_none_counts_twice() -> None:
    repeat = Repeat("daily", wordings=("Two.", "One.", "Three."))
    assert wordings_of(Record("rso", body="One.", repeat=repeat)) == ("One.", "Two.", "Three.")
    assert wordings_of(Record("rso", repeat=repeat)) == ("Two.", "One.", "Three.")
    assert wordings_of(Record("rso", repeat=Repeat("daily"))) == ("",)


NOON = datetime(2026, 12, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("used", "out", "rest", "barred"),
    [
        (-DAY, True, None, True),
        (-900 * DAY, True, None, True),
        (-3 * DAY, True, 3 * DAY, False),
        (-3 * DAY + timedelta(seconds=1), True, 3 * DAY, True),
        (2 * DAY, False, 3 * DAY, True),
        (-9 * DAY, False, 3 * DAY, True),
    ],
)
def test_a_text_comes_once_or_when_it_has_gone_out_and_rested(
    used: timedelta, out: bool, rest: timedelta | None, barred: bool
) -> None:
    use = Use(NOON + used, "before", out=out)
    assert bar_of([use], NOON, rest) == (use if barred else None)


def test_a_text_that_stands_nowhere_is_not_barred() -> None:
    assert bar_of([], NOON, None) is bar_of([], NOON, DAY) is None
