"""A post as X shows it becomes the text that was posted: links, media, long texts, edits, both spellings of every field."""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.x_api.timeline import Unreadable, lower_bound, page_of, post_of
from bot.domain.timeline import TimelinePost

USER = "2244994945"


def shown(text: str, *links: dict[str, Any], **more: Any) -> TimelinePost:
    item = {"id": "187", "author_id": USER, "text": text, "entities": {"urls": list(links)}} | more
    return post_of(item)


def link(url: str, expanded: str, **more: Any) -> dict[str, Any]:
    return {"start": 0, "end": 1, "url": url, "expanded_url": expanded, "display_url": "…"} | more


def test_links_are_put_back_by_their_own_text_and_never_by_offsets() -> None:
    post = shown(
        "สวัสดี 🎉 https://t.co/one and https://t.co/two!",
        link("https://t.co/two", "https://rso.baliprocess.net/b"),
        link("https://t.co/one", "https://rso.baliprocess.net/a"),
    )
    assert post.text == "สวัสดี 🎉 https://rso.baliprocess.net/a and https://rso.baliprocess.net/b!"


def test_a_link_that_begins_like_another_is_not_mistaken_for_it() -> None:
    post = shown(
        "https://t.co/ab https://t.co/a",
        link("https://t.co/a", "https://a.org"),
        link("https://t.co/ab", "https://b.org"),
    )
    assert post.text == "https://b.org https://a.org"


def test_what_was_put_in_is_not_replaced_again() -> None:
    post = shown(
        "https://t.co/a https://t.co/b",
        link("https://t.co/a", "https://x.org/?u=https://t.co/b"),
        link("https://t.co/b", "https://b.org"),
    )
    assert post.text == "https://x.org/?u=https://t.co/b https://b.org"


@pytest.mark.parametrize(
    "text", ["Q&A: 1 < 2 > 0", "&amp; stays what it is", "https://rso.example/?a=1&copy=2&b=3 & more"]
)
def test_one_unescape_gives_the_text_that_was_posted(text: str) -> None:
    words = text.split(" ")
    links = [link("https://t.co/a", word) for word in words if word.startswith("https")]
    as_x_shows_it = html.escape(
        " ".join("https://t.co/a" if word.startswith("https") else word for word in words), quote=False
    )
    assert html.unescape(shown(as_x_shows_it, *links).text) == text


def test_a_link_without_its_target_stays_as_it_is() -> None:
    assert shown("see https://t.co/a", {"url": "https://t.co/a"}).text == "see https://t.co/a"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ten years https://t.co/pic", "Ten years"),
        ("Ten years\nhttps://t.co/pic ", "Ten years"),
        ("https://t.co/pic", ""),
        ("https://t.co/pic in the middle", "https://t.co/pic in the middle"),
    ],
)
def test_the_link_that_stands_for_attached_media_is_dropped_from_the_end(text: str, left: str) -> None:
    media = link("https://t.co/pic", "https://x.com/rso/status/1/photo/1", media_key="3_1")
    assert shown(text, media, media).text == left


def test_a_link_before_the_media_is_kept() -> None:
    post = shown(
        "Read https://t.co/a https://t.co/pic",
        link("https://t.co/a", "https://a.org"),
        link("https://t.co/pic", "https://x.com/rso/status/1/photo/1", media_key="3_1"),
    )
    assert post.text == "Read https://a.org"


@pytest.mark.parametrize("spelling", ["note_tweet", "note_post"])
def test_a_long_post_is_read_from_its_note(spelling: str) -> None:
    note = {
        "text": "very long, to https://t.co/end",
        "entities": {"urls": [link("https://t.co/end", "https://end.org")]},
    }
    post = shown(
        "very lo… https://t.co/more", link("https://t.co/more", "https://x.com/i/1"), **{spelling: note}
    )
    assert post.text == "very long, to https://end.org"


@pytest.mark.parametrize("spelling", ["edit_history_tweet_ids", "edit_history_post_ids"])
def test_the_edit_history_is_read_in_both_spellings(spelling: str) -> None:
    assert shown("x", **{spelling: ["185", "187"]}).versions == ("185", "187")


