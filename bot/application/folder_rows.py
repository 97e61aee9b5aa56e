"""What a sync of a folder with the queue tells, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.application.ports.record_files import FoundRecord
from bot.domain.announcement import Announcement
from bot.domain.errors import RecordProblem
from bot.domain.states import State


class SyncAction(StrEnum):
    """What the sync did with a record, a file or an announcement."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    RESTORED = "restored"
    CANCELLED = "cancelled"
    STAYS = "stays"
    CONFLICT = "conflict"
    REFUSED = "refused"


FOR_A_PERSON = frozenset({SyncAction.CONFLICT, SyncAction.REFUSED})


@dataclass(frozen=True, slots=True)
class SyncRow:
    """One record or file of the folder and what became of it; `key` and `id` are None where there is no announcement.

    `changes` names the fields that are other than before; `why` says what a person should know.
    """

    where: str
    key: str | None
    action: SyncAction
    id: int | None = None
    changes: tuple[str, ...] = ()
    approval_void: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class RecordFolder:
    """A folder on the disk, the name under which the queue knows it, and the campaign of records that name none.

    `project`: where the names of other folders begin, if that is known.
    """

    path: Path
    name: str
    campaign: str | None = None
    project: Path | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """How to sync. `overwrite`: the files win where people changed the queue; `dry_run`: only tell what would happen."""

    actor: str
    overwrite: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did, row by row, and what a reader should know of the files."""

    rows: Sequence[SyncRow]
    notices: Sequence[str] = ()

    @property
    def needs_a_person(self) -> bool:
        """Tell whether file and queue say different things still."""
        return any(row.action in FOR_A_PERSON for row in self.rows)


def as_it_is(found: FoundRecord, known: Announcement, *, moved_from: str = "", file: str = "") -> SyncRow:
    """Give the row of a record that the queue has already; `moved_from` and `file`: where it lay and where it lies."""
    if known.state is State.CANCELLED:
        why = "was cancelled in the queue, and stays so: `bot queue copy` makes a new one of it"
        return SyncRow(found.where, known.name, SyncAction.STAYS, known.id, why=why)
    why = f"was in {moved_from}" if moved_from != file else ""
    return SyncRow(found.where, known.name, SyncAction.UNCHANGED, known.id, why=why)


def refused(problem: RecordProblem) -> SyncRow:
    """Give the row of a problem of a file."""
    why = f"{problem.field}: {problem.message}" if problem.field else problem.message
    return SyncRow(problem.where, None, SyncAction.REFUSED, why=why)
