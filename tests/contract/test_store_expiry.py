"""When an announcement expires: it comes back as it was put there, and the database sends nothing of it after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.application.ports.announcements import Filter, NewAnnouncement
from bot.application.ports.store import Store
from bot.domain.announcement import Due, Record
from bot.domain.errors import Refusal
from bot.domain.states import State
from tests.contract.database import DRAFT, NOW, RSO, SCHEDULED, begin, due, minutes, new_posts, queue

EXPIRES = due(minutes(60))


def expiring(store: Store, expires: Due | None = EXPIRES) -> int:
    """Queue a draft that is due now and expires."""
    with store.writing() as tx:
        record = Record("tenyears", body="Body")
        new = NewAnnouncement(record, "f", "a", RSO, due(NOW), "mali", NOW, expires=expires)
        return tx.announcements.add(new).id


def test_an_expiry_comes_back_as_it_was_put_there(store: Store) -> None:
    number = expiring(store)
    with store.reading() as tx:
        assert tx.announcements.get(number).expires == EXPIRES
        assert tx.announcements.list(Filter())[0].expires == EXPIRES
    for other in (replace(EXPIRES, fixed=True), due(minutes(5)), None):
        with store.writing() as tx:
            tx.announcements.set_expires(number, other, at=NOW)
        with store.reading() as tx:
            assert tx.announcements.get(number).expires == other


def test_an_announcement_without_one_has_none(store: Store) -> None:
    assert queue(store).expires is None


@pytest.mark.parametrize(("expires", "minute"), [(EXPIRES, 59.9), (None, 600)])
def test_an_attempt_begins_until_it_has_expired(store: Store, expires: Due | None, minute: float) -> None:
    number = expiring(store, expires)
    with store.writing() as tx:
        post, *_ = tx.posts.freeze(number, RSO, new_posts("One"))
        tx.announcements.move(number, [DRAFT], SCHEDULED, {"wake_at": NOW})
    begin(store, post, at=minutes(minute))


@pytest.mark.parametrize("minute", [60, 600])
def test_no_attempt_begins_once_it_has_expired(store: Store, minute: float) -> None:
    number = expiring(store)
    with store.writing() as tx:
        post, *_ = tx.posts.freeze(number, RSO, new_posts("One"))
    with pytest.raises(Refusal, match="nothing is sent once it has expired"):
        begin(store, post, at=minutes(minute))
    with store.reading() as tx:
        assert tx.announcements.state(number) is State.DRAFT
