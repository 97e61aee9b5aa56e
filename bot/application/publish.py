"""Publish what is due: claim, sender lock, intent, guard, send once, record (design, section 5)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.application.clock_watch import ClockWatch
from bot.application.conclude import Conclusion
from bot.application.corrections import CorrectionCheck
from bot.application.intend import Intending, Intent
from bot.application.lock_watch import LockWatch
from bot.application.media_uploads import MediaUploads
from bot.application.ports.account_states import PauseKind
from bot.application.ports.announcements import Claim
from bot.application.ports.checkpoint import Step
from bot.application.ports.sender_lock import HeldLock
from bot.application.ports.store import Transaction
from bot.application.publishing import Publishing
from bot.application.thread_check import ThreadCheck
from bot.domain.account import Account
from bot.domain.assumptions import Breach, must_have_executed_nothing
from bot.domain.attempt import Attempt
from bot.domain.errors import StoreReplaced, StoreUnavailable
from bot.domain.notice import Notice
from bot.domain.outcomes import Accepted, Exchange, InDoubt, NotSent, Outcome, Refused, RefusedKind
from bot.domain.policies import Decision
from bot.domain.states import AttemptState, KnownBy, State

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes what is due of one account at a time."""

    ports: Publishing
    clock_watch: ClockWatch
    lock_watch: LockWatch

    def may_publish(self, tx: Transaction, account: Account) -> bool:
        """Tell whether something of the account is due and nothing stops it: a look, so that nobody writes for nothing."""
        next_wake = tx.announcements.next_wake(account.name)
        if next_wake is None or next_wake > self.ports.clock.now():
            return False
        return not tx.accounts.pauses(account.name) and not self.ports.stop_file()

    def publish_next(self, account: Account, user_id: str) -> bool:
        """Publish the account's next announcement that is due, as far as it goes now; False if there is none.

        `user_id` is the id that the account's keys were seen to belong to. Raises StoreUnavailable.
        """
        claim = self._claim(account)
        if claim is None:
            return False
        while not self.ports.clock.stopping():
            against = self._against(account, claim.announcement_id)
            lock = self._wait_for_lock(account)
            if lock is None:
                self.lock_watch.tell_of_a_frozen_holder(account)
                break
            try:
                if not self._publish_post(account, user_id, claim, lock, against):
                    break
            finally:
                lock.release()
        return True

    def _claim(self, account: Account) -> Claim | None:
        now = self.ports.clock.now()
        with self.ports.store.writing(Step.CLAIM) as tx:
            lease_until = now + timedelta(seconds=self.ports.profile.lease)
            return tx.announcements.claim(
                account.name, now=now, lease_until=lease_until, worker=self.ports.worker
            )

    def paused(self, account: Account) -> bool:
        """Tell whether the account may not send at all now."""
        if self.ports.stop_file():
            return True
        with self.ports.store.reading() as tx:
            return bool(tx.accounts.pauses(account.name))

    def _against(self, account: Account, announcement_id: int) -> Decision | None:
        """Ask the channel, before the lock is taken, what speaks against the next post; and bring it the post's media."""
        with self.ports.store.reading() as tx:
            posts = tx.posts.of(announcement_id)
        against = ThreadCheck(self.ports).speaks_against(account, posts)
        against = against or CorrectionCheck(self.ports).speaks_against(account, posts)
        return against or MediaUploads(self.ports).speak_against(account, posts)

    def _wait_for_lock(self, account: Account) -> HeldLock | None:
        """Wait for the sender lock as long as the claim holds; `bot status` shows who holds it."""
        began = self.ports.clock.running()
        while not self.ports.clock.stopping():
            lock = self.ports.locks.try_acquire(account.name)
            waited = self.ports.clock.running() - began
            if lock is not None or waited > self.ports.profile.lease / 2:
                return lock
            if waited > self.ports.profile.store_retry:
                self.lock_watch.say_who_holds(account)
            self.ports.clock.wait(self.ports.profile.lock_poll)
        return None

    def _publish_post(
        self, account: Account, user_id: str, claim: Claim, lock: HeldLock, against: Decision | None
    ) -> bool:
        """Send the announcement's next post; True if another one of it may follow at once."""
        self.clock_watch.look()  # the turn's own look may be many posts ago
        intent = Intending(self.ports).intend(account, user_id, claim, lock, against=against)
        if intent is None:
            return False
        self.ports.checkpoint.before(Step.WITNESS)
        try:
            self.ports.witness.attest(account.name, intent.testimony)
        except StoreUnavailable as error:
            return self._record(
                intent.attempt, NotSent(f"the witness file cannot be written: {error}", Exchange()), lock
            )
        self.ports.checkpoint.after(Step.WITNESS)
        outcome = self.ports.channel(account).create(intent.attempt.body, self._look(intent, lock))
        return self._record(intent.attempt, outcome, lock)

    def _look(self, intent: Intent, lock: HeldLock) -> Callable[[], str | None]:
        """Make the guard: is the attempt still ours and `sending`, and has no time been lost? (design, section 5, step 4)."""

        def look() -> str | None:
            try:
                with self.ports.store.reading(lock=lock) as tx:
                    state = tx.attempts.state(intent.attempt.id)
            except StoreUnavailable as error:
                return f"the database went away before the first byte: {error}"
            if state is not AttemptState.SENDING:
                return f"another process settled the attempt as {state} meanwhile"
            passed = self.ports.clock.running() - intent.at
            if passed > self.ports.profile.guard:
                return f"{passed:.1f} s passed between the intent and the first byte"
            return None

        return look

    def _record(self, attempt: Attempt, outcome: Outcome, lock: HeldLock) -> bool:
        """Write the outcome down; while the store is away keep it in memory and send nothing else."""
        while True:
            try:
                return self._write_outcome(attempt, outcome, lock)
            except StoreReplaced as error:
                self._tell_of_a_lost_outcome(attempt, outcome, str(error))
                return False
            except StoreUnavailable as error:
                log.error(
                    "an outcome cannot be stored yet", extra={"attempt": attempt.id, "detail": str(error)}
                )
                if self.ports.clock.stopping():
                    return False
                self.ports.clock.wait(self.ports.profile.store_retry)

    def _tell_of_a_lost_outcome(self, attempt: Attempt, outcome: Outcome, why: str) -> None:
        """The database that knew of this attempt is gone; the next worker compares the one in its place with the account."""
        out = f"is out as {outcome.post_id}" if isinstance(outcome, Accepted) else "may be out"
        what_to_do = f"{why}. The next worker looks at the account before it sends anything."
        self.ports.tell([Notice(f"a post of {attempt.account} {out}: {attempt.text[:60]}", what_to_do)])

    def _write_outcome(self, attempt: Attempt, outcome: Outcome, lock: HeldLock) -> bool:
        with self.ports.concluding(Step.OUTCOME, lock=lock) as conclusion:
            evidence = _exchange_evidence(outcome)
            match outcome:
                case Accepted(post_id):
                    conclusion.accept(attempt, post_id, KnownBy.ANSWER, evidence)
                case NotSent():
                    self._not_sent(conclusion, attempt, outcome, evidence)
                case InDoubt(reason):
                    conclusion.doubt(attempt, reason, duplicate=outcome.duplicate, **evidence)
                    if outcome.duplicate:
                        _doubt_the_assumptions(conclusion, attempt)
                case Refused():
                    self._refused(conclusion, attempt, outcome, evidence)
            age = outcome.exchange.connection_age
            if age is not None and age > self.ports.profile.guard:
                conclusion.breach(Breach.OLD_CONNECTION, attempt, connection_age=age)
            more = conclusion.tx.announcements.state(attempt.announcement_id) is State.PUBLISHING
        if isinstance(outcome, Refused):
            self._stop_account(attempt.account, outcome)
        return isinstance(outcome, Accepted) and more

    def _not_sent(
        self, conclusion: Conclusion, attempt: Attempt, outcome: NotSent, evidence: dict[str, Any]
    ) -> None:
        """A line that is down says nothing about the post: it is tried each minute until it is late (decision 0019)."""
        if outcome.unreachable:
            wake_at = conclusion.now + timedelta(seconds=self.ports.profile.retry)
            facts = {"account_wide": True, **evidence}
        else:
            wake_at, facts = conclusion.now + self._retry_after(attempt), evidence
        conclusion.fail(attempt, AttemptState.NOT_SENT, outcome.reason, wake_at=wake_at, **facts)

    def _refused(
        self, conclusion: Conclusion, attempt: Attempt, outcome: Refused, evidence: dict[str, Any]
    ) -> None:
        account_wide = outcome.kind in (
            RefusedKind.RATE_LIMITED,
            RefusedKind.UNAUTHORISED,
            RefusedKind.NO_CREDIT,
        )
        wake_at = conclusion.now if account_wide else conclusion.now + self._retry_after(attempt)
        if outcome.until:
            conclusion.tx.accounts.wait(attempt.account, outcome.until)
            wake_at = outcome.until
        if outcome.kind is RefusedKind.INVALID:
            for media in conclusion.tx.posts.get(attempt.post).media:
                conclusion.tx.uploads.forget(attempt.account, media)  # X may have forgotten them: upload anew
        reason = f"{outcome.kind}: {outcome.detail}"
        facts = {"kind": outcome.kind, "account_wide": account_wide, **evidence}
        conclusion.fail(attempt, AttemptState.REFUSED, reason, wake_at=wake_at, **facts)

    def _stop_account(self, account: str, outcome: Refused) -> None:
        if outcome.kind is RefusedKind.UNAUTHORISED:
            self.ports.stop(
                account, PauseKind.UNAUTHORISED, f"X does not accept the keys (401): {outcome.detail}"
            )
        if outcome.kind is RefusedKind.NO_CREDIT:
            self.ports.stop(account, PauseKind.NO_CREDIT, f"X wants credit (402): {outcome.detail}")

    def _retry_after(self, attempt: Attempt) -> timedelta:
        """A minute after the first failure, four after a later one."""
        return timedelta(seconds=self.ports.profile.retry * 4 ** min(attempt.number - 1, 1))


def _doubt_the_assumptions(conclusion: Conclusion, attempt: Attempt) -> None:
    """X calls a post a repetition of which no request can have been carried out: the account rests until people have looked."""
    same_text = conclusion.tx.posts.alike(attempt.account, attempt.fingerprint)
    if any(post.post_id and post.id != attempt.post for post in same_text):
        return  # another announcement said the same, and is out
    earlier = [a for a in conclusion.tx.attempts.of_post(attempt.post) if a.number < attempt.number]
    before = next((a for a in reversed(earlier) if must_have_executed_nothing(a)), None)
    if before is None:
        return
    conclusion.breach(Breach.ASSUMPTION_BROKEN, attempt, after=before.state, earlier=before.id)
    why = f"X calls a post a repetition whose earlier attempt was {before.state}"
    conclusion.pause(attempt.account, PauseKind.ASSUMPTION, why)


def _exchange_evidence(outcome: Outcome) -> dict[str, Any]:
    """What the journal keeps of the exchange."""
    exchange = outcome.exchange
    return {
        "status": exchange.status,
        "connection_age": exchange.connection_age,
        "server_date": exchange.server_date.isoformat() if exchange.server_date else None,
    }
