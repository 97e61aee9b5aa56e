"""Settle attempts in doubt by reading the account's own timeline (design, section 5, reconcile)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.application.conclude import Conclusion
from bot.application.doubt import READINGS_KEPT, kept_near, kept_reading
from bot.application.known_posts import sought
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.application.ports.checkpoint import Step
from bot.application.ports.store import Transaction
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.assumptions import Breach, seconds_late
from bot.domain.attempt import Attempt
from bot.domain.notice import Notice
from bot.domain.reconciliation import Sighting, Verdict, sight
from bot.domain.states import AttemptState, HeldReason, KnownBy, State
from bot.domain.timeline import Reading, TimelinePost

log = logging.getLogger(__name__)

LOOKS = (1 / 24, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1.0)
"""When the timeline is read, as shares of the wait: early for what is there at once, the last two a quarter apart."""


@dataclass(slots=True)
class Watch:
    """What this process has seen of one attempt since it was marked: a restart waits anew, stored times are never believed.

    All are running seconds; `empty`: when a reading showed nothing; `shown`: every own post that readings showed;
    `readings`: what is kept of them for people.
    """

    account: str
    began: float
    wait: float
    empty: list[float] = field(default_factory=list)
    unreadable_since: float | None = None
    next_look: float = 0.0
    shown: set[str] = field(default_factory=set)
    readings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Reconciler:
    """Settles what is in doubt; call `step` whenever it may have something to do. Accounts may be stepped side by side."""

    ports: Publishing
    watches: dict[int, Watch] = field(default_factory=dict)
    rechecks: dict[int, float] = field(default_factory=dict)

    def has_work(self, tx: Transaction, account: Account) -> bool:
        """Tell whether anything of the account is unsettled, or wants one more reading."""
        return bool(tx.attempts.open(account.name) or tx.attempts.resent(account.name))

    def step(self, account: Account) -> float | None:
        """Do what can be done now for an account; gives the seconds until there is more to do, None when nothing is in doubt.

        Raises StoreUnavailable.
        """
        with self.ports.store.reading() as tx:
            still_open, resent = tx.attempts.open(account.name), tx.attempts.resent(account.name)
        if not still_open and not resent:
            self._watch_only(account, [])
            return None
        if any(attempt.state is AttemptState.SENDING for attempt in still_open):
            self.ports.mark_orphans(account.name, actor=self.ports.worker)
        with self.ports.store.reading() as tx:
            doubtful = [a for a in tx.attempts.open(account.name) if a.state is AttemptState.IN_DOUBT]
            handed_over = {
                a.id for a in doubtful if tx.announcements.state(a.announcement_id) is not State.PUBLISHING
            }
        waiting = [a for a in doubtful if a.id not in handed_over]
        self._watch_only(account, waiting)
        now = self.ports.clock.running()
        due = [a for a in waiting if self.watches[a.id].next_look <= now]
        rechecks = [a for a in resent if self._recheck_at(a) <= now]
        if due or rechecks:
            self._read(account, due, rechecks)
        return self._seconds_left(account)

    def _watch_only(self, account: Account, waiting: Sequence[Attempt]) -> None:
        """Begin to watch what is new, and forget what this account waits for no more; the watches of others are theirs."""
        ids = {attempt.id for attempt in waiting}
        for known, watch in list(self.watches.items()):
            if watch.account == account.name and known not in ids:
                del self.watches[known]
        for attempt in waiting:
            if attempt.id not in self.watches:
                self.watches[attempt.id] = self._begin(attempt)

    def _begin(self, attempt: Attempt) -> Watch:
        """Each resend waits twice as long as the one before."""
        began = self.ports.clock.running()
        wait = self.ports.profile.settling * 2 ** min(attempt.number - 1, 4)
        return Watch(attempt.account, began, wait, next_look=began + LOOKS[0] * wait)

    def _recheck_at(self, attempt: Attempt) -> float:
        """After a resend one more reading follows, a settling time later."""
        return self.rechecks.setdefault(attempt.id, self.ports.clock.running() + self.ports.profile.settling)

    def _seconds_left(self, account: Account) -> float | None:
        with self.ports.store.reading() as tx:
            open_ids = {a.id for a in tx.attempts.open(account.name)}
            resent = {a.id for a in tx.attempts.resent(account.name)}
        times = [watch.next_look for attempt, watch in list(self.watches.items()) if attempt in open_ids]
        times += [self.rechecks[attempt] for attempt in resent if attempt in self.rechecks]
        if not times:
            return None
        return max(0.0, min(times) - self.ports.clock.running())

    def _read(self, account: Account, due: Sequence[Attempt], rechecks: Sequence[Attempt]) -> None:
        """One reading serves every attempt of the account that wants one."""
        everything = [*due, *rechecks]
        with self.ports.store.reading() as tx:
            known = [sought(tx, attempt).read_from for attempt in everything]
        since = min((each for each in known if each), key=int) if all(known) else None
        asked_at = self.ports.clock.running()
        try:
            self.ports.checkpoint.before(Step.READING)
            reading = self.ports.channel(account).own_posts(everything[0].user_id, since=since)
            self.ports.checkpoint.after(Step.READING)
        except (ChannelRefused, ChannelUnreachable) as error:
            reading = Reading((), whole=False, why_not=str(error))
            self._keep(due, reading)
            self._unreadable(due, reading.why_not)
            for attempt in rechecks:
                self.rechecks[attempt.id] = self.ports.clock.running() + self.ports.profile.quarter
            return
        self._keep(due, reading)
        self._judge(account, due, reading, asked_at)
        self._recheck(rechecks, reading)

    def _keep(self, attempts: Sequence[Attempt], reading: Reading) -> None:
        """Keep for people what was read, and say so if it lacks what an earlier reading showed."""
        if not attempts:
            return
        with self.ports.concluding(Step.AFTERMATH) as conclusion:
            for attempt in attempts:
                watch = self.watches[attempt.id]
                watch.readings = [*watch.readings, kept_reading(reading, conclusion.now)][-READINGS_KEPT:]
                conclusion.note(attempt, readings=watch.readings)
                if reading.whole:
                    self._compare_with_earlier(conclusion, attempt, reading)

    def _compare_with_earlier(self, conclusion: Conclusion, attempt: Attempt, reading: Reading) -> None:
        """What was shown once stays, unless it was deleted: a timeline that takes back what it showed proves no absence."""
        watch = self.watches[attempt.id]
        shown = reading.ids_since(attempt.since)
        gone = {post_id for post_id in watch.shown - shown if not _we_withdrew(conclusion, attempt, post_id)}
        watch.shown = shown
        if gone:
            watch.empty.clear()
            conclusion.breach(Breach.READINGS_CONTRADICT, attempt, gone=sorted(gone))

    def _judge(self, account: Account, due: Sequence[Attempt], reading: Reading, asked_at: float) -> None:
        with self.ports.store.reading() as tx:
            owned = tx.attempts.owned(account.name, reading.ids)
            open_attempts = tx.attempts.open(account.name)
            looked_for = {attempt.id: sought(tx, attempt) for attempt in due}
        for attempt in due:
            others = {post_id for post_id, owner in owned.items() if owner != attempt.id}
            rivals = [a.text for a in open_attempts if a.post != attempt.post]
            sighting = sight(looked_for[attempt.id], reading, others, rivals)
            self._conclude(attempt, sighting, reading, asked_at)
            if sighting.match:
                owned = {**owned, sighting.match.post_id: attempt.id}

    def _conclude(self, attempt: Attempt, sighting: Sighting, reading: Reading, asked_at: float) -> None:
        """A reading counts as of when it was asked for, however much later this process goes on."""
        watch = self.watches[attempt.id]
        if sighting.verdict is Verdict.UNCOUNTED:
            self._unreadable([attempt], sighting.why)
            return
        watch.unreadable_since = None
        if sighting.verdict is Verdict.MATCH and sighting.match:
            self._accept(attempt, sighting.match, reading)
        elif sighting.verdict is Verdict.SEVERAL:
            self._hand_over(
                attempt, HeldReason.DOUBT, "the timeline shows it more than once", sighting.evidence
            )
        elif sighting.verdict is Verdict.NOTHING:
            watch.empty.append(asked_at)
            self._plan_next(watch, asked_at)
            if self._settled(watch, asked_at):
                self._believe_absent(attempt)
        else:
            self._plan_next(watch, asked_at)
            if asked_at - watch.began >= watch.wait:
                self._hand_over(
                    attempt, HeldReason.DOUBT, "something on the timeline comes near it", sighting.evidence
                )

    def _settled(self, watch: Watch, asked_at: float) -> bool:
        """The whole wait has passed at this reading, and another empty one lies a quarter of the settling time before it.

        That one counts from the last quarter of the wait on: if this one is stale, it alone stands for the absence.
        """
        late = watch.began + watch.wait - self.ports.profile.quarter
        apart = [at for at in watch.empty if at >= late and asked_at - at >= self.ports.profile.quarter]
        return asked_at - watch.began >= watch.wait and bool(apart)

    def _plan_next(self, watch: Watch, now: float) -> None:
        shares = [share for share in LOOKS if watch.began + share * watch.wait > now]
        if shares:
            watch.next_look = watch.began + shares[0] * watch.wait
        else:
            watch.next_look = now + self.ports.profile.quarter

    def _accept(self, attempt: Attempt, match: TimelinePost, reading: Reading) -> None:
        watch = self.watches[attempt.id]
        age = self.ports.clock.running() - watch.began
        created_at = match.created_at.isoformat() if match.created_at else None
        evidence = {"seen_after": round(age, 3), "created_at": created_at}
        with self.ports.concluding(Step.SETTLE) as conclusion:
            if not conclusion.accept(attempt, match.post_id, KnownBy.TIMELINE, evidence):
                return
            late = seconds_late(attempt, match, reading, conclusion.now, self.ports.profile)
            if late:
                conclusion.breach(Breach.LATE_ARRIVAL, attempt, seconds_late=round(late, 3))
            if watch.empty and watch.empty[-1] - watch.began >= self.ports.profile.settling / 2:
                conclusion.breach(Breach.SLOW_TO_SHOW, attempt, seen_after=round(age, 3))

    def _believe_absent(self, attempt: Attempt) -> None:
        if attempt.duplicate:
            detail = "X says that it repeats something older, and the timeline does not show it"
            self._hand_over(attempt, HeldReason.DUPLICATE, detail, ())
            return
        with self.ports.concluding(Step.SETTLE) as conclusion:
            reason = "two readings after the settling time do not show it"
            conclusion.disprove(attempt, reason, wake_at=conclusion.now)

    def _unreadable(self, attempts: Sequence[Attempt], why: str) -> None:
        """No countable reading: read on with growing pauses, and let a person decide after a quarter of an hour."""
        log.info("the timeline cannot be read", extra={"attempts": [a.id for a in attempts], "detail": why})
        now = self.ports.clock.running()
        for attempt in attempts:
            watch = self.watches[attempt.id]
            watch.unreadable_since = now if watch.unreadable_since is None else watch.unreadable_since
            since = now - watch.unreadable_since
            watch.next_look = now + min(
                max(since, self.ports.profile.quarter / 4), self.ports.profile.settling
            )
            if since >= self.ports.profile.unreadable:
                self._hand_over(attempt, HeldReason.DOUBT, f"the timeline cannot be read: {why}", ())

    def _hand_over(
        self, attempt: Attempt, reason: HeldReason, detail: str, evidence: Sequence[tuple[TimelinePost, str]]
    ) -> None:
        """A person decides, with everything needed: the attempt stays in doubt, its announcement is held."""
        near = [kept_near(post, why) for post, why in evidence]
        with self.ports.concluding(Step.SETTLE) as conclusion:
            current = conclusion.tx.attempts.get(attempt.id)
            if current.state is not AttemptState.IN_DOUBT:
                return
            conclusion.note(attempt, near=near, why=detail)
            conclusion.hold(attempt.announcement_id, reason, detail, attempt=attempt.id, near=near)

    def _recheck(self, rechecks: Sequence[Attempt], reading: Reading) -> None:
        """Once more after a resend: two of them on the timeline, and everyone is told."""
        for attempt in rechecks:
            with self.ports.store.reading() as tx:
                seen = sight(sought(tx, attempt), reading, ())
            if seen.verdict is Verdict.UNCOUNTED:
                self.rechecks[attempt.id] = self.ports.clock.running() + self.ports.profile.quarter
                continue
            with self.ports.concluding(Step.AFTERMATH) as conclusion:
                conclusion.tx.attempts.amend(attempt.id, {"rechecked": True})
                if seen.verdict is Verdict.SEVERAL:
                    self._tell_of_a_double(conclusion, attempt, seen)
                elif seen.match and attempt.post_id not in {seen.match.post_id, *seen.match.versions}:
                    self._tell_of_one_left_over(conclusion, attempt, seen.match)
            self.rechecks.pop(attempt.id, None)

    def _tell_of_a_double(self, conclusion: Conclusion, attempt: Attempt, seen: Sighting) -> None:
        ids = [post.post_id for post, _ in seen.evidence]
        what_to_do = f"Posts {', '.join(ids)} of {attempt.account} are the same. Delete all but {attempt.post_id} there."
        self._tell(conclusion, attempt, ids, "is out more than once", what_to_do)

    def _tell_of_one_left_over(self, conclusion: Conclusion, attempt: Attempt, twin: TimelinePost) -> None:
        """Ours was deleted since, and what an earlier attempt has left is there all the same."""
        ids = [attempt.post_id or "", twin.post_id]
        what_to_do = f"Post {ids[0]} of {attempt.account} is gone, {ids[1]} says the same: delete it there, if it is to go."
        self._tell(conclusion, attempt, ids, "was out twice, and one of them is left", what_to_do)

    def _tell(
        self, conclusion: Conclusion, attempt: Attempt, ids: Sequence[str], what: str, what_to_do: str
    ) -> None:
        name = conclusion.tx.announcements.get(attempt.announcement_id).name
        data = {"attempt": attempt.id, "post_ids": list(ids)}
        conclusion.tx.journal.append(
            "doubled",
            at=conclusion.now,
            actor=self.ports.worker,
            announcement_id=attempt.announcement_id,
            data=data,
        )
        conclusion.notices.append(Notice(f"{name} {what}", what_to_do))


def _we_withdrew(conclusion: Conclusion, attempt: Attempt, post_id: str) -> bool:
    owner = conclusion.tx.attempts.owned(attempt.account, [post_id]).get(post_id)
    return owner is not None and not conclusion.tx.posts.get(conclusion.tx.attempts.get(owner).post).stays
