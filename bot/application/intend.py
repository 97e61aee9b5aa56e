"""The intent: what speaks against sending is read and the attempt stored in one transaction (design, section 5, step 3)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.application.conclude import Conclusion
from bot.application.corrections import edited_version, speak_against_correction
from bot.application.media_uploads import uploaded_ids
from bot.application.older_database import twin_out_before
from bot.application.ports.account_states import AccountState, PauseKind
from bot.application.ports.announcements import Claim
from bot.application.ports.checkpoint import Step
from bot.application.ports.sender_lock import HeldLock
from bot.application.ports.store import Transaction
from bot.application.ports.witness import Testimony
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.announcement import Announcement
from bot.domain.attempt import Attempt, NewAttempt, Sender
from bot.domain.campaign import Campaign
from bot.domain.campaign_bounds import day_of
from bot.domain.durations import format_duration
from bot.domain.embargo import floor_of
from bot.domain.errors import InputError
from bot.domain.expiry import ceiling_of
from bot.domain.notice import Notice
from bot.domain.policies import Candidate, Decision, Drop, Hold, Send, Skip, Stop, Traffic, Wait, decide
from bot.domain.post import Post
from bot.domain.pricing import billing_month
from bot.domain.states import OPEN_ATTEMPTS, AttemptState, HeldReason, State
from bot.domain.walltime import has_moved

log = logging.getLogger(__name__)

GONE = frozenset({State.CANCELLED, State.MISSED, State.WITHDRAWN, State.DRAFT})
"""A parent in one of these states will not go out by itself."""


@dataclass(frozen=True, slots=True)
class Intent:
    """An attempt that is stored, the running time at which it was, and what the witness is to write down."""

    attempt: Attempt
    at: float
    testimony: Testimony


@dataclass(frozen=True, slots=True)
class _Known:
    """What the intent's own transaction read of an announcement, and when: its next post, all its attempts, its account."""

    announcement: Announcement
    post: Post
    attempts: Sequence[Attempt]
    account: AccountState
    now: datetime

    @property
    def earlier(self) -> tuple[Attempt, ...]:
        """The attempts of the post itself, in order."""
        return tuple(attempt for attempt in self.attempts if attempt.post == self.post.id)


