"""Bring the channel the media of what goes out next some minutes before its time: a film may take that long."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.application.media_uploads import MediaUploads, uploaded_ids
from bot.application.ports.store import Transaction
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.post import Post

log = logging.getLogger(__name__)


@dataclass(slots=True)
class EarlyUploads:
    """Looks at the account's next announcement only: an upload must not make an earlier post late.

    What cannot be uploaded yet is no reason to hold anything: it is tried again at the post's own time, which judges it.
    """

    ports: Publishing
    next_look: dict[str, float] = field(default_factory=dict)

    def wants(self, account: str) -> bool:
        """Tell whether media of the account's next announcement are to be brought now. Raises StoreUnavailable."""
        now = self.ports.clock.running()
        if self.next_look.get(account, now) > now:
            return False
        with self.ports.store.reading() as tx:
            return bool(self._waiting(tx, account))

    def step(self, account: Account) -> None:
        """Bring what is missing, if it is time. Raises StoreUnavailable."""
        if not self.wants(account.name):
            return
        self.next_look[account.name] = self.ports.clock.running() + self.ports.profile.retry
        with self.ports.store.reading() as tx:
            posts = self._waiting(tx, account.name)
        against = MediaUploads(self.ports).speak_against(account, posts)
        if against is not None:
            log.info("media are not there yet", extra={"account": account.name, "detail": str(against)})

    def _waiting(self, tx: Transaction, account: str) -> Sequence[Post]:
        """Give the posts of the next announcement if the channel lacks media of the first that is not out."""
        until = self.ports.clock.now() + timedelta(seconds=self.ports.profile.upload_ahead)
        announcement = tx.announcements.next_to_wake(account, until)
        posts = tx.posts.of(announcement) if announcement is not None else ()
        first = next((post for post in posts if post.post_id is None), None)
        return posts if first and uploaded_ids(tx, first) is None else ()
