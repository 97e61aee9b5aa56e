"""The card: exactly what an approver sees before anything goes out (design, section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.announcement import Due, Embargo
from bot.domain.extras import NO_EXTRAS, Extras
from bot.domain.family import Sibling
from bot.domain.media import PostMedia
from bot.domain.text.changes import Change


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the text, the time or the account that is wrong (a problem) or doubtful (a warning).

    `rule` is its short name; `post` counts from 1, None when it is about the whole. `start` and `end` (code points, the end is
    not among them) are the place in the post's text, and `words` what stands there.
    """

    rule: str
    message: str
    post: int | None = None
    start: int | None = None
    end: int | None = None
    words: str = ""

    def __str__(self) -> str:
        return f"post {self.post}: {self.message}" if self.post else self.message


@dataclass(frozen=True, slots=True)
class PostCard:
    """One post as it will go out: `text` is what is sent, byte for byte."""

    text: str
    weighted_length: int
    limit: int
    links: tuple[str, ...]
    cost_usd: Decimal
    was_cut: bool = False
    media: tuple[PostMedia, ...] = ()
    extras: Extras = NO_EXTRAS


@dataclass(frozen=True, slots=True)
class CorrectionCard:
    """What a correction takes the place of: post `number` of an announcement, as it stands on the channel; what changes in it;
    until when (UTC) the channel takes that."""

    name: str
    number: int
    post_id: str
    text: str
    changes: tuple[Change, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """One announcement as it will go out. `frozen`: an approval has fixed the text already; `family`: it and its translations,
    or the original and the others, the original first; `corrects`: what it corrects."""

    name: str
    campaign: str
    title: str
    account: str
    handle: str
    language: str
    due: Due | None
    reply_to: str | None
    posts: tuple[PostCard, ...]
    digest: str
    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    frozen: bool = False
    embargo: Embargo | None = None
    expires: Due | None = None
    family: Sequence[Sibling] = ()
    quote: str | None = None
    corrects: CorrectionCard | None = None

    @property
    def cost_usd(self) -> Decimal:
        """What X will bill for all of it."""
        return sum((post.cost_usd for post in self.posts), Decimal(0))
