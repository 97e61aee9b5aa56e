"""How long sentences and posts are (A7, P11)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.card import Finding
from bot.domain.lint.post_text import PostText
from bot.domain.text.weighted import weighted_length
from bot.domain.text.words import break_opportunities

MOST_WORDS = 25
LONG_TEXT = 200
ROOM_TO_MEND = 5

_WORD = re.compile(r"\w[\w'’-]*")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def long_sentence(post: PostText) -> Iterator[Finding]:
    """Find sentences of more than 25 words; in Thai, where sentences have no sign, a space ends one."""
    for start, end in post.sentences:
        sentence = post.prose[start:end]
        pieces = sentence.split(" ") if _UNSPACED.search(sentence) else [sentence]
        count = max(_words_in(piece, post.language) for piece in pieces)
        if count > MOST_WORDS:
            message = f"a sentence of {count} words: make two of it"
            yield post.point("long-sentence", start, end, message)


def wall_of_text(post: PostText) -> Iterator[Finding]:
    """Find long texts without a line break."""
    text = post.text.strip()
    if "\n" not in text and weighted_length(text) > LONG_TEXT:
        yield post.point("wall-of-text", 0, len(post.text), "a long text without a line break")


def nearly_full(post: PostText) -> Iterator[Finding]:
    """Find posts with hardly a character left."""
    left = post.limit - weighted_length(post.text)
    if 0 <= left <= ROOM_TO_MEND:
        yield Finding("nearly-full", f"only {left} characters are left", post.number)


def _words_in(text: str, language: str) -> int:
    if _UNSPACED.search(text):
        return len(break_opportunities(text.strip(), language)) + 1
    return sum(1 for _ in _WORD.finditer(text))
