"""Submit, approve and reject: approval freezes the text that was seen (design, section 1; settled questions 11 to 13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.application.corrections import accepted_attempt
from bot.application.intake import refuse_if_out_or_being_sent, void_approval
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.posts import NewPost
from bot.application.ports.store import Store, Transaction
from bot.application.preview import Previewer
from bot.application.references import parent_of, quoted_of
from bot.application.time_check import TIME_RULES
from bot.domain.announcement import Announcement, Approved, Due
from bot.domain.campaign import Approval as Policy
from bot.domain.card import Card
from bot.domain.correction import RULE
from bot.domain.errors import Refusal
from bot.domain.family import words_translated
from bot.domain.post import Parent, Quoted
from bot.domain.states import State
from bot.domain.walltime import resolve


@dataclass(frozen=True, slots=True)
class Approval:
    """People's yes and no."""

    store: Store
    clock: Clock
    configuration: Callable[[], Configuration]
    previewer: Previewer

    def submit(self, name: str, *, actor: str, despite_problems: bool = False) -> Announcement:
        """Ask for approval; where the policy is `none` this schedules it.

        Raises Refusal when the card has problems; `despite_problems` lets such a one wait, where somebody is to mend it.
        """
        with self.store.reading() as tx:
            announcement = tx.announcements.find(name)
        if announcement.state is not State.DRAFT:
            raise Refusal(f"{announcement.name} is {announcement.state}, not a draft")
        card = self.previewer.card(announcement) if despite_problems else self._faultless_card(announcement)
        with self.store.writing() as tx:
            self._submit(tx, announcement, actor)
            if self._policy(announcement) is Policy.NONE and not card.problems:
                self._freeze(tx, announcement, card, actor)
            return tx.announcements.get(announcement.id)

    def approve(self, name: str, digest: str, *, actor: str) -> Announcement:
        """Say yes to the card with this digest; the last needed yes freezes the text and schedules it.

        Raises Refusal: the card has problems or is another by now, or nothing waits for approval.
        """
        with self.store.reading() as tx:
            announcement = tx.announcements.find(name)
        if announcement.state not in (State.DRAFT, State.SUBMITTED):
            raise Refusal(f"{announcement.name} is {announcement.state}: there is nothing to approve")
        card = self._faultless_card(announcement)
        if card.digest != digest:
            raise Refusal(
                f"what you saw ({digest}) has changed: it is {card.digest} now; preview {announcement.name} again"
            )
        with self.store.writing() as tx:
            if announcement.state is State.DRAFT:
                self._submit(tx, announcement, actor)
            self._say_yes(tx, announcement, card, actor)
            return tx.announcements.get(announcement.id)

    def reject(self, name: str, reason: str, *, actor: str) -> Announcement:
        """Send it back to its author with a reason. Raises Refusal."""
        with self.store.writing() as tx:
            announcement = tx.announcements.find(name)
            refuse_if_out_or_being_sent(tx, announcement)
            if announcement.state not in (State.SUBMITTED, State.SCHEDULED, State.HELD):
                raise Refusal(f"{announcement.name} is {announcement.state}: there is nothing to reject")
            now = self.clock.now()
            void_approval(tx, announcement, State.DRAFT, at=now)
            tx.journal.append(
                "reject", at=now, actor=actor, announcement_id=announcement.id, data={"reason": reason}
            )
            return tx.announcements.get(announcement.id)

    def _faultless_card(self, announcement: Announcement) -> Card:
        card = self.previewer.card(announcement)
        if card.problems:
            more = f" (and {len(card.problems) - 1} more)" if len(card.problems) > 1 else ""
            said = f"{announcement.name}: {str(card.problems[0]).rstrip('.')}{more}"
            if card.problems[0].rule in (*TIME_RULES, RULE):
                raise Refusal(said)
            if card.problems[0].rule == "template":
                raise Refusal(f"{said}; mend the template, and see `bot template check`")
            raise Refusal(f"{said}; mend it with `bot queue edit {announcement.name}`")
        return card

    def _submit(self, tx: Transaction, announcement: Announcement, actor: str) -> None:
        now = self.clock.now()
        same = tx.announcements.get(announcement.id).revision == announcement.revision
        if not same or not tx.announcements.move(
            announcement.id, [State.DRAFT], State.SUBMITTED, {"at": now}
        ):
            raise Refusal(f"{announcement.name} was changed by another meanwhile; look at it again")
        tx.journal.append("submit", at=now, actor=actor, announcement_id=announcement.id, data={})

    def _say_yes(self, tx: Transaction, announcement: Announcement, card: Card, actor: str) -> None:
        current = tx.announcements.get(announcement.id)
        if current.revision != announcement.revision or current.state is not State.SUBMITTED:
            raise Refusal(f"{announcement.name} was changed by another meanwhile; look at it again")
        now = self.clock.now()
        own = actor == announcement.author
        tx.announcements.approve(announcement.id, Approved(actor, now, card.digest, own))
        tx.journal.append(
            "approve", at=now, actor=actor, announcement_id=announcement.id,
            data={"digest": card.digest, "own": own, **_seen(card)},
        )  # fmt: skip
        if self._enough(tx.announcements.get(announcement.id), card.digest):
            self._freeze(tx, announcement, card, actor)

    def _policy(self, announcement: Announcement) -> Policy:
        return self.configuration().campaign(announcement.record.campaign).approval

    def _enough(self, announcement: Announcement, digest: str) -> bool:
        """Two means two different people, of whom at most one is the author; only a yes to this very card counts."""
        valid = {approved.by for approved in announcement.approvals if approved.digest == digest}
        return len(valid) >= self._policy(announcement).needed

    def _freeze(self, tx: Transaction, announcement: Announcement, card: Card, actor: str) -> None:
        now = self.clock.now()
        original = words_translated(card.family, card.name)
        if original is not None:
            tx.announcements.note_original(announcement.id, original)
        tx.posts.freeze(announcement.id, card.account, self._posts(tx, announcement, card))
        due = self._at_once(tx, announcement) if announcement.corrects else card.due
        assert due is not None  # noqa: S101 - without a time the card has a problem
        facts = {"digest": card.digest, "wake_at": due.at, "at": now}
        if not tx.announcements.move(announcement.id, [State.SUBMITTED], State.SCHEDULED, facts):
            raise Refusal(f"{announcement.name} was changed by another meanwhile; look at it again")
        data = {
            "digest": card.digest,
            "due_at": due.at.isoformat(),
            **_seen(card),
        }
        tx.journal.append("schedule", at=now, actor=actor, announcement_id=announcement.id, data=data)

    def _at_once(self, tx: Transaction, announcement: Announcement) -> Due:
        """A correction goes out when the last needed yes is said: its hour runs."""
        now = self.clock.now()
        zone = self.configuration().campaign(announcement.record.campaign).timezone
        due = resolve(now.isoformat(), zone, zone_given=False)
        tx.announcements.set_due(announcement.id, due, at=now)
        return due

    def _posts(self, tx: Transaction, announcement: Announcement, card: Card) -> list[NewPost]:
        if announcement.corrects is not None:
            return [self._correction(tx, announcement.corrects, card)]
        parent = parent_of(tx, announcement.record) or Parent()
        posts = [
            NewPost(number, post.text, post.cost_usd, media=post.media, extras=post.extras)
            for number, post in enumerate(card.posts)
        ]
        posts[0] = replace(
            posts[0],
            reply_to=parent.post_id,
            reply_to_announcement=parent.announcement_id,
            quote=quoted_of(tx, announcement.record),
        )
        return posts

    def _correction(self, tx: Transaction, corrects: int, card: Card) -> NewPost:
        """The new version of a post stands where the first one stands, under the same post."""
        first, post = tx.posts.versions(corrects)[0], card.posts[0]
        sent = accepted_attempt(tx, first)
        return NewPost(
            0,
            post.text,
            post.cost_usd,
            reply_to=sent.reply_to,
            media=first.media,
            quote=Quoted(post_id=sent.quote) if sent.quote else None,
            extras=first.extras,
            corrects=first.id,
        )


def _seen(card: Card) -> dict[str, Any]:
    """What the log keeps of what was approved; media without alt text, which a campaign may allow, are named."""
    media = [each for post in card.posts for each in post.media]
    extras = [post.extras.logged for post in card.posts]
    seen: dict[str, Any] = {"texts": [post.text for post in card.posts]}
    if any(extras):
        seen["extras"] = extras
    if card.quote:
        seen["quote"] = card.quote
    if card.corrects:
        seen["corrects"] = card.corrects.post_id
    if media:
        seen["media"] = [each.logged for each in media]
        seen["without_alt"] = [each.path for each in media if not each.alt]
    return seen