@dataclass(frozen=True, slots=True)
class _Referred:
    """The channel's ids of what the post replies to and of what it quotes."""

    reply_to: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Intending:
    """Decides about a claimed announcement and stores the intent, or what stands against it."""

    ports: Publishing

    def intend(
        self, account: Account, user_id: str, claim: Claim, lock: HeldLock, *, against: Decision | None = None
    ) -> Intent | None:
        """Store the intent, or what stands against it, in one transaction on the lock's own connection.

        `against`: what a look at the channel said against it before.
        """
        with self.ports.concluding(Step.INTENT, lock=lock) as conclusion:
            tx = conclusion.tx
            conclusion.doubt_orphans(account.name)
            announcement = tx.announcements.get(claim.announcement_id)
            if announcement.epoch != claim.epoch or announcement.state is not State.PUBLISHING:
                return None
            attempts = tx.attempts.of_announcement(announcement.id)
            if any(attempt.state in OPEN_ATTEMPTS for attempt in attempts):
                return None  # it rests, `publishing`, until the reconciler has settled it
            if self.ports.stop_file() or tx.accounts.pauses(account.name):
                self._put_back(conclusion, announcement, conclusion.now)
                return None
            post = next((post for post in tx.posts.of(announcement.id) if post.post_id is None), None)
            if post is None:
                return None
            known = _Known(announcement, post, attempts, tx.accounts.state(account.name), conclusion.now)
            decision, referred = self._decide(tx, account, known)
            if against and isinstance(decision, Send | Wait):
                decision = against
            if not isinstance(decision, Send):
                self._apply(conclusion, account, announcement, decision)
                return None
            running = self.ports.clock.running()
            attempt = tx.attempts.begin(self._new_attempt(tx, known, user_id, referred, conclusion.now))
            event = tx.journal.append(
                "intent", at=conclusion.now, actor=self.ports.worker, announcement_id=announcement.id,
                data={"attempt": attempt.id, "post": post.id, "account": account.name, "number": attempt.number,
                      "text": post.text, "reply_to": referred.reply_to, "fingerprint": post.fingerprint,
                      **_beside_the_text(post, referred), **_edits_of(attempt)},
            )  # fmt: skip
        return Intent(attempt, running, Testimony(event.seq, event.hash))

    def _decide(self, tx: Transaction, account: Account, known: _Known) -> tuple[Decision, _Referred]:
        announcement, post, now = known.announcement, known.post, known.now
        try:
            campaign = self.ports.configuration().campaign(announcement.record.campaign)
        except InputError as error:
            return Hold(HeldReason.CHANGED, str(error)), _Referred()
        if post.position == 0 and announcement.due and has_moved(announcement.due):
            zone = announcement.due.zone
            return Hold(
                HeldReason.CHANGED, f"the clock of {zone} was changed since; give it a time again"
            ), _Referred()
        parent, reply_to = self._parent(tx, post, now)
        quoted, quote = self._quoted(tx, post, now)
        against = parent or quoted or speak_against_correction(tx, account, post, now)
        if against:
            return against, _Referred()
        candidate = Candidate(
            late_from=_late_from(known),
            starts=post.position == 0 and post.corrects is None,
            cost_usd=post.cost_usd,
            attempts=known.earlier,
            released_at=announcement.released_at,
            embargo=floor_of(announcement.embargo),
            expires=ceiling_of(announcement.expires),
            stopped=_stopped(tx, campaign),
        )
        traffic = _traffic(tx, account, known, now)
        if candidate.starts and campaign.max_a_day is not None:
            today = tx.attempts.begun(account.name, campaign.name, day_of(campaign, now)[0])
            traffic = replace(traffic, campaign_today=today)
        decision = decide(candidate, campaign, account, traffic, now=now)
        twin = twin_out_before(tx, post, reply_to, quote, now) if isinstance(decision, Send) else None
        if twin:
            decision = Hold(HeldReason.DUPLICATE, _says_the_same(twin, announcement))
        if isinstance(decision, Send) and uploaded_ids(tx, post) is None:
            decision = Wait(now + timedelta(seconds=self.ports.profile.parent), "its media are not uploaded")
        return decision, _Referred(reply_to, quote)

    def _parent(self, tx: Transaction, post: Post, now: datetime) -> tuple[Decision | None, str | None]:
        """Find the id to reply to; a decision instead when the parent is not out."""
        what = "to which it replies"
        if post.parent is None:
            return None, None
        if post.parent.post_id and post.corrects is not None:
            return None, post.parent.post_id  # it stands there already
        if post.parent.post_id:
            return _on_the_channel(tx, post.account, post.parent.post_id, what)
        if post.parent.announcement_id is not None:
            return self._announcement(tx, post.parent.announcement_id, -1, what, now)
        before = tx.posts.get(post.parent.local_id or 0)
        return _hold_if_withdrawn(before, what), tx.posts.versions(before.id)[-1].post_id

    def _quoted(self, tx: Transaction, post: Post, now: datetime) -> tuple[Decision | None, str | None]:
        """Find the id to quote, which is that of a thread's first post; a decision instead when it is not out."""
        what = "which it quotes"
        if post.quote is None:
            return None, None
        if post.quote.announcement_id is not None:
            return self._announcement(tx, post.quote.announcement_id, 0, what, now)
        if post.corrects is not None:
            return None, post.quote.post_id
        return _on_the_channel(tx, post.account, post.quote.post_id or "", what)

    def _announcement(
        self, tx: Transaction, announcement_id: int, position: int, what: str, now: datetime
    ) -> tuple[Decision | None, str | None]:
        """Find the id of one post of another announcement; `what` that is to this one."""
        other = tx.announcements.get(announcement_id)
        if other.state is State.PUBLISHED:
            named = tx.posts.of(announcement_id)[position]
            return _hold_if_withdrawn(named, what), tx.posts.versions(named.id)[-1].post_id
        if other.state in GONE:
            return Hold(HeldReason.PARENT, f"{other.name}, {what}, is {other.state}"), None
        why = f"waits for {other.name}, {what}"
        return Wait(now + timedelta(seconds=self.ports.profile.parent), why), None

    def _new_attempt(
        self, tx: Transaction, known: _Known, user_id: str, referred: _Referred, now: datetime
    ) -> NewAttempt:
        post, earlier = known.post, known.earlier
        since = earlier[0].since if earlier else known.account.newest_post_id
        edits = edited_version(tx, post)
        sender, media_ids = Sender(user_id, self.ports.worker, now), uploaded_ids(tx, post) or ()
        return NewAttempt.of(
            post,
            sender,
            number=len(earlier) + 1,
            reply_to=referred.reply_to,
            since=since,
            media_ids=media_ids,
            quote=referred.quote,
            edits=edits.post_id if edits else None,
        )

    def _apply(
        self, conclusion: Conclusion, account: Account, announcement: Announcement, decision: Decision
    ) -> None:
        match decision:
            case Wait(until, why):
                self._put_back(conclusion, announcement, until)
                self._say_that_it_waits(announcement, until, why)
            case Hold(reason, detail):
                conclusion.hold(announcement.id, reason, detail)
            case Skip(detail, expired):
                self._miss(conclusion, announcement, detail, expired=expired)
            case Stop(detail):
                self._put_back(conclusion, announcement, conclusion.now)
                conclusion.pause(account.name, PauseKind.NO_CREDIT, detail)
            case Drop(why):
                log.info("left to another", extra={"announcement": announcement.name, "detail": why})

    def _put_back(self, conclusion: Conclusion, announcement: Announcement, until: datetime) -> None:
        begun = any(post.post_id for post in conclusion.tx.posts.of(announcement.id))
        after = State.PUBLISHING if begun else State.SCHEDULED
        facts = {"wake_at": until, "at": conclusion.now}
        conclusion.tx.announcements.move(announcement.id, [State.PUBLISHING], after, facts)

    def _say_that_it_waits(self, announcement: Announcement, until: datetime, why: str) -> None:
        span = format_duration(until - self.ports.clock.now())
        log.info(
            "waits",
            extra={"announcement": announcement.name, "until": until.isoformat(), "for": span, "why": why},
        )

    def _miss(
        self, conclusion: Conclusion, announcement: Announcement, detail: str, *, expired: bool
    ) -> None:
        facts = {"wake_at": None, "at": conclusion.now}
        conclusion.tx.announcements.move(announcement.id, [State.PUBLISHING], State.MISSED, facts)
        conclusion.tx.posts.finish(announcement.id)
        conclusion.tx.journal.append(
            "missed",
            at=conclusion.now,
            actor=self.ports.worker,
            announcement_id=announcement.id,
            data={"detail": detail},
        )
        name = announcement.name
        command = f"bot queue edit {name} --expires …" if expired else f"bot queue reschedule {name}"
        what_to_do = f"`{command}` gives it another time."
        conclusion.notices.append(Notice(f"{announcement.name} was missed: {detail}", what_to_do))


