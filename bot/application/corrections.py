"""What the store says of a post that is corrected, and whether its correction may be sent (decision 0024)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.known_posts import is_own
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.application.ports.checkpoint import Step
from bot.application.ports.store import Transaction
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.announcement import Announcement
from bot.domain.attempt import Attempt
from bot.domain.correction import Corrected, is_too_late, problems_of_correction
from bot.domain.policies import Hold, Wait
from bot.domain.post import Post
from bot.domain.reconciliation import says_the_same
from bot.domain.replies import parse_reply_to
from bot.domain.states import AttemptState, HeldReason


def corrected_post(
    tx: Transaction, post: int, account: Account, *, by: Announcement | None = None
) -> Corrected:
    """Gather how a published post stands, asked for any version of it.

    `by`: a correction, of which only the versions before it count.
    """
    versions = list(tx.posts.versions(post))
    first = versions[0]
    announcement = tx.announcements.get(first.announcement_id)
    sent = accepted_attempt(tx, first)
    its_own = next((at for at, each in enumerate(versions) if by and each.announcement_id == by.id), None)
    return Corrected(
        name=announcement.name,
        number=first.position + 1,
        count=len(tx.posts.of(announcement.id)),
        versions=tuple(versions[:its_own]),
        made_at=sent.intent_at,
        reply_to=sent.reply_to,
        to_another=_replies_to_another(tx, account, announcement, first, sent.reply_to),
    )


def accepted_attempt(tx: Transaction, post: Post) -> Attempt:
    """Give the attempt by which a published post is out."""
    return next(each for each in tx.attempts.of_post(post.id) if each.state is AttemptState.ACCEPTED)


def speak_against_correction(tx: Transaction, account: Account, post: Post, now: datetime) -> Hold | None:
    """Say why a correction that was approved must not be sent any more; nothing for what corrects nothing."""
    if post.corrects is None:
        return None
    corrected = corrected_post(tx, post.corrects, account)
    problem = next(problems_of_correction(corrected, account, now=now), None)
    if problem is None:
        return None
    late = is_too_late(corrected, now)
    return Hold(HeldReason.LATE if late else HeldReason.CHANGED, problem.message)


def edited_version(tx: Transaction, post: Post) -> Post | None:
    """Give the version that a post takes the place of, None for what corrects nothing."""
    return None if post.corrects is None else tx.posts.versions(post.corrects)[-1]


@dataclass(frozen=True, slots=True)
class CorrectionCheck:
    """Reads what is to be corrected before it is: X takes an edit of the newest version, and people may have made another."""

    ports: Publishing

    def speaks_against(self, account: Account, posts: Sequence[Post]) -> Hold | Wait | None:
        """Say why the correction among these posts must not go out, None if nothing is known. Raises StoreUnavailable."""
        post = next((each for each in posts if each.post_id is None and each.corrects is not None), None)
        if post is None or post.corrects is None:
            return None
        with self.ports.store.reading() as tx:
            known = accepted_attempt(tx, tx.posts.versions(post.corrects)[-1])
        self.ports.checkpoint.before(Step.READING)
        try:
            shown = self.ports.channel(account).look_up(known.post_id or "")
        except (ChannelRefused, ChannelUnreachable) as error:
            again = self.ports.clock.now() + timedelta(seconds=self.ports.profile.parent)
            return Wait(again, f"post {known.post_id}, which it corrects, cannot be read: {error}")
        self.ports.checkpoint.after(Step.READING)
        if shown is None:
            return Hold(HeldReason.PARENT, f"post {known.post_id}, which it corrects, was deleted by hand")
        newest = max(shown.versions, key=int)
        if newest != known.post_id or not says_the_same(known, shown):
            edited = f"post {known.post_id}, which it corrects, was edited by hand (newest version: {newest})"
            return Hold(HeldReason.CHANGED, edited)
        return None


def _replies_to_another(
    tx: Transaction, account: Account, announcement: Announcement, post: Post, reply_to: str | None
) -> bool:
    if reply_to is None or post.position > 0 or not announcement.record.reply_to:
        return False
    target = parse_reply_to(announcement.record.reply_to)
    return target.key is None and not is_own(tx, account, target)
