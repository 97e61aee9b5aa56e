"""Times in words: the forms that are read, and that nothing else is (decision 0028)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InputError
from bot.domain.walltime import in_zone
from bot.domain.written_times import FORMS, refuse, resolve_words

BANGKOK = "Asia/Bangkok"
NOW = datetime(2026, 11, 25, 3, 30, 45, tzinfo=UTC)
"""Wednesday, 10:30:45 in Bangkok."""


def wall(written: str, zone: str = BANGKOK, now: datetime = NOW) -> str | None:
    due = resolve_words(written, zone, now=now)
    return None if due is None else f"{due.wall:%a %Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("today 15:00", "Wed 2026-11-25 15:00:00"),
        ("Tomorrow  9:30", "Thu 2026-11-26 09:30:00"),
        ("tomorrow at 9.30", "Thu 2026-11-26 09:30:00"),
        ("tomorrow, 9:30 am", "Thu 2026-11-26 09:30:00"),
        ("in 3 days 9:00", "Sat 2026-11-28 09:00:00"),
        ("friday 9am", "Fri 2026-11-27 09:00:00"),
        ("Tue 9 PM", "Tue 2026-12-01 21:00:00"),
        ("thurs 00:05", "Thu 2026-11-26 00:05:00"),
        ("1 December 10:00", "Tue 2026-12-01 10:00:00"),
        ("1st of december, 10:00", "Tue 2026-12-01 10:00:00"),
        ("December 1 10:00", "Tue 2026-12-01 10:00:00"),
        ("5 jan 10am", "Tue 2027-01-05 10:00:00"),
        ("25 November 10:31", "Wed 2026-11-25 10:31:00"),
        ("30 March 2023 10am", "Thu 2023-03-30 10:00:00"),
        ("March 30, 2027 at 10:15 pm", "Tue 2027-03-30 22:15:00"),
        ("in 2 hours", "Wed 2026-11-25 12:30:00"),
        ("in 1 minute", "Wed 2026-11-25 10:31:00"),
        ("๑ December ๑๐:๐๐", "Tue 2026-12-01 10:00:00"),
    ],
)
def test_each_form_names_one_time_by_the_clock_of_the_zone(written: str, meant: str) -> None:
    assert wall(written) == meant


def test_today_is_the_day_of_the_zone_and_not_of_the_machine() -> None:
    late = datetime(2026, 11, 25, 18, tzinfo=UTC)
    assert wall("today 15:00", "Asia/Bangkok", late) == "Thu 2026-11-26 15:00:00"
    assert wall("today 15:00", "America/New_York", late) == "Wed 2026-11-25 15:00:00"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("today 10:30", "which has passed: write the date with its year"),
        ("25 November 10:30", "which has passed: write the date with its year"),
        ("wednesday 15:00", "that day is today: write today, or 2026-12-02"),
        ("24 November 15:00", "the next is 2027-11-24: write its year, too"),
        ("1 August 9:00", "the next is 2027-08-01: write its year, too"),
        ("29 February 9:00", "there is no 29 February 2026: mend the date"),
        ("31 April 2027 9:00", "there is no 31 April 2027: mend the date"),
        ("30 March 2566 10:00", "the year 2566 looks like one of the Buddhist era: write 2023"),
        ("30 March 0000 10:00", "is not between 1970 and 2199"),
        ("tomorrow 12am", "12am is read as noon and as midnight: write 0:00 or 12:00"),
        ("tomorrow 12:30 pm", "is read as noon and as midnight"),
        ("tomorrow 24:00", "'24:00' is not a time of day: write it as 9:30, 15:00 or 9am"),
        ("tomorrow 15:00 pm", "'15:00 pm' is not a time of day"),
        ("tomorrow 0:30 am", "'0:30 am' is not a time of day"),
        ("tomorrow 9:60", "'9:60' is not a time of day"),
        ("in 0 hours", "is now: write in 5 minutes, or more"),
    ],
)
def test_what_has_a_form_and_no_single_time_to_come_is_refused_in_one_line(written: str, told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)) as refused:
        resolve_words(written, BANGKOK, now=NOW)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Friday", "'Friday' has no time of day: write one behind it, such as friday 9:30"),
        ("1 December", "has no time of day"),
        ("tomorrow", "has no time of day"),
        ("in 2 days", "has no time of day"),
        ("15:00", "'15:00' has no day: write today 15:00, tomorrow 15:00 or a date before it"),
        ("9am", "has no day"),
        *(
            (written, "is not a time: write it as 2023-03-30 10:00 or 2023-03-30T10:00+07:00, in words such as")
            for written in (
                "03/04/2023", "03/04/2023 10:00", "3.4.2026 10:00", "1700000000", "12", "may", "may 10:00", "2026", "soon",
                "noon", "tonight 9pm", "this morning", "next week", "next friday 9am", "last friday 9am", "friday morning",
                "about 9am", "about tomorrow 9am", "9am tomorrow", "tomorrow 9", "tomorrow 9ish", "in 2 hours or so",
                "in two hours", "in -2 hours", "in 1.5 hours", "2 hours", "2 hours ago", "yesterday 9am",
                "friday 4 December 10:00", "1 December or 2 December 10:00", "1/12 10:00", "tomorrow 9:30 UTC",
                "tomorrow 9:30+07:00", "now", "", " ", "tomorrow\x009:30", "x" * 70,
            )
        ),
    ],
)  # fmt: skip
def test_what_would_have_to_be_guessed_is_no_time(written: str, told: str) -> None:
    assert resolve_words(written, BANGKOK, now=NOW) is None
    with pytest.raises(InputError) as refused:
        refuse(written)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250


def test_a_time_that_the_clock_jumps_over_or_shows_twice_is_refused_as_ever() -> None:
    march, october = datetime(2027, 3, 27, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)
    with pytest.raises(InputError, match="does not exist in Europe/Berlin"):
        resolve_words("tomorrow 2:30", "Europe/Berlin", now=march)
    with pytest.raises(InputError, match=r"occurs twice in Europe/Berlin: write 2026-10-25 02:30\+02:00"):
        resolve_words("tomorrow 2:30", "Europe/Berlin", now=october)


def test_hours_from_now_pass_over_a_change_of_the_clock_as_hours() -> None:
    before = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # 02:00 in Berlin, an hour before the clock is put back
    due = resolve_words("in 2 hours", "Europe/Berlin", now=before)
    assert due is not None
    assert (due.at - before, due.fixed) == (timedelta(hours=2), True)


PIECES = ("today", "tomorrow", "friday", "may", "mar", "in", "1", "3", "30", "2027", "12", "days", "hours", "minutes", "at",
          "of", ",", "9:30", "15.00", "9am", "10 pm", "next", "about", "/", "-", "+", ":", "and", "th", "T", "Z")  # fmt: skip
SHAPES = re.compile(
    r"in \d{1,4} (?:minute|hour)s?"
    r"|(?:today|tomorrow|in \d{1,3} days?|friday"
    r"|\d{1,2}(?:th)? (?:of )?(?:may|mar)(?:,? 2027|,? \d{4})?|(?:may|mar) \d{1,2}(?:th)?(?:,? \d{4})?)"
    r"(?:,? at|,)? \d{1,2}(?:[:.]\d\d(?: ?[ap]m)?| ?[ap]m)"
)


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(("", " "))), max_size=8))
def test_only_the_written_down_forms_are_ever_taken(pieces: list[tuple[str, str]]) -> None:
    written = "".join(word + space for word, space in pieces)
    try:
        taken = resolve_words(written, BANGKOK, now=NOW) is not None
    except InputError:
        taken = True
    assert taken == (SHAPES.fullmatch(" ".join(written.lower().split())) is not None)


@given(st.text(max_size=70))
def test_any_text_is_a_time_of_a_form_or_refused(written: str) -> None:
    with suppress(InputError):
        if resolve_words(written, BANGKOK, now=NOW) is None:
            refuse(written)


@given(
    st.integers(0, 9 * 365 * 24).map(lambda hours: NOW + timedelta(hours=hours)),
    st.sampled_from(("Asia/Bangkok", "Europe/London", "America/New_York", "Australia/Lord_Howe")),
    st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
)
def test_a_weekday_is_within_the_six_days_after_today(now: datetime, zone: str, day: str) -> None:
    try:
        due = resolve_words(f"{day} 12:00", zone, now=now)
    except InputError:
        assert f"{in_zone(now, zone):%a}".lower() == day
        return
    assert due is not None
    assert f"{due.wall:%a}".lower() == day
    assert 1 <= (due.wall.date() - in_zone(now, zone).date()).days <= 6


def test_every_form_of_the_pages_is_one() -> None:
    assert [form for form in FORMS if resolve_words(form, BANGKOK, now=NOW) is None] == []
