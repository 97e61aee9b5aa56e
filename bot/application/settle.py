"""Settle what is in doubt: by one more reading, or by a person who has looked (design, section 5, reconcile)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from bot.application.conclude import Conclusion
from bot.application.doubt import READINGS_KEPT, kept_near, kept_reading, opens_at
from bot.application.known_posts import sought
from bot.application.ports.account_states import PauseKind
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.application.ports.checkpoint import Step
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.announcement import Announcement
from bot.domain.attempt import Attempt
from bot.domain.durations import format_duration
from bot.domain.errors import InputError, Refusal, TooLate
from bot.domain.profile import CLOCK_AGREES
from bot.domain.reconciliation import Sighting, Sought, Verdict, come_near, sight
from bot.domain.states import AttemptState, HeldReason, KnownBy, State
from bot.domain.timeline import Reading, TimelinePost


class Settled(StrEnum):
    """What a look or a person's word led to."""

    PUBLISHED = "published"
    SEND_AGAIN = "send_again"
    STILL_IN_DOUBT = "still_in_doubt"
    BEING_SENT = "being_sent"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one announcement's attempt came to, with what the timeline showed."""

    announcement: Announcement
    attempt: Attempt
    settled: Settled
    sighting: Sighting | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """One reading, and what it shows."""

    seen: Sighting
    reading: Reading


