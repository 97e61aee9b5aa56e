"""What stands on the sandbox's timelines, rebuilt from its ledger."""

from __future__ import annotations

import threading
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.ledger import Ledger

EPOCH_MS = 1_288_834_974_657
"""From when X's ids count their milliseconds."""


@dataclass(slots=True)
class SandboxPost:
    """A post: `text` as it was sent; `at` by X's clock and `seen_from` by the running clock, in seconds; `versions` are
    the ids of its edit history, oldest first; `edits` is the version that it replaced."""

    id: str
    user_id: str
    text: str
    parent: str | None
    at: float
    by_hand: bool
    versions: list[str]
    executed: float
    deleted_at: float | None = None
    replaced_at: float | None = None
    media: list[dict[str, Any]] = field(default_factory=list)
    edits: str | None = None
    quote: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a post carries beside its text: media, the id that it quotes, and the fields of `extras.KEPT`."""

    media: Sequence[dict[str, Any]] = ()
    quote: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Posts:
    """All posts of all accounts. `offset` is how far X's clock is off, in seconds."""

    ledger: Ledger
    offset: float = 0.0
    posts: dict[str, SandboxPost] = field(default_factory=dict)
    guard: threading.RLock = field(default_factory=threading.RLock)
    last_id: int = 0

    def rebuild(self) -> None:
        """Read the ledger again after a start."""
        for event in self.ledger.events():
            self._apply(event, executed=0.0)

    def clock(self) -> float:
        """X's own time, in seconds since 1970."""
        return time.time() + self.offset

    def create(
        self,
        user_id: str,
        text: str,
        parent: str | None,
        *,
        by_hand: bool = False,
        beside: Beside | None = None,
    ) -> SandboxPost:
        """Take a post; it is in the ledger when this returns."""
        carried = beside or Beside()
        with self.guard:
            event = {
                "kind": "post", "id": self._new_id(), "user_id": user_id, "text": unicodedata.normalize("NFC", text),
                "parent": parent, "at": self.clock(), "by_hand": by_hand,
                "media": list(carried.media), "quote": carried.quote, "extras": carried.extras,
            }  # fmt: skip
            return self._take(event)

    def edit(
        self,
        post_id: str,
        text: str,
        *,
        by_hand: bool = True,
        media: Sequence[dict[str, Any]] | None = None,
    ) -> SandboxPost:
        """Edit a post: a new id, and the old one leaves the timeline. By hand it keeps its media."""
        with self.guard:
            old = self.posts[post_id]
            event = {
                "kind": "edit", "id": self._new_id(), "of": post_id, "user_id": old.user_id,
                "text": unicodedata.normalize("NFC", text), "parent": old.parent, "at": self.clock(), "by_hand": by_hand,
                "media": list(old.media if media is None else media),
                "quote": old.quote, "extras": old.extras,
            }  # fmt: skip
            return self._take(event)

    def delete(self, post_id: str) -> bool:
        """Delete a post with every version of it; False if it is not there."""
        with self.guard:
            post = self.posts.get(post_id)
            if post is None or post.deleted_at is not None:
                return False
            event = {"kind": "delete", "id": post_id, "at": self.clock()}
            self.ledger.append(event)
            self._apply(event, executed=time.monotonic())
            return True

    def shown(self, user_id: str, *, lag: float = 0.0, stale: float = 0.0) -> list[SandboxPost]:
        """Give what the timeline shows, newest first: `lag` hides what is younger, `stale` shows how it was that long ago."""
        moment = time.monotonic() - stale
        with self.guard:
            seen = [
                post
                for post in self.posts.values()
                if post.user_id == user_id
                and post.executed <= moment - lag
                and not (post.deleted_at is not None and post.deleted_at <= moment)
                and not (post.replaced_at is not None and post.replaced_at <= moment - lag)
            ]
        return sorted(seen, key=lambda post: int(post.id), reverse=True)

    def find(self, post_id: str) -> SandboxPost | None:
        """Give a post that is not deleted."""
        post = self.posts.get(post_id)
        return post if post and post.deleted_at is None else None

    def repeats(self, user_id: str, text: str, quote: str | None = None) -> bool:
        """Tell whether the account has this very text already, under the same quote if it quotes."""
        text = unicodedata.normalize("NFC", text)
        with self.guard:
            return any(
                (post.user_id, post.text, post.quote) == (user_id, text, quote) and post.deleted_at is None
                for post in self.posts.values()
            )

    def count(self) -> dict[str, Any]:
        """Count what was accepted through the API, by account, parent, quote and text; edits apart, by post and text."""
        with self.guard:
            ours = [post for post in self.posts.values() if not post.by_hand and post.edits is None]
            edits = [post for post in self.posts.values() if not post.by_hand and post.edits]
            same_edits = {(post.versions[0], post.text) for post in edits}
            kinds = Counter((post.user_id, post.parent, post.quote, post.text) for post in ours)
            accounts = Counter(post.user_id for post in ours)
            deleted = len({post.versions[0] for post in self.posts.values() if post.deleted_at is not None})
        return {
            "accepted": len(ours),
            "distinct": len(kinds),
            "doubled": len(ours) - len(kinds),
            "edited": len(edits),
            "edited_twice": len(edits) - len(same_edits),
            "deleted": deleted,
            "by_account": dict(accounts),
        }

    def _take(self, event: dict[str, Any]) -> SandboxPost:
        self.ledger.append(event)
        return self._apply(event, executed=time.monotonic())

    def _apply(self, event: dict[str, Any], *, executed: float) -> SandboxPost:
        if event["kind"] == "delete":
            post = self.posts[event["id"]]
            for version in post.versions:
                self.posts[version].deleted_at = executed
            return post
        versions = [event["id"]]
        if event["kind"] == "edit":
            old = self.posts[event["of"]]
            old.replaced_at = executed
            versions = old.versions  # one list for all of them: each version tells of every other
            versions.append(event["id"])
        post = SandboxPost(
            id=event["id"], user_id=event["user_id"], text=event["text"], parent=event["parent"], at=event["at"],
            by_hand=event["by_hand"], versions=versions, executed=executed, media=event.get("media", []),
            edits=event.get("of"),
            quote=event.get("quote"), extras=event.get("extras", {}),
        )  # fmt: skip
        self.posts[post.id] = post
        self.last_id = max(self.last_id, int(post.id))
        return post

    def _new_id(self) -> str:
        snowflake = (int(self.clock() * 1000) - EPOCH_MS) << 22
        self.last_id = max(self.last_id + 1, snowflake)
        return str(self.last_id)
