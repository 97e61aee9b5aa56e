"""The card on the terminal: posts of a thread hang together, and what goes with a post is told with its alt text."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.conftest import Bot

FILES = Path(__file__).parents[1] / "data" / "media"


def card(bot: Bot, body: str, *more: str) -> list[str]:
    lines = [
        "- campaign: rsotenyears",
        "  due: 2035-03-07 10:05",
        f"  body: {json.dumps(body)}",
        *(f"  {line}" for line in more),
    ]
    Path("news.yaml").write_text("\n".join(lines), "utf-8")
    return bot("preview", "news.yaml").lines


def test_a_line_joins_the_posts_of_a_thread(queue: Path, bot: Bot) -> None:
    lines = card(bot, "First.\n---\nSecond.\n---\nThird.", "thread: true")
    joints = [at for at, line in enumerate(lines) if line.strip() == "┃"]
    assert [(lines[at - 1][0], lines[at + 1][:18]) for at in joints] == [
        ("╰", "╭─ @baliprocessrso"),
        ("╰", "╭─ @baliprocessrso"),
    ]


def test_one_post_alone_has_no_such_line(queue: Path, bot: Bot) -> None:
    assert not [line for line in card(bot, "Only one.") if line.strip() == "┃"]


def test_a_picture_and_a_missing_alt_text_stand_in_the_card(queue: Path, bot: Bot) -> None:
    shutil.copytree(FILES, queue / "pictures")
    lines = card(bot, "News.", "media: [{path: pictures/convert.jpg, alt: Delegates}]")
    inside = [line.strip("│ ") for line in lines if line.startswith("│")]
    assert "▣ pictures/convert.jpg (image 640×360, 5 kB)" in inside
    assert "alt: Delegates" in inside
    lines = card(bot, "News.", "media: [{path: pictures/convert.jpg}]")
    assert "alt: (none)" in [line.strip("│ ") for line in lines]
