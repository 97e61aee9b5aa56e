"""Everything that one sandbox holds."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.api import Api
from bot.sandbox.extras import KEPT
from bot.sandbox.faults import Faults
from bot.sandbox.limits import Limits
from bot.sandbox.oauth import Signatures
from bot.sandbox.posts import Posts
from bot.sandbox.uploads import Uploads

BODIES_KEPT = 1000


@dataclass(slots=True)
class Counters:
    """What came over the wire; `silent` holds the bytes read on each connection that sent no whole request, `bodies` the
    latest creates as they came."""

    connections: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    silent: list[int] = field(default_factory=list)
    bodies: deque[bytes] = field(default_factory=lambda: deque(maxlen=BODIES_KEPT))
    guard: threading.Lock = field(default_factory=threading.Lock)

    def request(self, endpoint: str) -> None:
        """Count a whole request."""
        with self.guard:
            self.requests[endpoint] += 1

    def connection(self) -> None:
        """Count a connection."""
        with self.guard:
            self.connections += 1

    def ended_silent(self, bytes_read: int) -> None:
        """Note a connection that ended without a whole request."""
        with self.guard:
            self.silent.append(bytes_read)


@dataclass(slots=True)
class State:
    """The parts of a sandbox, shared by its threads.

    `mercy`: how often in all a post may be kept from being taken by a fault; None for no bound.
    """

    accounts: list[SandboxAccount]
    posts: Posts
    faults: Faults
    limits: Limits
    signatures: Signatures
    api: Api
    uploads: Uploads = field(default_factory=Uploads)
    mercy: int | None = None
    struck: Counter[tuple[str, bytes]] = field(default_factory=Counter)
    counters: Counters = field(default_factory=Counters)
    stopping: threading.Event = field(default_factory=threading.Event)

    def stats(self) -> dict[str, Any]:
        """Give the judge's count with what came over the wire."""
        return {
            **self.posts.count(),
            "creates_received": self.counters.requests["create"],
            "requests": dict(self.counters.requests),
            "connections": self.counters.connections,
            "silent_connections": list(self.counters.silent),
            "faults": dict(self.faults.fired),
        }

    def listed(self) -> list[dict[str, Any]]:
        """List every post that was accepted, in order, as it was sent."""
        posts = sorted(self.posts.posts.values(), key=lambda post: int(post.id))
        handles = {account.user_id: account.handle for account in self.accounts}
        return [
            {
                "id": post.id,
                "account": handles[post.user_id],
                "text": post.text,
                "parent": post.parent,
                "at": post.at,
                "media": post.media,
                "quote": post.quote,
                **{name: post.extras.get(name) for name in KEPT},
                "by_hand": post.by_hand,
                "deleted": post.deleted_at is not None,
                "versions": post.versions,
                "edits": post.edits,
            }
            for post in posts
        ]
