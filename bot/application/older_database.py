"""An older database must not send again what went out (design, section 5, an older database).

A restored copy, a snapshot or a failed-over replica has lost intents. The witness beside the database gives that away; nothing
goes out until a settling time has passed and the account's newer posts are matched against all that is unsent.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.application.conclude import Conclusion
from bot.application.corrections import edited_version
from bot.application.doubt import kept_near
from bot.application.lock_watch import LockWatch
from bot.application.ports.account_states import PauseKind
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.application.ports.checkpoint import Step
from bot.application.ports.sender_lock import HeldLock
from bot.application.ports.store import Transaction
from bot.application.ports.witness import Testimony
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.attempt import Attempt, NewAttempt, Sender
from bot.domain.notice import Notice
from bot.domain.post import Post
from bot.domain.quotes import sendings
from bot.domain.reconciliation import Sought, Verdict, sight
from bot.domain.states import OPEN_ATTEMPTS, HeldReason, KnownBy
from bot.domain.text.canonical import canonical
from bot.domain.timeline import Reading, TimelinePost

log = logging.getLogger(__name__)

COMPARED = "compared"
"""The journal's event: an older database was compared with the account."""

TWINS_KEPT = timedelta(days=30)
"""For how long what went out while the database was away is kept from going out again."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the account shows: a reading from `since` on, which of its ids the database knows by now, and the texts of unsent
    posts that stand there word for word, by their local ids: one that is like another does not come near it."""

    reading: Reading
    since: str | None
    known: set[str]
    unsent: Mapping[int, str]


