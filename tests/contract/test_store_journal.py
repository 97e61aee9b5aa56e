"""The append-only log, and what a look at the chain sees of somebody who writes past the program."""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from bot.adapters.store.store import SqlStore
from bot.domain.chain import CHANGED, verify
from bot.domain.journal import GENESIS, Break, Event, Head, hash_of
from bot.domain.states import AttemptState
from tests.contract.database import NOW, Database, minutes


@pytest.fixture
def written(database: Database, store: SqlStore) -> list[Event]:
    """Five rows."""
    with store.writing() as tx:
        return [
            tx.journal.append(
                "seen",
                at=minutes(number),
                actor="mali@host (cli)",
                announcement_id=number % 2,
                data={"n": number},
            )
            for number in range(5)
        ]


def walk(database: Database, head: Head | None = None) -> list[Break]:
    """What a walk along the chain finds."""
    with database.store().reading() as tx:
        return verify(tx.journal.events(), head=head)


def test_the_rows_are_chained_from_the_first(written: list[Event]) -> None:
    assert [event.seq for event in written] == [1, 2, 3, 4, 5]
    assert [event.previous for event in written] == [GENESIS, *(event.hash for event in written[:-1])]
    assert all(event.hash == hash_of(event) for event in written)


def test_the_rows_are_read_back_as_they_were_written(store: SqlStore, written: list[Event]) -> None:
    with store.reading() as tx:
        assert list(tx.journal.events()) == written
        assert list(tx.journal.events(announcement_id=1)) == [written[1], written[3]]
        assert tx.journal.head() == written[4]
        assert tx.journal.row(2) == written[1]
        assert tx.journal.row(6) is None


def test_an_empty_journal_has_no_head_and_holds(database: Database, store: SqlStore) -> None:
    with store.reading() as tx:
        assert tx.journal.head() is None
    assert walk(database) == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": "สิบปี 🎉 \u2028 \x00 \"'", "none": None, "yes": True},
        {"age": 0.1, "large": 2**70, "small": 1e-9, "list": [1, [2]], "tuple": (1, 2)},
        {10: "ten", 9: "nine"},
        {"state": AttemptState.SENDING, "nested": {"b": 1, "a": 2}},
    ],
)
def test_whatever_is_json_keeps_its_hash_through_the_database(
    database: Database, store: SqlStore, data: dict[Any, Any]
) -> None:
    with store.writing() as tx:
        event = tx.journal.append("seen", at=NOW, actor="me", data=data)
    assert json.loads(json.dumps(data)) == event.data
    assert walk(database, head=Head(event.hash, event.seq)) == []


def test_the_hash_holds_wherever_the_clock_of_the_writer_stood(database: Database, store: SqlStore) -> None:
    with store.writing() as tx:
        at = NOW.astimezone(timezone(timedelta(hours=7)))
        event = tx.journal.append("seen", at=at, actor="me", data={})
    assert event.at == NOW
    assert walk(database) == []


@pytest.mark.parametrize("data", [{"cost": Decimal("0.2")}, {"set": {1}}, {"number": float("nan")}])
def test_what_is_not_json_is_a_mistake_of_the_program(store: SqlStore, data: dict[Any, Any]) -> None:
    with pytest.raises((TypeError, ValueError)), store.writing() as tx:
        tx.journal.append("seen", at=NOW, actor="me", data=data)


def test_a_long_journal_is_walked_page_by_page(database: Database, store: SqlStore) -> None:
    with store.writing() as tx:
        for number in range(2_500):
            tx.journal.append("seen", at=NOW, actor="me", data={"n": number})
    with store.reading() as tx:
        assert [event.data["n"] for event in tx.journal.events()] == list(range(2_500))
    assert walk(database) == []


