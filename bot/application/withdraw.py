"""Delete from the channel what was published: the wish is stored first, and the last post goes first (decision 0023).

A deletion does no harm when it is asked for twice, so that after any doubt it simply is. What is left of a withdrawal that
broke off is told by `bot status`, and finished when a person asks again; no worker deletes by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.application.conclude import Conclusion
from bot.application.control import refuse_while_unsettled
from bot.application.corrections import accepted_attempt
from bot.application.known_posts import newest_that_stays
from bot.application.older_database import mark_of
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.application.ports.checkpoint import Step
from bot.application.ports.sender_lock import HeldLock
from bot.application.ports.store import Transaction
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.announcement import Announcement, Held
from bot.domain.errors import InputError, Refusal, SettingsMissing, TooLate, Unreachable, UsageError
from bot.domain.post import Post, Withdrawal, link_of
from bot.domain.states import AttemptState, HeldReason, State

BEGUN = frozenset({State.PUBLISHED, State.PARTLY_PUBLISHED, State.PUBLISHING, State.WITHDRAWN})
"""Where an announcement may stand of which a post is out; of a withdrawn one it is a late fact."""

OUT = frozenset({State.PUBLISHED, State.PARTLY_PUBLISHED})


@dataclass(frozen=True, slots=True)
class Reply:
    """A post of ours that replies to one that goes: it stays on the channel, or waits in the queue and will be held."""

    announcement: Announcement
    post: Post


@dataclass(frozen=True, slots=True)
class Going:
    """A post that is to be deleted, as it went out: where, when (UTC), by which user. `replies`: what of ours replies to it;
    `versions`: all of it that X deletes together, the oldest first, each with the mark by which a copy of the database that has
    forgotten it knows that it was withdrawn."""

    post: Post
    link: str
    published_at: datetime
    user_id: str
    reason: str
    replies: tuple[Reply, ...]
    versions: tuple[tuple[Post, str], ...]

    @property
    def newest(self) -> Post:
        """Give the version that readers see."""
        return self.versions[-1][0]


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be deleted, in that order. `out`: what of it is out, by local ids."""

    announcement: Announcement
    account: Account
    going: tuple[Going, ...]
    out: frozenset[int]

    @property
    def cost_usd(self) -> Decimal:
        """What X bills for it."""
        return len(self.going) * self.account.prices.delete


