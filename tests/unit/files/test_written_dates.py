"""Dates in the cells of tables: read as they are meant, or refused; never in the other order."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.files.written_dates import WrongDate, read_date
from bot.application.ports.record_files import DateOrder

DMY, MDY = DateOrder.DMY, DateOrder.MDY


@pytest.mark.parametrize(
    ("written", "order", "read"),
    [
        ("2026/03/30 10:00", None, "2026-03-30 10:00"),
        ("2026-3-4 9:05", None, "2026-03-04 09:05"),
        ("2026.03.30, 10:00:30", None, "2026-03-30 10:00:30"),
        ("2026-03-30 2:30 PM", None, "2026-03-30 14:30"),
        ("30/03/2026 10:00", None, "2026-03-30 10:00"),
        ("03/30/2026 10:00", None, "2026-03-30 10:00"),
        ("30.3.2026 10:00", None, "2026-03-30 10:00"),
        ("03-04-2026 10:00", DMY, "2026-04-03 10:00"),
        ("03-04-2026 10:00", MDY, "2026-03-04 10:00"),
        ("05/05/2026 10:00", None, "2026-05-05 10:00"),
        ("3/30/2026 2:30:15 pm", None, "2026-03-30 14:30:15"),
        ("3/30/2026 12:00 AM", None, "2026-03-30 00:00"),
        ("3/30/2026 12:00 p.m.", None, "2026-03-30 12:00"),
        ("3/30/2026 9am", None, "2026-03-30 09:00"),
        ("3/30/2026\u00a02:30\u202fPM", None, "2026-03-30 14:30"),
        ("30/03/2026 10:00+07:00", None, "2026-03-30 10:00+07:00"),
        ("30/03/2026 10:00z", None, "2026-03-30 10:00Z"),
    ],
)
def test_a_date_in_numbers_is_read(written: str, order: DateOrder | None, read: str) -> None:
    assert read_date(written, order) == read


@pytest.mark.parametrize(
    "written", ["2026-03-30 10:00", "2026-03-30T10:00:30.5+07:00", "next", "friday 9am", "in 2 hours", ""]
)
def test_what_is_read_anyway_and_what_is_in_words_stays_as_it_is(written: str) -> None:
    assert read_date(written, None) == written


@pytest.mark.parametrize(
    ("written", "order", "told"),
    [
        ("03/04/2026 10:00", None, "may be 3 April or 4 March: say which with --dates dmy or --dates mdy"),
        ("30/03/2026 10:00", MDY, "has no month 30, and --dates mdy was said"),
        ("03/30/2026 10:00", DMY, "has no month 30, and --dates dmy was said"),
        ("30/03/26 10:00", None, "write its year with four digits"),
        ("31/02/2026 10:00", None, "is no day of the calendar"),
        ("30/30/2026 10:00", None, "is no day of the calendar"),
        ("00/00/2026 10:00", None, "is no day of the calendar"),
        ("0/4/2026 10:00", None, "is no day of the calendar"),
        ("30/03/2026", None, "has no time: write it as 2023-03-30 10:00"),
        ("2026-03-30", None, "has no time"),
        ("30/03/2026 10", None, "has a time that cannot be read"),
        ("30/03/2026 in the morning", None, "has a time that cannot be read"),
        ("30/03/2026 24:30", None, "has a time that no clock shows"),
        ("30/03/2026 13:00 PM", None, "has the hour 13 of a clock with twelve"),
        ("30/03/2026 0:30 AM", None, "has the hour 0 of a clock with twelve"),
        ("30/03/2569 10:00", None, "the year 2569 looks like one of the Buddhist era: write 2026"),
        ("29/02/2571 10:00", None, "the year 2571 looks like one of the Buddhist era: write 2028"),
        ("30/03/1826 10:00", None, "the year 1826 is not between 1970 and 2199"),
        ("45015.4166", None, "is a spreadsheet's number for 2023-03-30 10:00 or 2027-03-31 10:00"),
        ("45015,5", DMY, "is a spreadsheet's number for 2023-03-30 12:00 or 2027-03-31 12:00"),
        ("45015", None, "is a spreadsheet's number for 2023-03-30 00:00 or 2027-03-31 00:00"),
    ],
)
def test_a_date_that_is_in_doubt_is_refused(written: str, order: DateOrder | None, told: str) -> None:
    with pytest.raises(WrongDate) as refused:
        read_date(written, order)
    assert str(refused.value).startswith(f"'{written}'")
    assert told in str(refused.value)


DAYS = st.datetimes(
    min_value=datetime.fromisoformat("1970-01-01"), max_value=datetime.fromisoformat("2199-12-31")
)
SEPARATORS = st.sampled_from("/-.")


@given(
    moment=DAYS,
    order=st.sampled_from(DateOrder),
    mark=SEPARATORS,
    said=st.none() | st.sampled_from(DateOrder),
)
def test_a_date_is_never_read_in_the_other_order(
    moment: datetime, order: DateOrder, mark: str, said: DateOrder | None
) -> None:
    parts = (moment.day, moment.month) if order is DMY else (moment.month, moment.day)
    written = f"{parts[0]}{mark}{parts[1]}{mark}{moment.year} {moment:%H:%M}"
    try:
        read = read_date(written, said)
    except WrongDate:
        assert said is not order  # what was said is right, and such a date is always read
        return
    if said is None or said is order:
        assert read == f"{moment:%Y-%m-%d %H:%M}"
    else:  # the user said the wrong order, and is taken at their word only where it can be one
        assert read == f"{moment.year}-{moment.day:02}-{moment.month:02} {moment:%H:%M}"
        assert moment.day <= 12


@given(moment=DAYS, half=st.sampled_from((" AM", " PM", "am", "p.m.")))
def test_a_clock_of_twelve_hours_is_read_as_it_shows(moment: datetime, half: str) -> None:
    twelve = moment.hour % 12 or 12
    read = read_date(f"{moment:%Y/%m/%d} {twelve}:{moment:%M}{half}", None)
    hour = moment.hour % 12 + (12 if "p" in half.lower() else 0)
    assert read == f"{moment:%Y-%m-%d} {hour:02}:{moment:%M}"


@given(
    text=st.text(alphabet="0123456789/-.: apmAPMTZ+,\u00a0") | st.text(),
    order=st.none() | st.sampled_from(DateOrder),
)
def test_any_text_is_a_date_or_refused_or_left_alone(text: str, order: DateOrder | None) -> None:
    told = ""
    try:
        read = read_date(text, order)
    except WrongDate as error:
        told, read = str(error), ""
    plain = " ".join(text.split())
    assert told.isprintable()
    assert told or read == plain or re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d.*", read)
