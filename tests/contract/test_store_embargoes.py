"""The embargo in the store: it comes back as it was put there, and the database holds it against a fault of the program."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.store.store import SqlStore
from bot.application.ports.announcements import Filter, NewAnnouncement
from bot.application.ports.store import Store
from bot.domain.announcement import Announcement, Due, Embargo, Lift, Record
from bot.domain.errors import Refusal
from bot.domain.states import State
from tests.contract.database import (
    DRAFT,
    NOW,
    RSO,
    SCHEDULED,
    Database,
    begin,
    due,
    minutes,
    new_posts,
    queue,
)

ENDS = due(minutes(60))
ASKED = Embargo(ENDS, Lift("ann", NOW, "It is public."))
LIFTED = replace(ASKED, lifted=Lift("bob", minutes(1), "I saw it."))


def embargoed(store: Store, key: str = "a", ends: Due = ENDS) -> Announcement:
    """Queue a draft that is due now, under embargo."""
    with store.writing() as tx:
        record = Record("tenyears", body=f"Body of {key}")
        return tx.announcements.add(NewAnnouncement(record, "f", key, RSO, due(NOW), "mali", NOW, ends))


def put(store: Store, number: int, embargo: Embargo | None, *, at: float = 0) -> Embargo | None:
    with store.writing() as tx:
        tx.announcements.set_embargo(number, embargo, at=minutes(at))
    with store.reading() as tx:
        return tx.announcements.get(number).embargo


def test_an_embargo_comes_back_as_it_was_put_there(store: Store) -> None:
    number = embargoed(store).id
    with store.reading() as tx:
        assert tx.announcements.get(number).embargo == Embargo(ENDS)
        assert tx.announcements.list(Filter())[0].embargo == Embargo(ENDS)
    later = Embargo(replace(due(minutes(90)), fixed=True))
    for embargo in (ASKED, LIFTED, later, replace(later, asked=ASKED.asked)):
        assert put(store, number, embargo) == embargo


def test_an_announcement_without_one_has_none(store: Store) -> None:
    assert queue(store).embargo is None


@pytest.mark.parametrize("embargo", [None, Embargo(due(minutes(59)))])
def test_one_that_holds_is_neither_brought_forward_nor_taken_away(
    store: Store, embargo: Embargo | None
) -> None:
    number = embargoed(store).id
    with pytest.raises(Refusal, match="lifted by two people, not brought forward"):
        put(store, number, embargo)
    put(store, number, ASKED)
    with pytest.raises(Refusal, match="lifted by two people, not brought forward"):
        put(store, number, embargo)


@pytest.mark.parametrize("embargo", [None, Embargo(due(minutes(59)))])
def test_one_that_was_lifted_or_has_ended_is_taken_away(store: Store, embargo: Embargo | None) -> None:
    lifted, ended = embargoed(store).id, embargoed(store, "b").id
    put(store, lifted, LIFTED)
    assert put(store, lifted, embargo) == embargo
    assert put(store, ended, embargo, at=60) == embargo


def test_one_person_lifts_nothing_though_they_write_past_the_program(
    database: Database, store: SqlStore
) -> None:
    put(store, embargoed(store).id, ASKED)
    for change in ("embargo_lifted_by = 'ann'", "embargo_lifted_by = 'bob', embargo_asked_by = NULL"):
        assert "two_people" in database.refusal(f"UPDATE announcements SET {change}")


def test_whose_lift_waits_for_another_person_is_listed_until_the_embargo_ends(store: Store) -> None:
    asked, lifted, ended = (embargoed(store, key).id for key in ("a", "b", "c"))
    embargoed(store, "d")
    put(store, asked, ASKED)
    put(store, lifted, LIFTED)
    put(store, ended, Embargo(ENDS, ASKED.asked))
    put(store, ended, replace(ASKED, until=due(minutes(10))), at=60)
    with store.reading() as tx:
        found = tx.announcements.list(Filter(lift_asked_after=minutes(30)))
        assert [each.id for each in found] == [asked]
        assert list(tx.announcements.lifted()) == [lifted]


def test_the_lifts_are_found_by_an_index_and_not_by_a_walk_over_the_queue(
    database: Database, store: Store
) -> None:
    with database.plans() as plans, store.reading() as tx:
        tx.announcements.list(Filter(lift_asked_after=NOW))
        tx.announcements.lifted()
    assert sum("announcements_embargo_asked" in step for step in plans) == 2, plans


@pytest.mark.parametrize(("embargo", "minute"), [(Embargo(ENDS), 60), (LIFTED, 0)])
def test_an_attempt_begins_when_the_embargo_has_ended_or_is_lifted(
    store: Store, embargo: Embargo, minute: int
) -> None:
    number = embargoed(store).id
    put(store, number, embargo)
    with store.writing() as tx:
        post, *_ = tx.posts.freeze(number, RSO, new_posts("One"))
        tx.announcements.move(number, [DRAFT], SCHEDULED, {"wake_at": NOW})
    begin(store, post, at=minutes(minute))


@pytest.mark.parametrize("embargo", [Embargo(ENDS), ASKED])
def test_no_attempt_begins_before_the_embargo_ends(store: Store, embargo: Embargo) -> None:
    number = embargoed(store).id
    put(store, number, embargo)
    with store.writing() as tx:
        post, *_ = tx.posts.freeze(number, RSO, new_posts("One"))
    with pytest.raises(Refusal, match="nothing is sent before its embargo ends"):
        begin(store, post, at=minutes(59.9))
    with store.reading() as tx:
        assert tx.announcements.state(number) is State.DRAFT
