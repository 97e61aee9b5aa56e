"""What an account shows, held against what the log says; `tests/end_to_end/test_against_account.py` plays the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.attempt import Attempt
from bot.domain.differences import Difference, Ours, Sent, Span, differences, reposts
from bot.domain.states import AttemptState, KnownBy
from bot.domain.timeline import Reading, TimelinePost

NOW = datetime(2026, 3, 30, 3, 0, tzinfo=UTC)
SPAN = Span(since=NOW - timedelta(days=1), settled_until=NOW - timedelta(minutes=2))


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def sent(post_id: str, text: str, *, minutes: float = 60, withdrawn: bool = False) -> Sent:
    """A post of ours that went out so many minutes ago."""
    attempt = Attempt(
        post=1, announcement_id=1, number=1, account="rso", user_id="77", text=text, body=b"", fingerprint="",
        reply_to=None, since=None, cost_usd=Decimal(0), worker="host:1", intent_at=ago(minutes), id=int(post_id),
        state=AttemptState.ACCEPTED, post_id=post_id, known_by=KnownBy.ANSWER, settled_at=ago(minutes),
    )  # fmt: skip
    return Sent(attempt, withdrawn)


def shown(
    post_id: str, text: str, *, minutes: float = 60, parent: str | None = None, quotes: str | None = None
) -> TimelinePost:
    """A post that the account shows."""
    return TimelinePost(post_id, "77", text, ago(minutes), parent, (post_id,), quote_id=quotes)


def found(
    ours: list[Sent], *posts: TimelinePost, span: Span = SPAN, doubtful: str | None = None
) -> list[tuple[Difference, str]]:
    """What differs."""
    open_ones = [sent("0", doubtful).attempt] if doubtful else []
    known = Ours(ours, [each.post_id for each in ours], open_ones)
    return [(each.kind, each.post_id) for each in differences(span, Reading(posts, whole=True), known)]


def test_what_is_shown_as_it_was_sent_is_no_difference() -> None:
    assert found([sent("5", "Q&A: 1 < 2")], shown("5", "Q&amp;A: 1 &lt; 2")) == []


@pytest.mark.parametrize(
    ("minutes", "gone"), [(60, True), (1, False), (60 * 25, False)], ids=["an hour ago", "just now", "before"]
)
def test_a_post_that_is_not_shown_is_gone_if_it_has_to_be_there(minutes: float, gone: bool) -> None:
    ours = [sent("5", "Ours.", minutes=minutes)]
    assert found(ours) == ([(Difference.GONE, "5")] if gone else [])


def test_a_post_older_than_the_oldest_that_is_shown_is_not_called_gone() -> None:
    span = replace(SPAN, oldest="6")
    assert found([sent("5", "Ours."), sent("7", "Too.")], span=span) == [(Difference.GONE, "7")]


def test_a_withdrawn_post_is_to_be_gone() -> None:
    ours = [sent("5", "Ours.", withdrawn=True)]
    assert found(ours) == []
    assert found(ours, shown("5", "Ours.")) == [(Difference.STILL_THERE, "5")]


def test_posts_from_before_the_log_or_the_span_are_nobody_s_business() -> None:
    posts = [shown("5", "Older than the log."), shown("6", "Long ago.", minutes=60 * 25), shown("7", "New.")]
    assert found([], *posts, span=replace(SPAN, after="5")) == [(Difference.NOT_OURS, "7")]


def test_a_post_whose_time_x_does_not_say_is_compared_rather_than_left_out() -> None:
    assert found([], replace(shown("5", "When?"), created_at=None)) == [(Difference.NOT_OURS, "5")]


def test_reposts_are_counted_and_not_compared() -> None:
    repost = replace(shown("5", "RT @a: words"), repost=True)
    assert found([], repost) == []
    assert reposts(SPAN, Reading((repost, shown("6", "RT @a: by hand")), whole=True)) == 1


def test_what_may_be_ours_and_in_doubt_is_no_stranger() -> None:
    assert found([], shown("5", "Q&amp;A"), doubtful="Q&A") == []
    assert found([], shown("5", "Q&amp;A"), doubtful="Another") == [(Difference.NOT_OURS, "5")]


def test_two_strangers_with_one_text_are_two_strangers() -> None:
    posts = [shown("5", "By hand."), shown("6", "By hand.")]
    assert found([], *posts) == [(Difference.NOT_OURS, "5"), (Difference.NOT_OURS, "6")]


def test_a_double_has_the_text_and_the_parent_of_ours() -> None:
    ours = [sent("5", "Ours.")]
    posts = [shown("5", "Ours."), shown("6", "  Ours. "), shown("7", "Ours.", parent="5")]
    assert found(ours, *posts) == [(Difference.DOUBLE, "6"), (Difference.NOT_OURS, "7")]


def test_a_quote_that_was_edited_back_by_hand_says_what_was_sent_though_x_adds_a_link_to_it() -> None:
    text = "Read it. https://x.com/rso/status/1641234567890123456"
    edited = replace(shown("9", text, quotes="1641234567890123456"), versions=("5", "9"))
    assert found([sent("5", "Read it.")], edited) == []


def test_the_same_words_about_another_post_are_no_double() -> None:
    ours, theirs = shown("5", "Read it.", quotes="1"), shown("6", "Read it.", quotes="2")
    assert found([sent("5", "Read it.")], ours, theirs) == [(Difference.NOT_OURS, "6")]
    assert found([sent("5", "Read it.")], ours, shown("6", "Read it.", quotes="1")) == [
        (Difference.DOUBLE, "6")
    ]


def test_a_quote_in_doubt_is_nobody_elses_though_x_adds_a_link_to_it() -> None:
    text = "Read it. https://x.com/rso/status/1641234567890123456"
    stranger = shown("6", text, quotes="1641234567890123456")
    assert found([sent("5", "Ours.")], shown("5", "Ours."), stranger, doubtful="Read it.") == []
