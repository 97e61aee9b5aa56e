"""`days_left` in templates: whole days until the date that `countdown_to` names, by the campaign's clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.adapters.templates.studio import Studio

TEXT = "{{ days_left }} day{{ '' if days_left == 1 else 's' }} to go"


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("2023-04-09", "10 days to go"),
        ("2023-03-31", "1 day to go"),
        ("2023-03-30", "0 days to go"),
        ("2024-03-30", "366 days to go"),
    ],
)
def test_the_days_until_a_date_are_counted_and_the_day_itself_is_none(
    studio: Studio, date: str, text: str
) -> None:
    assert studio.text(TEXT, variables={"countdown_to": date}) == text


@pytest.mark.parametrize(("hour", "left"), [(0, "1"), (23, "1")])
def test_they_are_those_of_the_campaigns_clock_whatever_the_day_is_in_utc(
    studio: Studio, hour: int, left: str
) -> None:
    due = datetime(2023, 3, 30, hour, 59, tzinfo=ZoneInfo("Asia/Bangkok"))
    assert studio.text("{{ days_left }}", due=due, variables={"countdown_to": "2023-03-31"}) == left


def test_weeks_and_words_are_for_templates_to_make_of_them(studio: Studio) -> None:
    source = "{{ days_left // 7 }} {% if days_left == 10 %}ten{% endif %} {{ days_left|number }}"
    assert studio.text(source, variables={"countdown_to": "2023-04-09"}) == "1 ten 10"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"variables": {"countdown_to": "2023-03-29"}},
            "1: days_left: it is due 1 day after countdown_to (2023-03-29): reschedule it, or give another date",
        ),
        (
            {"variables": {"countdown_to": "2023-03-01"}},
            "1: days_left: it is due 29 days after countdown_to (2023-03-01): reschedule it, or give another date",
        ),
        ({"variables": {}}, "1: days_left: write the date as a variable, countdown_to: 2026-12-10"),
        (
            {"variables": {"countdown_to": "10 December\x1b[31m"}},
            "1: countdown_to: '10 December\N{REPLACEMENT CHARACTER}[31m' is not a date: write it as 2026-12-10",
        ),
        (
            {"variables": {"countdown_to": "2023-04-09"}, "due": None},
            "1: days_left: cannot be counted without a due time: give one",
        ),
    ],
)
def test_what_cannot_be_counted_is_told_with_what_to_do(
    studio: Studio, fields: dict[str, object], said: str
) -> None:
    assert studio.error("{{ days_left }}", **fields) == said


def test_a_template_that_does_not_count_does_not_mind(studio: Studio) -> None:
    assert (
        studio.text("{{ title }}", variables={"countdown_to": "2020-01-01"}) == "Border and Technology Forum"
    )
    assert studio.text("{% if days_left is defined %}left{% else %}over{% endif %}") == "over"
