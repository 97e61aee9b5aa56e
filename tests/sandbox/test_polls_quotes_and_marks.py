"""What a create carries beside its text is checked, kept and shown as X does it (X API notes, sections 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.accounts import DEFAULT
from bot.sandbox.server import Sandbox
from tests.sandbox.client import Caller, caller

POLL = {"options": ["Yes", "No"], "duration_minutes": 60}


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[Caller]:
    account = replace(DEFAULT, access="enterprise")
    with Sandbox(state=tmp_path / "e.jsonl", accounts=[account], limits=False, fsync=False) as sandbox:
        yield caller(sandbox, account)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"poll": ["Yes", "No"]}, "poll"),
        ({"poll": {"options": ["Yes", "No"]}}, "duration_minutes"),
        ({"poll": {**POLL, "reply_settings": "following"}}, "nothing else"),
        ({"poll": {**POLL, "options": ["Yes"]}}, "2 to 4"),
        ({"poll": {**POLL, "options": list("abcde")}}, "2 to 4"),
        ({"poll": {**POLL, "options": ["Yes", ""]}}, "1 to 25"),
        ({"poll": {**POLL, "options": ["Yes", "n" * 26]}}, "1 to 25"),
        ({"poll": {**POLL, "options": ["Yes", 2]}}, "1 to 25"),
        ({"poll": {**POLL, "duration_minutes": 4}}, "between 5 and 10080"),
        ({"poll": {**POLL, "duration_minutes": 10_081}}, "between 5 and 10080"),
        ({"poll": {**POLL, "duration_minutes": True}}, "between 5 and 10080"),
        ({"poll": POLL, "quote_tweet_id": "1"}, "only one of them"),
        ({"poll": POLL, "media": {"media_ids": ["1"]}}, "only one of them"),
        ({"quote_tweet_id": 1}, "quote_tweet_id"),
        ({"quote_tweet_id": "one"}, "quote_tweet_id"),
        ({"reply_settings": "everyone"}, "mentionedUsers"),
        ({"reply_settings": "mentioned"}, "mentionedUsers"),
        ({"made_with_ai": "true"}, "boolean"),
        ({"paid_partnership": 1}, "boolean"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_with_400(
    x: Caller, sandbox: Sandbox, fields: dict[str, Any], word: str
) -> None:
    answer = x.create("Text.", **fields)
    assert answer.status == 400
    assert word in answer.json["detail"]
    assert sandbox.stats()["accepted"] == 0


@pytest.mark.parametrize("settings", ["following", "mentionedUsers", "subscribers", "verified"])
def test_the_words_for_who_may_reply_are_those_of_x(x: Caller, settings: str) -> None:
    assert x.create("Text.", reply_settings=settings).status == 201


def test_the_judge_keeps_what_a_post_carries_over_a_restart(tmp_path: Path) -> None:
    account = replace(DEFAULT, access="enterprise")
    first: list[dict[str, Any]] = []
    for _ in range(2):
        with Sandbox(state=tmp_path / "x.jsonl", accounts=[account], limits=False, fsync=False) as sandbox:
            x = caller(sandbox, account)
            if not first:
                quoted = x.posted("Quoted.")
                assert x.create("Ask.", poll=POLL, made_with_ai=True).status == 201
                assert x.create("Quote.", quote_tweet_id=quoted, reply_settings="verified").status == 201
                first = sandbox.posts()
            assert sandbox.posts() == first
    kept = [[post[name] for name in ("poll", "made_with_ai", "quote", "reply_settings")] for post in first]
    assert kept == [[None] * 4, [POLL, True, None, None], [None, None, quoted, "verified"]]


def test_a_quote_shows_a_link_to_what_it_quotes_behind_its_text(enterprise: Caller) -> None:
    quoted = enterprise.posted("Quoted.")
    assert enterprise.create("Read this.", quote_tweet_id=quoted).status == 201
    shown = enterprise.timeline().json["data"][0]
    (link,) = shown["entities"]["urls"]
    assert shown["text"] == f"Read this. {link['url']}"
    assert link["expanded_url"].endswith(f"/status/{quoted}")
    assert shown["referenced_tweets"] == [{"type": "quoted", "id": quoted}]


def test_a_quote_of_a_post_that_is_gone_is_refused(enterprise: Caller) -> None:
    answer = enterprise.create("Read this.", quote_tweet_id="999")
    assert answer.status == 403
    assert "deleted or not visible" in answer.json["detail"]


def test_the_same_words_about_another_post_repeat_nothing(enterprise: Caller) -> None:
    one, two = enterprise.posted("One."), enterprise.posted("Two.")
    assert [enterprise.create("Read this.", quote_tweet_id=each).status for each in (one, two, two)] == [
        201,
        201,
        403,
    ]


def test_a_poll_is_shown_as_an_attachment_and_on_the_page(x: Caller) -> None:
    assert x.create("Shall we?", poll=POLL, paid_partnership=True).status == 201
    (shown,) = x.timeline().json["data"]
    assert shown["attachments"] == {"poll_ids": [shown["id"]]}
    assert shown["text"] == "Shall we?"
    page = x.call("GET", "/", headers={}).body.decode()
    assert "◯ Yes" in page
    assert "paid partnership" in page


def test_a_post_with_a_poll_is_not_edited(tmp_path: Path) -> None:
    account = replace(DEFAULT, premium=True)
    with Sandbox(state=tmp_path / "p.jsonl", accounts=[account], limits=False, fsync=False) as sandbox:
        x = caller(sandbox, account)
        asked = x.create("Shall we?", poll=POLL).json["data"]["id"]
        answer = x.create("Shall we not?", edit_options={"previous_post_id": asked})
        assert (answer.status, answer.json["detail"]) == (403, "Tweets with polls cannot be edited.")
