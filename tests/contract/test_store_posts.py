"""The frozen posts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from bot.application.ports.posts import NewPost
from bot.application.ports.store import Store, Transaction
from bot.domain.announcement import Poll, ReplySettings
from bot.domain.errors import InputError, Refusal
from bot.domain.extras import Extras
from bot.domain.fingerprint import fingerprint
from bot.domain.post import Parent, Quoted, Withdrawal
from bot.domain.states import AttemptState, KnownBy, State
from tests.contract.database import (
    DRAFT,
    NOW,
    OTHER,
    RSO,
    SCHEDULED,
    Database,
    begin,
    minutes,
    new_posts,
    queue,
    schedule,
)


def accept(store: Store, attempt: int, post_id: str) -> None:
    with store.writing() as tx:
        facts = {"post_id": post_id, "known_by": KnownBy.ANSWER, "settled_at": NOW}
        assert tx.attempts.move(attempt, [AttemptState.SENDING], AttemptState.ACCEPTED, facts)


def withdraw(tx: Transaction, post: int, at: datetime) -> None:
    tx.posts.ask_withdrawal(post, Withdrawal(NOW, "ann", "Wrong."), cost_usd=Decimal("0.01"))
    tx.posts.withdraw(post, at)


def test_a_thread_comes_back_in_order_each_post_replying_to_the_one_before(store: Store) -> None:
    first, second, third = schedule(store, "a", "One", "Two", "Three")
    assert [post.position for post in (first, second, third)] == [0, 1, 2]
    assert (first.parent, second.parent, third.parent) == (None, Parent(first.id), Parent(second.id))
    assert second.fingerprint == fingerprint("Two", Parent(first.id))
    assert first.cost_usd == Decimal("0.015")
    with store.reading() as tx:
        assert tx.posts.of(first.announcement_id) == [first, second, third]
        assert tx.posts.get(second.id) == second


@pytest.mark.parametrize(
    ("post", "parent"),
    [
        (NewPost(0, "Yes", Decimal(0), reply_to="123"), Parent(post_id="123")),
        (NewPost(0, "Yes", Decimal(0), reply_to_announcement=1), Parent(announcement_id=1)),
        (NewPost(0, "Yes", Decimal(0)), None),
    ],
)
def test_the_parent_of_a_first_post_is_kept_and_belongs_to_its_fingerprint(
    store: Store, post: NewPost, parent: Parent | None
) -> None:
    queue(store, "parent")
    reply = queue(store, "reply")
    with store.writing() as tx:
        (frozen,) = tx.posts.freeze(reply.id, RSO, [post])
    assert (frozen.parent, frozen.fingerprint) == (parent, fingerprint("Yes", parent))


@pytest.mark.parametrize("quote", [Quoted(post_id="123"), Quoted(announcement_id=1), None])
def test_what_a_first_post_quotes_is_kept_and_belongs_to_its_fingerprint(
    store: Store, quote: Quoted | None
) -> None:
    queue(store, "quoted")
    quoting = queue(store, "quoting")
    with store.writing() as tx:
        (frozen,) = tx.posts.freeze(quoting.id, RSO, [NewPost(0, "Yes", Decimal(0), quote=quote)])
    assert (frozen.quote, frozen.fingerprint) == (quote, fingerprint("Yes", None, quote))
    assert (frozen.fingerprint == fingerprint("Yes", None)) == (quote is None)


def test_what_a_post_carries_beside_its_text_comes_back_as_it_was_approved(store: Store) -> None:
    extras = Extras(
        Poll(("Yes", "Ναι"), 60), ReplySettings.VERIFIED, made_with_ai=True, paid_partnership=True
    )
    announcement = queue(store)
    with store.writing() as tx:
        tx.posts.freeze(
            announcement.id,
            RSO,
            [NewPost(0, "One", Decimal(0), extras=extras), NewPost(1, "Two", Decimal(0))],
        )
    with store.reading() as tx:
        assert [post.extras for post in tx.posts.of(announcement.id)] == [extras, Extras()]


@pytest.mark.parametrize("cost", ["0", "0.000001", "0.2", "0.015", "123456.789012"])
def test_a_price_comes_back_exact(store: Store, cost: str) -> None:
    announcement = queue(store)
    with store.writing() as tx:
        (post,) = tx.posts.freeze(announcement.id, RSO, [NewPost(0, "Text", Decimal(cost))])
    assert (post.cost_usd, str(post.cost_usd + 0)) == (Decimal(cost), str(Decimal(cost)))


def test_the_same_text_is_refused_while_the_other_is_not_finished(store: Store) -> None:
    schedule(store, "a", "Ten years & counting")
    again = queue(store, "b")
    with (
        pytest.raises(Refusal, match="announcement 1 has the same text and is not finished"),
        store.writing() as tx,
    ):
        tx.posts.freeze(again.id, RSO, new_posts("Ten  years & counting"))
    with store.writing() as tx:
        assert tx.posts.of(again.id) == []
        tx.posts.finish(1)
        assert tx.posts.freeze(again.id, RSO, new_posts("Ten years & counting"))


def test_the_same_text_on_another_account_or_under_another_parent_is_another_post(store: Store) -> None:
    schedule(store, "a", "Happy birthday")
    schedule(store, "b", "Happy birthday", account=OTHER)
    reply = queue(store, "c")
    with store.writing() as tx:
        tx.posts.freeze(reply.id, RSO, [NewPost(0, "Happy birthday", Decimal(0), reply_to="123")])


def test_a_post_shows_its_newest_attempt_and_its_id_once_it_is_accepted(store: Store) -> None:
    (post,) = schedule(store)
    assert (post.latest_attempt, post.post_id) == (None, None)
    first = begin(store, post)
    with store.writing() as tx:
        assert tx.posts.get(post.id).latest_attempt is AttemptState.SENDING
        tx.attempts.move(first.id, [AttemptState.SENDING], AttemptState.NOT_SENT, {})
    accept(store, begin(store, post, 2).id, "123")
    with store.reading() as tx:
        found = tx.posts.get(post.id)
        assert (found.latest_attempt, found.post_id) == (AttemptState.ACCEPTED, "123")
        assert tx.posts.published_at(post.announcement_id) == "123"


def test_a_reply_goes_to_the_last_post_of_a_thread_that_is_out(store: Store) -> None:
    first, second, third = schedule(store, "a", "One", "Two", "Three")
    with store.reading() as tx:
        assert tx.posts.published_at(first.announcement_id) is None
    accept(store, begin(store, first).id, "900")
    accept(store, begin(store, second).id, "100")
    begin(store, third)
    with store.reading() as tx:
        assert tx.posts.published_at(first.announcement_id) == "100"


def test_unsent_is_what_is_not_accepted_and_may_still_go_out(store: Store) -> None:
    out, rest = schedule(store, "thread", "One", "Two")
    schedule(store, "cancelled")
    schedule(store, "other account", account=OTHER)
    (waiting,) = schedule(store, "waiting")
    accept(store, begin(store, out).id, "123")
    with store.writing() as tx:
        tx.announcements.move(2, [SCHEDULED], State.CANCELLED, {})
        assert [post.id for post in tx.posts.unsent(RSO)] == [rest.id, waiting.id]


def test_posts_are_taken_back_as_long_as_nothing_was_sent(store: Store) -> None:
    first, *_ = schedule(store, "a", "One", "Two")
    with store.writing() as tx:
        tx.posts.discard(first.announcement_id)
        assert tx.posts.of(first.announcement_id) == []
        (post,) = tx.posts.freeze(first.announcement_id, RSO, new_posts("One"))
    begin(store, post)
    with pytest.raises(Refusal, match="something of it is out, or may be"), store.writing() as tx:
        tx.posts.discard(first.announcement_id)


def test_posts_that_x_refused_stay_for_the_record_and_make_room_for_others(store: Store) -> None:
    (post,) = schedule(store)
    attempt = begin(store, post)
    with store.writing() as tx:
        tx.attempts.move(attempt.id, [AttemptState.SENDING], AttemptState.REFUSED, {"reason": "no"})
        tx.posts.discard(post.announcement_id)
        assert tx.posts.of(post.announcement_id) == []
        (mended,) = tx.posts.freeze(post.announcement_id, RSO, new_posts("Mended"))
        assert [each.id for each in tx.posts.of(post.announcement_id)] == [mended.id]
        assert [each.post for each in tx.attempts.of_announcement(post.announcement_id)] == [post.id]


def test_a_parent_may_be_frozen_anew_while_a_reply_to_it_waits(store: Store) -> None:
    schedule(store, "parent", "One")
    reply = queue(store, "reply")
    with store.writing() as tx:
        new = NewPost(0, "Yes", Decimal(0), reply_to_announcement=1)
        (before,) = tx.posts.freeze(reply.id, RSO, [new])
        tx.posts.discard(1)
        tx.posts.freeze(1, RSO, new_posts("Another"))
        assert tx.posts.get(before.id) == before


def test_what_comes_back_bars_the_same_text_again(store: Store) -> None:
    schedule(store, "a", "Same")
    with store.writing() as tx:
        tx.announcements.move(1, [SCHEDULED], State.MISSED, {})
        tx.posts.finish(1)
    schedule(store, "b", "Same")
    with (
        pytest.raises(Refusal, match="the same text is queued for this account already"),
        store.writing() as tx,
    ):
        tx.announcements.move(1, [State.MISSED], SCHEDULED, {"wake_at": NOW})
    with store.writing() as tx:
        assert tx.announcements.get(1).state is State.MISSED
        tx.posts.finish(2)
        assert tx.announcements.move(1, [State.MISSED], SCHEDULED, {"wake_at": NOW})
    again = queue(store, "c")
    with pytest.raises(Refusal, match="announcement 1 has the same text"), store.writing() as tx:
        tx.posts.freeze(again.id, RSO, new_posts("Same"))


def test_a_thread_goes_on_although_the_text_of_a_part_that_is_out_is_queued_again(store: Store) -> None:
    first, _ = schedule(store, "a", "One", "Two")
    accept(store, begin(store, first).id, "123")
    with store.writing() as tx:
        tx.announcements.move(1, [SCHEDULED], State.PUBLISHING, {})
        tx.announcements.move(1, [State.PUBLISHING], State.PARTLY_PUBLISHED, {})
        tx.posts.finish(1)
    schedule(store, "b", "One")
    with store.writing() as tx:
        assert tx.announcements.move(1, [State.PARTLY_PUBLISHED], State.PUBLISHING, {"wake_at": NOW})


def test_a_late_fact_is_taken_although_the_same_text_is_queued_again(store: Store) -> None:
    schedule(store, "a", "Same")
    with store.writing() as tx:
        tx.announcements.move(1, [SCHEDULED], State.CANCELLED, {})
        tx.posts.finish(1)
    schedule(store, "b", "Same")
    with store.writing() as tx:
        assert tx.announcements.move(1, [State.CANCELLED], State.PUBLISHED, {})


def test_a_withdrawn_post_keeps_its_id_and_is_not_the_newest_any_more(store: Store) -> None:
    first, second = schedule(store, "a", "One", "Two")
    accept(store, begin(store, first).id, "99")
    accept(store, begin(store, second).id, "100")
    with store.writing() as tx:
        assert tx.posts.newest_published(RSO) == "100"
        withdraw(tx, second.id, minutes(1))
        found = tx.posts.get(second.id)
        assert (found.withdrawn, found.post_id) == (True, "100")
        assert tx.posts.newest_published(RSO) == "99"
        assert tx.posts.newest_published(OTHER) is None


def test_alike_gives_what_is_out_or_may_go_out_with_the_same_fingerprint(store: Store) -> None:
    (out,) = schedule(store, "out", "Same")
    accept(store, begin(store, out).id, "123")
    with store.writing() as tx:
        tx.announcements.move(1, [SCHEDULED], State.PUBLISHED, {})
        tx.posts.finish(1)
    schedule(store, "cancelled", "Same")
    with store.writing() as tx:
        tx.announcements.move(2, [SCHEDULED], State.CANCELLED, {})
        tx.posts.finish(2)
    schedule(store, "waiting", "Same")
    with store.reading() as tx:
        assert [post.announcement_id for post in tx.posts.alike(RSO, out.fingerprint)] == [1, 3]
        assert tx.posts.alike(OTHER, out.fingerprint) == []


def test_a_text_that_x_refused_and_another_took_the_place_of_is_not_to_be_published(store: Store) -> None:
    (post,) = schedule(store, "a", "Refused")
    attempt = begin(store, post)
    with store.writing() as tx:
        tx.attempts.move(attempt.id, [AttemptState.SENDING], AttemptState.REFUSED, {"reason": "no"})
        assert [each.id for each in tx.posts.alike(RSO, post.fingerprint)] == [post.id]
        tx.posts.discard(post.announcement_id)
        tx.posts.freeze(post.announcement_id, RSO, new_posts("Mended"))
        assert tx.posts.alike(RSO, post.fingerprint) == []


def test_a_thread_has_worked_once_its_second_post_was_accepted(store: Store) -> None:
    first, second = schedule(store, "a", "One", "Two")
    accept(store, begin(store, first).id, "123")
    with store.reading() as tx:
        assert not tx.posts.thread_worked(RSO)
    accept(store, begin(store, second).id, "124")
    with store.reading() as tx:
        assert tx.posts.thread_worked(RSO)
        assert not tx.posts.thread_worked(OTHER)


def test_a_post_that_is_not_there_is_said_in_one_line(store: Store) -> None:
    with pytest.raises(InputError, match="there is no post 7"), store.reading() as tx:
        tx.posts.get(7)


def test_drafts_never_collide(database: Database, store: Store) -> None:
    queue(store, "a", body="Same")
    queue(store, "b", body="Same")
    assert database.run("SELECT state FROM announcements") == [(DRAFT.value,), (DRAFT.value,)]


def test_the_posts_that_were_deleted_are_listed_by_their_local_ids(store: Store) -> None:
    schedule(store, "a", "One", "Two", "Three")
    with store.writing() as tx:
        assert list(tx.posts.withdrawn()) == []
        withdraw(tx, 3, NOW)
        withdraw(tx, 1, NOW)
        assert list(tx.posts.withdrawn()) == [1, 3]


def test_a_wish_to_delete_is_kept_until_it_is_done_and_each_time_costs(store: Store) -> None:
    first, second = schedule(store, "a", "One", "Two")
    accept(store, begin(store, first).id, "99")
    accept(store, begin(store, second).id, "100")
    wish = Withdrawal(NOW, "ann", "Wrong.")
    with store.writing() as tx:
        before = tx.attempts.spent_since(RSO, NOW)
        assert list(tx.posts.withdrawing()) == []
        tx.posts.ask_withdrawal(second.id, wish, cost_usd=Decimal("0.01"))
        tx.posts.ask_withdrawal(second.id, wish, cost_usd=Decimal("0.01"))
        (asked,) = tx.posts.withdrawing()
        assert (asked.id, asked.withdrawal, asked.withdrawn, asked.stays) == (second.id, wish, False, False)
        assert tx.posts.newest_published(RSO) == "99"
        assert tx.attempts.spent_since(RSO, NOW) - before == Decimal("0.02")
        assert tx.attempts.spent_since(RSO, minutes(1)) == 0
        tx.posts.withdraw(second.id, minutes(1))
        assert list(tx.posts.withdrawing()) == []


def test_the_newest_published_below_an_id_counts_ids_as_numbers(store: Store) -> None:
    posts = schedule(store, "a", "One", "Two", "Three")
    for post, post_id in zip(posts, ("98", "99", "100"), strict=True):
        accept(store, begin(store, post).id, post_id)
    with store.reading() as tx:
        below = [tx.posts.newest_published(RSO, before=each) for each in ("101", "100", "99", "98")]
    assert below == ["100", "99", "98", None]


def test_what_replies_to_a_post_is_the_next_of_its_thread_and_whatever_names_it(store: Store) -> None:
    first, second = schedule(store, "a", "One", "Two")
    accept(store, begin(store, first).id, "99")
    accept(store, begin(store, second).id, "100")
    for key, parent in (("id", {"reply_to": "99"}), ("key", {"reply_to_announcement": 1})):
        number = queue(store, key).id
        with store.writing() as tx:
            tx.posts.freeze(number, RSO, [NewPost(0, key, Decimal(0), **parent)])
            tx.announcements.move(number, [State.DRAFT], State.SCHEDULED, {})
    with store.reading() as tx:
        to_first, to_second = (
            [each.text for each in tx.posts.replies_to(tx.posts.get(post.id))] for post in (first, second)
        )
    assert (to_first, to_second) == (["Two", "id"], ["key"])