@dataclass(frozen=True, slots=True)
class Settling:
    """Every one of these raises InputError for an unknown name, Refusal if nothing of it is in doubt, and Unreachable."""

    ports: Publishing
    actor: str

    def doubtful(self, name: str | None = None) -> list[tuple[Announcement, Attempt]]:
        """List what is in doubt or being sent, of one announcement or of all; what lost its sender is in doubt from now on."""
        found = self._open(name)
        for account in sorted({a.account for _, a in found if a.state is AttemptState.SENDING}):
            self.ports.mark_orphans(account, actor=self.actor)  # where no worker runs, nobody else notices
            found = self._open(name)
        return found

    def _open(self, name: str | None) -> list[tuple[Announcement, Attempt]]:
        with self.ports.store.reading() as tx:
            wanted = tx.announcements.find(name).id if name else None
            accounts = sorted(self.ports.configuration().accounts)
            attempts = [a for each in accounts for a in tx.attempts.open(each)]
            return [
                (tx.announcements.get(a.announcement_id), a)
                for a in attempts
                if wanted in (None, a.announcement_id)
            ]

    def reconcile(self, name: str | None = None) -> list[Finding]:
        """Look at the timeline once for what is in doubt; what is found there is settled, nothing else is."""
        found = []
        for announcement, attempt in self.doubtful(name):
            if attempt.state is AttemptState.SENDING:
                found.append(Finding(announcement, attempt, Settled.BEING_SENT))
                continue
            seen = self._look(attempt).seen
            if seen.match:
                self._accept(attempt, seen.match.post_id, KnownBy.TIMELINE)
            settled = Settled.PUBLISHED if seen.match else Settled.STILL_IN_DOUBT
            found.append(Finding(announcement, attempt, settled, seen))
        return found

    def published(self, name: str, post_id: str, reason: str = "") -> Finding:
        """A person says that it is out as `post_id`: author and text of that post are checked."""
        announcement, attempt = self._one(name)
        shown = self.ports.channel(self._account(attempt)).look_up(post_id)
        _refuse_other_post(attempt, post_id, shown)
        self._accept(attempt, post_id, KnownBy.PERSON, reason)
        return Finding(announcement, attempt, Settled.PUBLISHED)

    def absent(self, name: str, reason: str, *, unread: bool = False) -> Finding:
        """A person says that it is not out: open only after the settling time, and the timeline is read once more.

        `unread` goes without that reading, for a timeline that cannot be read. Raises TooLate before the settling time.
        """
        announcement, attempt = self._one(name)
        self._refuse_too_soon(attempt)
        seen = None
        if not unread:
            look = self._look(attempt)
            seen = look.seen
            if seen.match:
                self._accept(attempt, seen.match.post_id, KnownBy.TIMELINE)
                return Finding(announcement, attempt, Settled.PUBLISHED, seen)
            if seen.verdict is Verdict.UNCOUNTED:
                raise Refusal(f"the timeline cannot be read: {seen.why}; look by eye, then add --unread")
            self._refuse_a_wrong_clock(look)
        with self.ports.concluding(Step.SETTLE) as conclusion:
            conclusion.actor = self.actor
            if not conclusion.disprove(attempt, reason, wake_at=conclusion.now, by=self.actor):
                raise Refusal(f"{announcement.name} was settled by another meanwhile; look again")
            self._let_go_on(conclusion, announcement.id)
        return Finding(announcement, attempt, Settled.SEND_AGAIN, seen)

    def _one(self, name: str) -> tuple[Announcement, Attempt]:
        found = self.doubtful(name)
        if not found:
            raise Refusal(f"nothing of {name} is in doubt; `bot queue show {name}` shows what became of it")
        announcement, attempt = found[0]
        if attempt.state is AttemptState.SENDING:
            holder = self.ports.locks.holder(attempt.account)
            who = f"process {holder.pid} on {holder.host}" if holder else "another process"
            raise TooLate(
                f"{announcement.name} is being sent by {who}; if that does not run on, end it, then ask again"
            )
        return announcement, attempt

    def _refuse_too_soon(self, attempt: Attempt) -> None:
        """By stored times, for a command has no others; a clock that jumped meanwhile makes them worthless."""
        with self.ports.store.reading() as tx:
            kinds = {pause.kind for pause in tx.accounts.pauses(attempt.account)}
        if PauseKind.CLOCK in kinds:
            raise TooLate(
                "the clock jumped, and nobody can tell how long it has been in doubt: set it right, then `bot resume`"
            )
        opens = opens_at(attempt, self.ports.profile)
        left = opens - self.ports.clock.now()
        if left > timedelta(0):
            raise TooLate(
                f"X may still carry it out until {opens:%H:%M:%S} UTC: ask again in "
                f"{format_duration(left + timedelta(seconds=1))}"
            )

    def _refuse_a_wrong_clock(self, look: _Look) -> None:
        date = look.reading.server_date
        off = (self.ports.clock.now() - date).total_seconds() if date else 0.0
        if abs(off) > CLOCK_AGREES:
            direction = "ahead of" if off > 0 else "behind"
            raise TooLate(
                f"this machine's clock is {abs(off):.0f} s {direction} X's, so that nobody can tell how long it has been "
                "in doubt: set it right, then ask again"
            )

    def _account(self, attempt: Attempt) -> Account:
        accounts = self.ports.configuration().accounts
        if attempt.account not in accounts:
            raise InputError(
                f"account '{attempt.account}' is not in accounts.toml any more; put it back to settle this"
            )
        return accounts[attempt.account]

    def _look(self, attempt: Attempt) -> _Look:
        channel = self.ports.channel(self._account(attempt))
        with self.ports.store.reading() as tx:
            looked_for = sought(tx, attempt)
        self.ports.checkpoint.before(Step.READING)
        try:
            reading = channel.own_posts(attempt.user_id, since=looked_for.read_from)
        except (ChannelRefused, ChannelUnreachable) as error:
            look = _Look(
                Sighting(Verdict.UNCOUNTED, why=str(error)), Reading((), whole=False, why_not=str(error))
            )
            self._keep(attempt, look)
            return look
        self.ports.checkpoint.after(Step.READING)
        with self.ports.store.reading() as tx:
            owned = [
                i
                for i, owner in tx.attempts.owned(attempt.account, reading.ids).items()
                if owner != attempt.id
            ]
            rivals = [a.text for a in tx.attempts.open(attempt.account) if a.post != attempt.post]
        look = _Look(sight(looked_for, reading, owned, rivals), reading)
        self._keep(attempt, look)
        return look

    def _keep(self, attempt: Attempt, look: _Look) -> None:
        """Keep for the next person what this one saw."""
        with self.ports.concluding(Step.AFTERMATH) as conclusion:
            current = conclusion.tx.attempts.get(attempt.id)
            if current.state is not AttemptState.IN_DOUBT:
                return
            earlier = current.evidence.get("readings")
            readings = list(earlier) if isinstance(earlier, list) else []
            readings.append(kept_reading(look.reading, conclusion.now))
            near = [kept_near(post, why) for post, why in look.seen.evidence]
            known = {} if look.seen.verdict is Verdict.UNCOUNTED else {"near": near}
            conclusion.note(attempt, readings=readings[-READINGS_KEPT:], **known)

    def _accept(self, attempt: Attempt, post_id: str, known_by: KnownBy, reason: str = "") -> None:
        evidence = {"by": self.actor, "reason": reason} if reason else {"by": self.actor}
        with self.ports.concluding(Step.SETTLE) as conclusion:
            conclusion.actor = self.actor
            if not conclusion.accept(attempt, post_id, known_by, evidence):
                raise Refusal(
                    f"post {post_id} cannot be its post: it belongs to another, or it was settled meanwhile"
                )
            self._let_go_on(conclusion, attempt.announcement_id)

    def _let_go_on(self, conclusion: Conclusion, announcement_id: int) -> None:
        """What was held for its doubt goes on; lateness counts from this decision."""
        announcements = conclusion.tx.announcements
        announcement = announcements.get(announcement_id)
        held_for_doubt = announcement.held and announcement.held.reason in (
            HeldReason.DOUBT,
            HeldReason.DUPLICATE,
        )
        if announcement.state not in (State.HELD, State.PARTLY_PUBLISHED) or not held_for_doubt:
            return
        after = State.SCHEDULED if announcement.state is State.HELD else State.PUBLISHING
        facts = {"wake_at": conclusion.now, "released_at": conclusion.now, "at": conclusion.now}
        announcements.move(announcement_id, [announcement.state], after, facts)


def _refuse_other_post(attempt: Attempt, post_id: str, shown: TimelinePost | None) -> None:
    if shown is None:
        raise Refusal(f"X does not show a post {post_id}; look for its number in its address")
    if shown.author_id != attempt.user_id:
        raise Refusal(f"post {post_id} was written by another account (id {shown.author_id})")
    if attempt.edits and attempt.edits not in (post_id, *shown.versions):
        raise Refusal(f"post {post_id} is no version of {attempt.edits}, which was to be corrected")
    if not come_near(replace(Sought.of(attempt), since=None, not_before=None), shown):
        raise Refusal(f"post {post_id} says something else: {shown.text[:100]!r}")
