"""iCalendar files are read by two other programs, icalendar and vobject, which agree on every field (issue 6, show 7)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.adapters.icalendar_file import IcalendarWriter
from bot.application.ports.calendar_writer import CalendarEvent, EventStatus
from bot.domain.walltime import resolve

NOW = datetime(2026, 11, 25, 3, 30, 15, 123456, tzinfo=UTC)
ODD = 'Tenth forum, at last; \\n is no line\nรายงานผลการประชุม\tครั้งที่สิบ 🎉 "quoted" a=b:c\r\nEND:VEVENT\r\nBEGIN:VALARM'
EVENT = CalendarEvent(
    uid="0123@announcement-bot",
    start=resolve("2026-12-01 10:00", "Europe/London"),
    summary="[scheduled] The Outcome Report is out",
    description=ODD,
    status=EventStatus.CONFIRMED,
    sequence=7,
    created=datetime(2026, 11, 1, 8, tzinfo=UTC),
    changed=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    url="https://x.com/baliprocessrso/status/42",
)
ZONES = (
    "Asia/Bangkok",
    "Europe/London",
    "America/New_York",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "UTC",
)


def written(*events: CalendarEvent, name: str = "rsotenyears") -> bytes:
    return IcalendarWriter().write(events, name=name, now=NOW)


def by_icalendar(data: bytes) -> list[dict[str, Any]]:
    events: list[Any] = Calendar.from_ical(data).walk("VEVENT")
    return [
        {
            "uid": str(each["uid"]),
            "start": each["dtstart"].dt.astimezone(UTC),
            "zone": each["dtstart"].params.get("TZID"),
            "stamp": each["dtstamp"].dt,
            "lasts": each["duration"].dt,
            "summary": str(each["summary"]),
            "description": str(each["description"]),
            "status": str(each["status"]),
            "sequence": int(each["sequence"]),
            "created": each["created"].dt if "created" in each else None,
            "changed": each["last-modified"].dt if "last-modified" in each else None,
            "url": str(each["url"]) if "url" in each else None,
        }
        for each in events
    ]


def by_vobject(data: bytes) -> list[dict[str, Any]]:
    (calendar,) = vobject.readComponents(data.decode())

    def value(each: Any, name: str) -> Any:
        return each.contents[name][0].value if name in each.contents else None

    def moment(text: str | datetime | None) -> datetime | None:
        if isinstance(text, str):  # it leaves these two as they are written
            return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return text.astimezone(UTC) if text else None

    return [
        {
            "uid": value(each, "uid"),
            "start": value(each, "dtstart").astimezone(UTC),
            "zone": each.dtstart.params.get("X-VOBJ-ORIGINAL-TZID", [None])[0],
            "stamp": moment(value(each, "dtstamp")),
            "lasts": value(each, "duration"),
            "summary": value(each, "summary"),
            "description": value(each, "description"),
            "status": value(each, "status"),
            "sequence": int(value(each, "sequence")),
            "created": moment(value(each, "created")),
            "changed": moment(value(each, "last-modified")),
            "url": value(each, "url"),
        }
        for each in calendar.contents.get("vevent", [])
    ]


def test_both_readers_find_every_field_as_it_was_given() -> None:
    data = written(EVENT)
    expected = {
        "uid": EVENT.uid,
        "start": EVENT.start.at,
        "zone": "Europe/London",
        "stamp": NOW.replace(microsecond=0),
        "lasts": timedelta(minutes=15),
        "summary": EVENT.summary,
        "description": ODD.replace("\r\n", "\n"),
        "status": "CONFIRMED",
        "sequence": 7,
        "created": EVENT.created,
        "changed": EVENT.changed,
        "url": EVENT.url,
    }
    assert by_icalendar(data) == [expected]
    assert by_vobject(data) == [expected]


def test_what_is_not_known_is_left_out() -> None:
    data = written(replace(EVENT, created=None, changed=None, url=None))
    assert not re.search(rb"^(CREATED|LAST-MODIFIED|URL)", data, re.MULTILINE)
    assert by_icalendar(data) == by_vobject(data)


def test_every_kind_of_line_end_is_one_and_no_control_character_is_left() -> None:
    data = written(replace(EVENT, description="one\rtwo\u2028three\r\nfour\x85five\x00\x1b[31m\x7f"))
    assert by_icalendar(data)[0]["description"] == "one\ntwo\nthree\nfour\nfive[31m"
    assert by_icalendar(data) == by_vobject(data)


def test_a_calendar_without_events_is_one() -> None:
    assert by_icalendar(written()) == []
    (calendar,) = vobject.readComponents(written().decode())
    assert calendar.prodid.value == "-//announcement bot//calendar//EN"


@pytest.mark.parametrize("zone", ZONES)
def test_both_readers_find_each_hour_of_a_change_of_the_clock_at_its_instant(zone: str) -> None:
    begin = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    instants = [
        begin + timedelta(hours=number) for day in range(0, 366, 6) for number in (day * 24, day * 24 + 11)
    ]
    instants += [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in range(4)]
    instants += [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in range(4, 9)]
    instants += [
        datetime(2026, 4, 4, hour, minute, tzinfo=UTC) for hour in range(13, 18) for minute in (0, 30)
    ]
    events = [
        replace(EVENT, uid=f"{number}", start=resolve(at, zone, zone_given=False))
        for number, at in enumerate(instants)
    ]
    data = written(*events)
    assert [each["start"] for each in by_icalendar(data)] == instants
    assert [each["start"] for each in by_vobject(data)] == instants


def test_lines_end_as_the_standard_says_and_are_no_longer_than_it_allows() -> None:
    lines = written(replace(EVENT, description="ภาษาไทย, " * 40)).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert b"".join(lines).decode()


TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


@given(TEXTS, TEXTS, TEXTS)
@example("a\r\nEND:VEVENT", "\r\n\r\nBEGIN:VEVENT", "\x85ATTENDEE:x")
@example("\\", "\\n;,", "\u2028X:1\u2029Y:2\x0b\x0c\x1c\x1dZ:3")
@example("", " ", "\t")
def test_no_text_of_a_record_ends_its_line_or_begins_another_property(
    summary: str, text: str, name: str
) -> None:
    data = written(replace(EVENT, summary=summary, description=text), name=name)
    (event,) = by_icalendar(data)
    (other,) = by_vobject(data)
    assert {**event, "summary": "", "description": ""} == {**other, "summary": "", "description": ""}
    assert letters(event["summary"]) == letters(other["summary"]) == letters(summary)
    assert letters(event["description"]) == letters(other["description"]) == letters(text)
    unfolded = re.sub(rb"\r\n[ \t]", b"", data).split(b"\r\n")
    names = [line.partition(b":")[0].partition(b";")[0] for line in unfolded if line]
    assert (
        names.count(b"BEGIN")
        == names.count(b"END")
        == len(re.findall(rb"^BEGIN:", written(EVENT), re.MULTILINE))
    )
    assert set(names) <= {
        b"BEGIN", b"END", b"VERSION", b"PRODID", b"CALSCALE", b"X-WR-CALNAME", b"TZID", b"COMMENT", b"DTSTART", b"TZNAME",
        b"TZOFFSETFROM", b"TZOFFSETTO", b"RDATE", b"UID", b"DTSTAMP", b"DURATION", b"SUMMARY", b"DESCRIPTION", b"STATUS",
        b"SEQUENCE", b"TRANSP", b"CREATED", b"LAST-MODIFIED", b"URL",
    }  # fmt: skip


def letters(text: str) -> str:
    """What both readers must keep: not the ends of lines and the spaces at the edges, on which they differ."""
    return "".join(char for char in text if char.isprintable() and not char.isspace())
