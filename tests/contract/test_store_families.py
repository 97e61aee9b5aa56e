"""Families in the store: who belongs together, and for which words of its original a translation stands."""

from __future__ import annotations

from dataclasses import replace

from bot.application.ports.announcements import Filter, NewAnnouncement
from bot.application.ports.store import Store
from bot.domain.announcement import Announcement, MediaItem, Record
from tests.contract.database import NOW, RSO, Database, minutes, queue


def translation(
    store: Store, key: str, *, of: str, language: str = "th", source: str = "tenyears"
) -> Announcement:
    record = Record(source, body=f"Body of {key}", language=language, translation_of=of)
    with store.writing() as tx:
        return tx.announcements.add(NewAnnouncement(record, source, key, RSO, None, "mali", NOW))


def original(store: Store, key: str, *, source: str = "tenyears") -> Announcement:
    with store.writing() as tx:
        return tx.announcements.add(
            NewAnnouncement(Record(source, body="Body"), source, key, RSO, None, "mali", NOW)
        )


def family(store: Store, key: str, source: str = "tenyears") -> list[str]:
    with store.reading() as tx:
        return [each.key for each in tx.announcements.family(source, key)]


def test_a_family_is_the_original_and_all_that_name_it(store: Store) -> None:
    translation(store, "a.th", of="a")
    original(store, "a")
    translation(store, "tapir", of="a", language="id")
    original(store, "b")
    translation(store, "b.th", of="b")
    original(store, "a", source="other")
    assert family(store, "a") == ["a.th", "a", "tapir"]
    assert family(store, "b") == ["b", "b.th"]
    assert family(store, "a.th") == ["a.th"]
    assert family(store, "c") == []


def test_a_family_can_be_listed(store: Store) -> None:
    original(store, "a")
    translation(store, "a.th", of="a")
    queue(store, "b")
    with store.reading() as tx:
        assert [each.key for each in tx.announcements.list(Filter(family="a"))] == ["a", "a.th"]
        assert tx.announcements.count(Filter(family="a")) == 2


def test_an_edit_that_takes_it_into_another_family_is_found_there(store: Store) -> None:
    original(store, "a")
    thai = translation(store, "a.th", of="a")
    with store.writing() as tx:
        record = replace(thai.record, translation_of="b")
        tx.announcements.edit(thai.id, record, None, account=RSO, at=minutes(1))
    assert (family(store, "a"), family(store, "b")) == (["a"], ["a.th"])


def test_only_an_edit_of_what_readers_see_changes_the_revision_of_the_words(store: Store) -> None:
    before = queue(store, "a")
    changes = (
        {"due": "next", "notes": "ask Mali", "embargo": "2027-01-01"},
        {"title": "Another"},
        {"timezone": "UTC", "account": "thai"},
        {"media": (MediaItem("a.jpg", "A hall"),)},
    )
    revisions = [(before.revision, before.words_revision)]
    record = before.record
    for change in changes:
        record = replace(record, **change)
        with store.writing() as tx:
            tx.announcements.edit(before.id, record, None, account=RSO, at=minutes(1))
            found = tx.announcements.get(before.id)
        revisions.append((found.revision, found.words_revision))
    assert revisions == [(1, 1), (2, 1), (3, 3), (4, 3), (5, 5)]


def test_the_revision_that_a_translation_stands_for_is_kept_and_moves_nothing_else(store: Store) -> None:
    thai = translation(store, "a.th", of="a")
    assert thai.original_revision is None
    with store.writing() as tx:
        tx.announcements.note_original(thai.id, 3)
        assert tx.announcements.get(thai.id) == replace(thai, original_revision=3)


def test_a_family_is_found_without_a_walk_through_the_queue(database: Database, store: Store) -> None:
    with database.plans() as steps, store.reading() as tx:
        tx.announcements.family("tenyears", "a")
    assert not [step for step in steps if step.startswith("SCAN")], steps


def test_a_family_is_found_by_its_own_names_and_not_among_all_of_the_source(
    database: Database, store: Store
) -> None:
    translation(store, "a.th", of="a")
    with database.plans() as plans:
        family(store, "a")
    assert any("(source=? AND key=?)" in step for step in plans), plans
    assert any("(source=? AND family=?)" in step for step in plans), plans
