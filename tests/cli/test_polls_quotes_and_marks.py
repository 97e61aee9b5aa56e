"""Polls, quotes, who may reply and the marks: given by options, shown on the card and the page, told when they differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Bot

POLL = {"options": ["In Bangkok", "In Jakarta"], "minutes": 1500}
ALL = {"poll": POLL, "reply_settings": "mentioned", "made_with_ai": True, "paid_partnership": True}
CARD = [
    "◯ In Bangkok",
    "◯ In Jakarta",
    "poll, open for 1d 1h",
]


def write(path: str, **fields: Any) -> None:
    record = {
        "key": "ask",
        "campaign": "rsotenyears",
        "due": "2035-03-07 10:05",
        "body": "Where shall we meet?",
    }
    Path(path).write_text(json.dumps([{**record, **fields}]), "utf-8")


def enterprise(project: Path) -> None:
    accounts = project / "schedules" / "accounts.toml"
    text = accounts.read_text("utf-8")
    assert 'access = "self-serve"' in text
    accounts.write_text(text.replace('access = "self-serve"', 'access = "enterprise"'), "utf-8")


def record(bot: Bot, name: str = "ask") -> dict[str, Any]:
    found: dict[str, Any] = bot("queue", "show", name, "--json").json["announcement"]["record"]
    return found


def test_the_card_shows_the_poll_under_the_text_and_the_rest_below_it(queue: Path, bot: Bot) -> None:
    write("ask.json", **ALL)
    lines = bot("preview", "ask.json").lines
    inside = [line.strip("│ ") for line in lines if line.startswith("│")]
    assert [line for line in inside if line in CARD] == CARD
    assert "  replies  only from those who are mentioned" in lines
    assert "  marked   made with AI, paid partnership" in lines


def test_a_post_without_them_has_no_word_of_them(queue: Path, bot: Bot) -> None:
    write("ask.json")
    shown = bot("preview", "ask.json").out
    assert not [word for word in ("◯", "replies", "marked", "quotes") if word in shown]


def test_a_poll_cannot_steer_the_terminal(queue: Path, bot: Bot) -> None:
    write("ask.json", poll={"options": ["Yes \u202e", "No"]}, quote="news\u202e")
    assert "\u202e" not in bot("preview", "ask.json").out


def test_the_json_has_them_with_each_post_and_the_quote_with_the_whole(queue: Path, bot: Bot) -> None:
    enterprise(queue)
    write(
        "ask.json", **{**ALL, "poll": None}, quote="1641234567890123456", body="One.\n---\nTwo.", thread=True
    )
    (card,) = bot("preview", "ask.json", "--json").json["announcements"]
    names = ("poll", "reply_settings", "made_with_ai", "paid_partnership")
    assert card["quote"] == "1641234567890123456"
    assert [[post[name] for name in names] for post in card["posts"]] == [
        [None, "mentioned", True, True],
        [None, "everyone", True, True],
    ]
    assert card["problems"] == []


def test_the_page_shows_them(queue: Path, bot: Bot) -> None:
    write("ask.json", **{**ALL, "poll": {"options": ["<b>Yes</b>", "No"], "minutes": 60}}, quote="<i>x</i>")
    assert bot("preview", "ask.json", "--html", "page.html").code == 1  # two of which X takes one
    page = Path("page.html").read_text("utf-8")
    assert "<li>&lt;b&gt;Yes&lt;/b&gt;</li>" in page
    assert "Poll, open for 1h" in page
    assert "<dt>Quotes</dt><dd><bdi>&lt;i&gt;x&lt;/i&gt;</bdi></dd>" in page
    assert "<dt>Replies</dt><dd>only from those who are mentioned</dd>" in page
    assert "<dt>Marked</dt><dd>made with AI, paid partnership</dd>" in page


def test_options_give_what_files_give(queue: Path, bot: Bot) -> None:
    options = [
        "--poll", "In Bangkok | In Jakarta", "--poll-minutes", "1500", "--reply-settings", "mentioned", "--made-with-ai",
        "--paid-partnership",
    ]  # fmt: skip
    added = bot("queue", "add", "--campaign", "rsotenyears", "--key", "ask", "--body", "Where?", *options)
    assert added.code == 0, added.err
    assert {name: record(bot)[name] for name in ALL} == ALL


def test_what_an_edit_does_not_name_stays(queue: Path, bot: Bot) -> None:
    write("ask.json", **ALL)
    assert bot("queue", "import", "ask.json").code == 0
    assert bot("queue", "edit", "ask", "--poll", "Yes | No", "--no-made-with-ai").code == 0
    assert {name: record(bot)[name] for name in ALL} == {
        **ALL,
        "poll": {"options": ["Yes", "No"], "minutes": 1500},
        "made_with_ai": False,
    }
    assert bot("queue", "edit", "ask", "--poll-minutes", "60").code == 0
    assert record(bot)["poll"] == {"options": ["Yes", "No"], "minutes": 60}
    assert bot("queue", "edit", "ask", "--poll", "", "--quote", "1641234567890123456").code == 0
    assert (record(bot)["poll"], record(bot)["quote"]) == (None, "1641234567890123456")


def test_who_may_reply_is_one_of_five_words(queue: Path, bot: Bot) -> None:
    refused = bot("queue", "add", "--campaign", "rsotenyears", "--body", "x", "--reply-settings", "friends")
    assert refused.code == 2
    assert "'everyone', 'following', 'mentioned', 'subscribers', 'verified'" in refused.err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"poll": {**POLL, "minutes": 60}}, "poll: was 'In Bangkok | In Jakarta' for 1500 minutes, is "
         "'In Bangkok | In Jakarta' for 60 minutes"),
        ({"poll": None}, "poll: was 'In Bangkok | In Jakarta' for 1500 minutes, is not given"),
        ({"reply_settings": "everyone"}, "reply_settings: was 'mentioned', is not given"),
        ({"made_with_ai": False}, "made_with_ai: was true, is not given"),
    ],
)  # fmt: skip
def test_an_edit_of_them_changes_the_digest_and_is_told_by_name(
    queue: Path, bot: Bot, change: dict[str, Any], told: str
) -> None:
    write("ask.json", **ALL)
    assert bot("queue", "import", "ask.json", "--approve", "--yes").code == 0
    assert bot("preview", "ask", "--diff").code == 0
    before = bot("preview", "ask", "--json").json["announcements"][0]["digest"]
    write("ask.json", **{**ALL, **change})
    assert bot("queue", "import", "ask.json").code == 0
    assert bot("preview", "ask", "--json").json["announcements"][0]["digest"] != before
    other = bot("preview", "ask", "--diff")
    assert other.code == 1
    assert f"    {told}" in other.lines
    (only,) = bot("preview", "ask", "--diff", "--json").json["announcements"][0]["compared"]
    assert only["posts"][0]["extras"] == [told]


def test_another_quote_changes_the_digest_and_is_told(queue: Path, bot: Bot) -> None:
    enterprise(queue)
    write("ask.json", quote="1641234567890123456")
    assert bot("queue", "import", "ask.json", "--approve", "--yes").code == 0
    before = bot("preview", "ask", "--json").json["announcements"][0]["digest"]
    assert bot("queue", "edit", "ask", "--quote", "1641234567890123999").code == 0
    assert bot("preview", "ask", "--json").json["announcements"][0]["digest"] != before
    other = bot("preview", "ask", "--diff")
    assert other.code == 1
    assert "  quote: was '1641234567890123456', is '1641234567890123999'" in other.lines


def test_the_log_keeps_what_was_approved(queue: Path, bot: Bot) -> None:
    enterprise(queue)
    write(
        "ask.json", **{**ALL, "poll": None}, quote="1641234567890123456", body="One.\n---\nTwo.", thread=True
    )
    assert bot("queue", "import", "ask.json", "--approve", "--yes").code == 0
    shown = bot("queue", "show", "ask", "--json").json
    for name in ("approve", "schedule"):
        (row,) = [event["data"] for event in shown["events"] if event["event"] == name]
        marks = {"made_with_ai": True, "paid_partnership": True}
        assert row["extras"] == [{"reply_settings": "mentioned", **marks}, marks]
        assert row["quote"] == "1641234567890123456"
    assert [post["reply_settings"] for post in shown["posts"]] == ["mentioned", "everyone"]


def test_a_quote_of_another_record_of_the_file_is_found(queue: Path, bot: Bot) -> None:
    enterprise(queue)
    due = {"campaign": "rsotenyears", "due": "2035-03-07 10:05"}
    records = [
        {**due, "key": "report", "body": "The report."},
        {**due, "key": "ask", "body": "Read it.", "quote": "report"},
        {**due, "key": "lost", "body": "Read that.", "quote": "nowhere"},
    ]
    Path("week.json").write_text(json.dumps(records))
    cards = bot("preview", "week.json", "--json").json["announcements"]
    assert [[each["rule"] for each in card["problems"]] for card in cards] == [[], [], ["quoted"]]


@pytest.mark.parametrize(
    ("word", "premium", "told"),
    [
        ("subscribers", False, "unless the account offers subscriptions"),
        ("subscribers", True, "unless the account offers subscriptions"),
        ("verified", False, "from an account without X Premium"),
        ("verified", True, None),
        ("mentioned", False, None),
        ("following", False, None),
    ],
)
def test_a_setting_that_x_may_refuse_is_a_warning(
    queue: Path, bot: Bot, word: str, premium: bool, told: str | None
) -> None:
    if premium:
        accounts = queue / "schedules" / "accounts.toml"
        accounts.write_text(accounts.read_text("utf-8").replace("premium = false", "premium = true"), "utf-8")
    write("ask.json", reply_settings=word)
    (card,) = bot("preview", "ask.json", "--json").json["announcements"]
    found = [each["message"] for each in card["warnings"] if each["rule"] == "reply-settings"]
    assert [told in each for each in found if told] == ([True] if told else [])
    assert card["problems"] == []
