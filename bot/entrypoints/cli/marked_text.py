"""A post's text parted where something is to be marked: links, tags and mentions, and the places of findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.card import Finding
from bot.domain.text import entities

PROBLEM, WARNING = "problem", "warning"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a run; `level` is that of the gravest finding about it, or nothing."""

    text: str
    level: str


@dataclass(frozen=True, slots=True)
class Run:
    """A link, hashtag, mention or cashtag, or what stands between them (`kind` is nothing). `href` of a link only."""

    kind: str
    href: str
    pieces: tuple[Piece, ...]


def runs_of(text: str, problems: Sequence[Finding], warnings: Sequence[Finding]) -> list[Run]:
    """Part a text into runs; all their pieces joined are the text. The findings are those of this post."""
    levels = [""] * len(text)
    for level, findings in ((WARNING, warnings), (PROBLEM, problems)):
        for finding in findings:
            if finding.start is not None and finding.end is not None:
                place = slice(finding.start, finding.end)
                levels[place] = [level] * len(levels[place])
    found: list[Run] = []
    position = 0
    for start, end, kind, href in _entities(text):
        if start > position:
            found.append(Run("", "", tuple(_pieces(text, levels, position, start))))
        found.append(Run(kind, href, tuple(_pieces(text, levels, start, end))))
        position = end
    if position < len(text):
        found.append(Run("", "", tuple(_pieces(text, levels, position, len(text)))))
    return found


def _entities(text: str) -> list[tuple[int, int, str, str]]:
    """Start, end, kind and address of everything that X sets apart, in order and without overlaps."""
    spans = [
        (link.start, link.end, "link", link.value if link.has_scheme else f"https://{link.value}")
        for link in entities.links(text)
    ]
    for kind, find in (
        ("hashtag", entities.hashtags),
        ("mention", entities.mentions),
        ("cashtag", entities.cashtags),
    ):
        spans += [(span.start, span.end, kind, "") for span in find(text)]
    kept: list[tuple[int, int, str, str]] = []
    for each in sorted(spans):
        if not kept or kept[-1][1] <= each[0]:
            kept.append(each)
    return kept


def _pieces(text: str, levels: Sequence[str], start: int, end: int) -> Iterator[Piece]:
    first = start
    for place in range(start + 1, end + 1):
        if place == end or levels[place] != levels[first]:
            yield Piece(text[first:place], levels[first])
            first = place
