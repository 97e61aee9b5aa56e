"""The campaigns that people stopped, and how much of a campaign went out."""

from __future__ import annotations

import pytest

from bot.adapters.store.store import SqlStore
from bot.application.ports.campaign_stops import CampaignStop
from bot.application.ports.store import Store
from bot.domain.post import Post
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
)

STOP = CampaignStop("tenyears", "The ministers meet.", "mali", NOW)


def schedule(
    store: Store, key: str, *texts: str, account: str = RSO, campaign: str = "tenyears"
) -> list[Post]:
    announcement = queue(store, key, account=account, campaign=campaign)
    with store.writing() as tx:
        posts = tx.posts.freeze(announcement.id, account, new_posts(*(texts or (f"Text of {key}",))))
        assert tx.announcements.move(announcement.id, [DRAFT], SCHEDULED, {"wake_at": NOW, "at": NOW})
    return list(posts)


def send(store: Store, post: Post, state: AttemptState, *, minute: float = 0) -> None:
    attempt = begin(store, post, at=minutes(minute))
    known = {"post_id": f"9{post.id}", "known_by": KnownBy.ANSWER, "settled_at": NOW}
    by_way_of = [AttemptState.IN_DOUBT] if state is AttemptState.ABSENT else []
    with store.writing() as tx:
        for after in [*by_way_of, state]:
            facts = known if after is AttemptState.ACCEPTED else {}
            tx.attempts.move(attempt.id, list(AttemptState), after, facts)


def test_a_campaign_is_stopped_once_and_the_first_word_stays(store: Store) -> None:
    with store.writing() as tx:
        assert tx.campaign_stops.stop(STOP)
        assert not tx.campaign_stops.stop(CampaignStop("tenyears", "Again.", "som", minutes(1)))
        assert tx.campaign_stops.stop(CampaignStop("other", "Flood.", "som", minutes(-1)))
    with store.reading() as tx:
        assert tx.campaign_stops.get("tenyears") == STOP
        assert tx.campaign_stops.get("third") is None
        assert [each.campaign for each in tx.campaign_stops.all()] == ["other", "tenyears"]


def test_a_stop_that_is_lifted_is_gone_and_is_told(store: Store) -> None:
    with store.writing() as tx:
        tx.campaign_stops.stop(STOP)
        assert tx.campaign_stops.lift("tenyears") == STOP
        assert tx.campaign_stops.lift("tenyears") is None
        assert (tx.campaign_stops.get("tenyears"), tx.campaign_stops.all()) == (None, [])


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (AttemptState.ACCEPTED, 1),
        (AttemptState.SENDING, 1),
        (AttemptState.IN_DOUBT, 1),
        (AttemptState.ABSENT, 0),
        (AttemptState.NOT_SENT, 0),
        (AttemptState.REFUSED, 0),
    ],
)
def test_what_may_be_out_counts_as_begun(store: Store, state: AttemptState, counts: int) -> None:
    send(store, schedule(store, "a")[0], state)
    with store.reading() as tx:
        assert tx.attempts.begun(RSO, "tenyears", NOW) == counts


def test_begun_counts_announcements_of_the_campaign_on_the_account_since_an_instant(store: Store) -> None:
    for post in schedule(store, "thread", "One", "Two"):
        send(store, post, AttemptState.ACCEPTED)
    send(store, schedule(store, "before")[0], AttemptState.ACCEPTED, minute=-1)
    send(store, schedule(store, "elsewhere", account=OTHER)[0], AttemptState.ACCEPTED)
    send(store, schedule(store, "another", campaign="other")[0], AttemptState.ACCEPTED)
    with store.reading() as tx:
        assert tx.attempts.begun(RSO, "tenyears", NOW) == 1
        assert tx.attempts.begun(RSO, "tenyears", minutes(-1)) == 2
        assert tx.attempts.begun(OTHER, "tenyears", NOW) == 1


def test_counting_what_began_searches_the_account_and_reads_nothing_else(
    store: SqlStore, database: Database
) -> None:
    schedule(store, "a")
    with database.plans() as plans, store.reading() as tx:
        tx.attempts.begun(RSO, "tenyears", NOW)
        tx.campaign_stops.get("tenyears")
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
    assert any("attempts_account_intent (account=? AND intent_at>?)" in plan for plan in plans)


def test_what_is_taken_can_be_asked_of_one_campaign(store: Store) -> None:
    queue(store, "a", at=minutes(1))
    queue(store, "b", at=minutes(2), campaign="other")
    cancelled = queue(store, "c", at=minutes(3))
    with store.writing() as tx:
        tx.announcements.move(cancelled.id, [DRAFT], State.CANCELLED, {"at": NOW})
        assert tx.announcements.taken(RSO, NOW, minutes(9)) == [minutes(1), minutes(2)]
        assert tx.announcements.taken(RSO, NOW, minutes(9), campaign="tenyears") == [minutes(1)]
