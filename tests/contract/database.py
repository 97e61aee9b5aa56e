"""A database to try the store on, and short ways to put things into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.store.store import SqlStore
from bot.adapters.store.upgrade import upgrade
from bot.application.ports.announcements import NewAnnouncement
from bot.application.ports.checkpoint import Checkpoint
from bot.application.ports.posts import NewPost
from bot.application.ports.store import Store
from bot.domain.announcement import Announcement, Due, Record
from bot.domain.attempt import Attempt, NewAttempt
from bot.domain.post import Post, request_body
from bot.domain.states import State

NOW = datetime(2026, 3, 30, 3, 0, tzinfo=UTC)
RSO = "rso"
OTHER = "thai"
DRAFT, SCHEDULED, PUBLISHING = State.DRAFT, State.SCHEDULED, State.PUBLISHING


def minutes(number: float) -> datetime:
    """The instant so many minutes after NOW."""
    return NOW + timedelta(minutes=number)


def due(at: datetime) -> Due:
    """A due time in Bangkok."""
    return Due((at + timedelta(hours=7)).replace(tzinfo=None), "Asia/Bangkok", at)


@dataclass(slots=True)
class Database:
    """One database of one dialect; PostgreSQL will be another class with the same methods."""

    path: Path
    stores: list[SqlStore] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def make(self) -> None:
        upgrade(self.url)

    def store(self, checkpoint: Checkpoint | None = None, *, patience: float = 10.0) -> SqlStore:
        """Another store on it, as another process would have."""
        store = SqlStore(self.url, checkpoint or NoCheckpoint(), patience=patience)
        self.stores.append(store)
        return store

    def close(self) -> None:
        for store in self.stores:
            store.close()

    @contextmanager
    def raw(self) -> Iterator[sqlite3.Connection]:
        """A connection past the store."""
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=10)) as connection:
            connection.execute("PRAGMA synchronous = OFF")  # tests need not outlive a power cut
            yield connection

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run SQL past the store; gives the rows of the last statement."""
        with self.raw() as connection:
            for statement in statements[:-1]:
                connection.execute(statement)
            return connection.execute(statements[-1]).fetchall()

    def refusal(self, statement: str) -> str:
        """Run SQL that the database itself must refuse; gives what it says."""
        try:
            self.run(statement)
        except sqlite3.IntegrityError as error:
            return str(error)
        raise AssertionError(f"the database took it: {statement}")

    def disarm(self) -> None:
        """Take the triggers away, as somebody who can write the file could."""
        for (name,) in self.run("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            self.run(f"DROP TRIGGER {name}")

    @contextmanager
    def plans(self) -> Iterator[list[str]]:
        """Gather how the database goes about each query of the block."""
        asked: list[tuple[str, Any]] = []
        found: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.startswith(("SELECT", "UPDATE", "WITH")):
                asked.append((statement, parameters))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        with self.raw() as connection:
            for statement, parameters in asked:
                found += [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def queue(
    store: Store,
    key: str = "a",
    *,
    account: str = RSO,
    at: datetime | None = NOW,
    body: str = "",
    campaign: str = "tenyears",
) -> Announcement:
    """Queue a draft."""
    record = Record(campaign=campaign, title=f"Title of {key}", body=body or f"Body of {key}")
    new = NewAnnouncement(record, "file.yaml", key, account, due(at) if at else None, "mali", NOW)
    with store.writing() as tx:
        return tx.announcements.add(new)


def schedule(store: Store, key: str = "a", *texts: str, account: str = RSO, at: datetime = NOW) -> list[Post]:
    """Queue an announcement, freeze its posts and schedule it to wake at its time."""
    announcement = queue(store, key, account=account, at=at)
    with store.writing() as tx:
        frozen = tx.posts.freeze(announcement.id, account, new_posts(*(texts or (f"Text of {key}",))))
        assert tx.announcements.move(announcement.id, [DRAFT], SCHEDULED, {"wake_at": at, "at": NOW})
    return list(frozen)


def new_posts(*texts: str) -> Sequence[NewPost]:
    """Posts of a thread at the price of one without a link."""
    return [NewPost(position, text, Decimal("0.015")) for position, text in enumerate(texts)]


def new_attempt(post: Post, number: int = 1, *, at: datetime = NOW) -> NewAttempt:
    """The intent to send a post."""
    return NewAttempt(
        post=post.id,
        announcement_id=post.announcement_id,
        number=number,
        account=post.account,
        user_id="77",
        text=post.text,
        body=request_body(post.text, reply_to=None),
        fingerprint=post.fingerprint,
        reply_to=None,
        since="1000",
        cost_usd=post.cost_usd,
        worker="host:1",
        intent_at=at,
    )


def begin(store: Store, post: Post, number: int = 1, *, at: datetime = NOW) -> Attempt:
    """Store an intent."""
    with store.writing() as tx:
        return tx.attempts.begin(new_attempt(post, number, at=at))
