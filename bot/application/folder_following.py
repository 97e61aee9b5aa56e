"""A folder is followed: whenever its files change, folder and queue are made to say the same again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.application.folder_rows import RecordFolder, SyncAction, Synced, SyncRow, Wish
from bot.application.folder_sync import FolderSync
from bot.application.ports.clock import Clock
from bot.application.ports.folder_watch import FolderWatch
from bot.application.ports.record_folders import Listing, RecordFolders
from bot.domain.errors import BotError

AGAIN = 60.0
"""Seconds after which what could not be taken is tried again though no file changed: what was being sent is out, or is not."""


@dataclass(slots=True)
class _Seen:
    """What the last sync saw and said.

    `glimpsed` is a look in which files were gone; `again_at`: when to sync in any case (running clock).
    """

    listing: Listing | None = None
    glimpsed: Listing | None = None
    again_at: float | None = None
    told: Sequence[SyncRow] = ()
    failed: str = ""

    def is_new(self, listing: Listing, *, now: float) -> bool:
        """Tell whether a look is to be followed by a sync.

        What is gone has to be gone at two looks: some programs put a file away before its new version is in place, and a folder
        that is copied back comes bit by bit.
        """
        due = bool(self.failed) or (self.again_at is not None and now >= self.again_at)
        if listing == self.listing and not due:
            return False
        if self.listing is None or self.listing.files.keys() <= listing.files.keys():
            return True
        before, self.glimpsed = self.glimpsed, listing
        return listing == before


@dataclass(frozen=True, slots=True)
class FolderFollowing:
    """Syncs again and again, until the program is asked to stop."""

    sync: FolderSync
    folders: RecordFolders
    watch: FolderWatch
    clock: Clock

    def follow(
        self,
        folder: RecordFolder,
        wish: Wish,
        told: Callable[[Synced], None],
        failed: Callable[[BotError], None],
    ) -> None:
        """Sync now and after each change. `told` gets what each sync did, `failed` what kept one from being done.

        Both hear the same only once. A sync that failed is tried again at every wake.
        """
        seen = _Seen()
        for _ in self.watch.wakes(folder.path):
            try:
                synced = self._sync_if_changed(folder, wish, seen)
            except BotError as error:
                if str(error) != seen.failed:
                    failed(error)
                seen.failed = str(error)
                continue
            if synced is not None:
                self._tell(synced, seen, told)

    def _sync_if_changed(self, folder: RecordFolder, wish: Wish, seen: _Seen) -> Synced | None:
        if self.folders.is_at_work(folder.path):
            return None
        listing = self.folders.look(folder.path)
        if not seen.is_new(listing, now=self.clock.running()):
            return None
        synced = self.sync.sync(folder, wish)
        seen.listing, seen.failed = listing, ""
        seen.again_at = self.clock.running() + AGAIN if synced.needs_a_person else None
        return synced

    def _tell(self, synced: Synced, seen: _Seen, told: Callable[[Synced], None]) -> None:
        rows = [row for row in synced.rows if row.action is not SyncAction.UNCHANGED]
        if rows != seen.told or not rows:
            told(synced)
        seen.told = rows
