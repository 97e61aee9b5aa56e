"""Correct a post that is out: its new version is an announcement of its own, that goes the way of all (decision 0024)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from bot.application.approve import Approval
from bot.application.correction_card import text_of
from bot.application.corrections import corrected_post
from bot.application.ports.announcements import NewAnnouncement
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.store import Store, Transaction
from bot.application.preview import Previewer
from bot.domain.account import Account
from bot.domain.announcement import Announcement, Record
from bot.domain.card import Card
from bot.domain.correction import Corrected
from bot.domain.errors import InputError, Refusal, TooLate, UsageError
from bot.domain.post import Post
from bot.domain.states import OPEN_ATTEMPTS, State

NOT_UNFINISHED = frozenset({State.CANCELLED, State.MISSED, State.PUBLISHED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants a post to say instead: the announcement by its name, the thread's post (from 1), the whole text."""

    name: str
    text: str
    number: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correcting:
    """Each of these raises InputError, UsageError, TooLate while a part of it is in doubt, and Refusal."""

    store: Store
    clock: Clock
    configuration: Callable[[], Configuration]
    previewer: Previewer
    approval: Approval

    def preview(self, wish: Wish) -> Card:
        """Make the card of a correction, which must have no problem; nothing is queued."""
        with self.store.reading() as tx:
            corrected = self._corrected(tx, wish)
            record = self._record(tx, corrected, wish)
        return self._faultless(self.previewer.card_of_correction(record, corrected))

    def correct(self, wish: Wish, *, actor: str) -> Announcement:
        """Queue a correction and ask for its approval; where the policy is `none`, this schedules it."""
        self.preview(wish)
        with self.store.writing() as tx:
            added = self._add(tx, wish, actor)
        return self.approval.submit(str(added.id), actor=actor)

    def _add(self, tx: Transaction, wish: Wish, actor: str) -> Announcement:
        now = self.clock.now()
        corrected = self._corrected(tx, wish)
        record = self._record(tx, corrected, wish)
        head = tx.journal.head()
        key = f"auto:correction-{head.seq + 1 if head else 1}"
        first = corrected.first
        added = tx.announcements.add(
            NewAnnouncement(record, record.campaign, key, first.account, None, actor, now, corrects=first.id)
        )
        what = {
            "announcement": first.announcement_id,
            "number": corrected.number,
            "post_id": corrected.newest.post_id,
        }
        data = {"key": key, "record": asdict(record), "corrects": what, "reason": wish.reason}
        tx.journal.append("intake", at=now, actor=actor, announcement_id=added.id, data=data)
        asked = {"by": added.id, "number": corrected.number, "reason": wish.reason}
        tx.journal.append("correct", at=now, actor=actor, announcement_id=first.announcement_id, data=asked)
        return added

    def _corrected(self, tx: Transaction, wish: Wish) -> Corrected:
        post = self._post(tx, wish)
        _refuse_while_another_is_unfinished(tx, post)
        return corrected_post(tx, post.id, self._account(post))

    def _post(self, tx: Transaction, wish: Wish) -> Post:
        """Give the first version of the post that is meant; a correction stands for what it corrects."""
        announcement = tx.announcements.find(wish.name)
        if announcement.corrects is not None:
            return tx.posts.get(announcement.corrects)
        posts = tx.posts.of(announcement.id)
        if not any(post.post_id for post in posts):
            mend = f"`bot queue edit {announcement.name}` changes it"
            raise Refusal(f"{announcement.name} is {announcement.state}: nothing of it is out; {mend}")
        if wish.number is None and len(posts) > 1:
            raise UsageError(
                f"{announcement.name} has {len(posts)} posts: say which of them with --post N, 1 for the first"
            )
        post = next((post for post in posts if post.position + 1 == (wish.number or 1)), None)
        if post is None:
            raise InputError(f"--post {wish.number}: {announcement.name} has {len(posts)} posts")
        if post.post_id is None:
            raise Refusal(
                f"post {wish.number} of {announcement.name} is not out: there is nothing to correct"
            )
        return post

    def _account(self, post: Post) -> Account:
        accounts = self.configuration().accounts
        if post.account not in accounts:
            raise InputError(
                f"account '{post.account}' is not in accounts.toml any more; put it back to correct this"
            )
        return accounts[post.account]

    def _record(self, tx: Transaction, corrected: Corrected, wish: Wish) -> Record:
        original = tx.announcements.get(corrected.first.announcement_id).record
        record = Record(
            campaign=original.campaign,
            title=original.title,
            body=wish.text,
            language=original.language,
            media=original.media if corrected.first.position == 0 else (),
            account=original.account,
        )
        if not text_of(record):
            raise InputError("the new text is empty; `bot withdraw` deletes a post")
        return record

    def _faultless(self, card: Card) -> Card:
        if card.problems:
            more = f" (and {len(card.problems) - 1} more)" if len(card.problems) > 1 else ""
            what = card.corrects.name if card.corrects else card.name
            raise Refusal(f"{what} cannot be corrected: {str(card.problems[0]).rstrip('.')}{more}")
        return card


def _refuse_while_another_is_unfinished(tx: Transaction, post: Post) -> None:
    """One at a time: the next one takes the place of what this one becomes."""
    for other in tx.announcements.corrections(post.id):
        if other.state in NOT_UNFINISHED:
            continue
        if any(attempt.state in OPEN_ATTEMPTS for attempt in tx.attempts.of_announcement(other.id)):
            raise TooLate(
                f"its correction {other.name} may be out: wait until that is settled; see `bot queue show {other.name}`"
            )
        raise Refusal(
            f"its correction {other.name} is {other.state}: change that with `bot queue edit {other.name}`, or cancel it"
        )
