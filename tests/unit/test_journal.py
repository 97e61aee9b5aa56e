"""The journal's chain, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chain import CHANGED, verify
from bot.domain.errors import UsageError
from bot.domain.journal import GENESIS, Break, Event, Head, event_hash, hash_of

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
    assert verify([]) == []
    assert verify(ROWS) == []
    assert all(verify(ROWS, head=Head(event.hash)) == [] for event in ROWS)


def test_the_hash_does_not_depend_on_the_order_in_which_the_fields_were_named() -> None:
    assert chain({"a": 1, "b": 2})[0].hash == chain({"b": 2, "a": 1})[0].hash


def test_the_hash_of_a_row_never_changes_between_versions() -> None:
    # printf '%s' '[1,"2026-03-30T03:00:01+00:00","mali","seen",null,{"cost":0.2,"text":"สิบปี"},"000…"]' | sha256sum
    (row,) = chain({"text": "สิบปี", "cost": 0.2})
    assert row.hash == "b019896eb8f9b4229e0f8acd8dc3e8bf4cfbe32ac6d2892a8184545a5debbb27"


def swapped(rows: list[Event], place: int = 1) -> list[Event]:
    """The row at this place and the next one, each with the other's number."""
    first, second = rows[place : place + 2]
    return [
        *rows[:place],
        replace(second, seq=first.seq),
        replace(first, seq=second.seq),
        *rows[place + 2 :],
    ]


def put_in(rows: list[Event], place: int, *contents: dict[str, Any]) -> list[Event]:
    """Rows of another chain that follows the row before their place, and the rest numbered on after them."""
    forged = chain(*(dict(row.data) for row in rows[:place]), *contents)[place:]
    return [*rows[:place], *forged, *(replace(row, seq=row.seq + len(contents)) for row in rows[place:])]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([*ROWS[:2], replace(ROWS[2], data={"n": 9}), *ROWS[3:]], Break(3, CHANGED)),
        ([*ROWS[:2], replace(ROWS[2], actor="sam"), *ROWS[3:]], Break(3, CHANGED)),
        ([*ROWS[:2], replace(ROWS[2], at=NOW), *ROWS[3:]], Break(3, CHANGED)),
        ([*ROWS[:4], replace(ROWS[4], data={})], Break(5, CHANGED)),
        ([*ROWS[:2], *ROWS[3:]], Break(3, "the row is missing")),
        (ROWS[1:], Break(1, "the row is missing")),
        ([*ROWS[:3], ROWS[2], *ROWS[3:]], Break(3, "the row stands twice")),
        (swapped(ROWS), Break(2, "rows 2 and 3 changed places")),
        (put_in(ROWS, 2, {"n": "forged"}), Break(3, "it was put in: row 4 follows the one before it")),
        (put_in(ROWS, 4, {"n": "forged"}), Break(5, "it was put in: row 6 follows the one before it")),
        (
            put_in(ROWS, 2, {"n": "forged"}, {}),
            Break(5, "it was written as row 3: rows were put in before it"),
        ),
        (
            [*ROWS[:2], chain({"n": 0}, {"n": 1}, {})[2], *ROWS[3:]],
            Break(
                4,
                "it does not follow row 3: that was changed and given a new hash, or put in another's place",
            ),
        ),
    ],
    ids=[
        "data",
        "actor",
        "time",
        "last",
        "deleted",
        "first deleted",
        "doubled",
        "swapped",
        "put in",
        "put in before the last",
        "two put in",
        "changed with its hash",
    ],
)
def test_what_was_done_to_the_chain_is_named_and_nothing_else(rows: list[Event], found: Break) -> None:
    assert verify(rows) == [found]


def test_everything_that_was_done_is_named_each_in_its_place() -> None:
    rows = chain(*({"n": number} for number in range(20)))
    rows = [*rows[:3], replace(rows[3], data={}), *rows[4:8], *swapped(rows[10:], 4)]
    assert [found.seq for found in verify(rows)] == [4, 9, 15]


def test_a_chain_that_was_written_anew_as_a_whole_ends_soon_with_a_line_for_each_row() -> None:
    rows = [replace(row, actor="sam") for row in chain(*({"n": number} for number in range(1000)))]
    assert len(verify(rows)) == 1000


def test_a_cut_tail_needs_a_head_that_was_noted_down() -> None:
    assert verify(ROWS[:3]) == []
    assert "the tail was cut off" in verify(ROWS[:3], head=Head(ROWS[4].hash))[0].what
    assert verify(ROWS[:3], head=Head(ROWS[4].hash, 5))[0].seq == 4
    assert len(verify([], head=Head(ROWS[4].hash))) == 1


def restored(*rows: dict[str, Any]) -> list[Event]:
    """A chain of which every row that names a file says that a copy was put back."""
    events: list[Event] = []
    for row in chain(*rows):
        event = replace(row, previous=events[-1].hash if events else GENESIS)
        event = replace(event, event="restored") if "replaced" in event.data else event
        events.append(replace(event, hash=hash_of(event)))
    return events


def test_a_head_that_went_out_before_a_copy_was_put_back_says_where_the_log_is_that_had_it() -> None:
    rows = restored({}, {}, {"replaced": "first.db"}, {}, {"replaced": "second.db"}, {})
    lost = "ab" * 32
    assert verify(rows) == []
    what = "the head that was noted down is not in it: an older copy was put back here; {} holds the log as it was "
    what += "before, check the head there"
    assert verify(rows, head=Head(lost)) == [Break(5, what.format("second.db"))]
    assert verify(rows, head=Head(lost, 9)) == [Break(5, what.format("second.db"))]
    assert verify(rows, head=Head(lost, 4)) == [Break(3, what.format("first.db"))]
    assert "another row" in verify(rows, head=Head(lost, 2))[0].what


def test_a_head_is_read_with_or_without_its_row() -> None:
    assert Head.parse(f" {'AB' * 32} ") == Head("ab" * 32)
    assert Head.parse(f"12:{'ab' * 32}") == Head("ab" * 32, 12)
    assert str(Head.parse(f"12:{'ab' * 32}")) == f"12:{'ab' * 32}"


@pytest.mark.parametrize("text", ["", "ab", f"0:{'ab' * 32}", f"x:{'ab' * 32}", "ab" * 32 + "0"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no head"):
        Head.parse(text)


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
    assert verify([*rows[:place], changed, *rows[place + 1 :]])[0].seq == place + 1
