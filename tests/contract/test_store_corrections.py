"""New versions of posts that are out (decision 0024)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.application.ports.announcements import NewAnnouncement
from bot.application.ports.posts import NewPost
from bot.application.ports.store import Store
from bot.domain.announcement import Announcement, Record
from bot.domain.errors import Refusal
from bot.domain.post import Post
from bot.domain.states import AttemptState, KnownBy, State
from tests.contract.database import NOW, RSO, Database, due, minutes, new_attempt, schedule


def queue(store: Store, key: str, corrects: int) -> Announcement:
    new = NewAnnouncement(Record(campaign=RSO), RSO, key, RSO, due(NOW), "ann", NOW, corrects=corrects)
    with store.writing() as tx:
        return tx.announcements.add(new)


def publish(store: Store, post: Post, post_id: str, *, edits: str | None = None) -> None:
    with store.writing() as tx:
        attempt = tx.attempts.begin(replace(new_attempt(post), edits=edits))
        facts = {"post_id": post_id, "known_by": KnownBy.ANSWER, "settled_at": NOW}
        tx.attempts.move(attempt.id, [AttemptState.SENDING], AttemptState.ACCEPTED, facts)


def correct(store: Store, post: Post, text: str, post_id: str, *, edits: str) -> Post:
    """Publish a new version of a post."""
    announcement = queue(store, f"correction-{post_id}", post.id)
    with store.writing() as tx:
        for before, after in ((State.DRAFT, State.SUBMITTED), (State.SUBMITTED, State.SCHEDULED)):
            tx.announcements.move(announcement.id, [before], after, {})
        new = NewPost(0, text, Decimal("0.01"), corrects=post.id)
        (version,) = tx.posts.freeze(announcement.id, RSO, [new])
    publish(store, version, post_id, edits=edits)
    with store.writing() as tx:
        tx.announcements.move(announcement.id, [State.SCHEDULED], State.PUBLISHED, {})
        tx.posts.finish(announcement.id)
        return tx.posts.get(version.id)


@pytest.fixture
def post(store: Store) -> Post:
    """The last post of a thread, out as 99."""
    first, last = schedule(store, "a", "One", "Two")
    publish(store, first, "98")
    publish(store, last, "99")
    with store.reading() as tx:
        return tx.posts.get(last.id)


def test_a_post_gives_all_its_versions_by_number_not_by_letters(store: Store, post: Post) -> None:
    second = correct(store, post, "Two, corrected", "100", edits="99")
    third = correct(store, post, "Two, once more", "101", edits="100")
    with store.reading() as tx:
        for asked in (post.id, second.id, third.id):
            assert [version.post_id for version in tx.posts.versions(asked)] == ["99", "100", "101"]
        assert [version.post_id for version in tx.posts.versions(post.id - 1)] == ["98"]


def test_a_version_that_is_not_out_is_none(store: Store, post: Post) -> None:
    queue(store, "b", post.id)
    with store.reading() as tx:
        assert [version.post_id for version in tx.posts.versions(post.id)] == ["99"]


def test_a_reply_goes_to_the_newest_version_of_the_last_post(store: Store, post: Post) -> None:
    version = correct(store, post, "Two, corrected", "100", edits="99")
    with store.reading() as tx:
        assert tx.posts.published_at(post.announcement_id) == "100"
        assert tx.posts.published_at(version.announcement_id) == "100"


def test_what_replaced_what_is_told(store: Store, post: Post) -> None:
    correct(store, post, "Two, corrected", "100", edits="99")
    with store.reading() as tx:
        assert tx.attempts.replaced(RSO) == {"99": "100"}
        assert tx.attempts.replaced("another") == {}


def test_the_database_refuses_a_second_correction_that_is_not_finished(store: Store, post: Post) -> None:
    first = queue(store, "b", post.id)
    with pytest.raises(Refusal, match="another correction of this post is not finished"):
        queue(store, "c", post.id)
    queue(store, "d", post.id - 1)
    with store.writing() as tx:
        tx.announcements.move(first.id, [State.DRAFT], State.CANCELLED, {})
    queue(store, "e", post.id)
    with store.reading() as tx:
        assert [each.key for each in tx.announcements.corrections(post.id)] == ["b", "e"]


def test_a_cancelled_correction_does_not_come_back_beside_another(store: Store, post: Post) -> None:
    first = queue(store, "b", post.id)
    with store.writing() as tx:
        tx.announcements.move(first.id, [State.DRAFT], State.CANCELLED, {})
    queue(store, "c", post.id)
    with store.writing() as tx, pytest.raises(Refusal, match="another correction"):
        tx.announcements.move(first.id, [State.CANCELLED], State.DRAFT, {})


def test_corrections_take_no_slot_and_are_no_beginning(store: Store, post: Post) -> None:
    correct(store, post, "Two, corrected", "100", edits="99")
    with store.reading() as tx:
        assert tx.announcements.taken(RSO, minutes(-1), minutes(1)) == [NOW]
        assert [each.key for each in tx.announcements.due_between(RSO, minutes(-1), minutes(1))] == ["a"]
        begun = tx.attempts.last_first_post(RSO)
    assert begun == NOW


def test_what_a_post_corrects_and_what_an_attempt_edits_is_frozen(
    store: Store, database: Database, post: Post
) -> None:
    version = correct(store, post, "Two, corrected", "100", edits="99")
    store.close()
    frozen = database.refusal(f"UPDATE posts SET corrects = 1 WHERE id = {version.id}")
    assert "an approved post is frozen" in frozen
    sent = database.refusal(f"UPDATE attempts SET edits = '98' WHERE post = {version.id}")
    assert "what an attempt sends is not changed" in sent
