"""What publishing, reconciling and the watch over them share: the ports they need, and telling people."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bot.application.conclude import Conclusion
from bot.application.ports.account_states import EVERY_ACCOUNT, PauseKind
from bot.application.ports.channel import Channel
from bot.application.ports.checkpoint import Checkpoint, Step
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.media_files import MediaFiles
from bot.application.ports.notifier import Notifier
from bot.application.ports.sender_lock import HeldLock, SenderLocks
from bot.application.ports.store import Store
from bot.application.ports.witness import Witness
from bot.domain.account import Account
from bot.domain.errors import StoreUnavailable
from bot.domain.notice import Notice
from bot.domain.profile import Profile

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Publishing:
    """The ports of the publishing protocol, and who is at work.

    `configuration` and `stop_file` are asked anew each time: files may change while the worker runs.
    """

    store: Store
    locks: SenderLocks
    witness: Witness
    clock: Clock
    checkpoint: Checkpoint
    notifier: Notifier
    channel: Callable[[Account], Channel]
    media: MediaFiles
    configuration: Callable[[], Configuration]
    stop_file: Callable[[], bool]
    profile: Profile
    worker: str

    @contextmanager
    def concluding(self, step: Step, *, lock: HeldLock | None = None) -> Iterator[Conclusion]:
        """Open a transaction to write down what is known, and tell people after it is durable."""
        with self.store.writing(step, lock=lock) as tx:
            conclusion = Conclusion(tx, self.clock.now(), self.worker)
            yield conclusion
        self.tell(conclusion.notices)

    def tell(self, notices: Sequence[Notice]) -> None:
        """Tell people, in the log and wherever the team reads notices.

        The journal's head goes with each notice to a place that whoever can write the database cannot change (settled
        question 14).
        """
        if not notices:
            return
        head = self._head()
        for notice in notices:
            log.warning("%s", notice.subject, extra={"detail": notice.body})
            self.notifier.tell(notice.subject, f"{notice.body}{head}")

    def _head(self) -> str:
        try:
            with self.store.reading() as tx:
                head = tx.journal.head()
        except StoreUnavailable:  # the notice matters more than its head
            return ""
        if head is None:
            return ""
        return f"\n\nThe log's head is row {head.seq}: `bot log verify --head {head.seq}:{head.hash}`."

    def mark_orphans(self, account: str, *, actor: str) -> None:
        """Mark what has lost its sender; who can win its lock knows that nobody is sending (settled question 1)."""
        lock = self.locks.try_acquire(account)
        if lock is None:
            return
        try:
            with self.concluding(Step.ORPHAN, lock=lock) as conclusion:
                conclusion.actor = actor
                conclusion.doubt_orphans(account)
        finally:
            lock.release()

    def stop(self, account: str, kind: PauseKind, why: str) -> None:
        """Pause an account and tell people, once for each kind of stop."""
        with self.concluding(Step.AFTERMATH) as conclusion:
            conclusion.pause(account, kind, why)

    def lift(self, account: str, kind: PauseKind, why: str) -> None:
        """Let an account go on after a stop of this kind, and say so."""
        with self.store.writing(Step.AFTERMATH) as tx:
            lifted = tx.accounts.lift(account, [kind])
            if lifted:
                data = {"account": account, "kind": kind, "why": why}
                tx.journal.append("resume", at=self.clock.now(), actor=self.worker, data=data)
        if lifted:
            scope = "every account" if account == EVERY_ACCOUNT else account
            self.tell([Notice(f"{scope} goes on: {why}", "What became late meanwhile is held for review.")])
