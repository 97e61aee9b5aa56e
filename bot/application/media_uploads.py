"""Upload what goes with a post before its intent, so that the guard's seconds are not spent on it (design, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.application.ports.checkpoint import Step
from bot.application.ports.store import Transaction
from bot.application.ports.uploads import KeptUpload
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.announcement import MediaItem
from bot.domain.errors import InputError
from bot.domain.media import PostMedia
from bot.domain.outcomes import RefusedKind
from bot.domain.policies import Hold, Wait
from bot.domain.post import Post
from bot.domain.states import HeldReason
from bot.domain.uploads import MediaUpload, Uploaded

KEPT_FOR = timedelta(hours=1)
"""An upload that X forgets sooner than this is made anew: the post may have to be sent again."""


@dataclass(frozen=True, slots=True)
class MediaUploads:
    """Makes sure that X holds every file of a post. What is not there yet makes the post wait: it never goes without."""

    ports: Publishing

    def speak_against(self, account: Account, posts: Sequence[Post]) -> Hold | Wait | None:
        """Upload what the next of these posts lacks; say why it cannot go now, None if it can. Raises StoreUnavailable."""
        post = next((post for post in posts if post.post_id is None), None)
        decisions = (self._one(account, media) for media in (post.media if post else ()))
        return next((decision for decision in decisions if decision), None)

    def _one(self, account: Account, media: PostMedia) -> Hold | Wait | None:
        now = self.ports.clock.now()
        with self.ports.store.reading() as tx:
            kept = tx.uploads.find(account.name, media)
        try:
            if kept is None or kept.expires_at < now + KEPT_FOR:
                kept = self._keep(account, media, self._upload(account, media))
            elif not kept.ready and (kept.check_at is None or kept.check_at <= now):
                kept = self._keep(account, media, self._ask(account, kept.media_id))
        except InputError as error:
            return Hold(HeldReason.CHANGED, str(error))
        except ChannelUnreachable as error:
            return self._wait(f"{media.path} cannot be uploaded: {error}")
        except ChannelRefused as error:
            return self._refused(account, media, error)
        return None if kept.ready else Wait(kept.check_at or now, f"X is processing {media.path}")

    def _upload(self, account: Account, media: PostMedia) -> Uploaded:
        item = MediaItem(media.path, media.alt, media.facts.scaled)

        def pieces(size: int) -> Iterator[bytes]:
            return self.ports.media.pieces(item, media.facts, size=size)

        channel = self.ports.channel(account)
        self.ports.checkpoint.before(Step.UPLOAD)
        uploaded = channel.upload(MediaUpload(media.facts, media.alt, pieces))
        self.ports.checkpoint.after(Step.UPLOAD)
        return uploaded

    def _ask(self, account: Account, media_id: str) -> Uploaded:
        self.ports.checkpoint.before(Step.UPLOAD)
        uploaded = self.ports.channel(account).upload_state(media_id)
        self.ports.checkpoint.after(Step.UPLOAD)
        return uploaded

    def _keep(self, account: Account, media: PostMedia, uploaded: Uploaded) -> KeptUpload:
        """Remember the upload. Raises InputError if X cannot do anything with the file."""
        if uploaded.failed:
            self._forget(account, media)
            raise InputError(f"{media.path}: X cannot process it: {uploaded.failed}")
        now = self.ports.clock.now()
        kept = KeptUpload(
            media_id=uploaded.media_id,
            expires_at=now + timedelta(seconds=uploaded.expires_in),
            ready=uploaded.ready,
            check_at=None if uploaded.ready else now + timedelta(seconds=uploaded.check_after),
        )
        with self.ports.store.writing(Step.AFTERMATH) as tx:
            tx.uploads.keep(account.name, media, kept)
        return kept

    def _refused(self, account: Account, media: PostMedia, error: ChannelRefused) -> Hold | Wait:
        """X does not take the file, or not now; an upload that it does not know any more is made anew."""
        with self.ports.store.reading() as tx:
            was_kept = tx.uploads.find(account.name, media) is not None
        if was_kept:
            self._forget(account, media)
        if error.kind is RefusedKind.INVALID and not was_kept:
            return Hold(HeldReason.CHANGED, f"X does not take {media.path}: {error}")
        return self._wait(f"{media.path} cannot be uploaded: {error}")

    def _forget(self, account: Account, media: PostMedia) -> None:
        with self.ports.store.writing(Step.AFTERMATH) as tx:
            tx.uploads.forget(account.name, media)

    def _wait(self, why: str) -> Wait:
        return Wait(self.ports.clock.now() + timedelta(seconds=self.ports.profile.retry), why)


def uploaded_ids(tx: Transaction, post: Post) -> list[str] | None:
    """Give the ids of a post's uploads in their order; None while one is missing or not ready."""
    kept = [tx.uploads.find(post.account, media) for media in post.media]
    ready = [each.media_id for each in kept if each and each.ready]
    return ready if len(ready) == len(post.media) else None
