"""The sandbox serves the libraries that people really call X with, and each kind of access gets what is its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1Session

from bot.sandbox.accounts import DEFAULT, another
from bot.sandbox.server import Sandbox, ask
from tests.sandbox.client import caller

PATIENCE = 30


@pytest.fixture
def session() -> Iterator[Any]:
    with OAuth1Session(
        DEFAULT.api_key, DEFAULT.api_secret, DEFAULT.access_token, DEFAULT.access_token_secret
    ) as session:
        session.trust_env = False
        yield session


def test_a_signed_session_posts_reads_looks_up_and_deletes_on_one_connection(
    sandbox: Sandbox, session: Any
) -> None:
    made = session.post(
        f"{sandbox.url}/2/tweets", json={"text": "Ten years: “één” & ไทย 🎉"}, timeout=PATIENCE
    )
    assert made.status_code == 201
    post = made.json()["data"]["id"]
    me = session.get(f"{sandbox.url}/2/users/me", timeout=PATIENCE).json()["data"]["id"]
    query = {"max_results": 5, "post.fields": "created_at,entities", "start_time": "2020-01-01T00:00:00Z"}
    shown = session.get(f"{sandbox.url}/2/users/{me}/tweets", params=query, timeout=PATIENCE).json()["data"]
    assert [(each["id"], each["text"]) for each in shown] == [(post, "Ten years: “één” &amp; ไทย 🎉")]
    pair = {"ids": f"{post},7", "post.fields": "created_at"}
    looked_up = session.get(f"{sandbox.url}/2/tweets", params=pair, timeout=PATIENCE)
    assert looked_up.status_code == 200
    assert looked_up.json()["data"][0]["edit_history_post_ids"] == [post]
    assert looked_up.json()["errors"][0]["resource_id"] == "7"
    assert session.delete(f"{sandbox.url}/2/tweets/{post}", timeout=PATIENCE).json()["data"]["deleted"]
    assert ask(sandbox.url, "posts")["posts"][0]["deleted"] is True
    assert sandbox.stats()["connections"] == 2  # the session's, and the one that asked for the list


def test_a_line_that_broke_is_a_connection_error_to_a_session_and_the_post_is_out(
    sandbox: Sandbox, session: Any
) -> None:
    sandbox.set_faults("break_after:1")
    with pytest.raises(requests.ConnectionError):
        session.post(f"{sandbox.url}/2/tweets", json={"text": "Out."}, timeout=PATIENCE)
    again = session.post(f"{sandbox.url}/2/tweets", json={"text": "Out."}, timeout=PATIENCE)
    assert again.status_code == 403
    assert "duplicate content" in again.json()["detail"]
    assert sandbox.stats()["accepted"] == 1


def test_a_redirect_that_is_followed_does_not_hide_that_the_post_is_out(
    sandbox: Sandbox, session: Any
) -> None:
    sandbox.set_faults("redirect:1")
    followed = session.post(f"{sandbox.url}/2/tweets", json={"text": "Out."}, timeout=PATIENCE)
    assert [step.status_code for step in followed.history] == [302]
    assert followed.url.endswith("/2/users/me")
    assert sandbox.stats()["accepted"] == 1


def test_enterprise_access_may_quote_reply_to_others_and_name_two_cashtags(tmp_path: Path) -> None:
    accounts = [replace(DEFAULT, access="enterprise"), another(1)]
    with Sandbox(state=tmp_path / "x.jsonl", accounts=accounts, fsync=False) as sandbox:
        theirs = caller(sandbox, another(1)).posted("A question.")
        x = caller(sandbox)
        assert x.create("Quoted.", quote_tweet_id=theirs).status == 201
        assert x.create("An answer.", reply_to=theirs).status == 201
        assert x.create("$AAPL and $MSFT").status == 201
        assert x.create("To nobody.", reply_to="999").status == 403


def test_premium_takes_25_000_characters_and_not_one_more(tmp_path: Path) -> None:
    premium = replace(DEFAULT, premium=True)
    with Sandbox(state=tmp_path / "x.jsonl", accounts=[premium], fsync=False) as sandbox:
        x = caller(sandbox)
        assert x.create("a" * 25_001).status == 400
        assert x.create("a" * 25_000).status == 201
