"""The pages, and the parts of them that can be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

REPO = Path(__file__).parents[2]
HIDDEN = re.compile(r"<!-- console\n(?P<text>.*?)-->", re.DOTALL)
TITLE = re.compile(r'title="(?P<path>[^"]+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block. One with a title shows a file of that name."""

    line: int
    language: str
    title: str | None
    text: str


def all_pages() -> list[Path]:
    """Every page that people read, the longest-lived first."""
    return sorted(REPO.glob("*.md")) + sorted((REPO / "docs").rglob("*.md"))


def tokens(text: str) -> list[Token]:
    """A page as Markdown sees it."""
    return MarkdownIt("commonmark").enable("table").parse(text)


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, and those that only the test sees: `<!-- console ... -->`."""
    for token in tokens(text):
        line = token.map[0] + 1 if token.map else 0
        hidden = HIDDEN.match(token.content) if token.type == "html_block" else None
        if hidden:
            yield Block(line, "console", None, hidden["text"])
        elif token.type == "fence":
            language, _, rest = token.info.strip().partition(" ")
            title = TITLE.search(rest)
            yield Block(line, language, title["path"] if title else None, token.content)