def test_a_post_without_edit_history_is_its_own_only_version() -> None:
    assert shown("x").versions == ("187",)


@pytest.mark.parametrize("spelling", ["referenced_tweets", "referenced_posts"])
def test_the_parent_is_what_is_replied_to_and_not_what_is_quoted(spelling: str) -> None:
    references = [{"type": "quoted", "id": "1"}, {"type": "replied_to", "id": "2"}]
    assert shown("x", **{spelling: references}).parent_id == "2"
    assert shown("x", **{spelling: references[:1]}).parent_id is None
    assert shown("x", **{spelling: references}).quote_id == "1"
    assert shown("x", **{spelling: references[1:]}).quote_id is None


def test_the_link_to_a_quoted_post_stays_for_nobody_knows_yet_who_wrote_it() -> None:
    address = "https://twitter.com/rso/status/1"
    quoting = {"referenced_tweets": [{"type": "quoted", "id": "1"}]}
    post = shown("Read this. https://t.co/a", link("https://t.co/a", address), **quoting)
    assert (post.text, post.quote_id) == (f"Read this. {address}", "1")


def test_the_time_is_read_and_a_time_that_cannot_be_read_is_none() -> None:
    assert shown("x", created_at="2023-03-30T03:00:01.000Z").created_at == datetime(
        2023, 3, 30, 3, 0, 1, tzinfo=UTC
    )
    for odd in ("yesterday", 7, None, "2023-03-30T03:00:01"):
        assert shown("x", created_at=odd).created_at is None


@pytest.mark.parametrize(
    "odd",
    [
        {"entities": None},
        {"entities": []},
        {"entities": {"urls": None}},
        {"entities": {"urls": [None, {}, {"url": ""}, {"url": 5, "expanded_url": "x"}]}},
        {"note_tweet": None},
        {"note_tweet": {}},
        {"edit_history_tweet_ids": None},
        {"referenced_tweets": None},
    ],
)
def test_what_is_missing_from_a_post_leaves_its_text(odd: dict[str, Any]) -> None:
    assert shown("as it was https://t.co/a", **odd).text == "as it was https://t.co/a"


@pytest.mark.parametrize(
    "odd",
    [
        {"id": 187},
        {"id": None},
        {"author_id": None},
        {"text": None},
        {"text": ["x"]},
        {"entities": {"urls": {}}},
        {"referenced_tweets": "187"},
        {"referenced_tweets": [{"type": "replied_to"}]},
        {"referenced_tweets": [{"type": "quoted", "id": 1}]},
        {"edit_history_tweet_ids": 187},
    ],
)
def test_a_post_that_is_not_as_documented_is_unreadable(odd: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        post_of({"id": "187", "author_id": USER, "text": "x"} | odd)


def test_half_a_surrogate_pair_does_not_get_through() -> None:
    item = {"id": "187", "author_id": USER, "text": "half \ud83d, whole 🎉"}
    body = json.dumps({"data": [item], "meta": {"result_count": 1}}).encode()
    (post,) = page_of(body, USER).posts
    assert post.text == "half \N{REPLACEMENT CHARACTER}, whole 🎉"
    post.text.encode()


def test_the_lower_bound_is_a_minute_earlier_by_the_clock_within_the_id() -> None:
    id_of_noon = (
        (datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp() * 1000 - 1288834974657) * 2**22
    ).__trunc__()
    bound = lower_bound(str(id_of_noon))
    assert bound is not None
    milliseconds = (int(bound) >> 22) + 1288834974657
    assert datetime.fromtimestamp(milliseconds / 1000, UTC) == datetime(2026, 11, 24, 11, 59, tzinfo=UTC)


@pytest.mark.parametrize("field", ["referenced_tweets", "referenced_posts"])
@pytest.mark.parametrize(("kind", "repost"), [("retweeted", True), ("quoted", False), ("replied_to", False)])
def test_a_repost_is_told_from_a_post_of_ones_own(field: str, kind: str, repost: bool) -> None:
    assert shown("RT @a: words", **{field: [{"type": kind, "id": "9"}]}).repost is repost
