"""What follows from a fact about an attempt: the one place that writes outcomes down.

Publishing brings answers, reconciling brings what the timeline showed, people bring their word. Facts are recorded
always, even by a worker that lost its claim, and a late one overrules `absent` (design, section 5, step 6).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.application.known_posts import newest_that_stays
from bot.application.ports.account_states import EVERY_ACCOUNT, Pause, PauseKind
from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement, Held
from bot.domain.assumptions import MEANINGS, Breach
from bot.domain.attempt import Attempt
from bot.domain.errors import Refusal
from bot.domain.notice import Notice
from bot.domain.post import Post
from bot.domain.states import AttemptState, HeldReason, KnownBy, State

log = logging.getLogger(__name__)

S, A = State, AttemptState


@dataclass(slots=True)
class Conclusion:
    """Writes what is known of one attempt inside a transaction, and gathers what people must be told after it."""

    tx: Transaction
    now: datetime
    actor: str
    notices: list[Notice] = field(default_factory=list)

    def accept(self, attempt: Attempt, post_id: str, known_by: KnownBy, evidence: Mapping[str, Any]) -> bool:
        """The post is out as `post_id`. False if it was known already, or bars another attempt (people are told)."""
        stored = self.tx.attempts.get(attempt.id)
        was = stored.state
        facts = {
            "post_id": post_id,
            "known_by": known_by,
            "settled_at": self.now,
            "reason": "",
            "evidence": {**stored.evidence, **evidence},
        }
        before = [A.SENDING, A.IN_DOUBT, A.ABSENT, A.NOT_SENT, A.REFUSED]
        try:
            moved = self.tx.attempts.move(attempt.id, before, A.ACCEPTED, facts)
        except Refusal:
            self._late_fact(attempt, post_id)
            return False
        if not moved:
            return self._correct(attempt, facts)
        log.info(
            "published",
            extra={"announcement": attempt.announcement_id, "post_id": post_id, "known_by": known_by.value},
        )
        self._journal("accepted", attempt, post_id=post_id, known_by=known_by, was=was, **evidence)
        if was is A.ABSENT:
            self.breach(Breach.WRONG_ABSENT, attempt, post_id=post_id)
        self.tx.accounts.note_newest(attempt.account, post_id)
        self._go_on(attempt)
        return True

    def _correct(self, attempt: Attempt, facts: Mapping[str, Any]) -> bool:
        """A fact corrects the word of a person; an acceptance by answer or timeline is final."""
        current = self.tx.attempts.get(attempt.id)
        said_by_person = current.state is A.ACCEPTED and current.known_by is KnownBy.PERSON
        if not said_by_person or facts["known_by"] is KnownBy.PERSON:
            return False
        self.tx.attempts.move(attempt.id, [A.ACCEPTED], A.ACCEPTED, facts)
        self._journal(
            "corrected", attempt, post_id=facts["post_id"], was=current.post_id, known_by=facts["known_by"]
        )
        if facts["post_id"] != current.post_id:
            name = self.tx.announcements.get(attempt.announcement_id).name
            what = f"It was settled as {current.post_id}; X itself says {facts['post_id']}. Look whether both are there."
            self.notices.append(Notice(f"{name} is out as another post than was said", what))
        return True

    def doubt(self, attempt: Attempt, reason: str, *, duplicate: bool = False, **evidence: Any) -> bool:
        """It may or may not be out: the announcement rests until that is settled."""
        facts = {
            "reason": reason,
            "duplicate": duplicate,
            "doubt_at": self.now,
            "evidence": self._kept(attempt, evidence),
        }
        if not self.tx.attempts.move(attempt.id, [A.SENDING], A.IN_DOUBT, facts):
            return False
        self._journal("in_doubt", attempt, reason=reason, **evidence)
        self._rest(attempt.announcement_id)
        return True

    def doubt_orphans(self, account: str) -> None:
        """Whoever holds the sender lock knows that nobody else is sending: what is `sending` has lost its sender."""
        for attempt in self.tx.attempts.open(account):
            if attempt.state is A.SENDING:
                self.doubt(attempt, "its sender ended before the outcome was known")

    def disprove(self, attempt: Attempt, reason: str, *, wake_at: datetime | None, **evidence: Any) -> bool:
        """By all that can be known it is not out: it may be sent again from `wake_at` on."""
        facts = {"reason": reason, "settled_at": self.now, "evidence": self._kept(attempt, evidence)}
        if not self.tx.attempts.move(attempt.id, [A.IN_DOUBT], A.ABSENT, facts):
            return False
        self._journal("absent", attempt, reason=reason, **evidence)
        if self._late_fact_of_a_sibling(attempt):
            return True
        self._wake(attempt.announcement_id, wake_at)
        return True

    def fail(
        self, attempt: Attempt, after: AttemptState, reason: str, *, wake_at: datetime | None, **evidence: Any
    ) -> bool:
        """Nothing was executed (`not_sent` or `refused`): the post may be tried again from `wake_at` on."""
        facts = {"reason": reason, "settled_at": self.now, "evidence": self._kept(attempt, evidence)}
        if not self.tx.attempts.move(attempt.id, [A.SENDING, A.IN_DOUBT], after, facts):
            return False
        self._journal(after.value, attempt, reason=reason, **evidence)
        self._wake(attempt.announcement_id, wake_at)
        return True

    def hold(self, announcement_id: int, reason: HeldReason, detail: str, **evidence: Any) -> None:
        """A person has to look: held, or partly published and held when a part of it is out."""
        announcement = self.tx.announcements.get(announcement_id)
        after = S.PARTLY_PUBLISHED if self._accepted_posts(announcement_id) else S.HELD
        held = {"held": Held(reason, detail), "wake_at": None, "at": self.now}
        if not self.tx.announcements.move(announcement_id, [S.SCHEDULED, S.PUBLISHING], after, held):
            return
        self.tx.journal.append(
            "held", at=self.now, actor=self.actor, announcement_id=announcement_id,
            data={"reason": reason, "detail": detail, "state": after, **evidence},
        )  # fmt: skip
        self.notices.append(_held_notice(announcement, reason, detail))

    def note(self, attempt: Attempt, **evidence: Any) -> None:
        """Keep what was seen of an attempt beside it, whatever its state."""
        self.tx.attempts.amend(attempt.id, {"evidence": self._kept(attempt, evidence)})

    def breach(self, breach: Breach, attempt: Attempt, **facts: Any) -> None:
        """An assumption of the protocol does not hold: into the journal, and people are told (protocol notes, section 7)."""
        self._journal(breach.value, attempt, **facts)
        meaning = MEANINGS[breach]
        name = self.tx.announcements.get(attempt.announcement_id).name
        self.notices.append(Notice(f"{name}: {meaning.what}", meaning.remedy))

    def pause(self, account: str, kind: PauseKind, why: str) -> bool:
        """Stop an account and tell people, once for each kind of stop; False if it was stopped like this already."""
        pause = Pause(account, kind, why, self.actor, self.now)
        if not self.tx.accounts.pause(pause):
            return False
        data = {"account": account, "kind": kind, "why": why}
        self.tx.journal.append("pause", at=self.now, actor=self.actor, data=data)
        scope = "every account" if account == EVERY_ACCOUNT else account
        self.notices.append(Notice(f"{scope} is paused: {why}", f"What lets it go on: {pause.remedy}."))
        return True

    def _kept(self, attempt: Attempt, evidence: Mapping[str, Any]) -> dict[str, Any]:
        """What is known of an attempt by now, with what is added: others may have written since it was read."""
        return {**self.tx.attempts.get(attempt.id).evidence, **evidence}

    def _go_on(self, attempt: Attempt) -> None:
        """After an acceptance: done when every post is out, else the next one may follow."""
        announcement_id = attempt.announcement_id
        posts = self.tx.posts.of(announcement_id)
        state = self.tx.announcements.state(announcement_id)
        if state is S.WITHDRAWN:
            self._out_though_withdrawn(self.tx.announcements.get(announcement_id), attempt)
            return
        if all(post.id != attempt.post for post in posts):
            self._older_version_is_out(self.tx.announcements.get(announcement_id), attempt)
            return
        if all(post.post_id for post in posts):
            alive = [S.SCHEDULED, S.PUBLISHING, S.HELD, S.MISSED, S.CANCELLED, S.PARTLY_PUBLISHED]
            self.tx.announcements.move(announcement_id, alive, S.PUBLISHED, {"at": self.now, "wake_at": None})
            self.tx.posts.finish(announcement_id)
            self.tx.journal.append(
                "published", at=self.now, actor=self.actor, announcement_id=announcement_id,
                data={"post_ids": [post.post_id for post in posts]},
            )  # fmt: skip
        elif state in (S.PUBLISHING, S.SCHEDULED):
            at_once = {"at": self.now, "wake_at": self.now}
            self.tx.announcements.move(announcement_id, [state], S.PUBLISHING, at_once)
        elif state in (S.HELD, S.MISSED, S.CANCELLED):
            held = self.tx.announcements.get(announcement_id).held or Held(
                HeldReason.DOUBT, f"a part was found to be out while it was {state}"
            )
            facts = {"held": held, "at": self.now, "wake_at": None}
            self.tx.announcements.move(announcement_id, [state], S.PARTLY_PUBLISHED, facts)

    def _older_version_is_out(self, announcement: Announcement, attempt: Attempt) -> None:
        """It was changed after X seemed not to have taken it, and now the old text is out: nothing more of it goes out."""
        detail = f"an earlier version of it is out after all: {attempt.text[:80]}"
        self.hold(announcement.id, HeldReason.DOUBT, detail, attempt=attempt.id)
        if announcement.state in (S.DRAFT, S.SUBMITTED):
            self.notices.append(_held_notice(announcement, HeldReason.DOUBT, detail))

    def _out_though_withdrawn(self, announcement: Announcement, attempt: Attempt) -> None:
        """A late fact about the rest of a withdrawn thread: whoever wanted it gone wants this one gone, too."""
        wish = next(
            post.withdrawal for post in self.tx.posts.of(announcement.id) if post.withdrawal is not None
        )
        asked = replace(wish, asked_at=self.now, done_at=None)
        self.tx.posts.ask_withdrawal(attempt.post, asked, cost_usd=Decimal(0))
        known = self.tx.attempts.get(attempt.id).post_id or ""
        instead = newest_that_stays(self.tx, attempt.account)
        self.tx.accounts.forget_newest(attempt.account, known, instead=instead)
        self.notices.append(
            Notice(
                f"{announcement.name} was withdrawn, and a post of it is out after all",
                f"Post {known} of {attempt.account}: {attempt.text[:80]!r}. `bot withdraw {announcement.name}` deletes it.",
            )
        )

    def _rest(self, announcement_id: int) -> None:
        self.tx.announcements.move(
            announcement_id, [S.PUBLISHING], S.PUBLISHING, {"at": self.now, "wake_at": None}
        )

    def _wake(self, announcement_id: int, wake_at: datetime | None) -> None:
        """Let a worker look at it again: a thread that has begun stays `publishing`, anything else is scheduled once more."""
        after = S.PUBLISHING if self._accepted_posts(announcement_id) else S.SCHEDULED
        self.tx.announcements.move(
            announcement_id, [S.PUBLISHING], after, {"at": self.now, "wake_at": wake_at}
        )

    def _accepted_posts(self, announcement_id: int) -> list[Post]:
        return [post for post in self.tx.posts.of(announcement_id) if post.post_id]

    def _late_fact(self, attempt: Attempt, post_id: str) -> None:
        """A fact that the database cannot take as an acceptance: another attempt of the same post bars it, or owns the id."""
        others = [a for a in self.tx.attempts.of_post(attempt.post) if a.id != attempt.id]
        owner = next((a for a in others if a.post_id == post_id), None)
        if owner:
            return
        self.note(attempt, late_fact=post_id)
        twin = next((a.post_id for a in others if a.state is A.ACCEPTED), None)
        self._journal("doubled" if twin else "late_fact", attempt, post_id=post_id, twin=twin)
        announcement = self.tx.announcements.get(attempt.announcement_id)
        if twin:
            self.notices.append(
                Notice(
                    f"{announcement.name} is out twice",
                    f"Posts {twin} and {post_id} of {attempt.account} are the same announcement. "
                    "Delete one of them on the channel.",
                )
            )

    def _late_fact_of_a_sibling(self, attempt: Attempt) -> bool:
        """An earlier attempt that was believed absent turned out to be out while this one was open: take it now."""
        for other in self.tx.attempts.of_post(attempt.post):
            found = other.evidence.get("late_fact")
            if other.id != attempt.id and other.state is A.ABSENT and isinstance(found, str):
                return self.accept(other, found, KnownBy.ANSWER, {"late": True})
        return False

    def _journal(self, event: str, attempt: Attempt, **data: Any) -> None:
        self.tx.journal.append(
            event, at=self.now, actor=self.actor, announcement_id=attempt.announcement_id,
            data={"attempt": attempt.id, "post": attempt.post, "account": attempt.account, **data},
        )  # fmt: skip


def _held_notice(announcement: Announcement, reason: HeldReason, detail: str) -> Notice:
    return Notice(
        f"{announcement.name} is held: {reason}",
        f"{detail}. Look at it with `bot queue show {announcement.name}`.",
    )
