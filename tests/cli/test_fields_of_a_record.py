"""What a record's fields must be for a post to make sense, told before anybody approves it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Bot


def problems(bot: Bot, **fields: object) -> list[str]:
    record = {
        "key": "one",
        "campaign": "rsotenyears",
        "due": "2035-03-07 10:05",
        "body": "The report is out.",
    }
    Path("one.json").write_text(json.dumps([{**record, **fields}]), "utf-8")
    ended = bot("check", "one.json")
    lines = [*ended.lines, *ended.err.splitlines()]
    return [line for line in lines if "link: " in line or "body: " in line]


@pytest.mark.parametrize(
    "link",
    [
        "see the site",
        "htps://www.baliprocess.net/",
        r"C:\docs\x.pdf",
        "https://example.org/a b",
        "https://a.org, b.org",
    ],
)
def test_a_link_that_is_not_one_link_is_a_problem(bot: Bot, project: Path, link: str) -> None:
    assert any(f"link: '{link}' is not one link for X" in line for line in problems(bot, link=link))


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/news/?a=1&b=%C3%A9#part",
        "example.org",
        "https://例え.jp/",
        "https://example.org/a_(b)",
    ],
)
def test_a_whole_address_is_a_link(bot: Bot, project: Path, link: str) -> None:
    assert problems(bot, link=link) == []


@pytest.mark.parametrize("body", ["", "  "])
def test_an_announcement_without_words_is_a_problem(bot: Bot, project: Path, body: str) -> None:
    assert any("body: is empty" in line for line in problems(bot, body=body))


def test_a_title_alone_is_words_enough(bot: Bot, project: Path) -> None:
    assert problems(bot, title="The report is out", body="") == []


def test_a_poll_without_a_question_is_a_warning(queue: Path, bot: Bot) -> None:
    record = {"key": "ask", "campaign": "rsotenyears", "due": "2035-03-07 10:05", "body": ""}
    Path("ask.json").write_text(json.dumps([{**record, "poll": {"options": ["Here", "There"]}}]), "utf-8")
    assert bot("queue", "import", "ask.json").code == 0
    card = bot("preview", "ask")
    assert "poll: has options and no question" in card.out
    assert "body: is empty" not in card.out
