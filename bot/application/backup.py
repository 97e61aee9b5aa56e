"""Put a copy of the database aside, and put one back so that nothing goes out twice (design, sections 5 and 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.application.ports.account_states import Pause, PauseKind
from bot.application.ports.backups import Backups, Kept
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.sender_lock import HeldLock, SenderLocks
from bot.application.ports.store import Store, Transaction
from bot.application.verify import findings_within
from bot.domain.errors import Refusal, StoreUnavailable
from bot.domain.profile import Profile

WHY = "a copy of the database was put back; the account's timeline is compared first"


@dataclass(frozen=True, slots=True)
class PutBack:
    """What was put back; `aside` holds what was the database before, None if there was none."""

    kept: Kept
    aside: Path | None


@dataclass(frozen=True, slots=True)
class Backup:
    """Copies of the database."""

    backups: Backups
    store: Store
    locks: SenderLocks
    clock: Clock
    configuration: Callable[[], Configuration]
    profile: Profile

    def save(self, target: Path, *, overwrite: bool = False) -> Kept:
        """Write a copy while whoever wants goes on working; gives what it holds. Raises Refusal or StoreUnavailable."""
        return self.backups.save(target, overwrite=overwrite)

    def restore(self, source: Path, *, actor: str) -> PutBack:
        """Put a backup in the place of the database; nothing is sent before each account's timeline was compared with it.

        Raises Refusal while a worker runs or sends, or when the backup cannot be trusted; StoreUnavailable; InputError when
        accounts.toml is wrong.
        """
        accounts = sorted(self.configuration().accounts)
        self._refuse_while_a_worker_runs()
        with self._nobody_sending(accounts):
            copy = self.backups.prepare(source)
            try:
                _refuse_a_log_that_does_not_hold(copy.store, source)
                now = self.clock.now()
                aside = self.backups.aside(f"{now:%Y%m%dT%H%M%SZ}")
                kept = Kept.of(copy.store)
                with copy.store.writing() as tx:
                    _mark(tx, accounts, actor, now)
                    names = {
                        "from": source.name,
                        "replaced": aside.name if aside else "",
                        "accounts": accounts,
                    }
                    tx.journal.append("restored", at=now, actor=actor, data=names)
                self.store.close()
                copy.take_place(aside)
            finally:
                copy.discard()
        return PutBack(kept, aside)

    def _refuse_while_a_worker_runs(self) -> None:
        with suppress(StoreUnavailable):  # damaged or gone: then nobody can work with it
            with self.store.reading() as tx:
                seen = [worker for worker in tx.workers.seen() if not worker.ended]
            gone_after = 3 * self.profile.heartbeat
            for worker in seen:
                age = (self.clock.now() - worker.seen_at).total_seconds()
                if age < gone_after:
                    raise Refusal(
                        f"the worker {worker.name} runs (last seen {age:.0f} s ago): end it first; one that was killed "
                        f"counts as gone after {gone_after:.0f} s"
                    )

    @contextmanager
    def _nobody_sending(self, accounts: list[str]) -> Iterator[None]:
        """Hold the sender lock of every account, so that nothing begins to go out by the database that is replaced."""
        held: list[HeldLock] = []
        try:
            for account in accounts:
                lock = self.locks.try_acquire(account)
                if lock is None:
                    holder = self.locks.holder(account)
                    who = f"process {holder.pid} on {holder.host}" if holder else "another process"
                    raise Refusal(f"{who} is sending for {account}: end it first")
                held.append(lock)
            yield
        finally:
            for lock in held:
                lock.release()


def _refuse_a_log_that_does_not_hold(store: Store, source: Path) -> None:
    with store.reading() as tx:
        found = findings_within(tx)
    if found:
        raise Refusal(f"the log in {source} does not hold, so it is not put back: {found[0]}")


def _mark(tx: Transaction, accounts: list[str], actor: str, now: datetime) -> None:
    """Let the next worker treat it as an older database, and the workers of its time be gone."""
    for account in accounts:
        tx.accounts.pause(Pause(account, PauseKind.OLDER_DATABASE, WHY, actor, now))
    for worker in tx.workers.seen():
        tx.workers.beat(worker.name, started_at=worker.started_at, now=worker.seen_at, ended=True)
