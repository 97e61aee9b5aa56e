"""The journal's chain, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.journal import GENESIS, Break, Event, event_hash, hash_of, verify

NOW = datetime(2026, 3, 30, 3, 0, tzinfo=UTC)


def chain(*contents: dict[str, Any]) -> list[Event]:
    """A journal with a row for each content."""
    events: list[Event] = []
    for seq, data in enumerate(contents, 1):
        row: dict[str, Any] = {
            "seq": seq, "at": NOW + timedelta(seconds=seq), "actor": "mali", "event": "seen",
            "announcement_id": None, "data": data, "previous": events[-1].hash if events else GENESIS,
        }  # fmt: skip
        events.append(Event(**row, hash=event_hash(**row)))
    return events


ROWS = chain(*({"n": number} for number in range(5)))


def test_an_untouched_chain_holds_from_any_head() -> None:
    assert verify([]) is None
    assert verify(ROWS) is None
    assert all(verify(ROWS, head=event.hash) is None for event in ROWS)


def test_the_hash_does_not_depend_on_the_order_in_which_the_fields_were_named() -> None:
    assert chain({"a": 1, "b": 2})[0].hash == chain({"b": 2, "a": 1})[0].hash


def test_the_hash_of_a_row_never_changes_between_versions() -> None:
    # printf '%s' '[1,"2026-03-30T03:00:01+00:00","mali","seen",null,{"cost":0.2,"text":"สิบปี"},"000…"]' | sha256sum
    (row,) = chain({"text": "สิบปี", "cost": 0.2})
    assert row.hash == "b019896eb8f9b4229e0f8acd8dc3e8bf4cfbe32ac6d2892a8184545a5debbb27"


def swapped(rows: list[Event]) -> list[Event]:
    return [rows[0], replace(rows[2], seq=2), replace(rows[1], seq=3), *rows[3:]]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([*ROWS[:2], replace(ROWS[2], data={"n": 9}), *ROWS[3:]], Break(3, "its content was changed")),
        ([*ROWS[:2], replace(ROWS[2], actor="sam"), *ROWS[3:]], Break(3, "its content was changed")),
        ([*ROWS[:2], replace(ROWS[2], at=NOW), *ROWS[3:]], Break(3, "its content was changed")),
        ([*ROWS[:2], *ROWS[3:]], Break(4, "row 3 is missing")),
        (ROWS[1:], Break(2, "row 1 is missing")),
        ([*ROWS[:3], ROWS[2], *ROWS[3:]], Break(3, "the row stands twice")),
        (
            swapped(ROWS),
            Break(2, "it does not follow the row before: a row was changed, swapped or put in"),
        ),
        (
            [*ROWS[:2], chain({}, {}, {})[2], *ROWS[3:]],
            Break(3, "it does not follow the row before: a row was changed, swapped or put in"),
        ),
    ],
    ids=["data", "actor", "time", "deleted", "first deleted", "doubled", "swapped", "put in"],
)
def test_the_first_row_that_does_not_hold_is_named(rows: list[Event], found: Break) -> None:
    assert verify(rows) == found


def test_a_row_changed_with_its_hash_is_found_by_the_row_after() -> None:
    forged = replace(ROWS[2], data={"n": 9})
    forged = replace(forged, hash=hash_of(forged))
    broken = verify([*ROWS[:2], forged, *ROWS[3:]])
    assert broken is not None
    assert (broken.seq, "does not follow" in broken.what) == (4, True)


def test_a_cut_tail_needs_a_head_that_was_noted_down() -> None:
    assert verify(ROWS[:3]) is None
    cut = verify(ROWS[:3], head=ROWS[4].hash)
    assert cut is not None
    assert (cut.seq, "the tail was cut" in cut.what) == (4, True)
    assert verify([], head=ROWS[4].hash) is not None


@given(
    st.lists(
        st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)), min_size=2, max_size=6
    ),
    st.data(),
)
def test_any_change_of_any_row_is_named(contents: list[dict[str, Any]], data: st.DataObject) -> None:
    rows = chain(*contents)
    place = data.draw(st.integers(0, len(rows) - 1))
    changed = data.draw(
        st.sampled_from(
            [
                replace(rows[place], data={**rows[place].data, "more": 1}),
                replace(rows[place], event="another"),
                replace(rows[place], announcement_id=1),
                replace(rows[place], previous="1" * 64),
                replace(rows[place], hash="1" * 64),
            ]
        )
    )
    broken = verify([*rows[:place], changed, *rows[place + 1 :]])
    assert broken is not None
    assert broken.seq == place + 1
