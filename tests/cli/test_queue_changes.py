"""`bot queue edit`, `copy`, `reschedule`: what is not named stays, and times are told as people read them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.cli.conftest import Bot


def record(bot: Bot, name: str) -> dict[str, Any]:
    found: dict[str, Any] = bot("queue", "show", name, "--json").json["announcement"]["record"]
    return found


def add(bot: Bot) -> None:
    variables = ("--variable", "venue=Bangkok", "--variable", "places=88")
    assert (
        bot("queue", "add", "--campaign", "rsotenyears", "--key", "forum", "--body", "Come.", *variables).code
        == 0
    )


def test_a_variable_that_is_changed_leaves_the_others_as_they_were(queue: Path, bot: Bot) -> None:
    add(bot)
    assert bot("queue", "edit", "forum", "--variable", "venue=Manila").code == 0
    assert record(bot, "forum")["variables"] == {"venue": "Manila", "places": "88"}


def test_a_copy_needs_no_change_and_has_the_same_words_without_key_and_time(queue: Path, bot: Bot) -> None:
    add(bot)
    copied = bot("queue", "copy", "forum", "--json")
    assert copied.code == 0, copied.err
    made = copied.json["announcement"]
    assert (made["key"], made["due_at"], made["state"]) == (None, None, "draft")
    assert {**record(bot, "forum"), "key": None} == record(bot, made["name"])


def test_an_edit_that_changes_nothing_is_refused_with_what_to_give(queue: Path, bot: Bot) -> None:
    add(bot)
    refused = bot("queue", "edit", "forum")
    assert refused.code == 2
    assert "give a field, such as --body" in refused.err


def test_a_time_that_was_given_as_now_is_shown_to_the_second(queue: Path, bot: Bot) -> None:
    campaign = queue / "schedules" / "rsotenyears.toml"
    campaign.write_text(
        campaign.read_text().replace("quiet_hours =", "# quiet_hours =")
    )  # it may be night there
    add(bot)
    moved = bot("queue", "reschedule", "forum", "--due", "now")
    assert re.fullmatch(
        r"forum .* is draft, due .* \d\d:\d\d(:\d\d)? Asia/Bangkok \([^.]* UTC\)\n", moved.out
    )
