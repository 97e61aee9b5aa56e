"""Reports: what is going on, and what went out (design, section 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.application.doubt import Doubt, doubt_of
from bot.application.export import Exported, export
from bot.application.ports.account_states import Pause
from bot.application.ports.announcements import Filter
from bot.application.ports.campaign_stops import CampaignStop
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.sender_lock import Holder, SenderLocks
from bot.application.ports.series import Waiting
from bot.application.ports.store import Store, Transaction
from bot.application.ports.workers import WorkerSeen
from bot.domain.account import Account
from bot.domain.announcement import Announcement
from bot.domain.assumptions import Breach
from bot.domain.attempt import Attempt
from bot.domain.differences import DIFFERS
from bot.domain.errors import InputError
from bot.domain.journal import Event
from bot.domain.post import Post, link_of
from bot.domain.pricing import billing_month
from bot.domain.profile import Profile
from bot.domain.series import Series
from bot.domain.states import OPEN_ATTEMPTS, AttemptState, State

NEXT_SHOWN = 5

BREACHES_SHOWN = timedelta(days=7)
"""For how long the status shows that an assumption did not hold."""


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """What one account has left, and what it waits for. Money in USD, of this calendar month; `held_for`: seconds for which
    the lock's holder has held it."""

    account: Account
    used_15_minutes: int
    used_day: int
    spent_usd: Decimal
    wait_until: datetime | None
    holder: Holder | None
    held_for: float
    frozen: bool


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that `bot status` shows. `needs_a_person` decides its exit code; `breaches`: what did not hold lately;
    `failing`: what waits for another try; `schedules_problem`: what is wrong in the files of the schedules, so that no account
    can be shown; `differences`: in what an account was lately found not to be as the log says; `withdrawing`: what somebody
    wants deleted, and is not known to be; `lifts_asked`: whose embargo one person asked to lift, and another has to;
    `stopped`: the campaigns that people stopped; `series`: of which something waits for approval or could not be made."""

    upcoming: Sequence[Announcement]
    late: Sequence[Announcement]
    held: Sequence[Announcement]
    missed: Sequence[Announcement]
    submitted: Sequence[Announcement]
    in_doubt: Sequence[tuple[Announcement, Attempt]]
    pauses: Sequence[Pause]
    pause_file: bool
    accounts: Sequence[AccountStatus]
    workers: Sequence[WorkerSeen]
    worker_alive: bool
    breaches: Sequence[Event] = ()
    schedules_problem: str | None = None
    failing: Sequence[tuple[Announcement, Attempt]] = ()
    differences: Sequence[Event] = ()
    withdrawing: Sequence[tuple[Announcement, Post]] = ()
    lifts_asked: Sequence[Announcement] = ()
    stopped: Sequence[CampaignStop] = ()
    series: Sequence[tuple[Series, Waiting | None]] = ()

    @property
    def needs_a_person(self) -> bool:
        """Tell whether anything will not go on by itself."""
        frozen = any(account.frozen for account in self.accounts)
        waiting = bool(self.upcoming or self.late or self.in_doubt) and not self.worker_alive
        stopped = bool(self.pauses or self.pause_file or self.schedules_problem or self.stopped)
        unmade = any(series.trouble for series, _ in self.series)
        for_people = unmade or bool(self.held or self.missed or self.late or self.withdrawing)
        return for_people or stopped or frozen or waiting


@dataclass(frozen=True, slots=True)
class LogRow:
    """One post that went out. `approved_by`: who approved it; `known_by`: how its acceptance is known; `corrects`: the version
    that it took the place of, `corrected_by`: the one that took its place, by the channel's ids."""

    announcement: Announcement
    post: Post
    post_id: str
    link: str
    account: str
    at: datetime
    known_by: str
    approved_by: tuple[str, ...]
    corrects: str | None = None
    corrected_by: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One announcement with everything that happened to it. `doubts`: what of it is not settled, for a person to decide;
    `family`: the announcements that say the same in other languages; `corrects`: the post of which it is a new version;
    `corrections`: those of its own posts, with the post that each corrects."""

    announcement: Announcement
    posts: Sequence[Post]
    attempts: Sequence[Attempt]
    events: Sequence[Event]
    doubts: Sequence[Doubt]
    family: Sequence[Announcement] = ()
    corrects: tuple[Post, Announcement] | None = None
    corrections: Sequence[tuple[Post, Announcement]] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Reads; changes nothing. Every method may raise StoreUnavailable."""

    store: Store
    clock: Clock
    configuration: Callable[[], Configuration]
    locks: SenderLocks
    stop_file: Callable[[], bool]
    profile: Profile

    def status(self) -> Status:
        """Gather what is going on."""
        now = self.clock.now()
        accounts, problem = self._accounts()
        with self.store.reading() as tx:
            names = accounts or tx.announcements.accounts_waiting()
            scheduled = Filter(states=[State.SCHEDULED])
            overdue = Filter(states=[State.SCHEDULED, State.PUBLISHING], due_until=now - timedelta(minutes=1))
            unsettled = [
                (tx.announcements.get(a.announcement_id), a)
                for name in names
                for a in tx.attempts.open(name)
                if a.state is AttemptState.IN_DOUBT or self.locks.holder(a.account) is None
            ]
            doubtful = {announcement.id for announcement, _ in unsettled}
            workers = tx.workers.seen()
            upcoming = tx.announcements.list(scheduled, limit=NEXT_SHOWN)
            late = [a for a in tx.announcements.list(overdue) if a.id not in doubtful]
            waiting = tx.series.waiting(now)
            return Status(
                upcoming=upcoming,
                late=late,
                held=tx.announcements.list(Filter(states=[State.HELD, State.PARTLY_PUBLISHED])),
                missed=tx.announcements.list(Filter(states=[State.MISSED])),
                submitted=tx.announcements.list(Filter(states=[State.SUBMITTED])),
                in_doubt=unsettled,
                pauses=tx.accounts.pauses(),
                pause_file=self.stop_file(),
                accounts=[self._account(tx, account, now) for account in accounts.values()],
                workers=workers,
                worker_alive=any(self._alive(worker, now) for worker in workers),
                breaches=tx.journal.recent([*Breach], since=now - BREACHES_SHOWN),
                differences=tx.journal.recent([DIFFERS], since=now - BREACHES_SHOWN),
                schedules_problem=problem,
                withdrawing=[(tx.announcements.get(p.announcement_id), p) for p in tx.posts.withdrawing()],
                lifts_asked=tx.announcements.list(Filter(lift_asked_after=now)),
                stopped=tx.campaign_stops.all(),
                series=[
                    (each, waiting.get(each.id))
                    for each in tx.series.list()
                    if each.trouble or each.id in waiting
                ],
                failing=_failing(tx, {each.id: each for each in [*upcoming, *late[:NEXT_SHOWN]]}),
            )

    def log(self, *, since: datetime | None = None, until: datetime | None = None) -> list[LogRow]:
        """List every post that went out in a span (UTC), the oldest first."""
        with self.store.reading() as tx:
            attempts = tx.attempts.accepted(since, until)
            wanted = Filter(ids=sorted({attempt.announcement_id for attempt in attempts}))
            announcements = {a.id: a for a in tx.announcements.list(wanted)} if attempts else {}
            replaced = {name: tx.attempts.replaced(name) for name in {each.account for each in attempts}}
            return [
                self._row(
                    tx,
                    announcements[each.announcement_id],
                    each,
                    replaced[each.account].get(each.post_id or ""),
                )
                for each in attempts
            ]

    def records(self, wanted: Filter) -> Exported:
        """Give announcements as records, as an export writes them. Raises InputError where a campaign's file is gone."""
        return export(self.store, self.configuration(), wanted)

    def show(self, name: str) -> Shown:
        """Gather everything about one announcement. Raises InputError."""
        with self.store.reading() as tx:
            announcement = tx.announcements.find(name)
            attempts = tx.attempts.of_announcement(announcement.id)
            posts = tx.posts.of(announcement.id)
            return Shown(
                announcement=announcement,
                posts=posts,
                attempts=attempts,
                events=list(tx.journal.events(announcement_id=announcement.id)),
                doubts=[self._doubt(tx, attempt) for attempt in attempts if attempt.state in OPEN_ATTEMPTS],
                family=_family(tx, announcement),
                corrects=_corrected(tx, announcement.corrects),
                corrections=[
                    (post, each) for post in posts for each in tx.announcements.corrections(post.id)
                ],
            )

    def _accounts(self) -> tuple[Mapping[str, Account], str | None]:
        """Give the accounts; none, and what is wrong, where the files are: what happened can be read all the same."""
        try:
            return self.configuration().accounts, None
        except InputError as error:
            return {}, str(error)

    def _doubt(self, tx: Transaction, attempt: Attempt) -> Doubt:
        account = self._accounts()[0].get(attempt.account)
        found = doubt_of(tx, attempt, account, self.profile, self.clock.now())
        being_sent = attempt.state is AttemptState.SENDING
        return replace(found, holder=self.locks.holder(attempt.account)) if being_sent else found

    def _account(self, tx: Transaction, account: Account, now: datetime) -> AccountStatus:
        wait_until = tx.accounts.state(account.name).wait_until
        holder = self.locks.holder(account.name)
        held_for = (now - holder.since).total_seconds() if holder else 0.0
        return AccountStatus(
            account=account,
            used_15_minutes=tx.attempts.created_since(account.name, now - timedelta(minutes=15)),
            used_day=tx.attempts.created_since(account.name, now - timedelta(days=1)),
            spent_usd=tx.attempts.spent_since(account.name, billing_month(now)),
            wait_until=wait_until if wait_until and wait_until > now else None,
            holder=holder,
            held_for=held_for,
            frozen=held_for > self.profile.frozen_lock,
        )

    def _alive(self, worker: WorkerSeen, now: datetime) -> bool:
        return not worker.ended and (now - worker.seen_at).total_seconds() < 3 * self.profile.heartbeat

    def _row(
        self, tx: Transaction, announcement: Announcement, attempt: Attempt, corrected_by: str | None
    ) -> LogRow:
        account = self._accounts()[0].get(attempt.account)
        return LogRow(
            announcement=announcement,
            post=tx.posts.get(attempt.post),
            post_id=attempt.post_id or "",
            link=link_of(account.handle if account else None, attempt.post_id or ""),
            account=attempt.account,
            at=attempt.settled_at or attempt.intent_at,
            known_by=attempt.known_by or "",
            approved_by=tuple(approved.by for approved in announcement.approvals),
            corrects=attempt.edits,
            corrected_by=corrected_by,
        )


def _corrected(tx: Transaction, post: int | None) -> tuple[Post, Announcement] | None:
    if post is None:
        return None
    first = tx.posts.get(post)
    return first, tx.announcements.get(first.announcement_id)


def _failing(tx: Transaction, waiting: Mapping[int, Announcement]) -> list[tuple[Announcement, Attempt]]:
    """Give what was tried, and will be tried again, with its last attempt."""
    last = [(each, list(tx.attempts.of_announcement(each.id))[-1:]) for each in waiting.values()]
    failed = (AttemptState.NOT_SENT, AttemptState.REFUSED, AttemptState.ABSENT)
    return [(each, attempt) for each, attempts in last for attempt in attempts if attempt.state in failed]


def _family(tx: Transaction, announcement: Announcement) -> list[Announcement]:
    key = announcement.record.translation_of or announcement.key
    family = tx.announcements.list(Filter(campaign=announcement.record.campaign, family=key))
    return [each for each in family if each.id != announcement.id]