@dataclass(slots=True)
class OlderDatabase:
    """Notices that the database is behind what this host saw, and brings it up to what the account shows.

    `began`: running seconds at which this process noticed, by account; a restart waits anew.
    """

    ports: Publishing
    lock_watch: LockWatch
    began: dict[str, float] = field(default_factory=dict)

    def is_behind(self, tx: Transaction, account: Account) -> bool:
        """Tell whether the witness knows of an intent that the database has lost. Raises StoreUnavailable.

        To be asked first in its transaction: what the view then shows is not older than the witness's word.
        """
        seen = self.ports.witness.recall(account.name)
        if any(pause.kind is PauseKind.OLDER_DATABASE for pause in tx.accounts.pauses(account.name)):
            return True
        if seen is None:
            return tx.attempts.any(account.name)
        row = tx.journal.row(seen.seq)
        return row is None or row.hash != seen.hash

    def may_go_on(self, account: Account) -> bool:
        """Tell whether its comparison is to be waited for: not of an account that has not been readable for too long."""
        waited = self.ports.clock.running() - self.began.get(account.name, self.ports.clock.running())
        return waited <= self.ports.profile.settling + self.ports.profile.unreadable

    def step(self, account: Account, user_id: str) -> float | None:
        """Do what can be done now; gives the seconds until there is more to do, None when the database is up to date.

        Raises StoreUnavailable.
        """
        with self.ports.store.reading() as tx:
            behind = self.is_behind(tx, account)
        if not behind:
            self.began.pop(account.name, None)  # another worker has compared it
            return None
        if account.name not in self.began:
            # A sender between its first intent and its witness looks the same; it holds the lock.
            if not self._nobody_sends(account):
                return self.ports.profile.store_retry
            why = (
                "the database is older than what this host has sent; the account's timeline is compared first"
            )
            self.ports.stop(account.name, PauseKind.OLDER_DATABASE, why)
            self.began[account.name] = self.ports.clock.running()
        left = self.began[account.name] + self.ports.profile.settling - self.ports.clock.running()
        if left > 0:
            return left
        return self._compare(account, user_id)

    def _nobody_sends(self, account: Account) -> bool:
        """A worker that still has the forgotten database open may be about to send: the wait begins when it has let go."""
        lock = self.ports.locks.try_acquire(account.name)
        if lock is None:
            self.lock_watch.say_who_holds(account)
            self.lock_watch.tell_of_a_frozen_holder(account)
            return False
        lock.release()
        return True

    def _compare(self, account: Account, user_id: str) -> float | None:
        with self.ports.store.reading() as tx:
            since = tx.accounts.state(account.name).newest_post_id
        try:
            self.ports.checkpoint.before(Step.READING)
            reading = self.ports.channel(account).own_posts(user_id, since=since)
            self.ports.checkpoint.after(Step.READING)
            counts = reading.whole and self._shows_what_was_known(account, reading, since)
        except (ChannelRefused, ChannelUnreachable) as error:
            log.warning("the timeline cannot be read", extra={"account": account.name, "detail": str(error)})
            return self.ports.profile.probe
        if not counts:
            log.warning(
                "the timeline is not whole", extra={"account": account.name, "detail": reading.why_not}
            )
            return self.ports.profile.probe
        lock = self.ports.locks.try_acquire(account.name)
        if lock is None:
            return self.ports.profile.store_retry
        try:
            self._take_over(account, user_id, since, reading, lock)
        finally:
            lock.release()
        self.began.pop(account.name)
        self.ports.lift(account.name, PauseKind.OLDER_DATABASE, "its timeline was compared with the queue")
        return None

    def _shows_what_was_known(self, account: Account, reading: Reading, since: str | None) -> bool:
        """A stale timeline lacks what was there before; so does one of which that post was deleted, which X then says."""
        if since is None or since in reading.ids:
            return True
        return self.ports.channel(account).look_up(since) is None

    def _take_over(
        self, account: Account, user_id: str, since: str | None, reading: Reading, lock: HeldLock
    ) -> None:
        """Write down all that is shown; posts in their order, so that a thread is compared as far as it is out."""
        with self.ports.concluding(Step.SETTLE, lock=lock) as conclusion:
            tx = conclusion.tx
            conclusion.doubt_orphans(account.name)
            ids = {post.post_id for post in reading.posts}
            unsent = tx.posts.unsent(account.name)
            shown = _Shown(
                reading, since, set(tx.attempts.owned(account.name, ids)), _those_shown(unsent, reading)
            )
            looked_for = [self._find(conclusion, tx.posts.get(post.id), user_id, shown) for post in unsent]
            found = [post_id for post_id in looked_for if post_id]
            strange = [
                post for post in reading.posts if post.post_id not in shown.known and post.post_id != since
            ]
            event = tx.journal.append(
                COMPARED, at=conclusion.now, actor=self.ports.worker,
                data={"account": account.name, "since": since, "found": found, "unknown": [p.post_id for p in strange],
                      "marks": {**self.ports.witness.recall_withdrawn(account.name), **_marks_of(strange)}},
            )  # fmt: skip
            self.ports.witness.attest(account.name, Testimony(event.seq, event.hash))
            if strange:
                conclusion.notices.append(_strange_posts(account, strange))

    def _find(self, conclusion: Conclusion, post: Post, user_id: str, shown: _Shown) -> str | None:
        """Look for one unsent post; what is found becomes an attempt that is known by the timeline."""
        tx = conclusion.tx
        reply_to, reachable = _reply_to(tx, post)
        earlier = tx.attempts.of_post(post.id)
        quote, quotable = _quote(tx, post)
        if not (reachable and quotable):
            return None
        still_open = next((attempt for attempt in earlier if attempt.state in OPEN_ATTEMPTS), None)
        sender = Sender(user_id, self.ports.worker, conclusion.now)
        edits = edited_version(tx, post)
        edits_id, replaces = (edits.post_id, edits.text) if edits else (None, None)
        new = NewAttempt.of(
            post,
            sender,
            number=len(earlier) + 1,
            reply_to=reply_to,
            since=shown.since,
            quote=quote,
            edits=edits_id,
        )
        rivals = [text for other, text in shown.unsent.items() if other != post.id]
        sought = Sought(
            post.text, reply_to, shown.since, None, quote=quote, edits=edits_id, replaces=replaces
        )
        seen = sight(sought, shown.reading, shown.known, rivals)
        if seen.match:
            attempt = still_open or tx.attempts.begin(new)
            conclusion.accept(attempt, seen.match.post_id, KnownBy.TIMELINE, {"older_database": True})
            shown.known.add(seen.match.post_id)
            return seen.match.post_id
        if seen.verdict in (Verdict.NEAR, Verdict.SEVERAL):
            detail = (
                "the database was older than the account, and the timeline shows something that comes near"
            )
            near = [kept_near(near_by, why) for near_by, why in seen.evidence]
            conclusion.hold(post.announcement_id, HeldReason.DOUBT, detail, near=near)
        return None