@dataclass(frozen=True, slots=True)
class Gone:
    """A post that is deleted now; `was_there` is False if somebody had done so before."""

    going: Going
    was_there: bool


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What came of it."""

    announcement: Announcement
    gone: tuple[Gone, ...]


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """Deletes on a person's word. Every method raises InputError for an unknown name, Refusal, and StoreUnavailable."""

    ports: Publishing
    actor: str

    def plan(self, name: str, reason: str | None, *, number: int | None = None) -> Plan:
        """Say what would be deleted: all that is out, or the thread's post `number` (from 1) alone.

        Without a reason: what is left of a withdrawal that was begun. Raises UsageError if none was.
        """
        with self.ports.store.reading() as tx:
            announcement = tx.announcements.find(name)
            refuse_while_unsettled(tx, announcement)
            posts = _chosen(tx, announcement, number, begun_only=reason is None)
            account = self._account(announcement)
            going = [self._going(tx, account, post, reason, posts) for post in reversed(posts)]
            return Plan(announcement, account, tuple(going), _out(tx, announcement))

    def carry_out(self, plan: Plan) -> Withdrawn:
        """Delete it, holding the account's sender lock: nothing goes out meanwhile. Raises Unreachable and SettingsMissing."""
        lock = self._win_lock(plan.account)
        try:
            self._refuse_while_anything_is_in_doubt(plan.account, lock)
            self._refuse_other_keys(plan)
            self._ask(plan, lock)
            marks = {mark: post.post_id or "" for going in plan.going for post, mark in going.versions}
            self.ports.witness.attest_withdrawn(plan.account.name, marks)
            return self._delete(plan, lock)
        finally:
            lock.release()

    def _account(self, announcement: Announcement) -> Account:
        accounts = self.ports.configuration().accounts
        if announcement.account not in accounts:
            raise InputError(
                f"account '{announcement.account}' is not in accounts.toml any more; put it back to withdraw this"
            )
        return accounts[announcement.account]

    def _going(
        self, tx: Transaction, account: Account, post: Post, reason: str | None, all_going: Sequence[Post]
    ) -> Going:
        sent = accepted_attempt(tx, post)
        versions = tx.posts.versions(post.id)
        wish = reason or (post.withdrawal.reason if post.withdrawal else "")
        ids = {each.id for each in all_going}
        replies = [each for each in tx.posts.replies_to(post) if each.id not in ids and not each.withdrawn]
        return Going(
            post,
            link_of(account.handle, versions[-1].post_id or ""),
            sent.settled_at or sent.intent_at,
            sent.user_id,
            wish,
            tuple(Reply(tx.announcements.get(each.announcement_id), each) for each in replies),
            tuple((version, mark_of(accepted_attempt(tx, version))) for version in versions),
        )

    def _win_lock(self, account: Account) -> HeldLock:
        """Wait as long as one request may take."""
        began = self.ports.clock.running()
        while (lock := self.ports.locks.try_acquire(account.name)) is None:
            if self.ports.clock.running() - began > self.ports.profile.total:
                holder = self.ports.locks.holder(account.name)
                who = f"process {holder.pid} on {holder.host}" if holder else "another process"
                raise TooLate(f"{who} is sending for {account.name}; nothing was deleted, ask again")
            self.ports.clock.wait(self.ports.profile.lock_poll)
        return lock

    def _refuse_while_anything_is_in_doubt(self, account: Account, lock: HeldLock) -> None:
        """A reading that looks for it must show the newest post known before: that one may be what is to be deleted."""
        with self.ports.store.reading(lock=lock) as tx:
            still_open = tx.attempts.open(account.name)
            names = [tx.announcements.get(attempt.announcement_id).name for attempt in still_open]
        if not still_open:
            return
        if any(attempt.state is AttemptState.SENDING for attempt in still_open):
            with self.ports.concluding(Step.ORPHAN, lock=lock) as conclusion:
                conclusion.actor = self.actor
                conclusion.doubt_orphans(account.name)
        raise TooLate(
            f"{names[0]} of {account.name} is in doubt, and is looked for on the timeline: wait until it is settled, or "
            f"`bot settle {names[0]}`; nothing was deleted"
        )

    def _refuse_other_keys(self, plan: Plan) -> None:
        self.ports.checkpoint.before(Step.IDENTITY)
        identity = self.ports.channel(plan.account).identity()
        self.ports.checkpoint.after(Step.IDENTITY)
        expected = {plan.account.user_id, *(going.user_id for going in plan.going)}
        others = sorted(expected - {identity.user_id})
        if others:
            raise SettingsMissing(
                f"the keys belong to @{identity.handle} (id {identity.user_id}), this was published by, or accounts.toml "
                f"expects, id {others[0]}: put the right keys in .env; nothing was deleted"
            )

    def _ask(self, plan: Plan, lock: HeldLock) -> None:
        """Store the wish for all of them: from now on nothing goes out under one of them, and none is looked for any more."""
        account, announcement = plan.account.name, plan.announcement
        with self.ports.concluding(Step.WITHDRAW, lock=lock) as conclusion:
            tx, now = conclusion.tx, conclusion.now
            _refuse_what_has_changed(tx, plan)
            for going in plan.going:
                wish = Withdrawal(now, self.actor, going.reason)
                for version, _ in going.versions:
                    cost = plan.account.prices.delete if version is going.newest else Decimal(0)
                    tx.posts.ask_withdrawal(version.id, wish, cost_usd=cost)
            for version in [version for going in plan.going for version, _ in going.versions]:
                instead = newest_that_stays(tx, account)
                tx.accounts.forget_newest(account, version.post_id or "", instead=instead)
            held = Held(HeldReason.PARENT, "a part of it is withdrawn")
            facts = {"held": held, "wake_at": None, "at": now}
            tx.announcements.move(announcement.id, [State.PUBLISHING], State.PARTLY_PUBLISHED, facts)
            data = {
                "account": account,
                "posts": [going.post.id for going in plan.going],
                "post_ids": [going.post.post_id for going in plan.going],
                "reason": plan.going[0].reason,
            }
            tx.journal.append(
                "withdraw", at=now, actor=self.actor, announcement_id=announcement.id, data=data
            )

    def _delete(self, plan: Plan, lock: HeldLock) -> Withdrawn:
        channel, gone = self.ports.channel(plan.account), list[Gone]()
        for going in plan.going:
            self.ports.checkpoint.before(Step.DELETE)
            try:
                was_there = channel.delete(going.newest.post_id or "")
            except (ChannelRefused, ChannelUnreachable) as error:
                raise Unreachable(_broken_off(plan, len(gone), error)) from error
            self.ports.checkpoint.after(Step.DELETE)
            gone.append(Gone(going, was_there))
            with self.ports.concluding(Step.WITHDRAWN, lock=lock) as conclusion:
                self._record(conclusion, plan.announcement, gone[-1])
        with self.ports.store.reading() as tx:
            return Withdrawn(tx.announcements.get(plan.announcement.id), tuple(gone))

    def _record(self, conclusion: Conclusion, announcement: Announcement, gone: Gone) -> None:
        """Whoever deletes one version deletes them all, so that what corrected the post is withdrawn with it."""
        for version, _ in gone.going.versions:
            its_own = version.announcement_id == announcement.id
            whose = announcement if its_own else conclusion.tx.announcements.get(version.announcement_id)
            self._record_version(conclusion, whose, version, gone)

    def _record_version(
        self, conclusion: Conclusion, announcement: Announcement, post: Post, gone: Gone
    ) -> None:
        tx, now = conclusion.tx, conclusion.now
        tx.posts.withdraw(post.id, now)
        data = {
            "post": post.id,
            "post_id": post.post_id,
            "number": post.position + 1,
            "reason": gone.going.reason,
            "was_there": gone.was_there,
        }
        tx.journal.append("withdrawn", at=now, actor=self.actor, announcement_id=announcement.id, data=data)
        if not _out(tx, announcement):
            tx.announcements.move(announcement.id, OUT, State.WITHDRAWN, {"wake_at": None, "at": now})
            tx.posts.finish(announcement.id)