MAKE_ROOM = [
    "UPDATE journal SET seq = seq + 10 WHERE seq > 2",
    "UPDATE journal SET seq = seq - 9 WHERE seq > 10",
]
FORGED = "INSERT INTO journal SELECT 3, at, actor, 'forged', 1, data, hash, hash FROM journal WHERE seq = 2"


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE journal SET data = '{\"n\": 9}' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET data = 'not json' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET data = '[1]' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET data = '\"\\ud800\"' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET data = x'ff' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET at = 'yesterday' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET actor = 'another' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET event = x'00' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET announcement_id = NULL WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET announcement_id = 'x' WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET hash = previous WHERE seq = 3"], Break(3, CHANGED)),
        (["UPDATE journal SET previous = hash WHERE seq = 3"], Break(3, CHANGED)),
        (["DELETE FROM journal WHERE seq = 3"], Break(3, "the row is missing")),
        (["DELETE FROM journal WHERE seq IN (2, 3)"], Break(2, "rows 2 to 3 are missing")),
        (["DELETE FROM journal WHERE seq = 1"], Break(1, "the row is missing")),
        (
            ["DELETE FROM journal WHERE seq = 3", "UPDATE journal SET seq = seq - 1 WHERE seq > 3"],
            Break(3, "the row is missing, and those after it were numbered anew"),
        ),
        (
            ["DELETE FROM journal WHERE seq = 4", "UPDATE journal SET seq = seq - 1 WHERE seq > 4"],
            Break(4, "the row is missing, and those after it were numbered anew"),
        ),
        (
            ["UPDATE journal SET seq = 9 WHERE seq = 2", "UPDATE journal SET seq = 2 WHERE seq = 3",
             "UPDATE journal SET seq = 3 WHERE seq = 9"],
            Break(2, "rows 2 and 3 changed places"),
        ),
        (
            ["UPDATE journal SET seq = 9 WHERE seq = 2", "UPDATE journal SET seq = 2 WHERE seq = 4",
             "UPDATE journal SET seq = 4 WHERE seq = 9"],
            Break(2, "rows 2 and 4 changed places"),
        ),
        (
            ["UPDATE journal SET seq = 9 WHERE seq = 4", "UPDATE journal SET seq = 4 WHERE seq = 5",
             "UPDATE journal SET seq = 5 WHERE seq = 9"],
            Break(4, "rows 4 and 5 changed places"),
        ),
        ([*MAKE_ROOM, FORGED], Break(3, "it was put in: row 4 follows the one before it")),
        (["INSERT INTO journal SELECT 0, at, actor, event, 1, data, hash, hash FROM journal WHERE seq = 2"],
         Break(0, "it was put in before the first row")),
        (["INSERT INTO journal SELECT 6, at, actor, 'forged', 1, data, hash, hash FROM journal WHERE seq = 5"],
         Break(6, CHANGED)),
    ],
)  # fmt: skip
def test_whoever_writes_past_the_program_is_named_with_the_row(
    database: Database, written: list[Event], statements: list[str], found: Break
) -> None:
    database.disarm()
    database.run(*statements)
    assert walk(database) == [found]


def test_a_tail_that_was_cut_is_seen_by_a_head_that_was_noted_down(
    database: Database, written: list[Event]
) -> None:
    database.disarm()
    database.run("DELETE FROM journal WHERE seq > 3")
    assert walk(database) == [], "without a head nobody can see it"
    by_hash = "the head that was noted down is not in it: the tail was cut off or the journal replaced"
    assert walk(database, head=Head(written[4].hash)) == [Break(4, by_hash)]
    by_row = "the tail was cut off: the head that was noted down is row 5"
    assert walk(database, head=Head(written[4].hash, 5)) == [Break(4, by_row)]


def test_a_journal_in_the_place_of_another_is_seen_by_a_head_that_was_noted_down(
    database: Database, store: SqlStore, written: list[Event]
) -> None:
    database.disarm()
    database.run("DELETE FROM journal")
    with store.writing() as tx:
        for number in range(5):
            tx.journal.append("forged", at=minutes(number), actor="me", data={})
    assert walk(database) == [], "a journal made anew holds in itself"
    what = "it is another row than the one noted down: the journal was replaced, or written anew before it"
    assert walk(database, head=Head(written[4].hash, 5)) == [Break(5, what)]
    assert len(walk(database, head=Head(written[4].hash))) == 1


def test_a_head_noted_down_earlier_still_holds_when_the_log_has_grown(
    database: Database, store: SqlStore, written: list[Event]
) -> None:
    with store.writing() as tx:
        tx.journal.append("seen", at=NOW, actor="me", data={})
    assert walk(database, head=Head(written[2].hash)) == []
