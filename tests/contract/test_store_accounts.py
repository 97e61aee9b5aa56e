"""What is known of each account, the stop switch, and the roll of workers."""

from __future__ import annotations

import pytest

from bot.application.ports.account_states import EVERY_ACCOUNT, AccountState, Pause, PauseKind
from bot.application.ports.store import Store
from bot.application.ports.workers import WorkerSeen
from tests.contract.database import NOW, OTHER, RSO, minutes


def pause(
    scope: str = RSO, kind: PauseKind = PauseKind.PEOPLE, why: str = "flood", minute: float = 0
) -> Pause:
    return Pause(scope, kind, why, "mali", minutes(minute))


def test_nothing_known_of_an_account_is_a_state_too(store: Store) -> None:
    with store.reading() as tx:
        assert tx.accounts.state(RSO) == AccountState(RSO)


@pytest.mark.parametrize(
    ("noted", "newest"),
    [
        (["9", "10"], "10"),
        (["10", "9"], "10"),
        (["1640000000000000000", "999999999999999999"], "1640000000000000000"),
        (["5", "5"], "5"),
    ],
)
def test_the_newest_post_is_the_largest_number_and_never_goes_back(
    store: Store, noted: list[str], newest: str
) -> None:
    with store.writing() as tx:
        for post_id in noted:
            tx.accounts.note_newest(RSO, post_id)
        assert tx.accounts.state(RSO).newest_post_id == newest
        assert tx.accounts.state(OTHER).newest_post_id is None


def test_a_newest_post_that_is_gone_gives_way_to_an_older_one(store: Store) -> None:
    with store.writing() as tx:
        tx.accounts.note_newest(RSO, "10")
        tx.accounts.forget_newest(RSO, "8", instead="7")
        assert tx.accounts.state(RSO).newest_post_id == "10"
        tx.accounts.forget_newest(RSO, "10", instead="9")
        assert tx.accounts.state(RSO).newest_post_id == "9"
        tx.accounts.forget_newest(RSO, "9", instead=None)
        assert tx.accounts.state(RSO).newest_post_id is None


def test_a_longer_wait_is_not_cut_short_by_a_shorter_one(store: Store) -> None:
    with store.writing() as tx:
        tx.accounts.note_newest(RSO, "10")
        tx.accounts.wait(RSO, minutes(15))
        tx.accounts.wait(RSO, minutes(5))
        assert tx.accounts.state(RSO) == AccountState(RSO, "10", minutes(15))
        tx.accounts.wait(RSO, minutes(16))
        assert tx.accounts.state(RSO).wait_until == minutes(16)


def test_a_stop_of_every_account_holds_for_each_of_them(store: Store) -> None:
    everything, own, other = pause(EVERY_ACCOUNT), pause(minute=1), pause(OTHER, minute=2)
    with store.writing() as tx:
        assert all(tx.accounts.pause(one) for one in (everything, own, other))
    with store.reading() as tx:
        assert tx.accounts.pauses(RSO) == [everything, own]
        assert tx.accounts.pauses(OTHER) == [everything, other]
        assert tx.accounts.pauses() == [everything, own, other]


def test_a_second_stop_of_the_same_kind_leaves_the_first_as_it_was(store: Store) -> None:
    with store.writing() as tx:
        assert tx.accounts.pause(pause(why="flood"))
        assert not tx.accounts.pause(pause(why="another reason", minute=1))
        assert tx.accounts.pause(pause(kind=PauseKind.CLOCK, minute=1))
        assert [one.why for one in tx.accounts.pauses(RSO)] == ["flood", "flood"]
        assert tx.accounts.pauses(RSO)[0] == pause()


def test_a_stop_is_lifted_by_its_scope_and_its_kind(store: Store) -> None:
    people, clock, everything = pause(), pause(kind=PauseKind.CLOCK, minute=1), pause(EVERY_ACCOUNT, minute=2)
    with store.writing() as tx:
        for one in (people, clock, everything):
            tx.accounts.pause(one)
        assert tx.accounts.lift(RSO, [PauseKind.CLOCK, PauseKind.NO_CREDIT]) == [clock]
        assert tx.accounts.lift(RSO, []) == []
        assert tx.accounts.pauses() == [people, everything]
        assert tx.accounts.lift(RSO) == [people]
        assert tx.accounts.lift(RSO) == []
        assert tx.accounts.lift(EVERY_ACCOUNT) == [everything]


def test_the_workers_are_listed_the_last_seen_first(store: Store) -> None:
    with store.writing() as tx:
        tx.workers.beat("host:1", started_at=NOW, now=minutes(1))
        tx.workers.beat("host:2", started_at=NOW, now=minutes(2))
        tx.workers.beat("host:1", started_at=NOW, now=minutes(3))
        tx.workers.beat("host:2", started_at=NOW, now=minutes(2.5), ended=True)
        assert tx.workers.seen() == [
            WorkerSeen("host:1", NOW, minutes(3)),
            WorkerSeen("host:2", NOW, minutes(2.5), ended=True),
        ]
