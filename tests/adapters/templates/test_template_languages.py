"""Dates, times and numbers as each language writes them, and templates for one language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.errors import RenderError
from tests.adapters.templates.studio import PLAIN, Studio


@pytest.mark.parametrize(
    ("language", "call", "text"),
    [
        ("en", "due|date", "Mar 30, 2023"),
        ("en", "due|date('short')", "3/30/23"),
        ("en-GB", "due|date('long')", "30 March 2023"),
        ("en", "due|date('EEEE d MMMM')", "Thursday 30 March"),
        ("th", "due|date('long')", "30 มีนาคม ค.ศ. 2023"),
        ("th", "due|date('d MMM y')", "30 มี.ค. 2023"),
        ("id", "due|date('full')", "Kamis, 30 Maret 2023"),
        ("fr", "'2023-03-01'|date('long')", "1 mars 2023"),
        ("ar", "due|date('d MMMM')", "30 مارس"),
        ("ar", "due|date('full')", "الخميس، 30 مارس 2023"),
        ("fa-AF", "due|date('long')", "30 مارچ 2023"),
        ("prs", "due|date('long')", "30 مارچ 2023"),
        ("prs-AF", "due|date('EEEE')", "پنجشنبه"),
        ("fa", "due|date('long')", "30 مارس 2023"),
        ("th_TH", "due|date('d MMMM')", "30 มีนาคม"),
        ("en", "opens|date('d MMMM y')", "26 October 2023"),
        ("en", "due|date('long', language='id')", "30 Maret 2023"),
    ],
)
def test_a_date_is_written_in_the_language_of_the_post(
    studio: Studio, language: str, call: str, text: str
) -> None:
    assert studio.text("{{ " + call + " }}", language=language) == text


def test_thai_years_are_gregorian_unless_the_buddhist_calendar_is_asked_for(studio: Studio) -> None:
    gregorian = "{{ due|date('d MMMM y') }}"
    buddhist = "{{ due|date('d MMMM G y', calendar='buddhist') }}/{{ due|date('yy', calendar='buddhist') }}"
    assert studio.text(gregorian, language="th") == "30 มีนาคม 2023"
    assert studio.text(buddhist, language="th") == "30 มีนาคม พ.ศ. 2566/66"


def test_a_leap_day_stays_itself_in_the_buddhist_calendar(studio: Studio) -> None:
    source = "{{ '2024-02-29'|date('EEEE d MMMM y', calendar='buddhist') }}"
    assert studio.text(source, language="th") == "วันพฤหัสบดี 29 กุมภาพันธ์ 2567"


@pytest.mark.parametrize(
    ("language", "call", "text"),
    [
        ("en", "due|time", "10:00\u00a0AM"),
        ("th", "due|time", "10:00"),
        ("en", "due|time('HH:mm zzzz')", "10:00 Indochina Time"),
        ("en", "'14:30'|time('H.mm')", "14.30"),
        ("en", "'2023-03-30 14:30'|time('HH:mm')", "14:30"),
    ],
)
def test_a_time_is_the_wall_time_of_the_campaign(studio: Studio, language: str, call: str, text: str) -> None:
    assert studio.text("{{ " + call + " }}", language=language) == text


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30))])
def test_a_time_with_a_bare_offset_keeps_its_hour(studio: Studio, zone: timezone) -> None:
    assert studio.text("{{ due|time('HH:mm') }}", due=datetime(2023, 3, 30, 9, 15, tzinfo=zone)) == "09:15"


@pytest.mark.parametrize(
    ("language", "call", "text"),
    [
        ("en", "places|number", "1,200"),
        ("de", "1234567.5|number", "1.234.567,5"),
        ("fr", "1200|number", "1\u00a0200"),
        ("ar", "1234567.5|number", "1,234,567.5"),
        ("ar-MA", "1234567.5|number", "1.234.567,5"),
        ("prs", "1234567.5|number", "1,234,567.5"),
        ("th", "1234567.5|number", "1,234,567.5"),
        ("id", "1234567.5|number", "1.234.567,5"),
        ("en", "'0.256'|number('0.0%')", "25.6%"),
        ("en", "1200|number(language='de')", "1.200"),
    ],
)
def test_a_number_is_written_with_the_separators_of_the_language(
    studio: Studio, language: str, call: str, text: str
) -> None:
    assert studio.text("{{ " + call + " }}", language=language) == text


def test_one_template_serves_many_languages_in_turn(studio: Studio) -> None:
    name = studio.write("{{ '2023-03-30'|date('MMMM') }}")
    months = [
        studio.renderer.render(replace(PLAIN, template=name, language=code)).text
        for code in ("en", "th", "id")
    ]
    assert months == ["March", "มีนาคม", "Maret"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ venue|date }}", "'Bangkok' is not a date: write it like 2023-03-30"),
        ("{{ venue|time }}", "'Bangkok' is not a time: write it like 10:00"),
        ("{{ venue|number }}", "'Bangkok' is not a number"),
        (
            "{{ due|date('short', calendar='lunar') }}",
            "'lunar' is not a calendar of 'date': write gregorian or buddhist",
        ),
        (
            "{{ '2023-03-30'|date('long', language='tlh') }}",
            "no way to write dates and numbers in language 'tlh' is known",
        ),
        ("{{ 1|number('abc') }}", "'abc' is not a pattern for numbers: write one like #,##0.0"),
    ],
)
def test_what_cannot_be_written_is_told_in_one_line(studio: Studio, source: str, said: str) -> None:
    assert studio.error(source) == f"1: {said}"


def test_the_time_of_a_draft_without_one_is_an_error(studio: Studio) -> None:
    assert studio.error("{{ due|date }}", due=None) == "1: nothing is not a date: write it like 2023-03-30"


@pytest.mark.parametrize(
    ("language", "text"),
    [("th", "Thai"), ("th-TH", "Thai of Thailand"), ("en", "any"), ("", "any"), ("my", "any")],
)
def test_the_template_of_the_language_is_taken_where_there_is_one(
    studio: Studio, language: str, text: str
) -> None:
    studio.write("any", "event.txt.j2")
    studio.write("Thai", "event.th.txt.j2")
    studio.write("Thai of Thailand", "event.th-TH.txt.j2")
    assert studio.renderer.render(replace(PLAIN, template="event.txt.j2", language=language)).text == text


def test_a_variant_may_extend_the_template_that_it_stands_for(studio: Studio) -> None:
    studio.write("{% block greeting %}Hello{% endblock %} {{ venue }}", "greeting.txt.j2")
    studio.write(
        '{% extends "greeting.txt.j2" %}{% block greeting %}สวัสดี{% endblock %}', "greeting.th.txt.j2"
    )
    job = replace(PLAIN, template="greeting.txt.j2", language="th")
    assert studio.renderer.render(job).text == "สวัสดี Bangkok"


def test_a_variant_that_is_added_later_counts_at_once(studio: Studio) -> None:
    job = replace(PLAIN, template=studio.write("any", "later.txt.j2"), language="th")
    assert studio.renderer.render(job).text == "any"
    studio.write("Thai", "later.th.txt.j2")
    assert studio.renderer.render(job).text == "Thai"


def test_an_error_in_a_variant_names_the_variant(studio: Studio) -> None:
    studio.write("fine", "faulty.txt.j2")
    studio.write("\n{{ tital }}", "faulty.th.txt.j2")
    with pytest.raises(RenderError, match=r"^templates/faulty.th.txt.j2:2: 'tital' is not known here"):
        studio.renderer.render(replace(PLAIN, template="faulty.txt.j2", language="th"))
