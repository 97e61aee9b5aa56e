"""The embargo: what lies before it, what an edit may do to it, and who lifts it (decision 0021)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.announcement import Due, Embargo, Lift
from bot.domain.embargo import after_edit, bars, floor_of, lifted_by, why_not, with_word
from bot.domain.errors import Refusal
from bot.domain.walltime import resolve

ENDS = datetime(2026, 3, 30, 3, 0, tzinfo=UTC)
BEFORE = ENDS - timedelta(days=1)
UNTIL = resolve("2026-03-30 10:00", "Asia/Bangkok")
EMBARGO = Embargo(UNTIL)
ASKED = Embargo(UNTIL, Lift("ann", BEFORE, "It is public."))
LIFTED = replace(ASKED, lifted=Lift("bob", BEFORE, "I saw it."))


def until(hours: float) -> Due:
    at = ENDS + timedelta(hours=hours)
    return Due(at.replace(tzinfo=None), "UTC", at)


def test_a_time_lies_after_the_embargo_and_not_on_its_end() -> None:
    assert bars(EMBARGO, ENDS - timedelta(seconds=1))
    assert bars(EMBARGO, ENDS)
    assert not bars(EMBARGO, ENDS + timedelta(seconds=1))
    assert not bars(LIFTED, BEFORE)
    assert not bars(None, BEFORE)


def test_an_embargo_that_one_person_asked_to_lift_holds() -> None:
    assert floor_of(ASKED) == ENDS


@pytest.mark.parametrize(("stored", "floor"), [(ENDS - timedelta(hours=2), ENDS), (ENDS, ENDS)])
def test_where_the_zone_has_other_rules_by_now_the_later_of_both_instants_is_the_floor(
    stored: datetime, floor: datetime
) -> None:
    assert floor_of(Embargo(replace(UNTIL, at=stored))) == floor
    later = ENDS + timedelta(hours=1)
    assert floor_of(Embargo(replace(UNTIL, at=later))) == later


def test_an_embargo_with_an_offset_stays_where_it_is() -> None:
    fixed = resolve("2026-03-30T10:00+07:00", "Asia/Bangkok")
    assert floor_of(Embargo(replace(fixed, at=BEFORE))) == BEFORE


def test_the_line_for_a_time_before_it_says_both_times_and_what_to_do() -> None:
    line = why_not("report", until(-2), EMBARGO)
    assert line == (
        "due: Mon 30 Mar 2026 01:00 UTC is not after the embargo, which ends Mon 30 Mar 2026 10:00 Asia/Bangkok (03:00 UTC): "
        "give a later time, or let two people lift it (`bot queue lift-embargo report --reason …`)"
    )


@pytest.mark.parametrize("new", [None, until(-1)])
def test_an_edit_neither_removes_an_embargo_nor_brings_it_forward(new: Due | None) -> None:
    for embargo in (EMBARGO, ASKED):
        with pytest.raises(Refusal, match=r"^embargo: report is under .*lift-embargo report --reason …`\)$"):
            after_edit("report", embargo, new, now=BEFORE)


@pytest.mark.parametrize("hours", [0, 1])
def test_a_later_embargo_takes_the_place_of_one_and_of_what_was_asked(hours: float) -> None:
    assert after_edit("report", ASKED, until(hours), now=BEFORE) == Embargo(until(hours))


@pytest.mark.parametrize("new", [None, until(-1), until(1)])
def test_what_is_lifted_or_ended_may_be_changed_and_a_new_embargo_holds(new: Due | None) -> None:
    expected = Embargo(new) if new else None
    assert after_edit("report", LIFTED, new, now=BEFORE) == expected
    assert after_edit("report", EMBARGO, new, now=ENDS) == expected


def test_the_first_person_asks_and_the_second_lifts() -> None:
    once = with_word("report", EMBARGO, Lift("ann", BEFORE, "It is public."))
    assert (once, lifted_by(once)) == (ASKED, ())
    twice = with_word("report", once, Lift("bob", BEFORE, "I saw it."))
    assert (twice, lifted_by(twice)) == (LIFTED, ("ann", "bob"))


@pytest.mark.parametrize(
    ("embargo", "at", "line"),
    [
        (None, BEFORE, "report has no embargo"),
        (ASKED, BEFORE, "you asked for it already; another person lifts the embargo of report: `bot queue lift-embargo"),
        (LIFTED, BEFORE, "the embargo of report is lifted already, by ann and bob"),
        (EMBARGO, ENDS, "the embargo of report ended Mon 30 Mar 2026 10:00 Asia/Bangkok"),
    ],
)  # fmt: skip
def test_what_cannot_be_lifted_is_told_in_one_line(embargo: Embargo | None, at: datetime, line: str) -> None:
    with pytest.raises(Refusal) as refused:
        with_word("report", embargo, Lift("ann", at, "x"))
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)
