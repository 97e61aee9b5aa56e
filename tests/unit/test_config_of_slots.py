"""Slots by date, jitter, holidays of countries, start, end and maximum, as a campaign's file gives them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.config_files import ConfigurationFilesOnDisk, Defaults
from bot.domain.campaign import Campaign, Slot
from bot.domain.errors import InputError
from bot.domain.slots import holidays_on, slots_on

MINUTE = timedelta(minutes=1)


@pytest.fixture
def schedules(tmp_path: Path) -> Path:
    (tmp_path / "accounts.toml").write_text('[rso]\nhandle = "rso"\nuser_id = "42"\n')
    return tmp_path


def campaign(schedules: Path, *lines: str) -> Campaign:
    text = ['account = "rso"', 'template = "t.txt.j2"', 'timezone = "Asia/Bangkok"', *lines]
    (schedules / "tenyears.toml").write_text("\n".join(text), encoding="utf-8")
    return ConfigurationFilesOnDisk(schedules, Defaults()).load().campaign("tenyears")


def refusal(schedules: Path, *lines: str) -> str:
    with pytest.raises(InputError) as refused:
        campaign(schedules, *lines)
    assert "\n" not in str(refused.value)
    return str(refused.value).partition("/tenyears.toml: ")[2]


def test_an_entry_of_slots_has_weekdays_or_dates_and_may_have_a_jitter_of_its_own(schedules: Path) -> None:
    found = campaign(
        schedules,
        'jitter = "7m"',
        'slots = ["09:00", { days = ["sat"], times = ["10:00"], jitter = "0m" },'
        ' { dates = [2026-12-10, "2026-12-11"], times = ["18:00"], jitter = "1h" }]',
    )
    dates = frozenset({date(2026, 12, 10), date(2026, 12, 11)})
    assert found.slots == (
        Slot(time(9), jitter=7 * MINUTE),
        Slot(time(10), frozenset({5})),
        Slot(time(18), dates=dates, jitter=60 * MINUTE),
    )


def test_entries_that_name_a_date_stand_in_place_of_those_of_its_weekday_also_on_a_holiday(
    schedules: Path,
) -> None:
    lines = (
        'slots = ["09:00", { dates = [2026-12-10], times = ["18:00"] }, { dates = [2026-12-10], times = ["20:00"] }]',
        'holiday_countries = ["TH"]',
    )
    found = campaign(schedules, *lines)
    assert [slot.at.hour for slot in slots_on(found, date(2026, 12, 9))] == [9]
    assert [slot.at.hour for slot in slots_on(found, date(2026, 12, 10))] == [18, 20]
    assert slots_on(found, date(2026, 12, 31)) == []


def test_a_holiday_is_named_with_its_country_and_the_campaigns_own_stand_beside(schedules: Path) -> None:
    lines = ('holiday_countries = ["TH", "ID", "au-nsw"]', "holidays = [2026-04-13, 2026-12-24]")
    found = campaign(schedules, *lines)
    assert found.public_holidays.countries == ("TH", "ID", "AU-NSW")
    assert holidays_on(found, date(2026, 4, 13)) == ("Songkran Festival (TH)", "a holiday of the campaign")
    assert holidays_on(found, date(2026, 8, 17)) == ("Independence Day (ID)",)
    assert holidays_on(found, date(2026, 10, 5)) == ("Labor Day (AU-NSW)",)
    assert holidays_on(found, date(2026, 1, 1)) == tuple(
        f"New Year's Day ({country})" for country in ("TH", "ID", "AU-NSW")
    )
    assert holidays_on(found, date(2026, 12, 24)) == ("a holiday of the campaign",)
    assert holidays_on(found, date(2026, 11, 25)) == ()


def test_a_holiday_of_one_part_of_a_country_is_none_of_another(schedules: Path) -> None:
    assert holidays_on(campaign(schedules, 'holiday_countries = ["AU-ACT"]'), date(2026, 3, 9)) == (
        "Canberra Day (AU-ACT)",
    )
    assert holidays_on(campaign(schedules, 'holiday_countries = ["AU-NSW"]'), date(2026, 3, 9)) == ()


def test_a_campaign_that_names_no_countries_has_its_own_holidays_alone(schedules: Path) -> None:
    assert holidays_on(campaign(schedules), date(2026, 1, 1)) == ()


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("start = 2026-11-01", "2026-10-31T17:00:00", None),
        ('start = "2026-11-01"', "2026-10-31T17:00:00", None),
        ("end = 2026-12-10", None, "2026-12-10T16:59:59"),
        ("end = 2026-12-10T18:00:00", None, "2026-12-10T11:00:00"),
        ('end = "2026-12-10 18:00"', None, "2026-12-10T11:00:00"),
        ("end = 2026-12-10T18:00:00+00:00", None, "2026-12-10T18:00:00"),
        ("start = 2026-11-01\nend = 2026-11-01", "2026-10-31T17:00:00", "2026-11-01T16:59:59"),
    ],
)
def test_a_date_is_a_whole_day_and_a_time_is_in_the_campaigns_zone(
    schedules: Path, line: str, start: str | None, end: str | None
) -> None:
    found = campaign(schedules, line)
    told = [each.at if each else None for each in (found.start, found.end)]
    assert told == [
        datetime.fromisoformat(each).replace(tzinfo=UTC) if each else None for each in (start, end)
    ]


@pytest.mark.parametrize(
    ("zone", "day", "start", "end"),
    [
        (
            "Africa/Cairo",
            "2026-04-24",
            "2026-04-23T22:00:00",
            "2026-04-24T20:59:59",
        ),  # midnight is jumped over
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00", "2026-11-02T04:59:59"),  # 00:00 twice
        ("Asia/Beirut", "2026-10-24", "2026-10-23T21:00:00", "2026-10-24T21:59:59"),  # 23:59:59 twice
        ("Europe/London", "2026-10-25", "2026-10-24T23:00:00", "2026-10-25T23:59:59"),
    ],
)
def test_a_day_on_which_the_clock_changes_is_a_whole_day_too(
    schedules: Path, zone: str, day: str, start: str, end: str
) -> None:
    text = f'account = "rso"\ntemplate = "t"\ntimezone = "{zone}"\nstart = {day}\nend = {day}\n'
    (schedules / "tenyears.toml").write_text(text)
    found = ConfigurationFilesOnDisk(schedules, Defaults()).load().campaign("tenyears")
    assert found.start
    assert found.end
    told = [f"{each.at:%Y-%m-%dT%H:%M:%S}" for each in (found.start, found.end)]
    assert told == [start, end]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('jitter = "90s"', "jitter: '90s' is no span of whole minutes up to 2h: write it as 7m"),
        ('jitter = "3h"', "jitter: '3h' is no span of whole minutes up to 2h"),
        ("jitter = 7", "jitter: must be a text"),
        ('slots = [{ times = ["09:00"], jitter = "x" }]', "slots[1].jitter: 'x' is not a duration"),
        (
            'slots = [{ days = ["mon"], dates = [2026-12-10], times = ["09:00"] }]',
            "slots[1].dates: stands beside days: write two entries, one for each",
        ),
        (
            'slots = [{ dates = [], times = ["09:00"] }]',
            "slots[1].dates: is empty: write dates = [2026-12-10]",
        ),
        (
            'slots = [{ dates = ["10/12/2026"], times = ["09:00"] }]',
            "slots[1].dates[1]: '10/12/2026' is not a date: write it as 2026-12-10",
        ),
        ("slots = [{ dates = [2026-12-10] }]", "slots[1].times: is missing"),
        (
            'holiday_countries = ["Thailand"]',
            "holiday_countries[1]: 'Thailand' is not a country whose holidays are known: did you mean TH?",
        ),
        (
            'holiday_countries = ["Siam"]',
            "holiday_countries[1]: 'Siam' is not a country whose holidays are known: write the two letters",
        ),
        (
            'holiday_countries = ["TH", "THX"]',
            "holiday_countries[2]: 'THX' is not a country whose holidays are known: did you mean TH?",
        ),
        (
            'holiday_countries = ["AU-NWS"]',
            "holiday_countries[1]: 'AU-NWS' is not known: did you mean AU-NSW?",
        ),
        (
            'holiday_countries = ["AU-"]',
            "holiday_countries[1]: 'AU-' is not known: write one of AU-ACT, AU-NSW",
        ),
        (
            'holiday_countries = ["TH-10"]',
            "holiday_countries[1]: 'TH-10' is not known: TH has no holidays of its parts",
        ),
        ("holiday_countries = [66]", 'holiday_countries[1]: must be a text: write "TH", or "AU-NSW"'),
        ('holiday_countries = "TH"', "holiday_countries: must be a list"),
        ("max_a_day = 0", "max_a_day: must be a whole number of 1 or more"),
        ('max_a_day = "3"', "max_a_day: must be a whole number of 1 or more"),
        ("start = 12:00:00", "start: must be a date or a time: write 2026-12-10, or 2026-12-10T18:00:00"),
        ('start = "2026-02-30"', "start: '2026-02-30' is not a date: day is out of range for month"),
        ('start = "soon"', "start: 'soon' is not a time: write it as 2023-03-30 10:00"),
        ("start = 2569-11-01", "start: the year 2569 looks like one of the Buddhist era: write 2026"),
        ("end = 0001-01-01", "end: the year 1 is not between 1970 and 2199"),
        (
            "start = 2026-12-10\nend = 2026-12-09",
            "end: Wed 9 Dec 2026 23:59:59 Asia/Bangkok (16:59:59 UTC) does not lie after the start, Thu 10 Dec 2026",
        ),
    ],
)
def test_what_is_wrong_is_refused_in_one_line_that_says_what_to_write(
    schedules: Path, line: str, told: str
) -> None:
    assert refusal(schedules, line).startswith(told)


VALUES = st.one_of(
    st.text(st.characters(codec="ascii", exclude_characters='"\\\n\r'), max_size=12).map(
        lambda text: f'"{text}"'
    ),
    st.integers(-3, 10**9).map(str),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat()),
    st.sampled_from(
        ["true", "[]", "[[]]", "{}", '["09:00"]', '[{ dates = [2026-12-10], times = ["24:00"] }]']
    ),
    st.text("ABCDEHILNORSTUW-", max_size=8).map(lambda text: f'["{text}"]'),
)


@given(
    key=st.sampled_from(["slots", "jitter", "holiday_countries", "max_a_day", "start", "end", "holidays"]),
    value=VALUES,
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_there_is_read_or_refused_in_one_line(schedules: Path, key: str, value: str) -> None:
    told = ""
    try:
        holidays_on(campaign(schedules, f"{key} = {value}"), date(2026, 4, 13))
    except InputError as error:
        told = str(error)
    assert "\n" not in told
