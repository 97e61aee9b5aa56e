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


def row(bot: Bot, text: str, *options: str) -> dict[str, object]:
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
    assert "was edited in the queue since" in str(again["told"])
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
