"""One file of a folder is brought into the queue, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from bot.application.families import note_original
from bot.application.folder_look import name_of
from bot.application.folder_rows import RecordFolder, SyncAction, SyncRow, Wish, as_it_is
from bot.application.intake import Intake
from bot.application.ports.clock import Clock
from bot.application.ports.kept_records import Kept
from bot.application.ports.record_files import FoundRecord
from bot.application.ports.record_folders import FileMark, RecordFolders
from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement
from bot.domain.errors import InputError, RecordProblem, Refusal
from bot.domain.states import State

WROTE = (SyncAction.ADDED, SyncAction.CHANGED, SyncAction.RESTORED)
_TAKEN_OVER = (SyncAction.UNCHANGED, SyncAction.CHANGED, SyncAction.RESTORED)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of a folder as it was when its records were read."""

    folder: RecordFolder
    file: str
    mark: FileMark
    records: Sequence[FoundRecord]


@dataclass(slots=True)
class FilePass:
    """One try to take a file: its rows, what the queue refused of it, and what is wrong with the file as a whole."""

    read: ReadFile
    wish: Wish
    intake: Intake
    folders: RecordFolders
    clock: Clock
    refused: dict[tuple[str, str], SyncRow]
    rows: list[SyncRow] = field(default_factory=list)
    problems: list[RecordProblem] = field(default_factory=list)
    has_refused: bool = False

    @property
    def is_to_be_taken_back(self) -> bool:
        """Tell whether nothing of this try may stay in the queue."""
        return bool(self.problems) or self.has_refused or self.wish.dry_run

    def take(self, tx: Transaction) -> None:
        """Take every record, unless the file is another by now: of two syncs at once, the later one has read what it says."""
        folder = self.read.folder.path
        if self.folders.mark(folder, self.read.file) != self.read.mark:
            message = "was changed while it was read: sync again"
            self.problems.append(RecordProblem(str(folder / self.read.file), None, message))
            return
        for each in self.read.records:
            name = name_of(each)
            if name in self.refused:
                self.rows.append(self.refused[name])
                continue
            try:
                self.rows.append(self._take_one(tx, each, name[1]))
            except Refusal as error:
                # What it had begun to write goes back with the whole transaction; the next try leaves it alone.
                self.refused[name] = SyncRow(each.where, name[1], SyncAction.REFUSED, why=str(error))
                self.has_refused = True
            except InputError as error:
                self.problems.append(RecordProblem(each.where, None, str(error)))
        if not self.is_to_be_taken_back:
            self._note_originals(tx)

    def told(self) -> list[SyncRow]:
        """Give the rows; what a dry run would add has no number yet."""
        if not self.wish.dry_run:
            return self.rows
        return [replace(row, id=None) if row.action is SyncAction.ADDED else row for row in self.rows]

    def _take_one(self, tx: Transaction, found: FoundRecord, key: str) -> SyncRow:
        if found.record.repeat:
            return self._take_series(tx, found)
        known = tx.announcements.by_key(found.record.campaign, key)
        if known is None:
            added = self.intake.add_within(tx, found.record, key, actor=self.wish.actor, where=found.where)
            self._keep(tx, added)
            return SyncRow(found.where, added.name, SyncAction.ADDED, added.id)
        found = replace(found, record=found.beside(known.record))
        kept = tx.kept.of(known.id)
        moved_from = kept.folder if kept and kept.folder != self.read.folder.name else ""
        if moved_from and not self._may_take_over(moved_from):
            advice = "keep it in one of the two, or give --overwrite"
            raise Refusal(f"is kept in the folder {moved_from} already: {advice}")
        row = self._take_known(tx, found, known, kept)
        return replace(row, why=f"was in {moved_from}") if moved_from and row.action in _TAKEN_OVER else row

    def _may_take_over(self, other: str) -> bool:
        """Tell whether what another folder keeps may be this one's: a folder that was renamed is not there any more."""
        project = self.read.folder.project
        return self.wish.overwrite or (project is not None and self.folders.is_gone(project / other))

    def _take_known(
        self, tx: Transaction, found: FoundRecord, known: Announcement, kept: Kept | None
    ) -> SyncRow:
        if known.state is State.CANCELLED and kept and kept.revision is None:
            return self._restore(tx, found, known)
        if self.intake.says_the_same(known, found.record):
            self._keep(tx, known)
            return as_it_is(
                found, known, moved_from=kept.file if kept else self.read.file, file=self.read.file
            )
        if not self.wish.overwrite and (why := _changed_by_hand(known, kept)):
            return SyncRow(
                found.where, known.name, SyncAction.CONFLICT, known.id, _changes(known, found), why=why
            )
        return self._change(tx, found, known, SyncAction.CHANGED)

    def _take_series(self, tx: Transaction, found: FoundRecord) -> SyncRow:
        """A series is no announcement: what comes of it, it changes and cancels itself (decision 0029)."""
        row = self.intake.series_within(tx, found, actor=self.wish.actor)
        return SyncRow(found.where, row.key, SyncAction(row.action.value), why="; ".join(row.told))

    def _restore(self, tx: Transaction, found: FoundRecord, known: Announcement) -> SyncRow:
        """What was cancelled because it was gone from the folder is there again."""
        now = self.clock.now()
        tx.announcements.move(known.id, [State.CANCELLED], State.DRAFT, {"at": now})
        data = {"file": f"{self.read.folder.name}/{self.read.file}"}
        tx.journal.append("restore", at=now, actor=self.wish.actor, announcement_id=known.id, data=data)
        row = self._change(tx, found, tx.announcements.get(known.id), SyncAction.RESTORED)
        return replace(row, approval_void=False)

    def _change(
        self, tx: Transaction, found: FoundRecord, known: Announcement, action: SyncAction
    ) -> SyncRow:
        void = bool(known.approvals)
        changes = _changes(known, found)
        self._keep(tx, self.intake.change_within(tx, known, found.record, actor=self.wish.actor))
        return SyncRow(found.where, known.name, action, known.id, changes, approval_void=void)

    def _keep(self, tx: Transaction, announcement: Announcement) -> None:
        tx.kept.keep(Kept(announcement.id, self.read.folder.name, self.read.file, announcement.revision))

    def _note_originals(self, tx: Transaction) -> None:
        """A translation that came with its file stands for the original of that file, wherever in it the original is."""
        for each, row in zip(self.read.records, self.rows, strict=True):
            if each.record.translation_of and row.action in WROTE and row.id is not None:
                note_original(tx, tx.announcements.get(row.id))


def _changed_by_hand(known: Announcement, kept: Kept | None) -> str:
    """Say why a file must not simply win; nothing if the queue says what the folder said last."""
    if kept is None:
        return "came into the queue another way and says something else: bring its file in line, or give --overwrite"
    if kept.revision is None or kept.revision == known.revision:
        return ""
    return "was edited in the queue since: bring the edit into the file, or give --overwrite"


def _changes(known: Announcement, found: FoundRecord) -> tuple[str, ...]:
    was, now = asdict(known.record), asdict(found.record)
    return tuple(name for name in now if now[name] != was[name])
