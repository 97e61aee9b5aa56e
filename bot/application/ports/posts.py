"""The frozen posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from bot.domain.extras import NO_EXTRAS, Extras
from bot.domain.media import PostMedia
from bot.domain.post import Post, Quoted, Withdrawal


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to freeze. `reply_to` is the channel's id of the parent, for the first post of a reply to something that is out;
    later posts of a thread reply to the one before. `quote` goes with the first post. `corrects`: the local id of the post of
    which it is a new version."""

    position: int
    text: str
    cost_usd: Decimal
    reply_to: str | None = None
    reply_to_announcement: int | None = None
    media: tuple[PostMedia, ...] = ()
    quote: Quoted | None = None
    extras: Extras = NO_EXTRAS
    corrects: int | None = None


class Posts(Protocol):
    """Posts come into being at approval; drafts never collide (settled question 5)."""

    def freeze(self, announcement_id: int, account: str, posts: Sequence[NewPost]) -> Sequence[Post]:
        """Store the posts of an approved announcement.

        Raises Refusal when an unfinished post of the same account has the same fingerprint.
        """
        ...

    def discard(self, announcement_id: int) -> None:
        """Take the frozen posts back when the approval is void.

        Posts that were never sent are deleted; those whose attempts were refused, not sent or are absent stay for the record,
        superseded: they are no longer the announcement's posts and bar no text. Raises Refusal if one of them is or may be out.
        """
        ...

    def of(self, announcement_id: int) -> Sequence[Post]:
        """Give the posts of an announcement in the order of the thread, each with its id on the channel if it is accepted."""
        ...

    def unsent(self, account: str) -> Sequence[Post]:
        """Give every post of an account that is not accepted and whose announcement may still go out."""
        ...

    def ask_withdrawal(self, post: int, wish: Withdrawal, *, cost_usd: Decimal) -> None:
        """Note that somebody wants a published post deleted; each time adds what X may bill for it."""
        ...

    def withdraw(self, post: int, at: datetime) -> None:
        """Note that a published post was deleted."""
        ...

    def withdrawing(self) -> Sequence[Post]:
        """Give the posts that somebody wants deleted and that are not known to be; their corrections go with them."""
        ...

    def replies_to(self, post: Post) -> Sequence[Post]:
        """Give the posts of ours that reply to a published post, out or to go out, those of its own thread included."""
        ...

    def withdrawn(self) -> Sequence[int]:
        """Give the local ids of the posts that were noted as deleted."""
        ...

    def finish(self, announcement_id: int) -> None:
        """Note that nothing more of the announcement will go out, so that its texts bar no others."""
        ...

    def published_at(self, announcement_id: int) -> str | None:
        """Give the channel's id of the announcement's last accepted post in its newest version, to which a reply goes."""
        ...

    def versions(self, post: int) -> Sequence[Post]:
        """Give a published post in all its versions that are out, the oldest first: itself and what corrected it. Asked for
        any of them, it gives all."""
        ...

    def get(self, post: int) -> Post:
        """Give one post by its local id."""
        ...

    def alike(self, account: str, fingerprint: str) -> Sequence[Post]:
        """Give the posts of an account with this fingerprint, published or to be published."""
        ...

    def thread_worked(self, account: str) -> bool:
        """Tell whether a second post of a thread was ever accepted on the account."""
        ...

    def newest_published(self, account: str, *, before: str | None = None) -> str | None:
        """Give the largest id of the account's published posts that nobody wants deleted; below `before`, if given."""
        ...
