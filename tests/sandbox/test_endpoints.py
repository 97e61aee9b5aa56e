"""The sandbox answers as X does when it behaves (X API notes, sections 1 to 3)."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.client import Caller


def test_it_says_whose_keys_these_are(x: Caller, other: Caller) -> None:
    assert x.call("GET", "/2/users/me").json["data"]["username"] == "baliprocessrso"
    assert other.call("GET", "/2/users/me").json["data"]["id"] == other.account.user_id


def test_a_create_is_answered_with_201_its_id_and_its_text(x: Caller, sandbox: Sandbox) -> None:
    answer = x.create("The report is out.")
    assert answer.status == 201
    data = answer.json["data"]
    assert data["text"] == "The report is out."
    assert data["edit_history_tweet_ids"] == [data["id"]]
    assert sandbox.posts()[0]["id"] == data["id"]


def test_ids_are_numbers_that_grow(x: Caller) -> None:
    ids = [int(x.posted(f"Number {number}.")) for number in range(5)]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize(
    ("document", "word"),
    [
        (b"{not json", "JSON"),
        ([], "object"),
        ({}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "a" * 281}, "too long"),
        ({"text": "世" * 141}, "too long"),
        ({"text": "x", "txet": 1}, "txet"),
        ({"text": "x", "reply": {"in_reply_to_tweet_id": "no number"}}, "in_reply_to_tweet_id"),
        ({"text": "x", "reply": {}}, "in_reply_to_tweet_id"),
    ],
    ids=[
        "not json",
        "list",
        "empty",
        "blank",
        "long",
        "long in chinese",
        "unknown field",
        "bad parent",
        "no parent",
    ],
)
def test_a_create_that_is_not_well_formed_is_refused_with_400(
    x: Caller, sandbox: Sandbox, document: Any, word: str
) -> None:
    answer = x.call("POST", "/2/tweets", document)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in answer.json["detail"]
    assert sandbox.stats()["accepted"] == 0


def test_the_longest_texts_are_taken(x: Caller) -> None:
    for text in (
        "a" * 280,
        "ไทย" * 46,
        "https://example.org/" + "a" * 300 + " " + "b" * 256,
        "👩‍👩‍👧‍👦" * 140,
    ):
        assert x.create(text).status == 201


def test_a_text_that_repeats_one_is_refused_while_that_one_stands(x: Caller, other: Caller) -> None:
    first = x.posted("Once.")
    refused = x.create("Once.")
    assert refused.status == 403
    assert "duplicate content" in refused.json["detail"]
    assert x.create(unicodedata.normalize("NFD", "Café")).status == 201
    assert x.create("Café").status == 403
    assert other.create("Once.").status == 201
    x.call("DELETE", f"/2/tweets/{first}")
    assert x.create("Once.").status == 201


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"quote_tweet_id": "1"}, "Quoting"),
        ({"text": "$AAPL and $MSFT"}, "cashtag"),
        ({"reply": {"in_reply_to_tweet_id": "999"}}, "deleted or not visible"),
    ],
    ids=["quote", "cashtags", "gone parent"],
)
def test_what_self_serve_access_may_not_do_is_refused_with_403(
    x: Caller, fields: dict[str, Any], word: str
) -> None:
    answer = x.call("POST", "/2/tweets", {"text": "x", **fields})
    assert answer.status == 403
    assert word in answer.json["detail"]


def test_a_reply_to_another_account_is_refused_and_one_to_oneself_is_not(x: Caller, other: Caller) -> None:
    theirs, ours = other.posted("A question."), x.posted("Ours.")
    assert x.create("An answer.", reply_to=theirs).status == 403
    assert x.create("And more.", reply_to=ours).status == 201


def test_a_post_is_deleted_by_its_author_once(x: Caller, other: Caller, sandbox: Sandbox) -> None:
    post = x.posted("Wrong.")
    assert other.call("DELETE", f"/2/tweets/{post}").status == 403
    assert x.call("DELETE", f"/2/tweets/{post}").json == {"data": {"deleted": True}}
    assert x.call("DELETE", f"/2/tweets/{post}").status == 404
    assert x.texts() == []
    assert sandbox.stats()["deleted"] == 1


def test_a_post_that_is_not_there_is_an_error_in_a_200(x: Caller) -> None:
    post = x.posted("There.")
    assert x.call("GET", f"/2/tweets/{post}").json["data"]["text"] == "There."
    missing = x.call("GET", "/2/tweets/123")
    assert missing.status == 200
    assert "data" not in missing.json
    assert missing.json["errors"][0]["type"].endswith("/resource-not-found")
    both = x.call("GET", f"/2/tweets?ids={post},123").json
    assert [each["id"] for each in both["data"]] == [post]
    assert [each["resource_id"] for each in both["errors"]] == ["123"]


def test_the_timeline_comes_page_by_page_newest_first(x: Caller, sandbox: Sandbox) -> None:
    for number in range(250):
        sandbox.state.posts.create(x.account.user_id, f"Number {number}.", None)
    sizes, found, token = [], [], ""
    while True:
        page = x.timeline("max_results=100" + (f"&pagination_token={token}" if token else "")).json
        sizes.append(page["meta"]["result_count"])
        found += [post["text"] for post in page["data"]]
        assert (page["meta"]["newest_id"], page["meta"]["oldest_id"]) == (
            page["data"][0]["id"],
            page["data"][-1]["id"],
        )
        token = page["meta"].get("next_token", "")
        if not token:
            break
    assert sizes == [100, 100, 50]
    assert found == [f"Number {number}." for number in reversed(range(250))]


def test_an_empty_timeline_has_no_data(x: Caller) -> None:
    assert x.timeline().json == {"meta": {"result_count": 0}}


@pytest.mark.parametrize("size", ["4", "101", "many"])
def test_a_page_has_5_to_100_posts(x: Caller, size: str) -> None:
    assert x.timeline(f"max_results={size}").status == 400


def test_a_timeline_is_cut_by_id_by_time_and_without_replies(x: Caller, sandbox: Sandbox) -> None:
    ids = [x.posted(f"Number {number}.") for number in range(3)]
    reply = x.posted("A reply.", reply_to=ids[2])
    assert x.texts(f"since_id={ids[1]}") == ["A reply.", "Number 2."]
    assert x.texts(f"until_id={ids[1]}") == ["Number 0."]
    assert x.texts("exclude=replies,retweets") == ["Number 2.", "Number 1.", "Number 0."]
    hour = timedelta(hours=1)
    soon, before = (f"{datetime.now(UTC) + step:%Y-%m-%dT%H:%M:%SZ}" for step in (hour, -hour))
    assert x.texts(f"start_time={soon}") == []
    assert x.texts(f"end_time={before}") == []
    assert len(x.texts(f"start_time={before}&end_time={soon}")) == 4
    assert sandbox.posts()[-1]["id"] == reply


@pytest.mark.parametrize("word", ["tweet", "post"])
def test_the_names_of_fields_follow_the_spelling_of_the_request(x: Caller, word: str) -> None:
    parent = x.posted("The parent.")
    x.posted("The reply.", reply_to=parent)
    reply = x.timeline(f"max_results=5&{word}.fields=created_at").json["data"][0]
    assert reply[f"referenced_{word}s"] == [{"type": "replied_to", "id": parent}]
    assert reply[f"edit_history_{word}_ids"] == [reply["id"]]
    assert reply["conversation_id"] == parent
    other = {"tweet": "post", "post": "tweet"}[word]
    assert not any(other in name for name in reply)


def test_links_are_shown_short_with_their_targets_and_texts_escaped(x: Caller) -> None:
    link = "https://www.baliprocess.net/a?b=1&c=2"
    x.posted(f"Terms & <conditions>: {link}.")
    post = x.timeline().json["data"][0]
    shown = post["entities"]["urls"][0]
    assert shown["url"].startswith("https://t.co/")
    assert shown["expanded_url"] == link
    assert post["text"] == f"Terms &amp; &lt;conditions&gt;: {shown['url']}."


def test_texts_are_kept_in_nfc(x: Caller) -> None:
    x.posted(unicodedata.normalize("NFD", "Đặng Café"))
    assert x.texts() == [unicodedata.normalize("NFC", "Đặng Café")]


def test_a_post_edited_by_hand_has_a_new_id_and_its_history(x: Caller, sandbox: Sandbox) -> None:
    old = x.posted("The frist version.")
    new = sandbox.state.posts.edit(old, "The first version.").id
    shown = x.timeline().json["data"]
    assert [(post["id"], post["edit_history_tweet_ids"]) for post in shown] == [(new, [old, new])]


def test_an_endpoint_that_x_does_not_have_is_not_there(x: Caller) -> None:
    assert x.call("GET", "/2/tweets/search/recent").status == 404
    assert x.call("PUT", "/2/tweets").status in (404, 501)
