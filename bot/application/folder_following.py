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
    """What the last sync saw and said; `until` is when to look again in any case (running clock)."""

    listing: Listing | None = None
    until: float | None = None
    told: Sequence[SyncRow] = ()
    failed: str = ""


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
                seen.listing = None
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
        is_time = seen.until is not None and self.clock.running() >= seen.until
        if listing == seen.listing and not is_time:
            return None
        synced = self.sync.sync(folder, wish)
        seen.listing, seen.failed = listing, ""
        seen.until = self.clock.running() + AGAIN if synced.needs_a_person else None
        return synced

    def _tell(self, synced: Synced, seen: _Seen, told: Callable[[Synced], None]) -> None:
        rows = [row for row in synced.rows if row.action is not SyncAction.UNCHANGED]
        if rows != seen.told or not rows:
            told(synced)
        seen.told = rows
