"""twitter-together's files from folder to card: as they stand where the template says so, and X's limits told before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import REPO, Bot

PUBLISHED = REPO / "tests" / "data" / "twitter_together"


@pytest.fixture
def verbatim(project: Path) -> Path:
    """A project whose campaign posts what a file says and no more."""
    (project / "templates" / "verbatim.txt.j2").write_text("{{ body }}\n")
    lines = 'account = "baliprocessrso"\ntemplate = "verbatim.txt.j2"\ntimezone = "Asia/Bangkok"\n'
    (project / "schedules" / "together.toml").write_text(lines)
    return project


def cards(bot: Bot, *paths: str) -> dict[str, Any]:
    checked = bot("check", *paths, "--campaign", "together", "--json").json
    assert checked["problems"] == []
    return {card["name"]: card for card in checked["announcements"]}


def problems(project: Path, bot: Bot, text: str) -> list[str]:
    path = project / "tweets" / "a.tweet"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return [problem["message"] for problem in cards(bot, "tweets")["a.tweet"]["problems"]]


def test_what_that_project_has_published_would_go_out_here_word_for_word(verbatim: Path, bot: Bot) -> None:
    folder = PUBLISHED / "tweets"
    found = cards(bot, str(folder))
    for path in folder.rglob("*.tweet"):
        words = path.read_text().strip().partition("\n\n( )")[0]
        name = path.relative_to(folder).as_posix().replace(" ", "-")
        assert [post["text"] for post in found[name]["posts"]] == [words]
    assert len(found) == 32


def test_its_text_over_280_is_refused_here_too(verbatim: Path, bot: Bot) -> None:
    path = PUBLISHED / "test" / "push-main-tweet-error" / "tweets" / "cupcake-ipsum.tweet"
    text = path.read_text()
    assert any("too long by" in problem for problem in problems(verbatim, bot, text))


def test_a_file_without_a_schedule_is_a_draft_that_somebody_gives_a_time(verbatim: Path, bot: Bot) -> None:
    assert problems(verbatim, bot, "Hello, world!") == [
        "due: it has no time; give one (2026-03-30 10:00, or next)"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "Colour?\n\n( ) a\n( ) b\n( ) c\n( ) d\n( ) e",
            "poll.options: X takes 2 to 4 options, and there are 5",
        ),
        ("Colour?\n\n( ) a", "poll.options: X takes 2 to 4 options, and there are 1"),
        (f"Colour?\n\n( ) a\n( ) {'b' * 26}", f"poll.options: option 2 is too long by 1 ('{'b' * 26}')"),
        (
            "---\nretweet: https://x.com/a/status/1409601188362809349\n---\nIndeed.",
            "quote: X takes quotes from enterprise access only (since 2026-04-20); link to it instead",
        ),
        (
            "---\nmedia: [{file: cat.png, alt: A cat}]\n---\nLook.",
            "media: media/cat.png: there is no such file in the project folder",
        ),
    ],
)
def test_what_x_would_refuse_of_a_file_is_a_problem_of_its_card(
    verbatim: Path, bot: Bot, text: str, problem: str
) -> None:
    assert problem in problems(verbatim, bot, text)
