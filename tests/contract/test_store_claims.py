"""Claims: one statement takes what is due and raises its epoch (design, section 5, step 1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.application.ports.announcements import Claim
from bot.application.ports.store import Store
from bot.domain.announcement import Held
from bot.domain.states import HeldReason, State
from tests.contract.database import (
    DRAFT,
    NOW,
    OTHER,
    PUBLISHING,
    RSO,
    SCHEDULED,
    Database,
    begin,
    due,
    minutes,
    queue,
    schedule,
)


def claim(store: Store, account: str = RSO, minute: float = 0, worker: str = "host:1") -> Claim | None:
    with store.writing() as tx:
        return tx.announcements.claim(
            account, now=minutes(minute), lease_until=minutes(minute + 5), worker=worker
        )


def test_what_is_due_first_is_claimed_first_and_nothing_before_its_time(store: Store) -> None:
    schedule(store, "later", at=minutes(2))
    schedule(store, "sooner", at=minutes(1))
    schedule(store, "other account", account=OTHER)
    assert claim(store) is None
    assert claim(store, minute=2) == Claim(2, 2)
    assert claim(store, minute=2) == Claim(1, 2)
    assert claim(store, minute=2) is None


def test_a_claim_makes_it_publishing_and_carries_the_epoch_of_the_row(store: Store) -> None:
    schedule(store)
    taken = claim(store)
    with store.reading() as tx:
        found = tx.announcements.get(1)
    assert taken == Claim(1, found.epoch)
    assert found.state is PUBLISHING


def test_a_claim_lapses_with_its_lease_and_another_epoch_takes_over(store: Store) -> None:
    schedule(store)
    first = claim(store)
    assert claim(store, minute=4.9) is None
    second = claim(store, minute=5, worker="host:2")
    assert first is not None
    assert second == Claim(1, first.epoch + 1)


@pytest.mark.parametrize("deed", ["edit", "new time", "cancel", "hold and resume"])
def test_what_people_do_voids_a_claim(store: Store, deed: str) -> None:
    schedule(store)
    taken = claim(store)
    assert taken is not None
    with store.writing() as tx:
        held = {"held": Held(HeldReason.LATE, "late")}
        match deed:
            case "edit":
                record = tx.announcements.get(1).record
                tx.announcements.edit(1, record, due(NOW), account=RSO, at=NOW)
            case "new time":
                tx.announcements.set_due(1, due(NOW), at=NOW)
            case "cancel":
                tx.announcements.move(1, [PUBLISHING], SCHEDULED, {})
            case _:
                tx.announcements.move(1, [PUBLISHING], State.HELD, held)
                tx.announcements.move(1, [State.HELD], PUBLISHING, {"wake_at": NOW})
        assert tx.announcements.get(1).epoch > taken.epoch


def test_a_thread_that_goes_on_keeps_its_claim(store: Store) -> None:
    schedule(store)
    taken = claim(store)
    assert taken is not None
    with store.writing() as tx:
        tx.announcements.move(1, [PUBLISHING], PUBLISHING, {"wake_at": NOW})
        assert tx.announcements.get(1).epoch == taken.epoch


def test_what_is_partly_published_is_not_claimed_until_somebody_resumes_it(store: Store) -> None:
    schedule(store)
    claim(store)
    with store.writing() as tx:
        held = {"held": Held(HeldReason.POISON, "403"), "wake_at": NOW}
        tx.announcements.move(1, [PUBLISHING], State.PARTLY_PUBLISHED, held)
        assert tx.announcements.next_wake(RSO) is None
    assert claim(store, minute=60) is None
    with store.writing() as tx:
        tx.announcements.move(1, [State.PARTLY_PUBLISHED], PUBLISHING, {"wake_at": NOW})
    assert claim(store, minute=60) is not None


def test_two_workers_never_get_the_same_claim(database: Database, store: Store) -> None:
    for number in range(40):
        schedule(store, f"a{number}")

    def work(worker: str) -> list[Claim]:
        mine = database.store()
        taken: list[Claim] = []
        while (found := claim(mine, worker=worker)) and len(taken) < 50:
            taken.append(found)
        return taken

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, ["host:1", "host:2"])
    assert sorted(c.announcement_id for c in [*first, *second]) == list(range(1, 41))


def test_the_next_wake_is_the_earliest_of_the_account(store: Store) -> None:
    queue(store, "draft")
    schedule(store, "b", at=minutes(7))
    schedule(store, "a", at=minutes(3))
    schedule(store, "other", account=OTHER, at=minutes(1))
    with store.reading() as tx:
        assert tx.announcements.next_wake(RSO) == minutes(3)
        assert tx.announcements.next_wake("nobody") is None
    claim(store, minute=3)
    with store.reading() as tx:
        assert tx.announcements.next_wake(RSO) == minutes(7)


def test_accounts_wait_for_a_wake_or_for_an_attempt_that_is_open(store: Store) -> None:
    queue(store, "draft", account="c")
    schedule(store, "b", account="b", at=minutes(700))
    schedule(store, "b2", account="b", at=minutes(800))
    schedule(store, "d", account="d", at=minutes(700))
    (post,) = schedule(store, "a", account="a")
    begin(store, post)
    with store.writing() as tx:
        tx.announcements.move(post.announcement_id, [SCHEDULED], PUBLISHING, {"wake_at": None})
        assert tx.announcements.accounts_waiting() == ["a", "b", "d"]


def test_an_account_does_not_wait_for_what_is_held_whatever_its_wake(store: Store) -> None:
    schedule(store)
    with store.writing() as tx:
        held = {"held": Held(HeldReason.LATE, "late"), "wake_at": NOW}
        tx.announcements.move(1, [SCHEDULED], State.HELD, held)
        assert tx.announcements.accounts_waiting() == []


def test_claim_and_next_wake_walk_the_index_of_the_account(database: Database, store: Store) -> None:
    schedule(store)
    with database.plans() as plans:
        claim(store)
        with store.reading() as tx:
            tx.announcements.next_wake(RSO)
            tx.announcements.accounts_waiting()
    assert plans
    wakes = [step for step in plans if "announcements_wake" in step]
    assert len(wakes) == 4, plans
    assert not [step for step in plans if step == "SCAN announcements" or "TEMP B-TREE" in step], plans


def test_a_draft_is_never_claimed(store: Store) -> None:
    queue(store)
    assert claim(store, minute=60) is None
    with store.reading() as tx:
        assert tx.announcements.get(1).state is DRAFT
