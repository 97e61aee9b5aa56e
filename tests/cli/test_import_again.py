"""`bot queue import` of files that came before: what was decided in the queue since is not undone by an old file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Bot, Ended

pytestmark = pytest.mark.usefixtures("queue")

BETA = "campaign,key,body,due\nrsotenyears,b,Beta,2035-04-04 10:00\n"


def take(bot: Bot, text: str, *options: str) -> Ended:
    Path("k.csv").write_text(text, encoding="utf-8")
    return bot("queue", "import", "k.csv", *options)


def row(bot: Bot, text: str, *options: str) -> dict[str, Any]:
    (row,) = take(bot, text, "--json", *options).json["rows"]
    return dict(row)


def field(bot: Bot, name: str) -> object:
    return shown(bot)["record"][name]


def shown(bot: Bot) -> dict[str, Any]:
    found: dict[str, Any] = bot("queue", "show", "b", "--json").json["announcement"]
    return found


def test_the_same_file_undoes_no_edit_of_the_queue_and_approves_none(bot: Bot) -> None:
    take(bot, BETA, "--approve", "--yes")
    bot("queue", "edit", "b", "--body", "Beta, corrected by the boss")
    again = row(bot, BETA, "--approve", "--yes")
    assert again["action"] == "unchanged"
    assert "was edited in the queue since" in again["told"][0]
    assert field(bot, "body") == "Beta, corrected by the boss"
    assert shown(bot)["state"] == "draft"


def test_what_a_file_said_last_is_what_counts_and_not_what_it_said_first(bot: Bot) -> None:
    second = BETA.replace("Beta", "Second")
    take(bot, BETA)
    assert row(bot, second)["action"] == "changed"
    bot("queue", "edit", "b", "--body", "By hand")
    assert row(bot, second)["action"] == "unchanged"
    assert row(bot, BETA)["action"] == "changed"
    assert field(bot, "body") == "Beta"


def test_a_file_that_says_something_new_changes_what_was_edited_and_says_that_the_approval_is_gone(
    bot: Bot,
) -> None:
    take(bot, BETA, "--approve", "--yes")
    changed = row(bot, BETA.replace("Beta", "Third"))
    assert (changed["action"], changed["told"]) == ("changed", ["its approval is gone"])
    bot("queue", "edit", "b", "--body", "By hand")
    assert row(bot, BETA.replace("Beta", "Fourth"))["action"] == "changed"
    assert field(bot, "body") == "Fourth"


FULL = "campaign,key,body,due,link\nrsotenyears,b,Beta,2035-04-04 10:00,https://example.org/b\n"


def test_a_column_that_is_not_there_changes_nothing_and_an_empty_cell_clears(bot: Bot) -> None:
    take(bot, FULL)
    (only,) = row(bot, "key,campaign,body\nb,rsotenyears,Gamma\n")["changes"]
    assert only == {"field": "body", "before": "Beta", "after": "Gamma"}
    assert field(bot, "link") == "https://example.org/b"
    assert field(bot, "due") == "2035-04-04 10:00"
    assert row(bot, "key,campaign,body,link\nb,rsotenyears,Gamma,\n")["action"] == "changed"
    assert (field(bot, "link"), field(bot, "due")) == (None, "2035-04-04 10:00")


def test_a_translation_in_a_table_keeps_what_the_table_does_not_mention(bot: Bot) -> None:
    both = "campaign,key,language,body,due,link,variants.th.body,variants.th.notes\n"
    take(bot, f"{both}rsotenyears,b,en,Beta,2035-04-04 10:00,https://example.org/b,เบตา,keep\n")
    words = "campaign,key,language,body,variants.th.body\nrsotenyears,b,en,Beta,แกมมา\n"
    first, second = take(bot, words, "--json").json["rows"]
    assert first["action"] == "unchanged"
    assert [each["field"] for each in second["changes"]] == ["body"]


def test_a_list_of_records_still_gives_them_whole(bot: Bot) -> None:
    take(bot, FULL)
    Path("k.yaml").write_text("campaign: rsotenyears\nkey: b\nbody: Beta\ndue: 2035-04-04 10:00\n")
    (changed,) = bot("queue", "import", "k.yaml", "--json").json["rows"]
    assert [each["field"] for each in changed["changes"]] == ["link"]


def test_in_a_folder_a_column_that_is_not_there_changes_nothing_either(bot: Bot) -> None:
    Path("kept").mkdir()
    Path("kept/k.csv").write_text(FULL)
    assert bot("queue", "sync", "kept").code == 0
    Path("kept/k.csv").write_text("key,campaign,body\nb,rsotenyears,Gamma\n")
    assert bot("queue", "sync", "kept").code == 0
    assert (field(bot, "body"), field(bot, "link")) == ("Gamma", "https://example.org/b")
