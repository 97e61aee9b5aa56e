"""Announcements and events by the hundred: what one statement for many does is what many statements would have done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.application.ports.announcements import NewAnnouncement
from bot.application.ports.journal import Entry
from bot.application.ports.store import Store
from bot.domain.announcement import Announcement, Record
from bot.domain.chain import verify
from bot.domain.errors import Refusal
from tests.contract.database import NOW, RSO, Database, due, minutes


def new(key: str, *, source: str = "tenyears", of: str | None = None) -> NewAnnouncement:
    record = Record(source, title="ก", body=f"Text {key}", key=key, translation_of=of, language="th")
    return NewAnnouncement(record, source, key, RSO, due(minutes(5)), "mali", NOW, due(NOW))


def without_number(announcement: Announcement) -> Announcement:
    return replace(announcement, id=0, key="", record=Record(""))


def test_many_are_queued_as_one_by_one_and_their_numbers_are_in_order(store: Store) -> None:
    with store.writing() as tx:
        alone = tx.announcements.add(new("alone"))
        numbers = tx.announcements.add_all([new("b", source="z"), new("a"), new("b"), new("a", source="z")])
        found = [tx.announcements.get(number) for number in numbers]
    assert [(each.record.campaign, each.key) for each in found] == [
        ("z", "b"),
        ("tenyears", "a"),
        ("tenyears", "b"),
        ("z", "a"),
    ]
    assert [without_number(each) for each in found] == [without_number(alone)] * 4
    assert [each.record.body for each in found] == ["Text b", "Text a", "Text b", "Text a"]


def test_more_than_a_statement_holds_are_queued_and_found_by_their_keys(store: Store) -> None:
    keys = [f"k{number}" for number in range(1_201)]
    with store.writing() as tx:
        numbers = tx.announcements.add_all([new(key) for key in keys])
        found = tx.announcements.by_keys("tenyears", [*keys, "unknown"])
    assert [found[key].id for key in keys] == list(numbers)
    assert len(found) == len(keys)


def test_a_key_that_is_taken_is_refused_and_none_of_the_others_is_queued(store: Store) -> None:
    with store.writing() as tx:
        tx.announcements.add(new("taken"))
    with pytest.raises(Refusal, match="key is queued already"), store.writing() as tx:
        tx.announcements.add_all([new("free"), new("taken")])
    with store.reading() as tx:
        assert list(tx.announcements.by_keys("tenyears", ["free", "taken"])) == ["taken"]


def test_the_keys_that_translations_name_are_told_within_their_source(store: Store) -> None:
    with store.writing() as tx:
        tx.announcements.add_all([new("a.th", of="a"), new("b.th", source="z", of="b"), new("c")])
        assert tx.announcements.translated("tenyears", ["a", "b", "c"]) == {"a"}


def test_many_are_looked_up_without_a_walk_through_the_queue(database: Database, store: Store) -> None:
    with database.plans() as steps, store.reading() as tx:
        tx.announcements.by_keys("tenyears", ["a", "b"])
        tx.announcements.translated("tenyears", ["a", "b"])
    assert steps
    assert not [step for step in steps if step.startswith("SCAN")], steps


def test_events_that_are_written_together_stand_in_one_chain_with_those_around_them(store: Store) -> None:
    data = {"n": 1.5, "ก": {"b": None, "a": ["é\u2028\x7f\\", True]}}
    with store.writing() as tx:
        first = tx.journal.append("seen", at=NOW, actor="mali", data={})
        tx.journal.append_all(
            Entry("intake", minutes(number), "ann@host", number, data) for number in range(3)
        )
        last = tx.journal.append("seen", at=NOW, actor="mali", data={})
        events = list(tx.journal.events())
    assert verify(events) == []
    assert (events[0], events[-1]) == (first, last)
    assert [(each.seq, each.at, each.announcement_id, each.data) for each in events[1:-1]] == [
        (number + 2, minutes(number), number, data) for number in range(3)
    ]


def test_no_events_are_no_row(store: Store) -> None:
    with store.writing() as tx:
        tx.journal.append_all([])
        assert tx.journal.head() is None
