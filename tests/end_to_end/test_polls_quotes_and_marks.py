"""Polls, quotes, who may reply, and the marks: as they were approved, on the wire and on the account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.announcement import MediaItem, Poll, ReplySettings
from bot.domain.errors import Refusal
from bot.sandbox.accounts import DEFAULT
from tests.end_to_end.copies import copied, put_back
from tests.end_to_end.stage import THREAD, Stage, open_stage

POLL = Poll(("In Bangkok", "In Jakarta", "ออนไลน์"), 1440)


@pytest.fixture
def enterprise(tmp_path: Path, blank: Path) -> Iterator[Stage]:
    """A stage whose account has the access that X asks for quotes."""
    with open_stage(
        tmp_path / "enterprise", blank, accounts=[replace(DEFAULT, access="enterprise")]
    ) as stage:
        stage.account('access = "enterprise"')
        yield stage


def bodies(stage: Stage) -> list[dict[str, Any]]:
    return [json.loads(body) for body in stage.sandbox.state.counters.bodies]


def problems(stage: Stage, body: str = "Text.", **fields: Any) -> list[str]:
    """What the preview says against a record; nothing is queued."""
    with pytest.raises(Refusal):
        stage.queue(body, **fields)
    program = stage.program()
    with program.store.reading() as tx:
        (last,) = stage.rows("SELECT max(id) FROM announcements")[0]
        card = program.previewer.card(tx.announcements.get(last))
    return [finding.message for finding in card.problems]


def test_a_thread_carries_its_poll_and_who_may_reply_in_the_first_post_and_the_marks_in_each(
    stage: Stage,
) -> None:
    stage.queue(
        THREAD,
        thread=True,
        poll=POLL,
        reply_settings=ReplySettings.MENTIONED,
        made_with_ai=True,
        paid_partnership=True,
    )
    stage.play()
    marks = {"made_with_ai": True, "paid_partnership": True}
    poll = {"options": list(POLL.options), "duration_minutes": 1440}
    first, *others = [
        {name: body[name] for name in body if name not in ("text", "reply")} for body in bodies(stage)
    ]
    assert first == {"poll": poll, "reply_settings": "mentionedUsers", **marks}
    assert others == [marks, marks]
    taken = stage.sandbox.posts()
    assert [post["poll"] for post in taken] == [poll, None, None]
    assert [post["made_with_ai"] for post in taken] == [True] * 3


@pytest.mark.parametrize(
    ("word", "on_the_wire"),
    [
        ("everyone", None),
        ("following", "following"),
        ("mentioned", "mentionedUsers"),
        ("subscribers", "subscribers"),
        ("verified", "verified"),
    ],
)
def test_who_may_reply_is_said_in_the_words_of_x(stage: Stage, word: str, on_the_wire: str | None) -> None:
    stage.queue("News.", reply_settings=ReplySettings(word))
    stage.play()
    (body,) = bodies(stage)
    assert body.get("reply_settings") == on_the_wire
    assert stage.states() == ["published"]


def test_a_quote_waits_for_what_it_quotes_and_names_the_first_post_of_a_thread(enterprise: Stage) -> None:
    enterprise.sandbox.set_faults("break_before:1")
    enterprise.queue(THREAD, thread=True, key="report")
    enterprise.queue("Read it.", quote="report")
    enterprise.play()
    first, *_, quoting = enterprise.sandbox.posts()
    assert (quoting["text"], quoting["quote"], quoting["parent"]) == ("Read it.", first["id"], None)


def test_an_address_is_quoted_by_its_id(enterprise: Stage) -> None:
    theirs = enterprise.by_hand("Theirs.")
    enterprise.queue("Read it.", quote=f"https://x.com/somebody/status/{theirs}")
    enterprise.play()
    assert bodies(enterprise) == [{"text": "Read it.", "quote_tweet_id": theirs}]


@pytest.mark.parametrize("fate", ["cancelled", "withdrawn"])
def test_a_quote_is_held_when_what_it_quotes_does_not_go_out_or_is_gone(enterprise: Stage, fate: str) -> None:
    enterprise.queue("The report.", key="report", wait=False)
    enterprise.queue("Read it.", quote="report", due_in=300, wait=False)
    control = enterprise.program().control
    if fate == "cancelled":
        control.cancel("1", "Not now.", actor="ann")
    else:
        enterprise.clock.leap(62)
        enterprise.play(until=lambda: enterprise.states()[0] == "published")
        enterprise.withdraw("1")
    enterprise.clock.leap(362)
    enterprise.play()
    assert (enterprise.states(), enterprise.held()) == ([fate, "held"], [None, "parent"])
    assert "Read it." not in enterprise.texts()


def test_a_quote_of_which_the_answer_was_lost_is_known_again_by_what_it_quotes(enterprise: Stage) -> None:
    enterprise.queue("The first report.", "The second report.")
    enterprise.play()
    enterprise.sandbox.set_faults("break_after:2")
    enterprise.queue("Read it.", quote="1")
    enterprise.queue("Read it.", quote="2")
    enterprise.play()
    one, two, quoting_one, quoting_two = enterprise.sandbox.posts()
    assert [quoting_one["quote"], quoting_two["quote"]] == [one["id"], two["id"]]
    assert enterprise.attempts()[2:] == [("accepted", "timeline")] * 2
    assert enterprise.counted() == (4, 4, 0)


def test_the_same_words_by_hand_without_the_quote_are_not_taken_for_ours(enterprise: Stage) -> None:
    enterprise.queue("The report.")
    enterprise.play()
    enterprise.sandbox.set_faults("break_before:1")
    enterprise.deeds.deeds["after outcome 2"] = lambda: enterprise.by_hand("Read it.")
    enterprise.queue("Read it.", quote="1")
    enterprise.play()
    assert (enterprise.states(), enterprise.held()) == (["published", "held"], [None, "doubt"])
    (near,) = enterprise.shown("2")["doubts"][0]["near"]
    assert near["why"] == "the same text, but it quotes nothing"


def test_a_poll_of_which_the_answer_was_lost_is_found_on_the_timeline(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1")
    stage.queue("Where shall we meet?", poll=POLL)
    stage.play()
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_an_older_database_finds_the_quotes_that_went_out_after_its_copy(enterprise: Stage) -> None:
    enterprise.queue("The report.")
    enterprise.play()
    enterprise.queue("Read it.", quote="1", wait=False)
    copy = copied(enterprise)
    enterprise.clock.leap(62)
    enterprise.play()
    put_back(enterprise, copy)
    enterprise.play()
    assert enterprise.states() == ["published", "published"]
    assert enterprise.counted() == (2, 2, 0)


def test_a_quote_that_is_queued_anew_after_an_older_database_came_back_is_held(enterprise: Stage) -> None:
    enterprise.queue("The report.")
    enterprise.play()
    copy = copied(enterprise)
    enterprise.queue("Read it.", quote="1")
    enterprise.play()
    put_back(enterprise, copy)
    enterprise.play(until=lambda: "compared" in enterprise.events())
    enterprise.queue("Read it.", quote="1")
    enterprise.play()
    assert (enterprise.states(), enterprise.held()) == (["published", "held"], [None, "duplicate"])
    assert enterprise.counted() == (2, 2, 0)


def test_a_quote_that_was_withdrawn_after_the_copy_was_made_does_not_go_out_again(enterprise: Stage) -> None:
    enterprise.queue("The report.")
    enterprise.play()
    enterprise.queue("Read it.", quote="1", wait=False)
    copy = copied(enterprise)
    enterprise.clock.leap(62)
    enterprise.play()
    enterprise.withdraw("2")
    put_back(enterprise, copy)
    enterprise.play()
    assert (enterprise.states(), enterprise.held()) == (["published", "held"], [None, "duplicate"])
    assert enterprise.texts().count("Read it.") == 1


def test_an_account_that_shows_a_quote_as_x_does_differs_in_nothing(enterprise: Stage) -> None:
    enterprise.queue("The report.")
    enterprise.queue("Read it & tell.", quote="1")
    enterprise.play()
    enterprise.clock.leap(600)
    program = enterprise.program()
    account = program.configuration().accounts["baliprocessrso"]
    assert list(program.comparison.compare(account).findings) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"poll": POLL, "quote": "1641234567890123456"}, "keep one of poll and quote, leave out the rest"),
        ({"poll": POLL, "media": (MediaItem("a.png", "A map"),)}, "keep one of media and poll"),
        (
            {"poll": POLL, "media": (MediaItem("a.png", "A map"),), "quote": "1641234567890123456"},
            "keep one of media, poll and quote",
        ),
    ],
)
def test_two_things_of_which_x_takes_one_are_a_problem_that_says_what_to_do(
    enterprise: Stage, fields: dict[str, Any], told: str
) -> None:
    found = problems(enterprise, **fields)
    assert [each for each in found if told in each]


@pytest.mark.parametrize(
    ("poll", "told"),
    [
        (Poll(("Yes",), 60), "X takes 2 to 4 options, and there are 1"),
        (Poll(tuple("abcde"), 60), "X takes 2 to 4 options, and there are 5"),
        (Poll(("Yes", "n" * 26), 60), f"option 2 is too long by 1 ('{'n' * 26}')"),
        (Poll(("Yes", "世" * 13), 60), "option 2 is too long by 1"),
        (Poll(("Yes", "https://www.baliprocess.net/"), 60), "option 2 is too long by 3"),
        (Poll(("Yes", ""), 60), "option 2 is empty"),
        (Poll(("Yes", "No"), 4), "X takes 5 to 10,080 minutes, and it says 4"),
        (Poll(("Yes", "No"), 10_081), "X takes 5 to 10,080 minutes, and it says 10,081"),
    ],
)
def test_a_poll_that_x_does_not_take_is_a_problem(stage: Stage, poll: Poll, told: str) -> None:
    (found,) = problems(stage, poll=poll)
    assert found.startswith("poll.")
    assert told in found


def test_the_longest_and_the_shortest_poll_are_taken(stage: Stage) -> None:
    stage.queue("Shall we?", poll=Poll(("a", "n" * 25), 5))
    stage.queue("When?", poll=Poll(("世" * 12, "b", "c", "d"), 10_080))
    stage.play()
    assert stage.states() == ["published"] * 2


def test_a_quote_on_self_serve_access_is_a_problem(stage: Stage) -> None:
    (found,) = problems(stage, quote="1641234567890123456")
    assert "enterprise access only" in found


@pytest.mark.parametrize(
    ("quote", "told"),
    [("nowhere", "nowhere"), ("2", "names itself"), ("1", "is cancelled and will not go out")],
)
def test_a_quote_of_what_will_not_be_out_is_a_problem(enterprise: Stage, quote: str, told: str) -> None:
    enterprise.queue("The report.")
    enterprise.program().control.cancel("1", "Not now.", actor="ann")
    (found,) = problems(enterprise, quote=quote)
    assert found.startswith("quote: ")
    assert told in found
