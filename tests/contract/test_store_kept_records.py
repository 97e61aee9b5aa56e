"""Which announcements are kept as files: what is noted comes back, and a folder knows its own."""

from __future__ import annotations

from bot.application.ports.kept_records import Kept, KeptAs
from bot.application.ports.store import Store
from tests.contract.database import queue


def keep(store: Store, *kept: Kept) -> None:
    with store.writing() as tx:
        for each in kept:
            tx.kept.keep(each)


def test_where_an_announcement_is_kept_comes_back_as_it_was_noted_last(store: Store) -> None:
    first, second = queue(store, "a").id, queue(store, "b").id
    keep(store, Kept(first, "posts", "a.yaml", 1), Kept(second, "posts", "b.yaml", None))
    keep(store, Kept(first, "posts", "moved/a.yaml", 2))
    with store.reading() as tx:
        assert tx.kept.of(first) == Kept(first, "posts", "moved/a.yaml", 2)
        assert tx.kept.of(second) == Kept(second, "posts", "b.yaml", None)


def test_a_folder_lists_its_own_with_the_names_that_its_files_give_them(store: Store) -> None:
    first, second = queue(store, "a"), queue(store, "b")
    keep(store, Kept(first.id, "posts", "a.yaml", 1), Kept(second.id, "other", "b.yaml", 1))
    with store.reading() as tx:
        assert tx.kept.of_folder("posts") == [
            KeptAs(Kept(first.id, "posts", "a.yaml", 1), first.record.campaign, "a")
        ]
        assert tx.kept.of_folder("nowhere") == []


def test_what_is_forgotten_is_kept_nowhere(store: Store) -> None:
    number = queue(store, "a").id
    keep(store, Kept(number, "posts", "a.yaml", 1))
    with store.writing() as tx:
        tx.kept.forget(number)
    with store.reading() as tx:
        assert (tx.kept.of(number), tx.kept.of_folder("posts")) == (None, [])
