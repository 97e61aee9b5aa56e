"""Signatures are really checked: the wrong keys, time or nonce open nothing (X API notes, section 8)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.client import Caller


@pytest.mark.parametrize(
    "changes",
    [
        {"client_key": "another"},
        {"client_secret": "another"},
        {"resource_owner_key": "another"},
        {"resource_owner_secret": "another"},
        {"timestamp": str(int(time.time()) - 3600)},
        {"timestamp": str(int(time.time()) + 3600)},
        {"timestamp": "soon"},
    ],
    ids=["api key", "api secret", "token", "token secret", "too old", "too new", "no time"],
)
def test_a_request_that_is_not_signed_as_it_should_be_is_refused(
    x: Caller, sandbox: Sandbox, changes: dict[str, Any]
) -> None:
    answer = x.call("POST", "/2/tweets", {"text": "Not by us."}, **changes)
    assert answer.status == 401
    assert sandbox.stats()["accepted"] == 0
    assert x.create("By us.").status == 201


def test_a_request_without_a_signature_is_refused(x: Caller) -> None:
    assert x.call("GET", "/2/users/me", headers={}).status == 401
    assert x.call("GET", "/2/users/me", headers={"Authorization": "Bearer x"}).status == 401


def test_a_nonce_serves_once(x: Caller, sandbox: Sandbox) -> None:
    headers = x.headers("POST", "/2/tweets")
    assert x.call("POST", "/2/tweets", {"text": "First."}, headers=headers).status == 201
    assert x.call("POST", "/2/tweets", {"text": "Replayed."}, headers=headers).status == 401
    assert sandbox.stats()["accepted"] == 1


def test_a_signature_holds_for_its_own_address_method_and_query_only(x: Caller) -> None:
    page = f"/2/users/{x.account.user_id}/tweets"
    signed = x.headers("GET", f"{page}?max_results=5")
    assert x.call("GET", f"{page}?max_results=100", headers=signed).status == 401
    assert x.call("GET", "/2/users/me", headers=x.headers("GET", page)).status == 401
    assert x.call("DELETE", "/2/tweets/1", headers=x.headers("POST", "/2/tweets/1")).status == 401


def test_what_has_to_be_escaped_in_a_query_is_signed_too(x: Caller) -> None:
    assert (
        x.timeline(
            "max_results=5&tweet.fields=created_at%2Centities&start_time=2020-01-01T00%3A00%3A00Z"
        ).status
        == 200
    )


def test_the_keys_of_one_account_do_not_open_another(x: Caller, other: Caller) -> None:
    assert x.call("GET", "/2/users/me", resource_owner_key=other.account.access_token).status == 401


def test_the_clock_that_counts_is_that_of_x(x: Caller, sandbox: Sandbox) -> None:
    sandbox.state.posts.offset = 3600.0
    assert x.call("GET", "/2/users/me").status == 401
    assert x.call("GET", "/2/users/me", timestamp=str(int(time.time()) + 3600)).status == 200