def _chosen(
    tx: Transaction, announcement: Announcement, number: int | None, *, begun_only: bool
) -> list[Post]:
    """Give the posts that are meant, in the order of the thread."""
    if announcement.corrects is not None:
        raise _all_versions_go_together(tx, announcement, announcement.corrects)
    posts = tx.posts.of(announcement.id)
    left = _out(tx, announcement)
    out = [post for post in posts if post.id in left]
    if announcement.state not in BEGUN or not out:
        raise Refusal(f"{announcement.name} is {announcement.state}: there is nothing to withdraw")
    if number is not None:
        out = [_numbered(announcement, posts, number)]
    if begun_only:
        out = [post for post in out if post.withdrawal]
        if not out:
            raise UsageError(
                f'give --reason "WHY": no withdrawal of {announcement.name} was begun that is to be finished'
            )
    return out


def _all_versions_go_together(tx: Transaction, correction: Announcement, post: int) -> Refusal:
    first = tx.posts.get(post)
    whose = tx.announcements.get(first.announcement_id).name
    which = f" --post {first.position + 1}" if len(tx.posts.of(first.announcement_id)) > 1 else ""
    remedy = f"`bot withdraw {whose}{which}`"
    return Refusal(
        f"{correction.name} is a version of a post of {whose}, and X deletes all versions together: {remedy}"
    )


def _out(tx: Transaction, announcement: Announcement) -> frozenset[int]:
    posts = tx.posts.of(announcement.id)
    return frozenset(post.id for post in posts if post.post_id and not post.withdrawn)


def _numbered(announcement: Announcement, posts: Sequence[Post], number: int) -> Post:
    post = next((post for post in posts if post.position + 1 == number), None)
    if post is None:
        raise InputError(f"--post {number}: {announcement.name} has {len(posts)} posts")
    if post.post_id is None:
        raise Refusal(f"post {number} of {announcement.name} is not out: there is nothing to withdraw")
    if post.withdrawn:
        raise Refusal(f"post {number} of {announcement.name} was withdrawn already")
    return post


def _refuse_what_has_changed(tx: Transaction, plan: Plan) -> None:
    """What was seen is what goes: another process may have published or deleted more of it since."""
    announcement = tx.announcements.get(plan.announcement.id)
    if announcement.state is not plan.announcement.state or _out(tx, announcement) != plan.out:
        raise Refusal(
            f"{announcement.name} has changed since you looked: nothing was deleted, look at it again"
        )


def _broken_off(plan: Plan, done: int, error: Exception) -> str:
    name, many = plan.announcement.name, len(plan.going)
    left = plan.going[done]
    which = f"post {left.post.position + 1} of " if len(plan.out) > 1 else ""
    count = f"{done} of {many} posts are deleted. " if many > 1 else ""
    return f"{which}{name} ({left.link}) may still be there: {error}. {count}`bot withdraw {name}` goes on"
