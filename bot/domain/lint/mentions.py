"""Mentions: where they stand, and whether somebody checked them (P2)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.card import Finding
from bot.domain.lint.post_text import PostText
from bot.domain.lint.subject import Subject


def mention_first(post: PostText) -> Iterator[Finding]:
    """Find a mention that opens the post."""
    if post.mentions and post.mentions[0].start == 0:
        message = "it opens with a mention: only followers of both accounts may see it"
        yield post.point("mention-first", 0, post.mentions[0].end, message)


def unknown_handle(post: PostText, subject: Subject) -> Iterator[Finding]:
    """Find handles that are on no list; a team that keeps none is not asked."""
    kept = subject.handles | subject.house.lists.handles
    if not kept:
        return
    known = {handle.casefold() for handle in kept} | {subject.handle.casefold()}
    for mention in post.mentions:
        if mention.value.casefold() not in known:
            message = f"@{mention.value} is not on your list: check whose it is, then add it"
            yield post.point("unknown-handle", mention.start, mention.end, message)
