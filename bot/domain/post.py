"""A post: one message on the channel, and the bytes of the request that creates it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.extras import NO_EXTRAS, Extras
from bot.domain.media import PostMedia
from bot.domain.states import AttemptState


@dataclass(frozen=True, slots=True)
class Parent:
    """What a post replies to: the post before it in its thread by its local id, another announcement of ours (its last post),
    or any post by the channel's id. Until the parent is out, its place among ours stands for it (settled question 5)."""

    local_id: int | None = None
    announcement_id: int | None = None
    post_id: str | None = None

    def __str__(self) -> str:
        if self.post_id:
            return f"x:{self.post_id}"
        return f"announcement:{self.announcement_id}" if self.announcement_id else f"post:{self.local_id}"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Somebody's wish that a post be deleted from the channel, times in UTC; `done_at` once it is gone."""

    asked_at: datetime
    by: str
    reason: str
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a post quotes: another announcement of ours (its first post), or any post by the channel's id."""

    announcement_id: int | None = None
    post_id: str | None = None

    def __str__(self) -> str:
        return f"x:{self.post_id}" if self.post_id else f"announcement:{self.announcement_id}"


@dataclass(frozen=True, slots=True)
class Post:
    """A post of an approved announcement: the frozen text, its place in the thread (0 first), its parent, what it quotes.

    `post_id` is the channel's id once it is accepted; it stays when the post is withdrawn. `corrects`: the local id of the
    post of which this is a new version.
    """

    id: int
    announcement_id: int
    position: int
    account: str
    text: str
    fingerprint: str
    cost_usd: Decimal
    parent: Parent | None = None
    post_id: str | None = None
    latest_attempt: AttemptState | None = None
    withdrawal: Withdrawal | None = None
    media: tuple[PostMedia, ...] = ()
    quote: Quoted | None = None
    extras: Extras = NO_EXTRAS
    corrects: int | None = None

    @property
    def withdrawn(self) -> bool:
        """Tell whether it was deleted."""
        return self.withdrawal is not None and self.withdrawal.done_at is not None

    @property
    def stays(self) -> bool:
        """Tell whether it is out, and nobody wants it deleted: what replies to it may go out."""
        return self.post_id is not None and self.withdrawal is None


def request_body(  # noqa: PLR0913 - each is a field of the request, and given by name
    text: str,
    *,
    reply_to: str | None,
    media_ids: Sequence[str] = (),
    quote: str | None = None,
    extras: Extras = NO_EXTRAS,
    edits: str | None = None,
) -> bytes:
    """Make the body of the create request: the one function that does, for preview and for sending.

    `reply_to` is the channel's id of the parent, `media_ids` those of its uploads, `quote` that of the quoted post, `edits`
    that of the version that this one takes the place of. UTF-8 JSON (X API notes, section 1).
    """
    body: dict[str, object] = {"text": text}
    if media_ids:
        body["media"] = {"media_ids": list(media_ids)}
    if reply_to is not None:
        body["reply"] = {"in_reply_to_tweet_id": reply_to}
    if quote is not None:
        body["quote_tweet_id"] = quote
    body |= extras.on_the_wire
    if edits is not None:
        body["edit_options"] = {"previous_post_id": edits}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def link_of(handle: str | None, post_id: str) -> str:
    """Give the address of a post on the channel; without the author's handle the channel finds it by its id alone."""
    return f"https://x.com/{handle or 'i/web'}/status/{post_id}"
