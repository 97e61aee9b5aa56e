"""One post as the rules see it: its text, and what stands where in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.domain.card import Finding
from bot.domain.text import entities
from bot.domain.text.entities import LinkSpan, Span
from bot.domain.text.pictographs import pictographs

BLANK = "\ufffc"
"""Stands in prose for each character of a link, hashtag or mention: neither a letter nor a space."""

_WITHOUT_SIGNS = dict.fromkeys((0x640, *range(0x64B, 0x653), 0x670)) | dict.fromkeys(map(ord, "أإآٱ"), "ا")
_SENTENCE = re.compile(r"(?:[^.!?\n。！？؟۔]|[.!?](?=\S))+[.!?。！？؟۔]*")


@dataclass(frozen=True)
class PostText:
    """The text of one post; `number` counts from 1. Places are code points."""

    text: str
    number: int
    language: str
    limit: int = 280

    @property
    def base(self) -> str:
        """The language without region: `fa` of `fa-AF`."""
        return self.language.partition("-")[0].lower()

    @cached_property
    def links(self) -> list[LinkSpan]:
        """What X makes a link of."""
        return entities.links(self.text)

    @cached_property
    def doubtful_links(self) -> list[LinkSpan]:
        """What may or may not be a link for X."""
        return entities.doubtful_links(self.text)

    @cached_property
    def hashtags(self) -> list[Span]:
        """What X makes a hashtag of."""
        return entities.hashtags(self.text)

    @cached_property
    def mentions(self) -> list[Span]:
        """The accounts that are mentioned."""
        return entities.mentions(self.text)

    @cached_property
    def emoji(self) -> list[Span]:
        """What X draws as a picture."""
        return pictographs(self.text)

    @cached_property
    def prose(self) -> str:
        """The text with its links, hashtags and mentions blanked, so that places stay what they are."""
        spans = (*self.links, *self.hashtags, *self.mentions)
        if not spans:
            return self.text
        chars = list(self.text)
        for span in spans:
            chars[span.start : span.end] = BLANK * (span.end - span.start)
        return "".join(chars)

    @cached_property
    def folded(self) -> str:
        """The prose in small letters, without signs between Arabic letters: to see at once that a word is not there."""
        folded = self.prose.casefold()
        return folded if folded.isascii() else folded.translate(_WITHOUT_SIGNS)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Start and end of each sentence; a line break ends one."""
        return [match.span() for match in _SENTENCE.finditer(self.prose) if match.group().strip()]

    def point(self, rule: str, start: int, end: int, message: str) -> Finding:
        """Make a finding about a place in the text."""
        return Finding(rule, message, self.number, start, end, self.text[start:end])
