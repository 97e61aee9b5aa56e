"""Look at what is out of a thread before it goes on: what was deleted or edited by hand meanwhile holds the rest
(design, section 5, step 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.application.corrections import accepted_attempt
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.application.ports.checkpoint import Step
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.attempt import Attempt
from bot.domain.policies import Hold, Wait
from bot.domain.post import Post
from bot.domain.reconciliation import says_the_same
from bot.domain.states import HeldReason, KnownBy
from bot.domain.timeline import TimelinePost


@dataclass(frozen=True, slots=True)
class ThreadCheck:
    """Reads a thread's earlier posts when people had time to touch them; each costs one read."""

    ports: Publishing

    def speaks_against(self, account: Account, posts: Sequence[Post]) -> Hold | Wait | None:
        """Say why the thread of these posts must not go on now, None if nothing is known. Raises StoreUnavailable."""
        shown_there = [post for post in posts if post.stays]
        if not shown_there:
            return None
        with self.ports.store.reading() as tx:
            released_at = tx.announcements.get(shown_there[0].announcement_id).released_at
            out = [accepted_attempt(tx, tx.posts.versions(post.id)[-1]) for post in shown_there]
            corrected = {attempt.edits for attempt in tx.attempts.open(account.name)}
        doubtful = next((attempt.post_id for attempt in out if attempt.post_id in corrected), None)
        if doubtful:
            again = self.ports.clock.now() + timedelta(seconds=self.ports.profile.parent)
            return Wait(again, f"a correction of post {doubtful} of the thread is in doubt")
        if self._just_sent(out[-1]):
            return None
        for number, attempt in enumerate(out, 1):
            try:
                shown = self._look_up(account, attempt.post_id or "")
            except (ChannelRefused, ChannelUnreachable) as error:
                again = self.ports.clock.now() + timedelta(seconds=self.ports.profile.parent)
                return Wait(again, f"the thread's post {number} cannot be read: {error}")
            if shown is None:
                gone = (
                    f"post {number} of the thread ({attempt.post_id}) was deleted by hand, or is not visible"
                )
                return Hold(HeldReason.PARENT, gone)
            seen_by_a_person = released_at and shown.created_at and released_at >= shown.created_at
            if not says_the_same(attempt, shown) and not seen_by_a_person:
                edited = f"post {number} of the thread ({attempt.post_id}) was edited by hand; it says now: {shown.text!r}"
                return Hold(HeldReason.PARENT, edited)
        return None

    def _just_sent(self, attempt: Attempt) -> bool:
        """X's own answer of a moment ago needs no second look."""
        if attempt.known_by is not KnownBy.ANSWER or attempt.settled_at is None:
            return False
        since = (self.ports.clock.now() - attempt.settled_at).total_seconds()
        return 0 <= since < self.ports.profile.parent

    def _look_up(self, account: Account, post_id: str) -> TimelinePost | None:
        """Read the newest version of a post; None if it is gone."""
        channel = self.ports.channel(account)
        self.ports.checkpoint.before(Step.READING)
        shown = channel.look_up(post_id)
        newest = max(shown.versions, key=int, default=post_id) if shown else post_id
        if newest != post_id:
            shown = channel.look_up(newest)
        self.ports.checkpoint.after(Step.READING)
        return shown