def _those_shown(unsent: Sequence[Post], reading: Reading) -> dict[int, str]:
    """Give the texts of the unsent posts that the account shows word for word, by their local ids."""
    shown = {way.text for post in reading.posts for way in sendings(post)}
    return {post.id: post.text for post in unsent if canonical(post.text, from_x=False) in shown}


def twin_out_before(
    tx: Transaction, post: Post, reply_to: str | None, quote: str | None, now: datetime
) -> str | None:
    """Give the id of a post that says the same and went out while this database was away, if nobody has decided about it.

    Whoever queues anew what a copy lacked gets a new announcement, of which nothing shows that it is out already. Once it
    was held for that, a person's word counts.
    """
    mark = _mark(canonical(post.text, from_x=False), reply_to, quote)
    for row in tx.journal.recent([COMPARED], since=now - TWINS_KEPT):
        marks = row.data.get("marks")
        twin = (
            marks.get(mark)
            if isinstance(marks, Mapping) and row.data.get("account") == post.account
            else None
        )
        if twin and not tx.attempts.owned(post.account, [twin]) and not _was_held_for_it(tx, post, row.seq):
            return str(twin)
    return None


def _was_held_for_it(tx: Transaction, post: Post, after: int) -> bool:
    rows = tx.journal.events(announcement_id=post.announcement_id)
    return any(
        row.seq > after and row.event == "held" and row.data.get("reason") == HeldReason.DUPLICATE
        for row in rows
    )


def _marks_of(posts: Sequence[TimelinePost]) -> dict[str, str]:
    return {
        _mark(way.text, post.parent_id, way.quote): post.post_id for post in posts for way in sendings(post)
    }


def mark_of(attempt: Attempt) -> str:
    """Stand for what an attempt has sent, as a twin of it is known by."""
    return _mark(canonical(attempt.text, from_x=False), attempt.reply_to, attempt.quote)


def _mark(text: str, reply_to: str | None, quote: str | None) -> str:
    """Stand for a text in canonical form, what it replies to and what it quotes, in few characters."""
    references = f"{reply_to or ''} {quote}" if quote else reply_to or ""
    return hashlib.sha256(f"{references}\n{text}".encode()).hexdigest()[:32]


def _reply_to(tx: Transaction, post: Post) -> tuple[str | None, bool]:
    """Give the id that the post replies to, and whether it can be out at all: not while its parent is not."""
    if post.parent is None:
        return None, True
    if post.parent.post_id:
        return post.parent.post_id, True
    if post.parent.announcement_id is not None:
        reply_to = tx.posts.published_at(post.parent.announcement_id)
    else:
        reply_to = tx.posts.get(post.parent.local_id or 0).post_id
    return reply_to, reply_to is not None


def _quote(tx: Transaction, post: Post) -> tuple[str | None, bool]:
    """Give the id that the post quotes, and whether it can be out at all: not while that is not."""
    if post.quote is None:
        return None, True
    if post.quote.announcement_id is None:
        return post.quote.post_id, True
    quoted = next(iter(tx.posts.of(post.quote.announcement_id)), None)
    return (quoted.post_id, quoted.post_id is not None) if quoted else (None, False)


def _strange_posts(account: Account, posts: Sequence[TimelinePost]) -> Notice:
    shown = "; ".join(f"{post.post_id}: {post.text[:80]}" for post in posts[:5])
    return Notice(
        f"{account.name}: {len(posts)} newer posts are not in this database",
        f"They went out after it was copied, or by hand: {shown}. Look at them before you approve anything similar.",
    )
