"""Emoji: how many, and where they stand in the way of whoever listens (A4)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.card import Finding
from bot.domain.lint.post_text import PostText
from bot.domain.text.entities import Span

MOST = 3
NEAR = 20
"""Characters beside an emoji that are looked at."""
KEYCAP = "\u20e3"


def emoji_count(post: PostText) -> Iterator[Finding]:
    """Find the emoji beyond the third."""
    if len(post.emoji) > MOST:
        message = f"{len(post.emoji)} emoji: keep {MOST} at most"
        yield post.point("emoji-count", post.emoji[MOST].start, post.emoji[-1].end, message)


def emoji_repeated(post: PostText) -> Iterator[Finding]:
    """Find the second of the same emoji."""
    seen: set[str] = set()
    told: set[str] = set()
    for each in post.emoji:
        if each.value in seen and each.value not in told:
            told.add(each.value)
            yield post.point(
                "emoji-repeated", each.start, each.end, f"{each.value} stands there more than once"
            )
        seen.add(each.value)


def emoji_first(post: PostText) -> Iterator[Finding]:
    """Find an emoji that opens the post."""
    if post.emoji and not post.text[: post.emoji[0].start].strip():
        first = post.emoji[0]
        yield post.point("emoji-first", first.start, first.end, f"it begins with {first.value}: put it last")


def emoji_bullet(post: PostText) -> Iterator[Finding]:
    """Find emoji that open lines within the post: two of them are bullets."""
    bullets = [each for each in post.emoji if _opens_line(post, each)]
    if len(bullets) > 1:
        first = bullets[1]
        message = f"{first.value} opens a line: use a dash, or a sentence for each"
        yield post.point("emoji-bullet", first.start, first.end, message)


def emoji_word(post: PostText) -> Iterator[Finding]:
    """Find emoji in the middle of a sentence, where a word would stand."""
    for each in post.emoji:
        before = post.prose[max(0, each.start - NEAR) : each.start]
        after = post.prose[each.end : each.end + NEAR]
        if _goes_on(before.rstrip(" ")[-1:], after.lstrip(" ")[:1], _touches(before, after)):
            message = f"{each.value} stands where a word would: write the word"
            yield post.point("emoji-word", each.start, each.end, message)


def keycap(post: PostText) -> Iterator[Finding]:
    """Find digits as emoji."""
    for each in post.emoji:
        if each.value.endswith(KEYCAP):
            message = f"{each.value} is no digit for a screen reader: write {each.value[0]}"
            yield post.point("keycap", each.start, each.end, message)
            return


def _opens_line(post: PostText, each: Span) -> bool:
    before = post.text[max(0, each.start - NEAR) : each.start].rstrip(" ")
    rest = post.text[each.end : each.end + NEAR].lstrip(" ")
    return (not before or before[-1] == "\n") and rest[:1].isalpha()


def _touches(before: str, after: str) -> bool:
    return not before.endswith(" ") and not after.startswith(" ")


def _goes_on(last: str, first: str, touching: bool) -> bool:
    """A sentence goes on with a small letter; where letters have no case, only what touches on both sides is sure."""
    if not (last.isalpha() or last == ",") or not first.isalpha():
        return False
    return first.islower() or (touching and first.upper() == first.lower())
