"""What was changed between two versions of our own text, word by word; no character of either is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from bot.domain.text.words import behind_white_space, break_opportunities


class Kind(StrEnum):
    """What became of a part of the text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Change:
    """A part of the text before, after, or of both."""

    kind: Kind
    text: str


def changes(before: str, after: str, language: str) -> tuple[Change, ...]:
    """Tell the parts in order: those that are the same or gone make the text before, the same or new ones the text after."""
    left, right = list(_words(before, language)), list(_words(after, language))
    found: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Change(Kind.SAME, "".join(left[a:b])))
            continue
        for what, part in ((Kind.GONE, left[a:b]), (Kind.NEW, right[c:d])):
            if part:
                found.append(Change(what, "".join(part)))
    return tuple(found)


def _words(text: str, language: str) -> Iterator[str]:
    """Give words and the white space between them, each by itself."""
    for start, end in pairwise([0, *break_opportunities(text, language), len(text)]):
        word = min(behind_white_space(text, start), end)
        yield from (part for part in (text[start:word], text[word:end]) if part)