def _on_the_channel(tx: Transaction, account: str, post_id: str, what: str) -> tuple[Decision | None, str]:
    owner = tx.attempts.owned(account, [post_id]).get(post_id)
    ours = tx.posts.get(tx.attempts.get(owner).post) if owner is not None else None
    return (_hold_if_withdrawn(ours, what) if ours else None), post_id


def _hold_if_withdrawn(named: Post, what: str) -> Hold | None:
    if named.withdrawal is None:
        return None
    word = "was withdrawn" if named.withdrawn else "is being withdrawn"
    return Hold(HeldReason.PARENT, f"post {named.post_id}, {what}, {word}")


def _says_the_same(twin: str, announcement: Announcement) -> str:
    """For people: it is out already, by all that the account shows; whoever wants it twice may have it."""
    return (
        f"post {twin} says the same, and went out while this database was away; `bot queue cancel {announcement.name} "
        f"--reason …` leaves it at that, `bot queue reschedule {announcement.name} --due now` sends it once more"
    )


def _beside_the_text(post: Post, referred: _Referred) -> dict[str, object]:
    beside: dict[str, object] = {**post.extras.logged}
    if post.media:
        beside["media"] = [each.logged for each in post.media]
    if referred.quote:
        beside["quote"] = referred.quote
    return beside


def _edits_of(attempt: Attempt) -> dict[str, object]:
    return {"edits": attempt.edits} if attempt.edits else {}


def _late_from(known: _Known) -> datetime:
    """Lateness counts from the due time, or from when a person let it go on; in a thread from its first post."""
    announcement = known.announcement
    assert announcement.due is not None  # noqa: S101 - the intake gives every scheduled one a time
    start = max(filter(None, [announcement.due.at, announcement.released_at]))
    if known.post.position == 0:
        return start
    begun = [each.intent_at for each in known.attempts if each.state is AttemptState.ACCEPTED]
    return max([start, *begun[:1]])


def _stopped(tx: Transaction, campaign: Campaign) -> str | None:
    stop = tx.campaign_stops.get(campaign.name)
    return stop.told if stop else None


def _traffic(tx: Transaction, account: Account, known: _Known, now: datetime) -> Traffic:
    free_at, span = _limit_free_at(tx, account)
    return Traffic(
        limit_free_at=free_at,
        limit_span=span,
        month_usd=tx.attempts.spent_since(account.name, billing_month(now)),
        wait_until=known.account.wait_until,
        last_start=tx.attempts.last_first_post(account.name),
    )


def _limit_free_at(tx: Transaction, account: Account) -> tuple[datetime | None, str]:
    """Tell when the account's own limits allow another create, and which of them is used up the longest."""
    limits = account.limits
    windows = (
        (limits.per_15_minutes, timedelta(minutes=15), "15 minutes"),
        (limits.per_3_hours, timedelta(hours=3), "3 hours"),
        (limits.per_day, timedelta(days=1), "24 hours"),
    )
    free: tuple[datetime | None, str] = (None, "")
    each_last_in = tx.attempts.nth_latest(account.name, [limit for limit, _, _ in windows])
    for last_in, (_, span, name) in zip(each_last_in, windows, strict=True):
        if last_in is not None and (free[0] is None or last_in + span > free[0]):
            free = (last_in + span, name)
    return free
