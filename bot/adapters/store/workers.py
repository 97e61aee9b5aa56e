"""The roll of workers, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from bot.adapters.store.schema import workers
from bot.application.ports.workers import WorkerSeen


class SqlWorkers:
    """The roll of workers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, name: str, *, started_at: datetime, now: datetime, ended: bool = False) -> None:
        """Note that a worker is alive, or that it ended."""
        values = {"started_at": started_at, "seen_at": now, "ended": ended}
        changed = self._connection.execute(update(workers).where(workers.c.name == name).values(values))
        if changed.rowcount == 0:
            self._connection.execute(insert(workers), {"name": name, **values})

    def seen(self) -> Sequence[WorkerSeen]:
        """List the workers, the last seen first."""
        query = select(workers).order_by(workers.c.seen_at.desc(), workers.c.name)
        return [WorkerSeen(**row._mapping) for row in self._connection.execute(query)]
