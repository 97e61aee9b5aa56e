"""The sandbox takes edits as X's pages say it does (docs.x.com, edit posts; changelog)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.accounts import DEFAULT, another
from bot.sandbox.server import Sandbox
from tests.sandbox.client import Answer, Caller, caller

PREMIUM = replace(DEFAULT, premium=True)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    accounts = [PREMIUM, replace(another(1), premium=True), another(2)]
    with Sandbox(state=tmp_path / "x.jsonl", accounts=accounts, limits=False, fsync=False) as sandbox:
        yield sandbox


@pytest.fixture
def x(sandbox: Sandbox) -> Caller:
    return caller(sandbox)


def edit(x: Caller, post_id: Any, text: str = "The report is out.", **fields: Any) -> Answer:
    return x.create(text, edit_options={"previous_post_id": post_id}, **fields)


def edited(x: Caller, post_id: str, text: str) -> str:
    """Edit a post; the new version's id."""
    answer = edit(x, post_id, text)
    assert answer.status == 201, answer.body
    return str(answer.json["data"]["id"])


def test_an_edit_has_a_new_id_and_takes_the_place_of_the_old_version(x: Caller) -> None:
    old = x.posted("The report is uot.")
    answer = edit(x, old).json["data"]
    assert answer["edit_history_tweet_ids"] == [old, answer["id"]]
    shown = x.timeline("max_results=5&tweet.fields=edit_history_tweet_ids").json["data"]
    assert [(post["id"], post["text"]) for post in shown] == [(answer["id"], "The report is out.")]
    assert shown[0]["edit_history_tweet_ids"] == [old, answer["id"]]


def test_each_version_can_be_looked_up_and_tells_of_the_others(x: Caller) -> None:
    old = x.posted("The report is uot.")
    new = edited(x, old, "The report is out.")
    for post_id, text in ((old, "The report is uot."), (new, "The report is out.")):
        shown = x.call("GET", f"/2/tweets/{post_id}").json["data"]
        assert (shown["text"], shown["edit_history_tweet_ids"]) == (text, [old, new])


def test_an_edit_of_a_reply_stays_where_it_was(x: Caller, sandbox: Sandbox) -> None:
    first = x.posted("One.")
    second = x.posted("Tow.", reply_to=first)
    assert edit(x, second, "Two.", reply={"in_reply_to_tweet_id": first}).status == 201
    assert sandbox.posts()[-1]["parent"] == first
    assert edit(x, first, "Uno.", reply={"in_reply_to_tweet_id": second}).status == 403


@pytest.mark.parametrize("options", [{}, {"previous_post_id": 5}, {"previous_post_id": "x"}, [], "1"])
def test_edit_options_without_an_id_are_refused_with_400(x: Caller, options: Any) -> None:
    answer = x.create("The report is out.", edit_options=options)
    assert (answer.status, answer.json["detail"]) == (400, "edit_options.previous_post_id: is needed")


def test_without_premium_nothing_is_edited(sandbox: Sandbox) -> None:
    without = caller(sandbox, another(2))
    assert edit(without, without.posted("The report is uot.")).status == 403


def test_the_posts_of_others_and_posts_that_are_not_there_are_not_edited(x: Caller, sandbox: Sandbox) -> None:
    theirs = caller(sandbox, sandbox.credentials("sandbox1")).posted("The report is uot.")
    assert edit(x, theirs).status == 403
    assert edit(x, "1").status == 403
    gone = x.posted("The report is uot.")
    assert x.call("DELETE", f"/2/tweets/{gone}").status == 200
    assert edit(x, gone).status == 403


def test_a_version_that_was_replaced_is_not_edited_again(x: Caller) -> None:
    old = x.posted("The report is uot.")
    new = edited(x, old, "The report is ot.")
    assert edit(x, old).status == 403
    assert edit(x, new).status == 201


def test_after_an_hour_from_its_first_version_a_post_stays_as_it_is(x: Caller, sandbox: Sandbox) -> None:
    old = x.posted("The report is uot.")
    sandbox.state.posts.posts[old].at -= 3590
    new = edited(x, old, "The report is ot.")
    sandbox.state.posts.posts[old].at -= 20
    assert edit(x, new).status == 403


def test_a_post_is_edited_five_times_and_not_a_sixth(x: Caller) -> None:
    post_id = x.posted("Version 0.")
    for number in range(1, 6):
        post_id = edited(x, post_id, f"Version {number}.")
    assert edit(x, post_id, "Version 6.").status == 403


def test_a_poll_and_a_reply_to_somebody_else_are_not_edited(tmp_path: Path) -> None:
    accounts = [replace(PREMIUM, access="enterprise"), another(1)]
    with Sandbox(accounts=accounts, limits=False, fsync=False) as sandbox:
        x = caller(sandbox)
        theirs = caller(sandbox, another(1)).posted("What do you think?")
        reply = x.posted("We think so.", reply_to=theirs)
        assert edit(x, reply, "We think not.", reply={"in_reply_to_tweet_id": theirs}).status == 403
        ours = x.posted("Yes or no?")
        assert edit(x, ours, poll={"options": ["Yes", "No"], "duration_minutes": 60}).status == 403


def test_the_judge_counts_edits_apart_from_posts_and_its_file_tells_them_apart(
    x: Caller, sandbox: Sandbox, tmp_path: Path
) -> None:
    old = x.posted("The report is uot.")
    new = edited(x, old, "The report is out.")
    by_hand = sandbox.state.posts.edit(new, "The Report is out.")
    stats = sandbox.stats()
    assert (stats["accepted"], stats["doubled"], stats["edited"], stats["edited_twice"]) == (1, 0, 1, 0)
    assert [(post["id"], post["edits"]) for post in sandbox.posts()] == [
        (old, None),
        (new, old),
        (by_hand.id, new),
    ]
    rows = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text().splitlines()]
    assert [(row["kind"], row["by_hand"]) for row in rows] == [
        ("post", False),
        ("edit", False),
        ("edit", True),
    ]


def test_the_same_edit_made_twice_is_counted(x: Caller, sandbox: Sandbox) -> None:
    sandbox.state.api = replace(sandbox.state.api, refuse_duplicates=False)
    new = edited(x, x.posted("The report is uot."), "The report is out.")
    edited(x, new, "The report is out.")
    assert sandbox.stats()["edited_twice"] == 1
