"""An attempt: one request to create a post (design, section 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.domain.post import Post, request_body
from bot.domain.states import AttemptState, KnownBy


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends and when: the id that the account's keys belong to, the worker, the instant (UTC) of the intent."""

    user_id: str
    worker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """What is stored, durable, before the first byte leaves (design, section 5, step 3).

    `post` is the local id of the post; `user_id` the id that the account's keys belong to; `since` the newest own
    post id known before the post's *first* attempt; `reply_to` the channel's id of the parent, `quote` that of the quoted post,
    `edits` that of the version which a correction takes the place of.
    """

    post: int
    announcement_id: int
    number: int
    account: str
    user_id: str
    text: str
    body: bytes
    fingerprint: str
    reply_to: str | None
    since: str | None
    cost_usd: Decimal
    worker: str
    intent_at: datetime
    quote: str | None = None
    edits: str | None = None

    @classmethod
    def of(  # noqa: PLR0913 - each is known to another part of the intent, and given by name
        cls,
        post: Post,
        sender: Sender,
        *,
        number: int,
        reply_to: str | None,
        since: str | None,
        media_ids: Sequence[str] = (),
        quote: str | None = None,
        edits: str | None = None,
    ) -> NewAttempt:
        """Make the attempt that sends a frozen post, with the bytes of its request."""
        return NewAttempt(
            post=post.id,
            announcement_id=post.announcement_id,
            number=number,
            account=post.account,
            user_id=sender.user_id,
            text=post.text,
            body=request_body(
                post.text,
                reply_to=reply_to,
                media_ids=media_ids,
                quote=quote,
                extras=post.extras,
                edits=edits,
            ),
            fingerprint=post.fingerprint,
            reply_to=reply_to,
            since=since,
            cost_usd=post.cost_usd,
            worker=sender.worker,
            intent_at=sender.at,
            quote=quote,
            edits=edits,
        )


@dataclass(frozen=True, slots=True)
class Attempt(NewAttempt):
    """A stored attempt and what is known of it.

    `post_id` is the channel's id when it is accepted; `reason` one line for people; `evidence` what the timeline showed;
    `duplicate`: X said that the text repeats one; `rechecked`: the reading after a resend was made.
    """

    id: int = 0
    state: AttemptState = AttemptState.SENDING
    post_id: str | None = None
    known_by: KnownBy | None = None
    reason: str = ""
    duplicate: bool = False
    doubt_at: datetime | None = None
    settled_at: datetime | None = None
    rechecked: bool = False
    evidence: Mapping[str, object] = field(default_factory=dict)
