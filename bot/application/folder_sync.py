"""A folder of record files and the queue are made to say the same (decision 0031).

The files lead: what is added there becomes a draft, what is changed there is an edit, what is gone from there is cancelled.
Nothing is ever approved by it, what is out stays out, and what people changed in the queue is overwritten only if they say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.application.control import Control
from bot.application.folder_file import FilePass, ReadFile
from bot.application.folder_look import Look, look_into, name_of
from bot.application.folder_rows import RecordFolder, SyncAction, Synced, SyncRow, Wish, as_it_is, refused
from bot.application.intake import Intake
from bot.application.intake_part import in_parts
from bot.application.ports.clock import Clock
from bot.application.ports.kept_records import KeptAs
from bot.application.ports.record_folders import RecordFolders
from bot.application.ports.store import Store, Transaction
from bot.domain.announcement import Announcement
from bot.domain.errors import InputError, Refusal, TooLate
from bot.domain.states import State


class _TakeBack(Exception):
    """Takes a whole transaction back on purpose."""


@dataclass(frozen=True, slots=True)
class FolderSync:
    """Brings what a folder says into the queue; each file in one transaction, whole or not at all."""

    store: Store
    folders: RecordFolders
    intake: Intake
    control: Control
    clock: Clock

    def sync(self, folder: RecordFolder, wish: Wish) -> Synced:
        """Sync once. Raises InputError, and changes nothing, where the folder is not there or holds no files with records:
        that is what a checkout in between looks like."""
        look = look_into(folder, self.folders, self._keepers(folder))
        if look.is_empty:
            advice = "nothing is changed; what is to be cancelled is cancelled by hand"
            raise InputError(f"{folder.path}: holds no files with records: {advice}")
        rows: list[SyncRow] = []
        settled = self._settled(look)
        for file in look.records:
            rows += settled[file] if file in settled else self._take_file(look, file, wish)
        for problems in look.wrong.values():
            rows += [refused(problem) for problem in problems]
        return Synced([*rows, *self._take_out(look, wish)], look.notices)

    def _keepers(self, folder: RecordFolder) -> dict[tuple[str, str], str]:
        """Give the file in which the queue knows each record of the folder."""
        with self.store.reading() as tx:
            return {
                (each.campaign, each.key): each.kept.file
                for each in tx.kept.of_folder(folder.name)
                if each.kept.revision is not None
            }

    def _settled(self, look: Look) -> dict[str, list[SyncRow]]:
        """Give the rows of the files of which nothing is other than it was: most of them, and they need no writing."""
        with self.store.reading() as tx:
            kept = {each.kept.announcement_id: each.kept for each in tx.kept.of_folder(look.folder.name)}
            known = _known(tx, look.named)
        settled = {}
        for file, found in look.records.items():
            pairs = [(each, known.get(name_of(each))) for each in found]
            if all(
                there
                and self.intake.says_the_same(there, each.record)
                and kept.get(there.id) == look.keeps(there, file)
                for each, there in pairs
            ):
                settled[file] = [as_it_is(each, there) for each, there in pairs if there]
        return settled

    def _take_file(self, look: Look, file: str, wish: Wish) -> list[SyncRow]:
        """Take what can be taken of a file; a record that the queue refuses is told and leaves the others alone."""
        read = ReadFile(look.folder, file, look.listing.files[file], look.records[file])
        said_no: dict[tuple[str, str], SyncRow] = {}
        while True:
            one = FilePass(read, wish, self.intake, self.folders, self.clock, said_no)
            with suppress(_TakeBack), self.store.writing() as tx:
                one.take(tx)
                if one.is_to_be_taken_back:
                    raise _TakeBack
            if one.problems:
                look.wrong[file] = one.problems
                return []
            if not one.has_refused:
                return one.told()

    def _take_out(self, look: Look, wish: Wish) -> list[SyncRow]:
        """Cancel what the folder held and holds no more."""
        with self.store.reading() as tx:
            if not _missing(tx, look):
                return []
        rows: list[SyncRow] = []
        with suppress(_TakeBack), self.store.writing() as tx:
            if self.folders.look(look.folder.path) != look.listing:
                why = "was changed while it was read: what is gone from it is looked at the next time"
                return [SyncRow(str(look.folder.path), None, SyncAction.REFUSED, why=why)]
            rows = [self._take_one_out(tx, look, each, wish) for each in _missing(tx, look)]
            if wish.dry_run:
                raise _TakeBack
        return rows

    def _take_one_out(self, tx: Transaction, look: Look, each: KeptAs, wish: Wish) -> SyncRow:
        kept = each.kept
        known = tx.announcements.get(kept.announcement_id)
        gone = kept.file not in look.listing.files
        what = "its file is gone" if gone else "its file has it no more"
        row = SyncRow(str(look.folder.path / kept.file), known.name, SyncAction.REFUSED, known.id)
        if look.unread:
            why = f"{what}, and it may be in {look.unread[0]}, which is wrong: it stays until that is mended"
            return replace(row, why=why)
        if known.state is State.CANCELLED:
            tx.kept.forget(known.id)
            return replace(row, action=SyncAction.STAYS, why=f"{what}; it was cancelled before")
        try:
            reason = f"{what}: {look.folder.name}/{kept.file}"
            self.control.cancel_within(tx, known, reason, actor=wish.actor)
        except TooLate as error:
            return replace(row, why=f"{what}, and {error}")
        except Refusal:
            tx.kept.forget(known.id)
            return replace(row, action=SyncAction.STAYS, why=f"{what}; it is {known.state} and stays so")
        tx.kept.keep(replace(kept, revision=None))
        void = bool(known.approvals)
        return replace(row, action=SyncAction.CANCELLED, approval_void=void, why=what)


def _known(tx: Transaction, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Announcement]:
    """Look up many announcements by campaign and key; their approvals are not among what is read."""
    found: dict[tuple[str, str], Announcement] = {}
    keys: dict[str, list[str]] = {}
    for campaign, key in names:
        keys.setdefault(campaign, []).append(key)
    for campaign, of_campaign in keys.items():
        for part in in_parts(of_campaign):
            there = tx.announcements.by_keys(campaign, part)
            found.update({(campaign, key): each for key, each in there.items()})
    return found


def _missing(tx: Transaction, look: Look) -> list[KeptAs]:
    """List what the folder held and no file of it holds now; a file that is wrong still has whatever it had."""
    named = set(look.named)
    return [
        each
        for each in tx.kept.of_folder(look.folder.name)
        if each.kept.revision is not None
        and (each.campaign, each.key) not in named
        and each.kept.file not in look.wrong
    ]
