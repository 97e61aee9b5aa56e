"""The store: transactions over everything that is kept (design, section 4)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from bot.application.ports.account_states import AccountStates
from bot.application.ports.announcements import Announcements
from bot.application.ports.attempts import Attempts
from bot.application.ports.campaign_stops import CampaignStops
from bot.application.ports.checkpoint import Step
from bot.application.ports.journal import Journal
from bot.application.ports.kept_records import KeptRecords
from bot.application.ports.posts import Posts
from bot.application.ports.sender_lock import HeldLock
from bot.application.ports.series import AllSeries
from bot.application.ports.uploads import Uploads
from bot.application.ports.workers import Workers


class Transaction(Protocol):
    """What one transaction reads and writes; committed whole or not at all."""

    @property
    def announcements(self) -> Announcements:
        """The queue."""
        ...

    @property
    def posts(self) -> Posts:
        """The frozen posts."""
        ...

    @property
    def attempts(self) -> Attempts:
        """The requests to create posts."""
        ...

    @property
    def accounts(self) -> AccountStates:
        """What is known of each account, and the stop switch."""
        ...

    @property
    def campaign_stops(self) -> CampaignStops:
        """The campaigns that people stopped."""
        ...

    @property
    def journal(self) -> Journal:
        """The append-only log."""
        ...

    @property
    def uploads(self) -> Uploads:
        """What of the media has been uploaded already."""
        ...

    @property
    def series(self) -> AllSeries:
        """The recurring announcements."""
        ...

    @property
    def workers(self) -> Workers:
        """The processes that publish."""
        ...

    @property
    def kept(self) -> KeptRecords:
        """Which announcements are kept as files of a folder."""
        ...


class Store(Protocol):
    """Opens transactions. Every method raises StoreUnavailable when the database does not answer."""

    def writing(
        self, step: Step | None = None, *, lock: HeldLock | None = None, gives_way: bool = False
    ) -> AbstractContextManager[Transaction]:
        """Open a transaction that may write, alone among writers; committed and durable when the block ends well.

        `step` names the commit for the checkpoints; `lock` makes it run on the sender lock's own connection, so that a lost
        lock is noticed (design, section 5, step 3). A long transaction that `gives_way` asks `others_wait` now and then, and is
        taken back by its own block to begin anew when they are through (decision 0032).
        """
        ...

    def others_wait(self) -> bool:
        """Tell whether another writer waits for its turn, but for those that give way themselves."""
        ...

    def reading(self, *, lock: HeldLock | None = None) -> AbstractContextManager[Transaction]:
        """Open a transaction that only reads, one consistent view."""
        ...

    def version(self) -> int:
        """Give a number that changes when another process has written (design, section 6)."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...
