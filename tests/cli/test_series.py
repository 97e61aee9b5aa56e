"""`bot series`: what comes again, from the file to the status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Bot

TIPS: dict[str, Any] = {
    "campaign": "rsotenyears",
    "key": "tip",
    "body": "Tip one.",
    "due": "2026-01-02 09:30",
    "repeat": {
        "rule": "daily",
        "wordings": ["Tip two.", "Tip three."],
        "rest": "9d",
        "ahead": "40d",
        "on_holidays": True,
    },
}


@pytest.fixture
def tips(queue: Path) -> str:
    """A file with a series that has begun, of which three announcements can be made."""
    (queue / "tips.json").write_text(json.dumps(TIPS))
    return "tips.json"


def test_a_series_is_seen_before_it_is_queued_and_nothing_is_queued_by_that(bot: Bot, tips: str) -> None:
    seen = bot("preview", tips, "--json")
    assert [card["posts"][0]["text"].split("\n")[0] for card in seen.json["announcements"]] == [
        "Tip one.",
        "Tip two.",
        "Tip three.",
    ]
    assert "note: tips.json:1:" in seen.err
    assert bot("series", "list", "--json").json == {"series": []}
    assert bot("queue", "list", "--json").json["total"] == 0


def test_a_dry_run_says_how_many_would_be_made_and_makes_none(bot: Bot, tips: str) -> None:
    row = bot("queue", "import", tips, "--dry-run", "--json").json["rows"][0]
    assert (row["action"], row["id"], row["made"], row["told"][0]) == (
        "added",
        None,
        [],
        "3 announcements made of it",
    )
    assert bot("series", "list", "--json").json == {"series": []}


def test_what_is_made_waits_for_people_and_the_status_says_so(bot: Bot, tips: str) -> None:
    imported = bot("queue", "import", tips)
    assert imported.code == 0
    assert "note: tips.json:1: 3 announcements made of it" in imported.lines
    names = [each["name"] for each in bot("series", "show", "tip", "--json").json["announcements"]]
    assert all(name.startswith("tip.20") for name in names)
    status = bot("status")
    assert any(line.startswith("series: tip: 3 announcements wait for approval") for line in status.lines)
    assert "  → bot series show tip" in status.lines
    card = bot("preview", names[0], "--json").json["announcements"][0]
    assert bot("queue", "approve", names[0], "--digest", card["digest"]).code == 0
    assert bot("status", "--json").json["series"][0]["waiting"] == 2


def test_what_was_made_can_be_approved_with_the_import(bot: Bot, tips: str) -> None:
    done = bot("queue", "import", tips, "--approve", "--yes", "--json")
    assert done.code == 0
    assert len(done.json["approved"]) == 3
    assert {each["state"] for each in bot("queue", "list", "--json").json["announcements"]} == {"scheduled"}


def test_texts_that_would_repeat_are_a_problem_of_the_file(bot: Bot, tips: str, queue: Path) -> None:
    record = {**TIPS, "repeat": {"rule": "FREQ=DAILY;COUNT=5"}, "due": "2050-01-02 09:30"}
    (queue / tips).write_text(json.dumps(record))
    for command in (("check", tips), ("preview", tips), ("queue", "import", tips)):
        ended = bot(*command)
        assert ended.code == 1
        assert (
            "its text would repeat tip.2050-01-02, and X refuses that: add a wording" in ended.out + ended.err
        )


def test_a_series_is_stopped_with_a_reason_that_is_kept(bot: Bot, tips: str) -> None:
    bot("queue", "import", tips)
    assert bot("series", "stop", "tip").code == 2
    stopped = bot("series", "stop", "tip", "--reason", "It is over.")
    assert stopped.lines[0] == "tip is stopped"
    assert sum(line.endswith(" is cancelled") for line in stopped.lines) == 3
    assert "It is over." in bot("series", "list").out
    assert bot("series", "list", "--json").json["series"][0]["stopped_reason"] == "It is over."
    assert bot("series", "make").out == "nothing is to be made\n"
    again = bot("series", "stop", "tip", "--reason", "Again.")
    assert (again.code, again.err) == (1, "error: tip was stopped already\n")
    same = bot("queue", "import", tips)
    assert "it was stopped, and nothing more comes of it" in same.out + same.err


def test_a_series_that_is_not_there_is_told_with_what_to_do(bot: Bot, queue: Path) -> None:
    ended = bot("series", "show", "nothing")
    assert (ended.code, ended.err) == (
        1,
        "error: there is no series 'nothing': `bot series list` shows them\n",
    )


def test_a_folder_that_is_kept_in_step_may_hold_a_series(bot: Bot, queue: Path) -> None:
    (queue / "posts").mkdir()
    (queue / "posts" / "tips.json").write_text(json.dumps(TIPS))
    added = bot("queue", "sync", "posts", "--json").json["rows"]
    assert [(row["key"], row["action"]) for row in added] == [("tip", "added")]
    assert added[0]["why"].startswith("3 announcements made of it")
    again = bot("queue", "sync", "posts", "--json").json["rows"]
    assert [(row["key"], row["action"]) for row in again] == [("tip", "unchanged")]
    assert bot("queue", "list", "--json").json["total"] == 3
