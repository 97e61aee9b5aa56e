"""The store on a database file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection

from bot.adapters.store import faults
from bot.adapters.store.account_states import SqlAccountStates
from bot.adapters.store.announcements import SqlAnnouncements
from bot.adapters.store.attempts import SqlAttempts
from bot.adapters.store.campaign_stops import SqlCampaignStops
from bot.adapters.store.engine import PATIENCE, database_path, reading_engine, writing_engine
from bot.adapters.store.journal import SqlJournal
from bot.adapters.store.kept_records import SqlKeptRecords
from bot.adapters.store.posts import SqlPosts
from bot.adapters.store.series import SqlAllSeries
from bot.adapters.store.uploads import SqlUploads
from bot.adapters.store.waiting import WaitingWriters
from bot.adapters.store.workers import SqlWorkers
from bot.application.ports.checkpoint import Checkpoint, Step
from bot.application.ports.sender_lock import HeldLock


class SqlTransaction:
    """What one transaction reads and writes; committed whole or not at all."""

    def __init__(self, connection: Connection) -> None:
        self.announcements = SqlAnnouncements(connection)
        self.posts = SqlPosts(connection)
        self.attempts = SqlAttempts(connection)
        self.accounts = SqlAccountStates(connection)
        self.campaign_stops = SqlCampaignStops(connection)
        self.journal = SqlJournal(connection)
        self.uploads = SqlUploads(connection)
        self.workers = SqlWorkers(connection)
        self.kept = SqlKeptRecords(connection)
        self.series = SqlAllSeries(connection)


class SqlStore:
    """Opens transactions on the database that `url` names; nothing is opened before the first.

    `patience` is how many seconds a writer waits for another one.
    """

    def __init__(self, url: str, checkpoint: Checkpoint, *, patience: float = PATIENCE) -> None:
        self._path = database_path(url)
        self._checkpoint = checkpoint
        self._patience = patience
        self._writer = writing_engine(self._path, patience)
        self._reader = reading_engine(self._path, patience)
        # SQLite lets writers wait by sleeping ever longer, and some starve; those of this process queue up here instead.
        self._turn = threading.Lock()
        self._waiting = WaitingWriters(self._path)
        self._file: tuple[int, int] | None = None

    @contextmanager
    def writing(
        self,
        step: Step | None = None,
        *,
        lock: HeldLock | None = None,  # noqa: ARG002 - a file carries it
        gives_way: bool = False,
    ) -> Iterator[SqlTransaction]:
        """Open a transaction that may write, alone among writers; committed and durable when the block ends well.

        `gives_way`: no other that does has to make room for it. Not to be opened within itself. Raises StoreUnavailable.
        """
        with self._waiting.announced(silently=gives_way) as waits_no_more, self._alone():
            self._refuse_another_file()
            with self._writer.begin() as connection:
                waits_no_more()
                yield SqlTransaction(connection)
                if step is not None:
                    self._checkpoint.before(step)
            if step is not None:
                self._checkpoint.after(step)

    @contextmanager
    def reading(
        self,
        *,
        lock: HeldLock | None = None,  # noqa: ARG002 - a file carries it
    ) -> Iterator[SqlTransaction]:
        """Open a transaction that only reads, one consistent view. Raises StoreUnavailable."""
        self._refuse_another_file()
        with self._reader.begin() as connection:
            yield SqlTransaction(connection)

    def others_wait(self) -> bool:
        """Tell whether another writer waits for its turn."""
        return self._waiting.anybody()

    def version(self) -> int:
        """Give a number that changes when another process has written. Raises StoreUnavailable."""
        # Asked on the writers' own connection, to which the writes of this process are no change; without a transaction.
        told = faults.told(self._path, self._patience)
        with self._alone(), told, closing(self._writer.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA data_version")
            (number,) = cursor.fetchone() or (0,)
            return int(number)

    def _refuse_another_file(self) -> None:
        """Whoever has a file open that was replaced goes on reading and writing the old one, unseen by everybody else."""
        try:
            found = self._path.stat()
        except OSError:
            raise faults.not_there(self._path) from None
        if self._file is None:
            self._file = (found.st_dev, found.st_ino)
        elif self._file != (found.st_dev, found.st_ino):
            raise faults.replaced(self._path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._patience):
            raise faults.locked(self._path, self._patience)
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        """Let go of every connection."""
        self._writer.dispose()
        self._reader.dispose()
