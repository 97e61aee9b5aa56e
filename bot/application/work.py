"""The worker's turns: everything that an account can do now, one account at a time, any number of accounts side by side."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.account_watch import AccountWatch
from bot.application.clock_watch import ClockWatch
from bot.application.early_uploads import EarlyUploads
from bot.application.lock_watch import LockWatch
from bot.application.older_database import OlderDatabase
from bot.application.ports.account_states import PauseKind
from bot.application.ports.announcements import Filter
from bot.application.publish import Publisher
from bot.application.publishing import Publishing
from bot.application.readiness import Readiness
from bot.application.reconcile import Reconciler
from bot.application.recurring import Recurring
from bot.domain.account import Account
from bot.domain.errors import BotError, InputError, StoreReplaced, StoreUnavailable
from bot.domain.notice import Notice
from bot.domain.states import State

log = logging.getLogger(__name__)

LONG_WAIT = timedelta(minutes=10)
"""Whoever drains the queue does not wait longer than this for something that is due."""


@dataclass(slots=True)
class _Away:
    """The database does not answer: since when (running seconds), and whether people know."""

    since: float
    told: bool = False


@dataclass(slots=True)
class Work:
    """Drives publishing and reconciling; a dispatcher says when."""

    ports: Publishing
    publisher: Publisher
    reconciler: Reconciler
    readiness: Readiness
    older_database: OlderDatabase
    clock_watch: ClockWatch
    account_watch: AccountWatch
    early_uploads: EarlyUploads
    started_at: datetime
    recurring: Recurring
    version: int | None = None
    away: _Away | None = None

    @classmethod
    def over(cls, ports: Publishing, recurring: Recurring) -> Work:
        """Put the parts together over the same ports."""
        lock_watch, clock_watch = LockWatch(ports), ClockWatch(ports)
        older = OlderDatabase(ports, lock_watch)
        return cls(
            ports=ports,
            publisher=Publisher(ports, clock_watch, lock_watch),
            reconciler=Reconciler(ports),
            readiness=Readiness(ports, older),
            older_database=older,
            clock_watch=clock_watch,
            account_watch=AccountWatch(ports),
            early_uploads=EarlyUploads(ports),
            started_at=ports.clock.now(),
            recurring=recurring,
        )

    def accounts(self) -> Sequence[str]:
        """List the accounts that have anything to do, now or later."""
        try:
            with self.ports.store.reading() as tx:
                waiting = set(tx.announcements.accounts_waiting())
            known = self.ports.configuration().accounts
            return sorted(name for name in known if name in waiting or self.account_watch.wants(name))
        except BotError as error:
            log.error("the queue cannot be read", extra={"detail": str(error)})
            return []

    def seconds_left(self, account: str) -> float | None:
        """Tell in how many seconds the account's next turn is due; None if nothing waits."""
        try:
            if self.account_watch.wants(account) or self.early_uploads.wants(account):
                return 0.0
            with self.ports.store.reading() as tx:
                next_wake = tx.announcements.next_wake(account)
                unsettled = bool(tx.attempts.open(account) or tx.attempts.resent(account))
        except StoreUnavailable:
            return self.ports.profile.store_retry
        if unsettled:
            return 0.0
        if next_wake is None:
            return None
        return max(0.0, (next_wake - self.ports.clock.now()).total_seconds())

    def turn(self, account: str) -> float | None:
        """Do everything that the account can do now; gives the seconds until its next turn."""
        try:
            known = self.ports.configuration().accounts.get(account)
            return self._turn(known) if known else None
        except StoreUnavailable as error:
            log.error("the database does not answer; nothing is sent", extra={"detail": str(error)})
            self._stop_if_replaced(error)
            return self.ports.profile.store_retry
        except BotError as error:
            log.error("the turn could not be made", extra={"account": account, "detail": str(error)})
            return self.ports.profile.probe

    def _stop_if_replaced(self, error: StoreUnavailable) -> None:
        """A process does not go on with another database than the one that it began with: its memory is of that one."""
        if isinstance(error, StoreReplaced):
            self.ports.clock.stop()

    def _turn(self, account: Account) -> float | None:
        self.clock_watch.look()
        user_id = self.readiness.user_id(account)
        if user_id is None:
            return self._left_while_stopped(account)
        behind = self.older_database.step(account, user_id)
        if behind is not None:
            return behind
        left = self.reconciler.step(account)
        while not self.ports.clock.stopping():
            with self.ports.store.reading() as tx:
                if self.older_database.is_behind(tx, account):
                    return 0.0
                unsettled = self.reconciler.has_work(tx, account)
                may_publish = self.publisher.may_publish(tx, account)
            left = self.reconciler.step(account) if unsettled else None
            if not may_publish or not self.publisher.publish_next(account, user_id):
                break
        soonest = _soonest(left, self.seconds_left_to_publish(account))
        if soonest is not None and soonest <= 2 * self.ports.profile.total:
            return soonest
        self.account_watch.step(account)
        self.early_uploads.step(account)
        return _soonest(left, self.seconds_left_to_publish(account))

    def _left_while_stopped(self, account: Account) -> float | None:
        """Reconciling goes on while an account is paused; only sending stops."""
        if account.name in self.readiness.identities:
            left = self.reconciler.step(account)
            return _soonest(left, self.readiness.seconds_left(account))
        return self.readiness.seconds_left(account)

    def seconds_left_to_publish(self, account: Account) -> float | None:
        """Tell when the next announcement wants looking at; a stopped account looks again after a while."""
        with self.ports.store.reading() as tx:
            next_wake = tx.announcements.next_wake(account.name)
        if next_wake is None:
            return None
        left = max(0.0, (next_wake - self.ports.clock.now()).total_seconds())
        return max(left, self.ports.profile.store_retry) if self.publisher.paused(account) else left

    def changed(self) -> bool:
        """Tell whether another process has written to the store since this was last asked; files that changed are read, too."""
        with suppress(InputError):
            self.ports.configuration()
        try:
            version = self.ports.store.version()
        except StoreUnavailable:
            return False
        before, self.version = self.version, version
        return version != before

    def sweep(self) -> None:
        """Make announcements of what comes again; most sweeps find none to be made."""
        try:
            for series, done in self.recurring.make(actor=self.ports.worker):
                made = {"series": series.key, "made": list(done.added)}
                log.info("announcements of a series are made", extra=made)
        except BotError as error:
            log.error("announcements of a series could not be made", extra={"detail": str(error)})

    def beat(self, *, ended: bool = False) -> None:
        """Say that the worker is alive, or that it ended in good order."""
        try:
            with self.ports.store.writing() as tx:
                now = self.ports.clock.now()
                tx.workers.beat(self.ports.worker, started_at=self.started_at, now=now, ended=ended)
        except StoreUnavailable as error:
            log.error("the database does not answer", extra={"detail": str(error)})
            self._stop_if_replaced(error)
            self._tell_if_it_lasts(error)
            return
        if self.away and self.away.told:
            self.ports.tell([Notice("the database answers again", "Publishing goes on.")])
        self.away = None

    def _tell_if_it_lasts(self, error: StoreUnavailable) -> None:
        """A backup locks the database for a moment; a full disk stays full."""
        now = self.ports.clock.running()
        self.away = self.away or _Away(now)
        if not self.away.told and now - self.away.since >= self.ports.profile.lease:
            self.away.told = True
            self.ports.tell([Notice("nothing is sent: the database does not answer", str(error))])

    def drained(self) -> bool:
        """Tell whether nothing is due or unsettled that would go on by itself soon; what is held counts as drained."""
        try:
            return not any(
                self._unfinished(account) for account in self.ports.configuration().accounts.values()
            )
        except BotError:
            return False

    def _unfinished(self, account: Account) -> bool:
        now = self.ports.clock.now()
        with self.ports.store.reading() as tx:
            publishing = tx.announcements.count(Filter(states=[State.PUBLISHING], account=account.name))
            due = Filter(states=[State.SCHEDULED], account=account.name, due_until=now)
            scheduled = tx.announcements.count(due)
            next_wake = tx.announcements.next_wake(account.name)
            unsettled = any(
                tx.announcements.state(a.announcement_id) is State.PUBLISHING
                for a in tx.attempts.open(account.name)
            )
            pauses = {pause.kind for pause in tx.accounts.pauses(account.name)}
            if pauses and not (
                pauses == {PauseKind.OLDER_DATABASE} and self.older_database.may_go_on(account)
            ):
                return unsettled
        if self.ports.stop_file() or account.name in self.readiness.stuck:
            return unsettled
        waits_long = next_wake is not None and next_wake - now > LONG_WAIT
        return unsettled or (bool(publishing or scheduled) and not waits_long)


def _soonest(*seconds: float | None) -> float | None:
    return min((s for s in seconds if s is not None), default=None)
